"""How a placement is taken back that never was, and with it the conversion of an internship that it came of."""

from dataclasses import replace
from datetime import date
from typing import Any

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, Unknown, impossible_day
from chassis.problems import ProblemType
from contracts import refusals
from contracts.cases import PlacementCorrected
from services.matching.corrections.commands import CorrectPlacement
from services.matching.internships.model import Internship
from services.matching.placements.model import Placement
from services.matching.pool.model import Seeker
from services.matching.pool.rules import refuse_gone
from services.matching.referrals.model import Case
from services.matching.vacancies.model import Vacancy
from services.matching.vacancies.rules import free_opening

CORRECTED = ProblemType(*refusals.PLACEMENT_CORRECTED)
BEFORE_PLACEMENT = ProblemType(*refusals.BEFORE_PLACEMENT)


def correct(
    vacancy: Vacancy | None,
    seeker: Seeker | None,
    case: Case | None,
    internship: Internship | None,
    placement: Placement | None,
    command: CorrectPlacement,
    now: Now,
) -> Decision:
    """Take back a placement that never was.

    Its opening is free again. A vacancy that has closed as filled stays closed, as after an internship that was broken
    off: the close was published, and the employer opens another one. The referral that it came of is withdrawn, and
    those that ended by it stay ended.

    The `internship` that was converted to it is completed, as before: it keeps its opening and its referral, and can be
    converted again, also on another day.
    """
    if seeker is None or placement is None:
        return Unknown("placement_id", command.placement_id)
    day = command.form.occurred_on or now.day
    if seeker.profile is None:
        return refuse_gone(seeker)
    if refused := impossible_day(now, "occurred_on", day) or _refuse(placement, day):
        return refused
    reason = command.form.reason
    corrected = replace(placement, corrected_on=day, correction=reason)
    states: list[Any] = [_without(seeker, placement, internship), corrected]
    if internship:
        states.append(replace(internship, status="completed", placement_id=None))
    elif vacancy:
        states.append(free_opening(vacancy))
    referral = case.referral(placement.referral_id) if case and placement.referral_id else None
    if case and referral:
        withdrawn = replace(referral, status="withdrawn", reason=reason)
        states.append(case.with_(replace(referral, status="interned") if internship else withdrawn))
    event = PlacementCorrected(
        **now.stamp("correct_placement", day),
        seeker_id=seeker.seeker_id,
        person=seeker.profile.bands(day),
        placement_id=placement.placement_id,
        reason=reason,
    )
    return Accepted(tuple(states), (event,), {"placement_id": placement.placement_id, "corrected_on": day})


def _refuse(placement: Placement, day: date) -> Refused | None:
    corrected_on, placed_on = placement.corrected_on, placement.occurred_on
    if corrected_on is not None:
        return Refused(CORRECTED, f"corrected on {corrected_on}", "placement_id", {"corrected_on": corrected_on})
    if day < placed_on:
        return Refused(BEFORE_PLACEMENT, f"placed on {placed_on}", "occurred_on", {"placed_on": placed_on})
    return None


def _without(seeker: Seeker, placement: Placement, internship: Internship | None) -> Seeker:
    """Put a seeker back to where they stood before a placement; one who has another job since stays.

    Who has left it is in the pool since when they were before it, unless they entered the pool anew after that. Who had
    gone on to it from a public job under SOS-Care is in the pool: that job, and the care, were published as ended by
    this one, and nothing takes that back. A job that a merged record of theirs had was not: they are left in it.
    """
    if placement.placement_id not in {job.placement_id for job in seeker.jobs}:
        return _without_end(seeker, placement)
    # while they are placed, only a merge or the end of an internship that ran all the time gives them one to convert
    convertible_id = internship.internship_id if internship else placement.convertible_id or seeker.convertible_id
    return replace(seeker.without(placement.placement_id), convertible_id=convertible_id)


def _without_end(seeker: Seeker, placement: Placement) -> Seeker:
    if seeker.back_from != placement.placement_id or seeker.placement_id is not None:
        return seeker
    since = min((day for day in (placement.in_pool_since, seeker.in_pool_since) if day), default=None)
    return replace(seeker, in_pool_since=since, back_from=None)


DECIDERS: Deciders = {CorrectPlacement: correct}
