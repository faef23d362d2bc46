"""A placement that never was is taken back, by the rules alone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import uuid_utils.compat as uuids

from chassis.batch.decisions import Accepted, Decision, Refused, Unknown
from contracts.cases import PlacementCorrected
from contracts.ids import InternshipId, PlacementId
from services.matching.corrections.commands import CorrectionForm, CorrectPlacement
from services.matching.corrections.rules import BEFORE_PLACEMENT, CORRECTED, correct
from services.matching.internships.model import Internship
from services.matching.internships.rules import BEFORE_COMPLETION, CONVERSION_LAPSED
from services.matching.placements.model import Placement
from services.matching.pool.commands import ReturnToPool
from services.matching.pool.model import HeldJob, Seeker
from services.matching.pool.rules import BEFORE_POOL, SEEKER_ERASED, SEEKER_MERGED, return_to_pool
from services.matching.referrals.model import Case
from services.matching.vacancies.model import Vacancy
from tests.matching.states import NOW, TODAY, a_seeker, a_vacancy
from tests.matching.test_care_rules import in_a_public_job
from tests.matching.test_internship_rules import (
    COMPLETED,
    a_case,
    a_referral,
    accepted,
    completed,
    converting,
    finding_alone,
)
from tests.matching.test_referral_rules import placing, referring, types

BEGAN = TODAY - timedelta(5)


def correcting(
    vacancy: Vacancy | None,
    seeker: Seeker,
    case: Case,
    placement: Placement,
    internship: Internship | None = None,
    on: Any = None,
) -> Decision:
    command = CorrectPlacement(placement.placement_id, CorrectionForm(reason="never_started", occurred_on=on))
    return correct(vacancy, seeker, case, internship, placement, command, NOW)


def placed(vacancy: Vacancy, seeker: Seeker) -> tuple[Vacancy, Seeker, Case, Placement]:
    """How things stand once a seeker was placed, who had another open referral."""
    referral, other = a_referral(vacancy, seeker), a_referral(a_vacancy(), seeker)
    decision = accepted(placing(vacancy, seeker, a_case(seeker, referral, other), referral, on=BEGAN))
    states = {type(state): state for state in decision.states}
    return states[Vacancy], states[Seeker], states[Case], states[Placement]


def after(decision: Decision) -> dict[type[Any], Any]:
    return {type(state): state for state in accepted(decision).states}


def refusal(decision: Decision) -> tuple[Any, str | None]:
    assert isinstance(decision, Refused), decision
    return decision.problem, decision.field


def test_all_is_as_before_the_placement_but_what_had_ended_by_it() -> None:
    before = replace(a_seeker(), convertible_id=InternshipId(uuids.uuid7()))
    vacancy, seeker, case, placement = placed(a_vacancy(openings=2), before)
    decision = correcting(vacancy, seeker, case, placement)
    left = after(decision)
    assert left[Seeker] == before
    assert (left[Vacancy].placed, left[Vacancy].closed_as) == (0, None)
    assert [(r.status, r.reason) for r in left[Case].referrals] == [("withdrawn", "never_started"), ("obsolete", None)]
    assert left[Placement] == replace(placement, corrected_on=TODAY, correction="never_started")
    (event,) = accepted(decision).events
    assert isinstance(event, PlacementCorrected)
    told = (event.placement_id, event.seeker_id, event.reason, event.occurred_on, event.rule)
    assert told == (placement.placement_id, seeker.seeker_id, "never_started", TODAY, "correct_placement")
    assert types(referring(left[Vacancy], left[Seeker], left[Case])) == ["ReferralMade"]


def test_a_vacancy_that_it_filled_stays_closed_and_a_job_found_alone_has_none() -> None:
    full, seeker, case, placement = placed(a_vacancy(), a_seeker())
    left = after(correcting(full, seeker, case, placement))[Vacancy]
    assert (left.placed, left.closed_as) == (0, "filled")

    free = a_seeker()
    found = after(finding_alone(free, None))
    assert after(correcting(None, found[Seeker], found[Case], found[Placement]))[Seeker] == free


def test_who_has_left_it_or_has_another_job_since_stays_where_they_are() -> None:
    vacancy, seeker, case, placement = placed(a_vacancy(), a_seeker())
    (back,) = accepted(return_to_pool(seeker, ended_today(placement), NOW)).states
    elsewhere = replace(seeker, placement_id=PlacementId(uuids.uuid7()))
    gone_on = replace(back, placement_id=PlacementId(uuids.uuid7()))
    back_from_another = replace(back, back_from=PlacementId(uuids.uuid7()))
    for standing in (elsewhere, gone_on, back_from_another):
        assert after(correcting(vacancy, standing, case, placement))[Seeker] == standing


def test_who_has_left_it_is_in_the_pool_as_before_it_and_their_true_job_can_be_told() -> None:
    free = a_seeker()
    found = after(finding_alone(free, None))
    (back,) = accepted(return_to_pool(found[Seeker], ended_today(found[Placement]), NOW)).states
    true_day = TODAY - timedelta(3)
    assert refusal(finding_alone(back, found[Case], on=true_day)) == (BEFORE_POOL, "occurred_on")
    left = after(correcting(None, back, found[Case], found[Placement]))[Seeker]
    assert left == free
    assert types(finding_alone(left, found[Case], on=true_day)) == ["Placed"]


def ended_today(placement: Placement) -> ReturnToPool:
    return ReturnToPool(placement.seeker_id, placement.placement_id, TODAY)


def test_who_went_on_to_it_from_a_public_job_is_in_the_pool_as_that_has_ended() -> None:
    vacancy, seeker, case, placement = placed(a_vacancy(), in_a_public_job())
    left = after(correcting(vacancy, seeker, case, placement))[Seeker]
    assert (left.placement_id, left.in_public_job) == (None, False)
    vacancy, seeker, case, placement = placed(a_vacancy(sector="public"), a_seeker(sos_care=True))
    assert seeker.in_public_job
    assert not after(correcting(vacancy, seeker, case, placement))[Seeker].in_public_job


def test_who_has_another_job_by_a_merged_record_stays_in_that_one() -> None:
    for public in (False, True):
        vacancy, seeker, case, placement = placed(a_vacancy(), a_seeker(sos_care=public))
        other = HeldJob(PlacementId(uuids.uuid7()), public)
        for jobs in ((*seeker.jobs, other), (other, *seeker.jobs)):
            left = after(correcting(vacancy, seeker.holding(jobs), case, placement))[Seeker]
            assert left.jobs == (other,)


def test_an_internship_that_a_merged_record_had_completed_can_still_be_converted() -> None:
    vacancy, seeker, case, placement = placed(a_vacancy(), a_seeker())
    completed_id = InternshipId(uuids.uuid7())
    left = after(correcting(vacancy, replace(seeker, convertible_id=completed_id), case, placement))[Seeker]
    assert (left.placement_id, left.convertible_id) == (None, completed_id)


def test_an_internship_that_was_converted_to_it_is_completed_again_and_converted_on_its_true_day() -> None:
    vacancy, seeker, case, internship = completed()
    converted = after(converting(vacancy, seeker, case, internship))
    placement = converted[Placement]
    early = correcting(vacancy, *(converted[kind] for kind in (Seeker, Case, Placement, Internship)), on=COMPLETED)
    assert refusal(early) == (BEFORE_PLACEMENT, "occurred_on")
    # One from before placements knew the internship that could have been converted is converted again all the same.
    old = replace(placement, convertible_id=None)
    decision = correcting(vacancy, converted[Seeker], converted[Case], old, converted[Internship])
    left = after(decision)
    assert types(decision) == ["PlacementCorrected"]
    assert (left[Seeker], left[Case], left[Internship]) == (seeker, case, internship)
    assert Vacancy not in left
    before = converting(vacancy, left[Seeker], left[Case], left[Internship], COMPLETED - timedelta(1))
    assert refusal(before) == (BEFORE_COMPLETION, "occurred_on")
    again = converting(vacancy, left[Seeker], left[Case], left[Internship], COMPLETED)
    assert types(again) == ["InternshipConverted", "Placed"]


def test_a_conversion_to_a_job_that_had_ended_is_taken_back_and_not_made_again() -> None:
    vacancy, seeker, case, internship = completed()
    converted = after(converting(vacancy, seeker, case, internship))
    placement = converted[Placement]
    (back,) = accepted(return_to_pool(converted[Seeker], ended_today(placement), NOW)).states
    left = after(correcting(vacancy, back, converted[Case], placement, converted[Internship]))
    assert (left[Seeker], left[Internship]) == (replace(seeker, convertible_id=None), internship)
    again = converting(vacancy, left[Seeker], left[Case], left[Internship])
    assert refusal(again) == (CONVERSION_LAPSED, "internship_id")


def test_what_can_not_be_corrected_is_refused_by_its_reason() -> None:
    vacancy, seeker, case, placement = placed(a_vacancy(), a_seeker())
    once = after(correcting(vacancy, seeker, case, placement))
    again = correcting(once[Vacancy], once[Seeker], once[Case], once[Placement])
    assert refusal(again) == (CORRECTED, "placement_id")
    early, late = BEGAN - timedelta(1), TODAY + timedelta(1)
    assert refusal(correcting(vacancy, seeker, case, placement, on=early)) == (BEFORE_PLACEMENT, "occurred_on")
    assert refusal(correcting(vacancy, seeker, case, placement, on=late))[1] == "occurred_on"
    assert isinstance(correcting(vacancy, seeker, case, placement, on=BEGAN), Accepted)


@pytest.mark.parametrize("merged", [False, True])
def test_of_a_record_that_is_no_more_nothing_is_corrected(merged: bool) -> None:
    vacancy, seeker, case, placement = placed(a_vacancy(), a_seeker())
    gone = Seeker(seeker.seeker_id, None, merged_into=a_seeker().seeker_id if merged else None)
    expected = SEEKER_MERGED if merged else SEEKER_ERASED
    assert refusal(correcting(vacancy, gone, case, placement)) == (expected, "seeker_id")
    unknown = CorrectPlacement(placement.placement_id, CorrectionForm(reason="never_started"))
    assert correct(None, None, None, None, None, unknown, NOW) == Unknown("placement_id", placement.placement_id)
