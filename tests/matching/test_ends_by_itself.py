"""A vacancy whose last day to apply is over closes by itself, and so do open referrals to one that is filled, and those
that nobody answers."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import uuid_utils.compat as uuids

from chassis.batch.decisions import Accepted, Unknown
from contracts.cases import ReferralEnded
from contracts.ids import ReferralId
from contracts.topics import CASES, VACANCIES
from contracts.vacancies import VacancyClosed
from services.matching.pool.model import Seeker
from services.matching.referrals.closings import meet_closing
from services.matching.referrals.commands import ExpireReferral, MeetClosing
from services.matching.referrals.ends import expire
from services.matching.referrals.model import Case, Referral
from services.matching.vacancies.commands import ExpireVacancy
from services.matching.vacancies.model import Vacancy
from services.matching.vacancies.rules import expire_vacancy
from tests.kit.waiting import until
from tests.matching.service_calls import Caller
from tests.matching.states import NOW, TODAY, a_seeker, a_vacancy

YESTERDAY = TODAY - timedelta(1)


@pytest.mark.parametrize(
    ("deadline", "expires"), [(YESTERDAY, True), (TODAY, False), (TODAY + timedelta(1), False), (None, False)]
)
def test_it_expires_on_the_day_after_its_deadline(deadline: date | None, expires: bool) -> None:
    vacancy = a_vacancy(deadline=deadline, placed=0, openings=2)
    decision = expire_vacancy(vacancy, ExpireVacancy(vacancy.vacancy_id), NOW)
    assert isinstance(decision, Accepted)
    assert bool(decision.events) is expires
    if expires:
        (closed,) = decision.states
        assert (closed.closed_on, closed.closed_as) == (TODAY, "expired")
        (event,) = decision.events
        assert isinstance(event, VacancyClosed)
        assert (event.reason, event.placed, event.openings, event.occurred_on) == ("expired", 0, 2, TODAY)


def test_one_that_has_closed_stays_closed_as_it_was() -> None:
    closed = replace(a_vacancy(deadline=YESTERDAY), closed_on=YESTERDAY, closed_as="withdrawn")
    decision = expire_vacancy(closed, ExpireVacancy(closed.vacancy_id), NOW)
    assert isinstance(decision, Accepted)
    assert (decision.states, decision.events) == ((), ())
    assert isinstance(expire_vacancy(None, ExpireVacancy(closed.vacancy_id), NOW), Unknown)


def test_the_day_closes_it_and_nobody_is_referred_any_more(caller: Caller) -> None:
    terms = {"occurred_on": str(TODAY - timedelta(3))}
    employer_id = caller.employer()
    last_day = caller.vacancy(employer_id, **terms, deadline=str(TODAY))
    over = caller.vacancy(employer_id, **terms, deadline=str(TODAY - timedelta(1)))
    events = caller.published(VACANCIES, over, "VacancyClosed")
    assert [(name, told.get("reason")) for name, told in events] == [
        ("VacancyOpened", None),
        ("VacancyClosed", "expired"),
    ]
    assert events[-1][1]["actor"] == {"role": "system", "id": "due"}
    seeker_id = caller.seeker()
    refused = caller.refused("/referrals", {"seeker_id": seeker_id, "vacancy_id": over})
    assert refused == (409, "vacancy-closed", "vacancy_id")
    assert caller.made("/referrals", {"seeker_id": seeker_id, "vacancy_id": last_day})


def a_case(vacancy: Vacancy, seeker: Seeker, **details: Any) -> tuple[Case, Referral]:
    referral = Referral(
        ReferralId(uuids.uuid7()), seeker.seeker_id, vacancy.vacancy_id, vacancy.employer_id, "02", YESTERDAY, **details
    )
    return Case(seeker.seeker_id, (referral,)), referral


@pytest.mark.parametrize("status", ["made", "postponed", "accepted", "refused", "placed", "obsolete"])
def test_an_open_referral_to_a_filled_vacancy_ends_as_obsolete(status: Any) -> None:
    vacancy = a_vacancy(closed_on=YESTERDAY, closed_as="filled", placed=1)
    seeker = a_seeker()
    case, referral = a_case(vacancy, seeker, status=status)
    decision = meet_closing(vacancy, seeker, case, MeetClosing(referral.referral_id), NOW)
    assert isinstance(decision, Accepted)
    if status in {"made", "postponed", "accepted"}:
        (ended,) = decision.states
        assert ended.referral(referral.referral_id).status == "obsolete"
        (event,) = decision.events
        assert isinstance(event, ReferralEnded)
        assert (event.reason, event.occurred_on, event.referral_id) == ("obsolete", YESTERDAY, referral.referral_id)
    else:
        assert (decision.states, decision.events) == ((), ())


def test_it_stays_while_the_vacancy_is_open_and_says_nothing_of_who_was_erased() -> None:
    vacancy, seeker = a_vacancy(), a_seeker()
    case, referral = a_case(vacancy, seeker)
    command = MeetClosing(referral.referral_id)
    assert meet_closing(vacancy, seeker, case, command, NOW) == Accepted()
    erased = meet_closing(
        replace(vacancy, closed_on=TODAY, closed_as="withdrawn"), replace(seeker, profile=None), case, command, NOW
    )
    assert isinstance(erased, Accepted)
    assert (len(erased.states), erased.events) == (1, ())
    assert isinstance(meet_closing(vacancy, seeker, None, command, NOW), Unknown)


@pytest.mark.parametrize("status", ["made", "postponed", "accepted", "refused", "obsolete"])
def test_only_a_referral_without_an_answer_expires(status: Any) -> None:
    vacancy, seeker = a_vacancy(), a_seeker()
    case, referral = a_case(vacancy, seeker, status=status)
    decision = expire(seeker, case, ExpireReferral(referral.referral_id), NOW)
    assert isinstance(decision, Accepted)
    if status in {"made", "postponed"}:
        (ended,) = decision.states
        assert ended.referral(referral.referral_id).status == "expired"
        (event,) = decision.events
        assert isinstance(event, ReferralEnded)
        assert (event.reason, event.occurred_on) == ("expired", TODAY)
        (erased,) = [expire(replace(seeker, profile=None), case, ExpireReferral(referral.referral_id), NOW)]
        assert isinstance(erased, Accepted)
        assert erased.events == ()
    else:
        assert (decision.states, decision.events) == ((), ())
    assert isinstance(expire(seeker, None, ExpireReferral(referral.referral_id), NOW), Unknown)


def test_a_referral_that_nobody_answers_expires_after_its_days(caller: Caller) -> None:
    def ago(days: int) -> dict[str, str]:
        return {"occurred_on": str(TODAY - timedelta(days))}

    vacancy_id = caller.vacancy(caller.employer(), openings=3, **ago(200))
    forgotten, fresh = caller.seeker(**ago(200)), caller.seeker(**ago(200))
    last = caller.made("/referrals", {"seeker_id": fresh, "vacancy_id": vacancy_id, **ago(90)})
    made = caller.made("/referrals", {"seeker_id": forgotten, "vacancy_id": vacancy_id, **ago(91)})
    events = caller.published(CASES, forgotten, "ReferralEnded")
    assert events[-1][1]["reason"] == "expired"
    path = f"/referrals/{made['referral_id']}/answer"
    assert caller.refused(path, {"answer": "accepted"}) == (409, "referral-ended", "referral_id")
    assert caller.made(f"/referrals/{last['referral_id']}/answer", {"answer": "accepted"})


def test_the_last_opening_ends_everybody_elses_referral_to_it(caller: Caller) -> None:
    vacancy_id = caller.vacancy(caller.employer())
    waiting, placed = caller.seeker(), caller.seeker()
    left = caller.referral(waiting, vacancy_id, answer=None)
    accepted = caller.referral(placed, vacancy_id)
    caller.made(f"/referrals/{accepted}/placement", {})
    events = caller.published(CASES, waiting, "ReferralEnded")
    assert [(name, event["referral_id"]) for name, event in events] == [("ReferralMade", left), ("ReferralEnded", left)]
    assert events[-1][1]["reason"] == "obsolete"
    assert events[-1][1]["actor"]["role"] == "system"
    until(
        lambda: caller.query("SELECT referrals_ended FROM vacancy WHERE vacancy_id = $1", vacancy_id),
        "all referrals to it have ended",
        lambda rows: rows == [{"referrals_ended": True}],
    )
