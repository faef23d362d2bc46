"""When a seeker may be placed, and what else ends by it."""

from dataclasses import replace
from datetime import date

from chassis.command_batch import Deciders
from chassis.decisions import Accepted, Decision, Now, PublishedEvent, Refused, Unknown, in_future
from chassis.problems import ProblemType
from contracts.cases import Placed, ReferralEnded
from services.matching.placements.commands import Place
from services.matching.placements.model import Placement
from services.matching.pool.model import Profile, Seeker
from services.matching.pool.rules import refuse_placed
from services.matching.referrals.model import Case, Referral
from services.matching.referrals.rules import refuse_ended, refuse_erased
from services.matching.vacancies.model import Vacancy
from services.matching.vacancies.rules import closed_as, refuse_closed

NOT_ACCEPTED = ProblemType("referral-not-accepted", 409, "Only an accepted referral ends in a placement")
NO_FREE_OPENING = ProblemType("no-free-opening", 409, "Every opening of this vacancy is filled")
BEFORE_REFERRAL = ProblemType("before-referral", 409, "The referral was not made yet on that day")


def place(vacancy: Vacancy | None, seeker: Seeker | None, case: Case | None, command: Place, now: Now) -> Decision:
    """Place a seeker by an accepted referral. Their other open referrals end, and so does a vacancy that is full."""
    referral = case.referral(command.referral_id) if case else None
    if vacancy is None or seeker is None or case is None or referral is None:
        return Unknown("referral_id", command.referral_id)
    day = command.form.occurred_on or now.day
    if seeker.profile is None:
        return refuse_erased()
    if refused := (
        in_future(now, "occurred_on", day)
        or _before_referral(referral, day)
        or _not_accepted(referral)
        or refuse_placed(seeker)
        or _no_opening(vacancy)
        or refuse_closed(vacancy)
    ):
        return refused
    others = tuple(r for r in case.open() if r.referral_id != referral.referral_id)
    placement = Placement(
        command.placement_id, referral.referral_id, seeker.seeker_id, vacancy.vacancy_id, day, command.form.wage
    )
    vacancy = replace(vacancy, placed=vacancy.placed + 1)
    events: list[PublishedEvent] = [_placed(placement, vacancy, seeker.profile, now)]
    events += [_obsolete(other, seeker.profile, day, now) for other in others]
    if vacancy.placed == vacancy.openings:
        vacancy, closed = closed_as(vacancy, "filled", now)
        events.append(closed)
    states = (
        vacancy,
        replace(seeker, placement_id=placement.placement_id),
        case.with_(replace(referral, status="placed"), *(replace(other, status="obsolete") for other in others)),
        placement,
    )
    return Accepted(states, tuple(events), {"placement_id": placement.placement_id})


def _before_referral(referral: Referral, day: date) -> Refused | None:
    if day >= referral.made_on:
        return None
    return Refused(BEFORE_REFERRAL, f"referred on {referral.made_on}", "occurred_on", {"made_on": referral.made_on})


def _not_accepted(referral: Referral) -> Refused | None:
    if referral.status == "accepted":
        return None
    if referral.status in {"placed", "obsolete"}:
        return refuse_ended(referral)
    return Refused(NOT_ACCEPTED, f"this referral is {referral.status}", "referral_id", {"status": referral.status})


def _no_opening(vacancy: Vacancy) -> Refused | None:
    if vacancy.placed < vacancy.openings:
        return None
    return Refused(
        NO_FREE_OPENING,
        f"{vacancy.placed} of {vacancy.openings} openings are filled",
        "vacancy_id",
        {"placed": vacancy.placed, "openings": vacancy.openings},
    )


def _placed(placement: Placement, vacancy: Vacancy, profile: Profile, now: Now) -> Placed:
    return Placed(
        **now.stamp("place", placement.occurred_on),
        seeker_id=placement.seeker_id,
        person=profile.bands(placement.occurred_on),
        placement_id=placement.placement_id,
        source="referral",
        occupation=vacancy.occupation,
        wanted=vacancy.occupation in profile.wanted_occupations,
        sector=vacancy.sector,
        employment=vacancy.employment,
        referral_id=placement.referral_id,
        vacancy_id=vacancy.vacancy_id,
        employer_id=vacancy.employer_id,
        wage=placement.wage,
    )


def _obsolete(referral: Referral, profile: Profile, day: date, now: Now) -> ReferralEnded:
    return ReferralEnded(
        **now.stamp("place", day),
        seeker_id=referral.seeker_id,
        person=profile.bands(day),
        referral_id=referral.referral_id,
        vacancy_id=referral.vacancy_id,
        employer_id=referral.employer_id,
        occupation=referral.occupation,
        reason="obsolete",
    )


DECIDERS: Deciders = {Place: place}
