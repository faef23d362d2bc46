"""What was accepted before a vacancy closed may still come to a job, for a time; what nobody answered ends."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import orjson
import pytest

from chassis.batch.decisions import Accepted, Decision
from contracts.topics import CASES, VACANCIES
from services.matching.corrections.commands import CorrectionForm, CorrectPlacement
from services.matching.corrections.rules import correct
from services.matching.placements.model import Placement
from services.matching.pool.model import Seeker
from services.matching.referrals.closings import lapse, meet_closing
from services.matching.referrals.commands import LapseReferral, MeetClosing
from services.matching.referrals.model import Case, Referral
from services.matching.referrals.rules import BEFORE_REFERRAL
from services.matching.vacancies.model import Vacancy
from services.matching.vacancies.rules import NO_FREE_OPENING, VACANCY_CLOSED
from tests.kit.threads import at_once
from tests.kit.waiting import until
from tests.matching.service_calls import Caller
from tests.matching.states import NOW, TODAY, a_seeker, a_vacancy
from tests.matching.test_history_rules import recording
from tests.matching.test_internship_rules import an_intern_is_sought, starting
from tests.matching.test_referral_rules import a_case, answering, placing, refusal, types

YESTERDAY = TODAY - timedelta(1)
LAST_DAY = date(2009, 3, 31)
"""To apply, in history."""


def closed(vacancy: Vacancy, closed_as: Any = "expired", on: date = TODAY) -> Vacancy:
    return replace(vacancy, closed_on=on, closed_as=closed_as, referrals_ended=True)


def a_referral(status: str, closed_as: Any = "expired", **vacancy: Any) -> tuple[Vacancy, Seeker, Case, Referral]:
    seeker, opened = a_seeker(), a_vacancy(**vacancy)
    case, referral = a_case(opened, seeker, status=status, made_on=date(2009, 6, 1))
    return closed(opened, closed_as), seeker, case, referral


def meeting(vacancy: Vacancy, seeker: Seeker, case: Case, referral: Referral) -> Referral:
    """Give a referral as it is once it has met the closing."""
    decision = meet_closing(vacancy, seeker, case, MeetClosing(referral.referral_id), NOW)
    assert isinstance(decision, Accepted)
    (left,) = decision.states
    assert bool(decision.events) is (left.referral(referral.referral_id).status == "obsolete")
    return left.referral(referral.referral_id)


def states(decision: Decision) -> dict[type[Any], Any]:
    assert isinstance(decision, Accepted), decision
    return {type(state): state for state in decision.states}


@pytest.mark.parametrize("closed_as", ["expired", "withdrawn"])
@pytest.mark.parametrize("status", ["accepted", "postponed"])
def test_what_was_answered_stays_for_a_time(status: str, closed_as: str) -> None:
    left = meeting(*a_referral(status, closed_as))
    assert (left.status, left.vacancy_closed_on) == (status, TODAY)


@pytest.mark.parametrize(
    ("status", "closed_as", "placed"), [("made", "expired", 0), ("accepted", "filled", 1), ("postponed", "filled", 0)]
)
def test_what_nobody_answered_ends_and_so_does_all_where_it_is_filled(status: str, closed_as: str, placed: int) -> None:
    assert meeting(*a_referral(status, closed_as, placed=placed)).status == "obsolete"


def test_a_hire_after_the_closing_is_dated_truly() -> None:
    vacancy, seeker, case, referral = a_referral("accepted")
    vacancy = replace(vacancy, closed_on=YESTERDAY)
    for day in (YESTERDAY - timedelta(1), TODAY):
        decision = placing(vacancy, seeker, case, referral, day)
        assert isinstance(decision, Accepted)
        assert decision.events[0].occurred_on == day
    assert refusal(placing(vacancy, seeker, case, referral, date(2009, 5, 31))) == (BEFORE_REFERRAL, "occurred_on")
    interns = closed(an_intern_is_sought(), "withdrawn")
    young = a_seeker(birth_year=1985)
    theirs = replace(referral, vacancy_id=interns.vacancy_id, seeker_id=young.seeker_id, made_on=LAST_DAY)
    assert types(starting(interns, young, Case(young.seeker_id, (theirs,)), theirs)) == ["InternshipStarted"]


def test_the_last_opening_of_a_closed_vacancy_closes_it_not_again_and_ends_the_others() -> None:
    vacancy, seeker, case, referral = a_referral("accepted")
    decision = placing(vacancy, seeker, case, referral)
    assert types(decision) == ["Placed"]
    full = states(decision)[Vacancy]
    assert (full.placed, full.closed_as, full.closed_on, full.referrals_ended) == (1, "expired", TODAY, False)

    another, seeker = a_seeker(), a_seeker()
    case, referral = a_case(a_vacancy(), another, status="accepted", vacancy_closed_on=YESTERDAY)
    assert refusal(placing(full, another, case, referral)) == (NO_FREE_OPENING, "vacancy_id")
    decision = meet_closing(full, another, case, MeetClosing(referral.referral_id), NOW)
    assert isinstance(decision, Accepted)
    assert [(event.reason, event.occurred_on) for event in decision.events] == [("obsolete", TODAY)]


def test_a_hire_that_never_was_frees_the_opening_of_a_closed_vacancy_but_not_of_a_filled_one() -> None:
    vacancy, seeker, case, referral = a_referral("accepted")
    after = states(placing(vacancy, seeker, case, referral))
    placement: Placement = after[Placement]
    command = CorrectPlacement(placement.placement_id, CorrectionForm(reason="never_started"))
    taken_back = correct(after[Vacancy], after[Seeker], after[Case], None, placement, command, NOW)
    freed = states(taken_back)[Vacancy]
    another = a_seeker()
    case, referral = a_case(a_vacancy(), another, status="accepted", vacancy_closed_on=TODAY)
    assert types(placing(freed, another, case, referral)) == ["Placed"]
    filled = replace(freed, closed_as="filled")
    assert refusal(placing(filled, another, case, referral)) == (VACANCY_CLOSED, "vacancy_id")


@pytest.mark.parametrize("status", ["accepted", "postponed"])
def test_it_lapses_as_many_days_after_the_closing_as_it_was_left(status: str) -> None:
    vacancy, seeker, case, referral = a_referral(status)
    case = case.with_(replace(referral, vacancy_closed_on=TODAY - timedelta(91)))
    for closed_on in (TODAY - timedelta(91), date(2009, 3, 1)):
        told_of = replace(vacancy, closed_on=closed_on)
        decision = lapse(told_of, seeker, case, LapseReferral(referral.referral_id), NOW)
        assert isinstance(decision, Accepted)
        assert [(e.reason, e.occurred_on) for e in decision.events] == [("lapsed", closed_on + timedelta(91))]
        assert states(decision)[Case].referrals[0].status == "lapsed"
    assert lapse(vacancy, seeker, Case(case.seeker_id, (referral,)), LapseReferral(referral.referral_id), NOW) == (
        Accepted()
    )


def test_what_is_left_may_still_be_answered() -> None:
    vacancy, seeker, case, referral = a_referral("postponed", openings=2)
    case = case.with_(replace(referral, answer="postponed", vacancy_closed_on=TODAY))
    decision = answering(seeker, case, referral, "accepted")
    left = states(decision)[Case]
    assert (left.referrals[0].status, left.referrals[0].vacancy_closed_on) == ("accepted", TODAY)
    assert types(placing(vacancy, seeker, left, left.referrals[0])) == ["Placed"]


@pytest.mark.parametrize(
    ("closed_as", "answer", "status", "left_since"),
    [
        ("expired", "accepted", "accepted", TODAY),
        ("withdrawn", "postponed", "postponed", TODAY),
        ("expired", None, "obsolete", None),
        ("filled", "accepted", "obsolete", None),
        ("filled", "refused_by_seeker", "refused", None),
    ],
)
def test_an_imported_referral_is_taken_if_it_was_made_by_the_closing_and_meets_it(
    closed_as: str, answer: str | None, status: str, left_since: date | None
) -> None:
    seeker = a_seeker()
    vacancy = closed(a_vacancy(), closed_as, LAST_DAY)
    row = {"answer": answer, "answered_on": str(LAST_DAY)} if answer else {}
    reason = {"reason": "too_far"} if status == "refused" else {}
    decision = recording(vacancy, seeker, occurred_on="2009-03-30", **row, **reason)
    assert types(decision)[0] == "ReferralMade"
    assert ("ReferralEnded" in types(decision)) is (status == "obsolete")
    (referral,) = states(decision)[Case].referrals
    assert (referral.status, referral.vacancy_closed_on) == (status, left_since)


def test_an_imported_referral_of_after_the_closing_is_refused() -> None:
    late = recording(closed(a_vacancy(), "expired", LAST_DAY), a_seeker(), occurred_on="2009-04-01")
    assert refusal(late) == (VACANCY_CLOSED, "vacancy_id")


def test_who_was_accepted_is_hired_after_the_vacancy_was_withdrawn(caller: Caller) -> None:
    vacancy_id = caller.vacancy(caller.employer(), openings=2)
    seekers = [caller.seeker() for _ in range(4)]
    answers = ("accepted", "postponed", "accepted", None)
    first, second, third, unanswered = (
        caller.referral(seeker, vacancy_id, answer) for seeker, answer in zip(seekers, answers, strict=True)
    )
    caller.made(f"/vacancies/{vacancy_id}/closing", {"reason": "withdrawn"})
    met(caller, vacancy_id)
    seen = [caller.get(f"/referrals/{each}") for each in (first, second, third, unanswered)]
    assert [(one["status"], one["vacancy_closed_on"]) for one in seen] == [
        ("accepted", str(TODAY)),
        ("postponed", str(TODAY)),
        ("accepted", str(TODAY)),
        ("obsolete", None),
    ]
    another = {"seeker_id": caller.seeker(), "vacancy_id": vacancy_id}
    assert caller.refused("/referrals", another) == (409, "vacancy-closed", "vacancy_id")

    caller.made(f"/referrals/{first}/placement", {})
    assert caller.answer(second, "accepted", version=2).status == 200
    caller.made(f"/referrals/{second}/placement", {})
    ended = caller.published(CASES, seekers[2], "ReferralEnded")[-1][1]
    assert (ended["reason"], ended["rule"]) == ("obsolete", "end_obsolete")
    events = caller.history(VACANCIES, vacancy_id)
    assert [(name, event.get("reason")) for name, event in events] == [
        ("VacancyOpened", None),
        ("VacancyClosed", "withdrawn"),
    ]
    full = caller.get(f"/vacancies/{vacancy_id}")
    assert (full["placed"], full["openings"], full["closed_as"]) == (2, 2, "withdrawn")


def test_two_at_once_never_get_the_one_opening_of_a_closed_vacancy(caller: Caller) -> None:
    for _ in range(8):
        vacancy_id = caller.vacancy(caller.employer())
        referrals = [caller.referral(caller.seeker(), vacancy_id) for _ in range(2)]
        caller.made(f"/vacancies/{vacancy_id}/closing", {"reason": "withdrawn"})
        answers = at_once(*(partial(caller.post, f"/referrals/{each}/placement", {}) for each in referrals))
        assert sorted(answer.status for answer in answers) == [201, 409]
        met(caller, vacancy_id)
        assert sorted(caller.get(f"/referrals/{each}")["status"] for each in referrals) == ["obsolete", "placed"]
        assert caller.get(f"/vacancies/{vacancy_id}")["placed"] == 1


def test_an_import_tells_of_referrals_and_hires_of_a_vacancy_whose_deadline_is_long_past(caller: Caller) -> None:
    day = {"occurred_on": "2009-03-02"}
    seeker_id = caller.seeker(**day)
    vacancy_id = caller.vacancy(caller.employer(), **day, deadline=str(LAST_DAY))
    met(caller, vacancy_id)
    referral = {"seeker_id": seeker_id, "vacancy_id": vacancy_id, "answer": "accepted", **day}
    (referred,) = brought(caller, "/referrals/bulk", referral)
    met(caller, vacancy_id)
    (placed,) = brought(
        caller, "/placements/bulk", {"referral_id": referred["referral_id"], "occurred_on": "2009-04-06"}
    )
    assert caller.get(f"/placements/{placed['placement_id']}")["occurred_on"] == "2009-04-06"
    by_hand = {"seeker_id": caller.seeker(**day), "vacancy_id": vacancy_id, **day}
    assert caller.refused("/referrals", by_hand) == (409, "vacancy-closed", "vacancy_id")


def brought(caller: Caller, path: str, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    """Bring in rows of an earlier system; gives what each was answered."""
    answer = caller.post(f"{path}?imported=true", b"\n".join(map(orjson.dumps, rows))).json
    assert answer["refused"] == []
    return answer["rows"]


def met(caller: Caller, vacancy_id: str) -> None:
    """Wait until a vacancy has closed, and every open referral to it has met that."""
    until(
        lambda: caller.query("SELECT referrals_ended FROM vacancy WHERE vacancy_id = $1", vacancy_id),
        "all referrals to it have met its closing",
        lambda rows: rows == [{"referrals_ended": True}],
    )
