"""Who is taken into SOS-Care, by which conditions, and when it ends."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, Unknown, impossible_day
from chassis.problems import ProblemType
from contracts.seekers import SosCareDeclined, SosCareGranted
from services.intake.seekers.model import Declared, Seeker
from services.intake.seekers.rules import NOT_REGISTERED, before_registration, end_sos_care, profile
from services.intake.sos_care.commands import EndSosCare, EndSosCareWithJob, TriageSeeker
from services.intake.sos_care.model import Finding, Grant, Hardship, Policy, Triage

ALREADY_IN_SOS_CARE = ProblemType("already-in-sos-care", 409, "This seeker is in SOS-Care")
NOT_IN_SOS_CARE = ProblemType("not-in-sos-care", 409, "This seeker is not in SOS-Care")
BEFORE_SOS_CARE = ProblemType("before-sos-care", 409, "The seeker was not in SOS-Care yet on that day")

POLICIES: Sequence[Policy] = (
    Policy(
        since=date(2009, 1, 28),
        within_days=365,
        involuntary=frozenset({"dismissed", "contract_ended", "firm_closed", "business_closed", "illness"}),
        least_dependants=1,
        most_other_earners=0,
    ),
)
"""Oldest first. A change is a new entry with the day from which it holds: what was decided before stays explained."""


def policy_on(day: date) -> Policy:
    """Give the policy that holds on a day; before the first, the first."""
    return next((policy for policy in reversed(POLICIES) if policy.since <= day), POLICIES[0])


def _sudden_hardship(declared: Declared, hardship: Hardship | None, policy: Policy, day: date) -> Finding:
    ended_on, reason = declared.last_job_ended_on, declared.last_job_end_reason
    facts = {"hardship": hardship, "last_job_ended_on": ended_on, "last_job_end_reason": reason}

    def found(met: bool, code: str) -> Finding:
        return Finding("sudden_hardship", met, code, facts)

    if hardship is not None:
        return found(True, "hardship")
    if ended_on is None or reason is None:
        return found(False, "loss_of_work_not_declared")
    if reason not in policy.involuntary:
        return found(False, "left_work_by_choice")
    if ended_on > day:
        return found(False, "work_not_ended_yet")
    if (day - ended_on).days > policy.within_days:
        return found(False, "lost_work_long_ago")
    return found(True, "sudden_loss_of_work")


def _dependants(declared: Declared, hardship: Hardship | None, policy: Policy, day: date) -> Finding:
    facts = {"dependants": declared.dependants, "least": policy.least_dependants}
    if declared.dependants is None:
        return Finding("dependants", False, "dependants_not_declared", facts)
    met = declared.dependants >= policy.least_dependants
    return Finding("dependants", met, "has_dependants" if met else "no_dependants", facts)


def _only_earner(declared: Declared, hardship: Hardship | None, policy: Policy, day: date) -> Finding:
    facts = {"other_earners": declared.other_earners, "most": policy.most_other_earners}
    if declared.other_earners is None:
        return Finding("only_earner", False, "earners_not_declared", facts)
    met = declared.other_earners <= policy.most_other_earners
    return Finding("only_earner", met, "only_earner" if met else "other_earners", facts)


CONDITIONS: Sequence[Callable[[Declared, Hardship | None, Policy, date], Finding]] = (
    _sudden_hardship,
    _dependants,
    _only_earner,
)
"""All must be met. Each is judged, in this order, whatever the others came to: a refusal names all that lacks."""


def findings(declared: Declared, hardship: Hardship | None, policy: Policy, day: date) -> tuple[Finding, ...]:
    """Judge each condition as of a day."""
    return tuple(condition(declared, hardship, policy, day) for condition in CONDITIONS)


def triage(seeker: Seeker | None, command: TriageSeeker, now: Now) -> Decision:
    """Take a seeker into SOS-Care who meets every condition; otherwise decline, with what was not met."""
    if seeker is None:
        return Unknown("seeker_id", command.seeker_id)
    day = command.form.occurred_on or now.day
    if refused := impossible_day(now, "occurred_on", day) or before_registration(seeker, day):
        return refused
    if seeker.status == "withdrawn":
        return Refused(NOT_REGISTERED, "this seeker has withdrawn", "seeker_id")
    if seeker.sos_care:
        return Refused(ALREADY_IN_SOS_CARE, "see /seekers/{id}/sos-care; end it first", "seeker_id")
    policy = policy_on(day)
    found = findings(seeker.declared, command.form.hardship, policy, day)
    granted = all(finding.met for finding in found)
    decided = Triage(command.triage_id, seeker.seeker_id, day, granted, policy.since, found, decided_at=now.at)
    reasons = tuple(finding.reason for finding in found if finding.met == granted)
    answer = {"triage_id": decided.triage_id, "granted": granted, "reasons": reasons}
    if not granted:
        declined = SosCareDeclined(
            **now.stamp("triage", day), seeker_id=seeker.seeker_id, person=seeker.bands(day), reasons=reasons
        )
        return Accepted((), (declined,), answer, (decided,))
    seeker = replace(seeker, sos_care=True, version=seeker.version + 1)
    event = SosCareGranted(
        **now.stamp("triage", day), seeker_id=seeker.seeker_id, person=seeker.bands(day), reasons=reasons
    )
    states = (seeker, Grant(seeker.seeker_id, day, now.at))
    return Accepted(states, (event, profile(seeker, now)), answer, (decided,))


def end(seeker: Seeker | None, grant: Grant | None, command: EndSosCare, now: Now) -> Decision:
    """End SOS-Care by hand."""
    if seeker is None:
        return Unknown("seeker_id", command.seeker_id)
    day = command.form.occurred_on or now.day
    if refused := impossible_day(now, "occurred_on", day):
        return refused
    if not seeker.sos_care or grant is None:
        return Refused(NOT_IN_SOS_CARE, "there is nothing to end", "seeker_id")
    if day < grant.granted_on:
        facts = {"granted_on": grant.granted_on}
        return Refused(BEFORE_SOS_CARE, f"SOS-Care was granted on {grant.granted_on}", "occurred_on", facts)
    seeker, ending, event = end_sos_care(seeker, day, command.form.reason, now, "end_sos_care")
    answer = {"seeker_id": seeker.seeker_id, "ended_on": day}
    return Accepted((seeker,), (event, profile(seeker, now)), answer, (ending,))


def end_with_job(seeker: Seeker | None, grant: Grant | None, command: EndSosCareWithJob, now: Now) -> Decision:
    """End SOS-Care with the private job that it was for; of someone who isn't in it nothing ends. It stays ended where
    that job turns out never to have been.

    A job that was decided on the grant ends it, on the day of the grant when the job is older than that. One that was
    decided by who hadn't heard of the grant ends it if it came after it.
    """
    if seeker is None or grant is None or not seeker.sos_care:
        return Accepted()
    if not command.knowing and not grant.is_before(command.on, command.at):
        return Accepted()
    day = max(command.on, grant.granted_on)
    seeker, ending, event = end_sos_care(seeker, day, "private_job", now, "end_sos_care_with_job")
    return Accepted((seeker,), (event, profile(seeker, now)), effects=(ending,))


DECIDERS: Deciders = {TriageSeeker: triage, EndSosCare: end, EndSosCareWithJob: end_with_job}
