"""Who may be linked, and when a link ends. A partner is told nothing of who isn't linked to it, and why a code isn't
taken no more than that it isn't."""

from dataclasses import replace

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, Unknown
from chassis.problems import ProblemType
from contracts import refusals
from contracts.ids import SeekerId
from contracts.topics import SEEKERS
from services.feed.entering import enter_end
from services.feed.entries import EmptiedLinks, Partner
from services.feed.grants.model import GrantsOf
from services.feed.links.commands import ClaimClient, EndLink, GiveCode, MakeLink
from services.feed.links.model import Code, Link
from services.feed.persons.model import Person

UNKNOWN_PARTNER = ProblemType("unknown-partner", 404, "Nothing is granted to a partner of this name")
UNKNOWN_CLIENT = ProblemType("unknown-client", 404, "No client is linked under this number")
NUMBER_TAKEN = ProblemType("client-number-taken", 409, "This client number stands for somebody already")
ALREADY_LINKED = ProblemType("already-linked", 409, "This person is linked to the partner already")
NO_GROUND = ProblemType("no-ground", 409, "There is no ground on which this partner may be told of this person")
CODE_NOT_TAKEN = ProblemType("code-not-taken", 409, "This code is not taken")
ERASED = ProblemType(*refusals.SEEKER_ERASED)
MERGED = ProblemType(*refusals.SEEKER_MERGED)

_CODE_NOT_TAKEN = Refused(
    CODE_NOT_TAKEN,
    "it is mistyped, used, over, or for another partner; have the client ask the centre for a new one",
    "code",
)


def link(
    person: Person | None, taken: Link | None, linked: Link | None, grants: GrantsOf | None, command: MakeLink, now: Now
) -> Decision:
    """Have a client number stand for a seeker, from now on."""
    form = command.form
    if refused := _not_open(person, grants, form.seeker_id, form.partner, now):
        return refused
    if taken is not None:
        if taken.seeker_id == form.seeker_id:
            return Refused(ALREADY_LINKED, f"under this number since {taken.linked_at:%Y-%m-%d}", "seeker_id")
        return Refused(NUMBER_TAKEN, "end that link first, or ask the partner for the right number", "client_number")
    if linked is not None:
        return Refused(
            ALREADY_LINKED,
            f"under {linked.client_number}: end that link first",
            "seeker_id",
            {"client_number": linked.client_number},
        )
    made = Link(command.link_id, form.partner, form.client_number, form.seeker_id, now.at, str(now.actor))
    return Accepted((made,), answer={"link_id": made.link_id})


def end(link: Link | None, partner: Partner | None, command: EndLink, now: Now) -> Decision:
    """End a link: nothing more is passed on of this client, and the partner is told."""
    if link is None or partner is None:
        return Refused(UNKNOWN_CLIENT, "check the partner and its number", "client_number")
    partner, entry = enter_end(
        partner, link.link_id, "unlinked", now.at, now.day, client_number=link.client_number, link_id=link.link_id
    )
    return Accepted(
        (link.ended(now.at), partner), answer={"link_id": link.link_id}, effects=(EmptiedLinks(link.link_id), entry)
    )


def give_code(person: Person | None, grants: GrantsOf | None, command: GiveCode, now: Now) -> Decision:
    """Give a code for a seeker, which a partner may use once in its time."""
    form = command.form
    if refused := _not_open(person, grants, form.seeker_id, form.partner, now):
        return refused
    code = Code(command.digest, form.partner, form.seeker_id, now.at + command.holds)
    return Accepted((code,), answer={"code": None, "until": code.until}, once={"code": command.code})


def claim(
    person: Person | None,
    code: Code | None,
    taken: Link | None,
    linked: Link | None,
    grants: GrantsOf | None,
    command: ClaimClient,
    now: Now,
) -> Decision:
    """Link the client who gave a partner the code."""
    number = command.form.client_number
    if code is None or person is None or code.used or code.partner != command.partner or code.until < now.at:
        return _CODE_NOT_TAKEN
    if linked is not None or _not_open(person, grants, code.seeker_id, code.partner, now):
        return _CODE_NOT_TAKEN
    if taken is not None:
        return Refused(NUMBER_TAKEN, "give this client another number, and use the code again", "client_number")
    made = Link(command.link_id, code.partner, number, code.seeker_id, now.at, str(now.actor))
    return Accepted((made, replace(code, used=True)), answer={"client_number": number})


def _not_open(
    person: Person | None, grants: GrantsOf | None, seeker_id: SeekerId, partner: str, now: Now
) -> Refused | Unknown | None:
    """Say why a partner may not be told of a person; None where it may."""
    if person is None:
        return Unknown("seeker_id", seeker_id, SEEKERS.name)
    if person.erased:
        return Refused(ERASED, "nobody is linked who was erased", "seeker_id")
    if person.stays is not None:
        return Refused(MERGED, f"use {person.stays}", "seeker_id", {"seeker_id": person.stays})
    if grants is None or not grants.types(now.day):
        return Refused(UNKNOWN_PARTNER, "check the name, or grant it something first: POST /grants", "partner")
    if not grants.reach(bool(person.consents), now.day):
        told = "they agreed to no care_partners, as far as was heard, and no law is named: take down their consent"
        return Refused(NO_GROUND, told, "seeker_id")
    return None


DECIDERS: Deciders = {MakeLink: link, EndLink: end, GiveCode: give_code, ClaimClient: claim}
