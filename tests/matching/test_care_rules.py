"""Who is in SOS-Care or total care: what they are offered first, referred to and placed in, by the rules alone."""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any, get_args

import pytest
import uuid_utils.compat as uuids

from chassis.batch.decisions import Accepted, Decision, Refused
from contracts.codes import CareStage
from contracts.ids import InternshipId, PlacementId, ReferralId
from services.matching.placements.commands import Place, PlacementForm, PlaceSelfFound, SelfFoundForm
from services.matching.placements.rules import place, place_self_found
from services.matching.pool.commands import ReturnToPool
from services.matching.pool.model import Seeker
from services.matching.pool.rules import ALREADY_PLACED, INTERNING, return_to_pool
from services.matching.ranking.model import Offer, Wishes
from services.matching.ranking.rules import match
from services.matching.referrals.commands import LeavePublicJob, MakeReferral, ReferralForm
from services.matching.referrals.ends import leave_public_job
from services.matching.referrals.gate import NOT_READY, gate
from services.matching.referrals.model import Case
from services.matching.referrals.rules import refer
from services.matching.vacancies.model import Vacancy
from tests.matching.states import NOW, PROFILE, TODAY, a_seeker, a_vacancy, an_intern_is_sought

PUBLIC_JOBS: tuple[dict[str, Any], ...] = (
    {"sector": "public"},
    {"employment": "fixed_term"},
    {"employment": "public_works"},
)
FORMER = PlacementId(uuids.uuid7())


def in_a_public_job(**profile: Any) -> Seeker:
    seeker = a_seeker(**{"sos_care": True, **profile})
    return replace(seeker, placement_id=FORMER, in_public_job=True)


def referring(vacancy: Vacancy, seeker: Seeker, override: str | None = None) -> Decision:
    form = ReferralForm(seeker_id=seeker.seeker_id, vacancy_id=vacancy.vacancy_id, override=override)
    return refer(vacancy, seeker, None, MakeReferral(ReferralId(uuids.uuid7()), form), NOW)


def placing(vacancy: Vacancy, seeker: Seeker, as_: Seeker | None = None) -> Decision:
    """Place a seeker; `as_` is how they stand by then, where that is not as at the referral."""
    made = referring(vacancy, seeker)
    assert isinstance(made, Accepted), made
    (case,) = made.states
    assert isinstance(case, Case)
    referral = replace(case.referrals[0], status="accepted")
    command = Place(PlacementId(uuids.uuid7()), referral.referral_id, PlacementForm())
    return place(vacancy, as_ or seeker, case.with_(referral), command, NOW)


def accepted(decision: Decision) -> Accepted:
    assert isinstance(decision, Accepted), decision
    return decision


def refusal(decision: Decision) -> tuple[Any, str | None]:
    assert isinstance(decision, Refused), decision
    return decision.problem, decision.field


@pytest.mark.parametrize("terms", PUBLIC_JOBS)
def test_a_breadwinner_is_offered_public_jobs_first(terms: dict[str, Any]) -> None:
    """However well a private job fits, and however badly the public one does."""
    best = replace(PROFILE, sos_care=True, career_years=60, wanted_employment=("permanent",))
    wishes = Wishes.of(best, date(1990, 1, 1))
    private = match(wishes, Offer.of(a_vacancy()), TODAY)
    public = match(wishes, Offer.of(a_vacancy(**{"district": "11740", "occupation": "24", "wage": 1, **terms})), TODAY)
    assert public.points > private.points
    assert "sos_care_public_first" in public.spoke_for_it
    others = match(Wishes.of(PROFILE, None), Offer.of(a_vacancy(**terms)), TODAY)
    assert not [reason for reason in others.reasons if reason.code.startswith("sos_care")]


@pytest.mark.parametrize("terms", PUBLIC_JOBS)
def test_a_public_job_under_sos_care_leaves_the_seeker_in_the_pool(terms: dict[str, Any]) -> None:
    decision = accepted(placing(a_vacancy(**terms), a_seeker(sos_care=True)))
    placed = decision.events[0]
    assert (placed.programme, placed.person.programme, placed.former_placement_id) == ("sos_care", "sos_care", None)
    seeker = next(state for state in decision.states if isinstance(state, Seeker))
    assert seeker.seeks_private_job
    assert isinstance(referring(a_vacancy(), seeker), Accepted)
    for other in PUBLIC_JOBS:
        assert refusal(referring(a_vacancy(**other), seeker)) == (ALREADY_PLACED, "seeker_id")
    interns = a_vacancy(employment="internship", converts=True)
    assert refusal(referring(interns, seeker)) == (ALREADY_PLACED, "seeker_id")


def test_the_same_job_without_sos_care_ends_the_search() -> None:
    decision = accepted(placing(a_vacancy(sector="public"), a_seeker()))
    assert decision.events[0].programme is None
    seeker = next(state for state in decision.states if isinstance(state, Seeker))
    assert refusal(referring(a_vacancy(), seeker)) == (ALREADY_PLACED, "seeker_id")


def test_a_private_job_takes_the_public_ones_place_and_names_it() -> None:
    decision = accepted(placing(a_vacancy(), in_a_public_job()))
    placed = decision.events[0]
    assert (placed.former_placement_id, placed.programme, placed.person.programme) == (FORMER, None, "sos_care")
    seeker = next(state for state in decision.states if isinstance(state, Seeker))
    assert (seeker.placement_id, seeker.in_public_job) == (placed.placement_id, False)
    # That the former employment ended changes nothing any more.
    assert return_to_pool(seeker, ReturnToPool(seeker.seeker_id, FORMER, TODAY), NOW) == Accepted()


