"""What an earlier system knew is recorded by the same rules as today's work, a whole history in a row."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import uuid_utils.compat as uuids

from chassis.batch.decisions import Accepted, Decision, Refused, Unknown
from chassis.problems import DATE_IN_FUTURE, ProblemType
from contracts.ids import InternshipId, PlacementId, ReferralId
from services.matching.internships.commands import InternshipRow, RecordInternship
from services.matching.internships.model import Internship
from services.matching.internships.record import UNFINISHED_ROW, record_internship
from services.matching.internships.rules import (
    BEFORE_COMPLETION,
    BEFORE_START,
    INTERNSHIP_ENDED,
    NOT_COMPLETED,
)
from services.matching.placements.commands import Place, PlacementForm
from services.matching.placements.rules import place
from services.matching.pool.model import Seeker
from services.matching.ranking.programmes import TOO_OLD
from services.matching.referrals.commands import RecordReferral, ReferralRow
from services.matching.referrals.model import Case
from services.matching.referrals.record import NO_ANSWER, record
from services.matching.referrals.rules import BEFORE_OPENING, BEFORE_REFERRAL, REASON_NEEDED
from services.matching.vacancies.commands import ClosingRow, RecordClosing
from services.matching.vacancies.model import Vacancy
from services.matching.vacancies.rules import CLOSED_BEFORE_OPENING, VACANCY_CLOSED, record_closing
from tests.matching.states import NOW, TODAY, a_seeker, a_vacancy, an_intern_is_sought

MADE = date(2009, 3, 2)
HISTORY = replace(NOW, imported=True)


def recording(vacancy: Vacancy, seeker: Seeker, case: Case | None = None, **row: Any) -> Decision:
    form = ReferralRow(**{"seeker_id": seeker.seeker_id, "vacancy_id": vacancy.vacancy_id, "occurred_on": MADE, **row})
    return record(vacancy, seeker, case, RecordReferral(ReferralId(uuids.uuid7()), form), HISTORY)


def a_case(vacancy: Vacancy, seeker: Seeker, case: Case | None = None, **row: Any) -> Case:
    decision = recording(vacancy, seeker, case, answer="accepted", **row)
    assert isinstance(decision, Accepted)
    (made,) = decision.states
    return made


def kinds(decision: Decision) -> list[str]:
    assert isinstance(decision, Accepted), decision
    return [type(event).__name__ for event in decision.events]


def test_a_referral_and_its_answer_are_each_recorded_on_their_day_and_marked() -> None:
    decision = recording(
        a_vacancy(), a_seeker(), answer="refused_by_seeker", reason="wage_too_low", answered_on="2009-03-05"
    )
    assert kinds(decision) == ["ReferralMade", "ReferralAnswered"]
    assert isinstance(decision, Accepted)
    assert [str(event.occurred_on) for event in decision.events] == ["2009-03-02", "2009-03-05"]
    assert all(event.imported for event in decision.events)
    assert decision.states[0].referrals[0].status == "refused"
    assert decision.answer["status"] == "refused"


def test_a_referral_that_has_no_answer_yet_is_only_made() -> None:
    assert kinds(recording(a_vacancy(), a_seeker())) == ["ReferralMade"]


@pytest.mark.parametrize(
    ("row", "problem", "field"),
    [
        ({"answered_on": "2009-03-04"}, NO_ANSWER, "answered_on"),
        ({"reason": "wage_too_low"}, NO_ANSWER, "reason"),
        ({"answer": "refused_by_seeker"}, REASON_NEEDED, "reason"),
        ({"answer": "accepted", "answered_on": "2009-03-01"}, BEFORE_REFERRAL, "answered_on"),
        ({"answer": "accepted", "answered_on": "2999-01-01"}, DATE_IN_FUTURE, "answered_on"),
        ({"occurred_on": "2009-02-09"}, BEFORE_OPENING, "occurred_on"),
    ],
)
def test_a_referrals_row_is_refused_for(row: dict[str, Any], problem: ProblemType, field: str) -> None:
    decision = recording(a_vacancy(), a_seeker(), **row)
    assert isinstance(decision, Refused)
    assert (decision.problem, decision.field) == (problem, field)


def test_an_imported_placement_leaves_the_referrals_that_came_after_it() -> None:
    first, second, seeker = a_vacancy(), a_vacancy(), a_seeker()
    case = a_case(second, seeker, a_case(first, seeker), occurred_on=date(2009, 5, 4))
    command = Place(
        PlacementId(uuids.uuid7()), case.referrals[0].referral_id, PlacementForm(occurred_on=date(2009, 3, 16))
    )
    imported, by_hand = (place(first, seeker, case, command, now) for now in (HISTORY, NOW))
    assert kinds(imported) == ["Placed", "VacancyClosed"]
    assert kinds(by_hand) == ["Placed", "ReferralEnded", "VacancyClosed"]


def interning(row: dict[str, Any], **profile: Any) -> Decision:
    """Record an internship of somebody who was young as they were referred, and whose `profile` is another by now."""
    vacancy, young = an_intern_is_sought(), a_seeker(birth_year=1985)
    case = a_case(vacancy, young)
    assert young.profile is not None
    seeker = replace(young, profile=replace(young.profile, **profile))
    form = InternshipRow(referral_id=case.referrals[0].referral_id, **{"occurred_on": "2009-03-09", **row})
    command = RecordInternship(InternshipId(uuids.uuid7()), PlacementId(uuids.uuid7()), form)
    return record_internship(vacancy, seeker, case, command, HISTORY)


def test_a_whole_internship_is_one_row() -> None:
    row = {"completed_on": "2009-05-08", "converted_on": "2009-05-11", "wage": 2_100_000}
    decision = interning(row)
    assert kinds(decision) == [
        "InternshipStarted",
        "VacancyClosed",
        "InternshipCompleted",
        "InternshipConverted",
        "Placed",
    ]
    assert isinstance(decision, Accepted)
    assert decision.answer["placement_id"]
    by_kind = {type(state): state for state in decision.states}
    assert len(by_kind) == len(decision.states)
    assert by_kind[Internship].status == "converted"
    assert by_kind[Case].referrals[0].status == "placed"
    assert by_kind[Seeker].placement_id == decision.answer["placement_id"]


def test_an_internship_that_was_broken_off_frees_its_opening() -> None:
    decision = interning({"broken_off_on": "2009-04-01", "broken_off_by": "intern"})
    assert kinds(decision) == ["InternshipStarted", "VacancyClosed", "InternshipBrokenOff"]
    assert isinstance(decision, Accepted)
    (vacancy,) = (state for state in decision.states if isinstance(state, Vacancy))
    assert vacancy.placed == 0


def test_one_that_still_runs_is_only_started() -> None:
    assert kinds(interning({})) == ["InternshipStarted", "VacancyClosed"]


@pytest.mark.parametrize(
    ("row", "problem", "field"),
    [
        ({"broken_off_on": "2009-04-01"}, UNFINISHED_ROW, "broken_off_by"),
        ({"broken_off_by": "intern"}, UNFINISHED_ROW, "broken_off_on"),
        ({"completed_on": "2009-05-08", "wage": 1}, UNFINISHED_ROW, "converted_on"),
        ({"completed_on": "2009-03-08"}, BEFORE_START, "completed_on"),
        ({"converted_on": "2009-05-08"}, NOT_COMPLETED, "converted_on"),
        ({"completed_on": "2009-05-08", "converted_on": "2009-05-07"}, BEFORE_COMPLETION, "converted_on"),
        (
            {"broken_off_on": "2009-04-01", "broken_off_by": "intern", "completed_on": "2009-05-08"},
            INTERNSHIP_ENDED,
            "completed_on",
        ),
    ],
)
def test_an_internships_row_is_refused_for(row: dict[str, Any], problem: ProblemType, field: str) -> None:
    decision = interning(row)
    assert isinstance(decision, Refused)
    assert (decision.problem, decision.field) == (problem, field)


def test_an_intern_of_thirty_is_refused_in_history_too() -> None:
    decision = interning({"completed_on": "2009-05-08"}, birth_year=1979)
    assert isinstance(decision, Refused)
    assert decision.problem == TOO_OLD


def closing(vacancy: Vacancy | None, **row: Any) -> Decision:
    vacancy_id = vacancy.vacancy_id if vacancy else uuids.uuid7()
    form = ClosingRow(**{"vacancy_id": vacancy_id, "reason": "expired", "occurred_on": "2009-05-01", **row})
    return record_closing(vacancy, RecordClosing(form), HISTORY)


def test_a_vacancy_of_an_earlier_time_closes_on_its_own_day() -> None:
    decision = closing(a_vacancy())
    assert isinstance(decision, Accepted)
    assert (decision.states[0].closed_on, decision.states[0].closed_as) == (date(2009, 5, 1), "expired")
    assert [event.occurred_on for event in decision.events] == [date(2009, 5, 1)]


def test_a_closing_is_refused_before_the_opening_in_the_future_twice_and_of_nobody() -> None:
    refusals = [
        closing(a_vacancy(), occurred_on="2009-02-01"),
        closing(a_vacancy(), occurred_on="2999-01-01"),
        closing(a_vacancy(closed_as="filled", closed_on=TODAY)),
    ]
    problems = [refusal.problem for refusal in refusals if isinstance(refusal, Refused)]
    assert problems == [CLOSED_BEFORE_OPENING, DATE_IN_FUTURE, VACANCY_CLOSED]
    assert isinstance(closing(None), Unknown)
