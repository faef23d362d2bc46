"""A referral from its making to a placement, by the rules alone."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import uuid_utils.compat as uuids

from chassis.batch.decisions import Accepted, Decision, Refused, Unknown
from chassis.problems import VERSION_CHANGED, VERSION_MISSING
from contracts.ids import PlacementId, ReferralId
from services.matching.placements.commands import Place, PlacementForm
from services.matching.placements.rules import place
from services.matching.pool.commands import KeepProfile, ReturnToPool
from services.matching.pool.model import Seeker
from services.matching.pool.rules import ALREADY_PLACED, NOT_IN_POOL, SEEKER_ERASED, keep_profile, return_to_pool
from services.matching.ranking.programmes import TOO_OLD
from services.matching.referrals.commands import AnswerForm, AnswerReferral, MakeReferral, ReferralForm
from services.matching.referrals.model import Case, Referral
from services.matching.referrals.rules import (
    ALREADY_ANSWERED,
    ALREADY_REFERRED,
    BEFORE_OPENING,
    BEFORE_REFERRAL,
    BEFORE_REGISTRATION,
    NOT_ACCEPTED,
    REASON_NEEDED,
    REFERRAL_ENDED,
    answer,
    refer,
)
from services.matching.vacancies.model import Vacancy
from services.matching.vacancies.rules import NO_FREE_OPENING, VACANCY_CLOSED
from tests.matching.states import NOW, PROFILE, TODAY, a_seeker, a_vacancy


def referring(vacancy: Vacancy, seeker: Seeker, case: Case | None = None, on: date | None = None) -> Decision:
    form = ReferralForm(seeker_id=seeker.seeker_id, vacancy_id=vacancy.vacancy_id, occurred_on=on)
    return refer(vacancy, seeker, case, MakeReferral(ReferralId(uuids.uuid7()), form), NOW)


def a_case(vacancy: Vacancy, seeker: Seeker, case: Case | None = None, **details: Any) -> tuple[Case, Referral]:
    decision = referring(vacancy, seeker, case)
    assert isinstance(decision, Accepted)
    (made,) = decision.states
    assert isinstance(made, Case)
    referral = replace(made.referrals[-1], **details)
    return made.with_(referral), referral


def answering(seeker: Seeker, case: Case, referral: Referral, word: Any, reason: Any = None) -> Decision:
    """Answer a referral as it stands in the case."""
    read = case.referral(referral.referral_id)
    assert read is not None
    return answering_to(read.version, seeker, case, word, reason)


def answering_to(version: int | None, seeker: Seeker, case: Case, word: Any, reason: Any = None) -> Decision:
    """Answer a case's only referral as it was read, or without having read it."""
    command = AnswerReferral(case.referrals[0].referral_id, AnswerForm(answer=word, reason=reason), version)
    return answer(seeker, case, command, NOW)


def placing(vacancy: Vacancy, seeker: Seeker, case: Case, referral: Referral, on: date | None = None) -> Decision:
    command = Place(PlacementId(uuids.uuid7()), referral.referral_id, PlacementForm(occurred_on=on))
    return place(vacancy, seeker, case, command, NOW)


def refusal(decision: Decision) -> tuple[Any, str | None]:
    assert isinstance(decision, Refused), decision
    return decision.problem, decision.field


def types(decision: Decision) -> list[str]:
    assert isinstance(decision, Accepted), decision
    return [type(event).__name__ for event in decision.events]


def test_a_referral_carries_what_it_is_counted_by_and_what_spoke_for_it() -> None:
    vacancy, seeker = a_vacancy(), a_seeker()
    decision = referring(vacancy, seeker)
    assert isinstance(decision, Accepted)
    (event,) = decision.events
    assert event.model_dump(include={"occupation", "sector", "employment", "reasons", "rule"}) == {
        "occupation": "02",
        "sector": "private",
        "employment": "permanent",
        "reasons": ("occupation_wanted", "district_same", "wage_meets", "employment_open", "career", "waiting"),
        "rule": "refer",
    }
    assert event.person.age_band == "30-39"
    assert decision.answer["reasons"] == event.reasons