def test_who_finds_a_private_job_alone_goes_on_to_it_too() -> None:
    seeker = in_a_public_job()

    def finding(sector: Any) -> Decision:
        form = SelfFoundForm(occupation="02", sector=sector, employment="permanent")
        return place_self_found(seeker, None, PlaceSelfFound(PlacementId(uuids.uuid7()), seeker.seeker_id, form), NOW)

    assert accepted(finding("private")).events[0].former_placement_id == FORMER
    assert refusal(finding("public")) == (ALREADY_PLACED, "seeker_id")


def test_when_sos_care_has_ended_a_public_job_is_a_job_like_any_other() -> None:
    seeker = in_a_public_job()
    left = in_a_public_job(sos_care=False)
    assert refusal(referring(a_vacancy(), left)) == (ALREADY_PLACED, "seeker_id")
    assert refusal(placing(a_vacancy(), seeker, as_=left)) == (ALREADY_PLACED, "seeker_id")


def test_after_the_public_job_ends_the_seeker_is_in_the_pool_like_anybody() -> None:
    seeker = in_a_public_job()
    (free,) = accepted(return_to_pool(seeker, ReturnToPool(seeker.seeker_id, FORMER, TODAY), NOW)).states
    assert (free.placement_id, free.in_public_job) == (None, False)
    assert isinstance(referring(a_vacancy(sector="public"), free), Accepted)


def test_who_finds_another_job_from_the_public_one_looks_for_none_and_stays_placed_until_that_has_ended() -> None:
    seeker = in_a_public_job()
    open_to = accepted(referring(a_vacancy(), seeker)).states[0]
    command = LeavePublicJob(seeker.seeker_id, FORMER, TODAY)
    assert isinstance(open_to, Case)
    decision = accepted(leave_public_job(seeker, open_to, command, NOW))
    left, case = decision.states
    assert left == replace(seeker, in_public_job=False)
    assert case.open() == ()
    assert [(event.reason, event.occurred_on) for event in decision.events] == [("obsolete", TODAY)]
    assert gate(left, override=True).kinds == ()
    assert refusal(placing(a_vacancy(), seeker, as_=left)) == (ALREADY_PLACED, "seeker_id")
    assert leave_public_job(left, case, command, NOW) == Accepted()
    other = LeavePublicJob(seeker.seeker_id, PlacementId(uuids.uuid7()), TODAY)
    assert leave_public_job(seeker, case, other, NOW) == Accepted()
    (free,) = accepted(return_to_pool(left, ReturnToPool(seeker.seeker_id, FORMER, TODAY), NOW)).states
    assert free.placement_id is None


@pytest.mark.parametrize("stage", ["preparation", "counselling", "training"])
def test_nobody_is_referred_before_the_stage_allows_it_without_a_reason(stage: str) -> None:
    seeker = a_seeker(care_stage=stage)
    refused = referring(a_vacancy(), seeker)
    assert refusal(refused) == (NOT_READY, "seeker_id")
    assert isinstance(refused, Refused)
    assert refused.facts == {"care_stage": stage}
    made = accepted(referring(a_vacancy(), seeker, "employer_asked"))
    assert made.events[0].override == "employer_asked"
    (case,) = made.states
    assert case.referrals[0].override == "employer_asked"


@pytest.mark.parametrize("stage", [None, "ready"])
def test_an_override_that_nothing_needed_is_not_recorded(stage: Any) -> None:
    made = accepted(referring(a_vacancy(), a_seeker(care_stage=stage), "employer_asked"))
    assert made.events[0].override is None


def test_sos_care_passes_the_stages_gate_to_a_public_job_and_on_from_one() -> None:
    for stage, terms in product(("preparation", "counselling", "training"), PUBLIC_JOBS):
        seeker = a_seeker(care_stage=stage, sos_care=True)
        assert accepted(referring(a_vacancy(**terms), seeker)).events[0].override is None
        assert refusal(referring(a_vacancy(), seeker)) == (NOT_READY, "seeker_id")
        assert isinstance(referring(a_vacancy(), in_a_public_job(care_stage=stage)), Accepted)


@pytest.mark.parametrize("override", [None, "employer_asked"])
def test_what_is_open_to_a_seeker_is_what_they_may_be_referred_to(override: str | None) -> None:
    vacancies = (a_vacancy(), an_intern_is_sought(), *(a_vacancy(**terms) for terms in PUBLIC_JOBS))
    states = product(get_args(CareStage), (False, True), ("active", "withdrawn"), (a_seeker, in_a_public_job))
    for stage, sos_care, status, standing in states:
        seeker = standing(care_stage=stage, sos_care=sos_care, status=status, birth_year=1985)
        kinds, refused = gate(seeker, override=override is not None)
        decisions = [referring(vacancy, seeker, override) for vacancy in vacancies]
        assert [vacancy.kind in kinds for vacancy in vacancies] == [isinstance(each, Accepted) for each in decisions]
        assert refused == next((each for each in decisions if isinstance(each, Refused)), None)


def test_nothing_is_open_to_an_intern() -> None:
    kinds, refused = gate(replace(a_seeker(), internship_id=InternshipId(uuids.uuid7())), override=True)
    assert kinds == ()
    assert refused is not None
    assert refused.problem == INTERNING
