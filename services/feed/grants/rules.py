"""What can be granted, and what is said when a grant ends."""

from dataclasses import replace

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, Unknown
from chassis.problems import ProblemType
from services.feed.entering import enter_end
from services.feed.entries import Partner
from services.feed.grants.commands import EndGrant, GiveGrant
from services.feed.grants.events import GRANTABLE, fields_of
from services.feed.grants.model import Grant, GrantsOf

UNKNOWN_TYPE = ProblemType("type-not-grantable", 422, "No event of this type can be granted to a partner")
UNKNOWN_FIELD = ProblemType("field-not-grantable", 422, "The event has no such field that can be granted")
GROUND_WITHOUT_LAW = ProblemType("ground-without-law", 422, "A grant on the ground of law names the law, no other does")
GRANT_IN_PAST = ProblemType("grant-in-past", 422, "A grant holds for today at the least")
NOTHING_GRANTED = ProblemType("nothing-granted", 403, "Nothing was ever granted to this partner")
GRANT_ENDED = ProblemType("grant-ended", 409, "This grant has ended")


def give(partner: Partner | None, grants: GrantsOf | None, command: GiveGrant, now: Now) -> Decision:
    """Grant events to a partner, which is known from its first grant on."""
    form = command.form
    if (form.law is not None) != (form.ground == "law"):
        return Refused(GROUND_WITHOUT_LAW, "name it where the ground is law, and nowhere else", "law")
    if form.until is not None and form.until < now.day:
        return Refused(GRANT_IN_PAST, f"until {form.until} is before today, {now.day}", "until")
    for kind, fields in form.types.items():
        if kind not in GRANTABLE:
            return Refused(UNKNOWN_TYPE, f"{kind} is none; there are {', '.join(sorted(GRANTABLE))}", "types")
        known = fields_of(kind)
        if wrong := [name for name in fields if name not in known]:
            told = f"{kind} has no {', '.join(wrong)} to be granted; it has {', '.join(known)}"
            return Refused(UNKNOWN_FIELD, told, f"types.{kind}")
    grant = Grant(
        command.grant_id,
        form.partner,
        form.ground,
        form.law,
        {kind: tuple(dict.fromkeys(fields)) for kind, fields in form.types.items()},
        form.until,
        now.at,
        now.actor.id,
    )
    known_grants = grants.grants if grants else ()
    states = (
        partner or Partner.new(form.partner, command.secret),
        grant,
        GrantsOf(form.partner, (*known_grants, grant)),
    )
    return Accepted(states, answer={"grant_id": grant.grant_id})


def end(grant: Grant | None, partner: Partner | None, command: EndGrant, now: Now) -> Decision:
    """End a grant: nothing more is passed on by it, also of what was entered before, and the partner is told."""
    if grant is None or partner is None:
        return Unknown("grant_id", command.grant_id)
    if grant.ended_on is not None:
        if command.last_day is not None:
            return Accepted()
        return Refused(GRANT_ENDED, f"it ended on {grant.ended_on}", "grant_id")
    ended = replace(grant, ended_on=command.last_day or now.day)
    partner, entry = enter_end(
        partner, grant.grant_id, "grant_ended", now.at, ended.ended_on or now.day, types=sorted(grant.types)
    )
    return Accepted((ended, partner), answer={"grant_id": grant.grant_id, "ended_on": ended.ended_on}, effects=(entry,))


DECIDERS: Deciders = {GiveGrant: give, EndGrant: end}