def test_only_who_is_in_the_pool_is_referred_and_only_to_an_open_vacancy() -> None:
    vacancy = a_vacancy()
    assert refusal(referring(vacancy, a_seeker(status="withdrawn"))) == (NOT_IN_POOL, "seeker_id")
    erased = replace(a_seeker(), profile=None)
    assert refusal(referring(vacancy, erased)) == (SEEKER_ERASED, "seeker_id")
    placed = replace(a_seeker(), placement_id=PlacementId(uuids.uuid7()))
    assert refusal(referring(vacancy, placed)) == (ALREADY_PLACED, "seeker_id")
    closed = a_vacancy(closed_on=TODAY, closed_as="withdrawn")
    assert refusal(referring(closed, a_seeker())) == (VACANCY_CLOSED, "vacancy_id")


def test_a_referral_is_not_dated_before_registration_or_opening_or_after_today() -> None:
    vacancy, seeker = a_vacancy(), a_seeker()
    assert refusal(referring(vacancy, seeker, on=date(2009, 2, 1))) == (BEFORE_REGISTRATION, "occurred_on")
    assert refusal(referring(vacancy, seeker, on=date(2009, 2, 9))) == (BEFORE_OPENING, "occurred_on")
    assert refusal(referring(vacancy, seeker, on=TODAY + timedelta(1)))[1] == "occurred_on"


def test_a_second_open_referral_to_the_same_vacancy_is_refused_and_one_after_a_refusal_is_not() -> None:
    vacancy, seeker = a_vacancy(), a_seeker()
    for status in ("made", "postponed", "accepted"):
        case, _ = a_case(vacancy, seeker, status=status)
        assert refusal(referring(vacancy, seeker, case)) == (ALREADY_REFERRED, "vacancy_id")
    case, _ = a_case(vacancy, seeker, status="refused")
    assert types(referring(vacancy, seeker, case)) == ["ReferralMade"]
    assert types(referring(a_vacancy(), seeker, case)) == ["ReferralMade"]


@pytest.mark.parametrize(
    ("birth_year", "converts", "refused"), [(1979, True, True), (1980, True, False), (1979, False, False)]
)
def test_nobody_is_referred_where_a_programmes_law_forbids_the_match(
    birth_year: int, converts: bool, refused: bool
) -> None:
    vacancy = replace(a_vacancy(), employment="internship", converts=converts)
    seeker = a_seeker()
    assert seeker.profile is not None
    decision = referring(vacancy, replace(seeker, profile=replace(seeker.profile, birth_year=birth_year)))
    if not refused:
        assert isinstance(decision, Accepted)
        return
    assert isinstance(decision, Refused)
    assert (decision.problem, decision.field, decision.facts) == (TOO_OLD, "seeker_id", {"age": 30, "most": 29})


def test_a_refusal_needs_its_reason() -> None:
    seeker = a_seeker()
    case, referral = a_case(a_vacancy(), seeker)
    assert refusal(answering(seeker, case, referral, "refused_by_employer")) == (REASON_NEEDED, "reason")
    assert types(answering(seeker, case, referral, "refused_by_employer", "experience_missing")) == ["ReferralAnswered"]


def test_an_answer_stands_but_what_was_postponed_is_answered_again_and_what_was_accepted_may_be_refused() -> None:
    seeker = a_seeker()
    case, referral = a_case(a_vacancy(), seeker)
    case = case.with_(replace(referral, chased=2))
    postponed = answering(seeker, case, referral, "postponed")
    assert isinstance(postponed, Accepted)
    (case,) = postponed.states
    assert (case.referrals[0].postponed_on, case.referrals[0].chased) == (TODAY, 0)
    accepted = answering(seeker, case, referral, "accepted")
    assert isinstance(accepted, Accepted)
    (case,) = accepted.states
    assert refusal(answering(seeker, case, referral, "postponed")) == (ALREADY_ANSWERED, "referral_id")
    assert refusal(answering(seeker, case, referral, "refused_by_employer")) == (REASON_NEEDED, "reason")
    declined = answering(seeker, case, referral, "refused_by_employer", "another_chosen")
    assert isinstance(declined, Accepted)
    (case,) = declined.states
    assert (case.referrals[0].status, case.referrals[0].reason) == ("refused", "another_chosen")
    for word in ("accepted", "postponed", "refused_by_employer", "refused_by_seeker"):
        assert refusal(answering(seeker, case, referral, word, "other")) == (ALREADY_ANSWERED, "referral_id")


