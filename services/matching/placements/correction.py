"""How a placement is taken back that never was."""

from dataclasses import replace
from datetime import date
from typing import Any

from chassis.command_batch import Deciders
from chassis.decisions import Accepted, Decision, Now, Refused, Unknown, in_future
from chassis.problems import ProblemType
from contracts import refusals
from contracts.cases import PlacementCorrected
from services.matching.placements.commands import CorrectPlacement
from services.matching.placements.model import Placement
from services.matching.pool.model import Seeker
from services.matching.referrals.model import Case
from services.matching.referrals.rules import refuse_gone
from services.matching.vacancies.model import Vacancy
from services.matching.vacancies.rules import free_opening

CORRECTED = ProblemType(*refusals.PLACEMENT_CORRECTED)
BEFORE_PLACEMENT = ProblemType(*refusals.BEFORE_PLACEMENT)
BY_CONVERSION = ProblemType(
    "placement-by-conversion", 409, "A placement that an internship was converted to can't be corrected"
)


def correct(
    vacancy: Vacancy | None,
    seeker: Seeker | None,
    case: Case | None,
    placement: Placement | None,
    command: CorrectPlacement,
    now: Now,
) -> Decision:
    """Take back a placement that never was, of whatever source but a conversion, which is counted by itself.

    Its opening is free again. A vacancy that has closed as filled stays closed, as after an internship that was broken
    off: the close was published, and the employer opens another one. The referral that it came of is withdrawn, and
    those that ended by it stay ended.
    """
    if seeker is None or placement is None:
        return Unknown("placement_id", command.placement_id)
    day = command.form.occurred_on or now.day
    if seeker.profile is None:
        return refuse_gone(seeker)
    if refused := in_future(now, "occurred_on", day) or _refuse(placement, day):
        return refused
    reason = command.form.reason
    states: list[Any] = [_without(seeker, placement), replace(placement, corrected_on=day, correction=reason)]
    if vacancy:
        states.append(free_opening(vacancy))
    referral = case.referral(placement.referral_id) if case and placement.referral_id else None
    if case and referral:
        states.append(case.with_(replace(referral, status="withdrawn", reason=reason)))
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
    if placement.source == "internship":
        return Refused(BY_CONVERSION, "what an internship was converted to stays", "placement_id")
    if day < placed_on:
        return Refused(BEFORE_PLACEMENT, f"placed on {placed_on}", "occurred_on", {"placed_on": placed_on})
    return None


def _without(seeker: Seeker, placement: Placement) -> Seeker:
    """Put a seeker back to where they stood before a placement; one who has left it, or has another job, stays.

    Who had gone on to it from a public job under SOS-Care is in the pool: that job, and the care, were published as
    ended by this one, and nothing takes that back.
    """
    if seeker.placement_id != placement.placement_id:
        return seeker
    return replace(seeker, placement_id=None, in_public_job=False, convertible_id=placement.convertible_id)


DECIDERS: Deciders = {CorrectPlacement: correct}