def test_the_first_answer_needs_no_version_and_another_one_the_version_that_was_read() -> None:
    seeker = a_seeker()
    case, _ = a_case(a_vacancy(), seeker)
    first = answering_to(None, seeker, case, "postponed")
    assert isinstance(first, Accepted)
    assert first.answer["version"] == 2
    (case,) = first.states
    assert refusal(answering_to(None, seeker, case, "accepted")) == (VERSION_MISSING, "If-Match")
    assert refusal(answering_to(1, seeker, case, "accepted")) == (VERSION_CHANGED, "If-Match")
    second = answering_to(2, seeker, case, "accepted")
    assert isinstance(second, Accepted)
    assert second.answer["version"] == 3
    (case,) = second.states
    refused = answering_to(None, seeker, case, "refused_by_employer", "another_chosen")
    assert refusal(refused) == (VERSION_MISSING, "If-Match")


def test_a_first_answer_to_what_was_read_otherwise_is_refused() -> None:
    case, _ = a_case(a_vacancy(), seeker := a_seeker())
    assert refusal(answering_to(4, seeker, case, "accepted")) == (VERSION_CHANGED, "If-Match")


def test_the_same_answer_again_changes_nothing_and_put_off_on_a_later_day_waits_anew() -> None:
    seeker = a_seeker()
    for word, reason in (("accepted", None), ("refused_by_seeker", "too_far"), ("postponed", "other")):
        case, _ = a_case(a_vacancy(), seeker)
        first = answering_to(None, seeker, case, word, reason)
        assert isinstance(first, Accepted)
        (case,) = first.states
        assert answering_to(None, seeker, case, word, reason) == Accepted(answer=first.answer)
    earlier = case.with_(replace(case.referrals[0], postponed_on=TODAY - timedelta(1)))
    assert refusal(answering_to(None, seeker, earlier, "postponed", "other")) == (VERSION_MISSING, "If-Match")
    again = answering_to(2, seeker, earlier, "postponed", "other")
    assert isinstance(again, Accepted)
    assert again.states[0].referrals[0].postponed_on == TODAY


@pytest.mark.parametrize("status", ["placed", "interned"])
def test_what_came_to_a_job_or_an_internship_is_not_refused_any_more(status: str) -> None:
    seeker = a_seeker()
    case, referral = a_case(a_vacancy(), seeker, status=status)
    assert refusal(answering(seeker, case, referral, "refused_by_seeker", "too_far"))[0] == REFERRAL_ENDED


def test_an_unknown_referral_is_unknown() -> None:
    command = AnswerReferral(ReferralId(uuids.uuid7()), AnswerForm(answer="accepted"))
    assert answer(None, None, command, NOW) == Unknown("referral_id", command.referral_id)


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        ("made", NOT_ACCEPTED),
        ("postponed", NOT_ACCEPTED),
        ("refused", NOT_ACCEPTED),
        ("interned", REFERRAL_ENDED),
        ("placed", REFERRAL_ENDED),
        ("obsolete", REFERRAL_ENDED),
        ("lapsed", REFERRAL_ENDED),
    ],
)
def test_only_an_accepted_referral_ends_in_a_placement(status: str, problem: Any) -> None:
    vacancy, seeker = a_vacancy(), a_seeker()
    case, referral = a_case(vacancy, seeker, status=status)
    assert refusal(placing(vacancy, seeker, case, referral)) == (problem, "referral_id")


def test_a_placement_says_whether_the_occupation_was_wanted_and_counts_the_age_of_its_day() -> None:
    seeker = a_seeker(birth_year=1979)
    for occupation, wanted in (("10", True), ("13", False)):
        vacancy = a_vacancy(occupation=occupation)
        case, referral = a_case(vacancy, seeker, status="accepted", made_on=date(2008, 12, 1))
        decision = placing(vacancy, seeker, case, referral, on=date(2008, 12, 31))
        assert isinstance(decision, Accepted)
        placed = decision.events[0]
        assert (placed.source, placed.occupation, placed.wanted) == ("referral", occupation, wanted)
        assert placed.person.age_band == "-29"
        assert placed.occurred_on == date(2008, 12, 31)


def test_a_placement_is_not_dated_before_the_referral_or_after_today() -> None:
    vacancy, seeker = a_vacancy(), a_seeker()
    case, referral = a_case(vacancy, seeker, status="accepted")
    assert refusal(placing(vacancy, seeker, case, referral, TODAY - timedelta(1))) == (BEFORE_REFERRAL, "occurred_on")
    assert refusal(placing(vacancy, seeker, case, referral, TODAY + timedelta(1)))[1] == "occurred_on"


def test_the_last_opening_closes_the_vacancy_and_nobody_is_placed_above_it() -> None:
    vacancy, seeker = a_vacancy(openings=2, placed=1), a_seeker()
    case, referral = a_case(vacancy, seeker, status="accepted")
    decision = placing(vacancy, seeker, case, referral)
    assert types(decision) == ["Placed", "VacancyClosed"]
    assert isinstance(decision, Accepted)
    full = decision.states[0]
    assert (full.placed, full.closed_as) == (2, "filled")
    closed = decision.events[-1]
    assert (closed.reason, closed.placed, closed.openings) == ("filled", 2, 2)

    another = a_seeker()
    case, referral = a_case(vacancy, another, status="accepted")
    assert refusal(placing(full, another, case, referral)) == (NO_FREE_OPENING, "vacancy_id")


def test_a_placement_ends_the_other_open_referrals_and_leaves_the_rest() -> None:
    seeker, vacancy = a_seeker(), a_vacancy(openings=5)
    case, _ = a_case(a_vacancy(), seeker)
    case, _ = a_case(a_vacancy(), seeker, case, status="refused")
    case, referral = a_case(vacancy, seeker, case, status="accepted")
    decision = placing(vacancy, seeker, case, referral)
    assert types(decision) == ["Placed", "ReferralEnded"]
    assert isinstance(decision, Accepted)
    _, placed, left, _ = decision.states
    assert [r.status for r in left.referrals] == ["obsolete", "refused", "placed"]
    assert placed.placement_id is not None
    assert decision.events[1].reason == "obsolete"


def test_a_seeker_is_placed_again_only_after_the_employment_ended() -> None:
    seeker, vacancy = a_seeker(), a_vacancy(openings=5)
    case, referral = a_case(vacancy, seeker, status="accepted")
    first = placing(vacancy, seeker, case, referral)
    assert isinstance(first, Accepted)
    _, seeker, case, placement = first.states
    other, second = a_case(a_vacancy(), a_seeker(), None, status="accepted", seeker_id=seeker.seeker_id)
    assert refusal(placing(vacancy, seeker, case.with_(*other.referrals), second)) == (ALREADY_PLACED, "seeker_id")

    unrelated = ReturnToPool(seeker.seeker_id, PlacementId(uuids.uuid7()), TODAY)
    assert return_to_pool(seeker, unrelated, NOW) == Accepted()
    ended = return_to_pool(seeker, ReturnToPool(seeker.seeker_id, placement.placement_id, TODAY), NOW)
    assert isinstance(ended, Accepted)
    (free,) = ended.states
    assert (free.placement_id, free.in_pool_since) == (None, TODAY)
    assert types(referring(vacancy, free, case)) == ["ReferralMade"]


def test_a_new_profile_keeps_the_placement_and_a_return_waits_anew() -> None:
    placement_id = PlacementId(uuids.uuid7())
    seeker = replace(a_seeker(status="withdrawn"), placement_id=placement_id)
    command = KeepProfile(seeker.seeker_id, replace(PROFILE, district="11110"), date(2009, 5, 5))
    decision = keep_profile(seeker, command, NOW)
    assert isinstance(decision, Accepted)
    (kept,) = decision.states
    assert (kept.placement_id, kept.in_pool_since, kept.profile.district) == (placement_id, date(2009, 5, 5), "11110")
    erased = replace(seeker, profile=None)
    assert keep_profile(erased, command, NOW) == Accepted()
