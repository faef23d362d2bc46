"""Matching on the real stack: from a seeker and an employer that intake announced, to a placement."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
import uuid_utils.compat as uuids

from contracts.topics import CASES, VACANCIES
from jobplus.stack.health import unready_because
from jobplus.stack.keys import Bearer
from jobplus.stack.local import Stack
from jobplus.stack.ports import HOST
from tests.kit import forms
from tests.kit.client import StackClient
from tests.kit.threads import at_once
from tests.kit.waiting import until
from tests.matching.service_calls import Caller

AFTER_ALL_TIME = "ffffffff-ffff-7fff-bfff-ffffffffffff"
"""As late as an id can say that it was born: the year 10889."""


def test_a_person_finds_work_by_a_referral(caller: Caller) -> None:
    seeker_id = caller.seeker(birth_date="1990-03-01", wanted_occupations=["10", "02"])
    vacancy_id = caller.vacancy(caller.employer(), wage=2_400_000)
    made = caller.made("/referrals", {"seeker_id": seeker_id, "vacancy_id": vacancy_id})
    referral_id = made["referral_id"]
    assert made["reasons"][:4] == ["occupation_wanted", "district_same", "wage_open", "employment_open"]
    assert caller.refused(f"/referrals/{referral_id}/placement", {}) == (
        409,
        "referral-not-accepted",
        "referral_id",
    )
    caller.made(f"/referrals/{referral_id}/answer", {"answer": "postponed"})
    assert caller.answer(referral_id, "accepted", version=2).status == 200
    placed = caller.made(f"/referrals/{referral_id}/placement", {"wage": 2_300_000})

    case = caller.published(CASES, seeker_id, "Placed")
    assert [name for name, _ in case] == ["ReferralMade", "ReferralAnswered", "ReferralAnswered", "Placed"]
    _, event = case[-1]
    assert event["placement_id"] == placed["placement_id"]
    assert (event["source"], event["occupation"], event["wanted"], event["wage"]) == ("referral", "02", True, 2_300_000)
    assert event["person"]["wanted_occupations"] == ["10", "02"]
    vacancy = caller.published(VACANCIES, vacancy_id, "VacancyClosed")
    assert [name for name, _ in vacancy] == ["VacancyOpened", "VacancyClosed"]
    assert vacancy[-1][1]["reason"] == "filled"
    seen = caller.get(f"/vacancies/{vacancy_id}")
    assert (seen["placed"], seen["closed_as"]) == (1, "filled")
    assert caller.get(f"/referrals/{referral_id}")["status"] == "placed"


def test_a_placed_seeker_leaves_the_pool_and_is_back_when_the_employment_ended(
    caller: Caller,
) -> None:
    seeker_id = caller.seeker(wanted_occupations=["23"])
    employer_id = caller.employer()
    vacancy_id = caller.vacancy(employer_id, occupation="23", openings=3)
    other = caller.vacancy(employer_id, occupation="23")

    def is_candidate() -> bool:
        return seeker_id in {candidate["seeker_id"] for candidate in caller.candidates(vacancy_id)}

    waiting = caller.referral(seeker_id, other, answer=None)
    assert is_candidate()
    referral_id = caller.referral(seeker_id, vacancy_id)
    assert not is_candidate(), "who has an open referral is no candidate again"
    placement = caller.made(f"/referrals/{referral_id}/placement", {})
    assert not is_candidate()
    assert caller.get(f"/referrals/{waiting}")["status"] == "obsolete"
    asked = {"seeker_id": seeker_id, "vacancy_id": other}
    assert caller.refused("/referrals", asked) == (409, "seeker-already-placed", "seeker_id")

    caller.job_ended(seeker_id, placement["placement_id"], date(2009, 3, 2))
    until(is_candidate, "the seeker is a candidate again")
    caller.referral(seeker_id, vacancy_id)


@pytest.fixture
def second_api(stack: Stack) -> Iterator[str]:
    """Another api process on the same database."""
    port = stack.base_port + 50
    ports = {"JOBPLUS_HTTP_PORT": str(port), "JOBPLUS_HEALTH_PORT": str(port + 1)}
    environment = {**stack.environment("matching", "api"), **ports}
    process = subprocess.Popen([sys.executable, "-m", "services.matching", "api"], env=environment)

    def trouble() -> str | None:
        assert process.poll() is None, "it has ended"
        return unready_because(port + 1)

    try:
        until(trouble, "the second api is ready", lambda why: why is None)
        yield f"http://{HOST}:{port}"
    finally:
        process.terminate()
        process.wait(20)


def test_an_opening_is_never_filled_twice_from_several_processes(stack: Stack, caller: Caller, second_api: str) -> None:
    vacancy_id = caller.vacancy(caller.employer(), openings=7)
    referrals = [caller.referral(caller.seeker(), vacancy_id) for _ in range(40)]
    both = (caller.calling, StackClient(stack, {"matching": second_api}))
    answers = at_once(
        *(
            partial(each.insist, "matching", f"/referrals/{referral_id}/placement", {})
            for referral_id in referrals
            for each in both
        )
    )
    assert sorted(answer.status for answer in answers) == [201] * 7 + [409] * 73
    seen = caller.get(f"/vacancies/{vacancy_id}")
    assert (seen["placed"], seen["openings"], seen["closed_as"]) == (7, 7, "filled")
    placed = "SELECT count(*) AS placements, count(DISTINCT seeker_id) AS seekers FROM placement WHERE vacancy_id = $1"
    assert caller.query(placed, vacancy_id) == [{"placements": 7, "seekers": 7}]


def test_a_person_with_two_accepted_referrals_is_placed_once(caller: Caller) -> None:
    employer_id = caller.employer()
    seeker_id = caller.seeker()
    referrals = [caller.referral(seeker_id, caller.vacancy(employer_id)) for _ in range(5)]
    answers = at_once(*(partial(caller.post, f"/referrals/{referral}/placement", {}) for referral in referrals))
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409, 409]


def test_the_same_referral_asked_for_at_the_same_time_is_made_once(caller: Caller) -> None:
    asked = {"seeker_id": caller.seeker(), "vacancy_id": caller.vacancy(caller.employer())}
    caller.made("/referrals", {**asked, "vacancy_id": caller.vacancy(caller.employer())})
    answers = at_once(*[partial(caller.post, "/referrals", asked)] * 8)
    assert sorted(answer.status for answer in answers) == [201] + [409] * 7


def test_candidates_and_vacancies_are_ranked_with_their_reasons(caller: Caller) -> None:
    employer_id = caller.employer()
    first = caller.seeker(wanted_occupations=["24", "01"], district="11680", desired_wage=2_000_000)
    second = caller.seeker(wanted_occupations=["01", "24"], district="11680")
    far = caller.seeker(wanted_occupations=["24"], district="11320", desired_wage=9_000_000)
    best = caller.vacancy(employer_id, occupation="24", district="11680", wage=2_500_000)
    worse = caller.vacancy(employer_id, occupation="01", district="11710", wage=1_500_000)

    candidates = until(
        lambda: caller.get(f"/vacancies/{best}/candidates")["candidates"],
        "all three are in the pool",
        lambda found: len(found) == 3,
    )
    assert [(c["seeker_id"], _but_for_waiting(c)) for c in candidates] == [(first, 95), (second, 80), (far, 60)]
    reasons = {reason["code"]: (reason["points"], reason["facts"]) for reason in candidates[1]["reasons"]}
    assert reasons["occupation_wanted"] == (35, {"occupation": "24", "place": 2})
    assert reasons["wage_open"] == (15, {"desired": None, "offered": 2_500_000})
    one = caller.get(f"/vacancies/{best}/candidates?limit=1")["candidates"]
    assert [c["seeker_id"] for c in one] == [first]

    vacancies = caller.get(f"/seekers/{first}/vacancies")["vacancies"]
    assert [(v["vacancy_id"], _but_for_waiting(v)) for v in vacancies if v["vacancy_id"] in {best, worse}] == [
        (best, 95),
        (worse, 55),
    ]
    caller.made(f"/vacancies/{best}/closing", {"reason": "withdrawn"})
    left = caller.get(f"/seekers/{first}/vacancies")["vacancies"]
    assert best not in {v["vacancy_id"] for v in left}


def test_what_is_refused_names_the_field_and_writes_nothing(caller: Caller) -> None:
    employer_id = caller.employer()
    vacancy_id = caller.vacancy(employer_id)
    referral_id = caller.referral(caller.seeker(), vacancy_id)
    form = forms.vacancy(employer_id)
    before = _counts(caller)
    expected: list[tuple[str, Any, tuple[int, str, str | None]]] = [
        ("/vacancies", {**form, "openings": 0}, (422, "invalid-request", "openings")),
        ("/vacancies", {**form, "openings": 10_001}, (422, "invalid-request", "openings")),
        ("/vacancies", {**form, "occupation": "25"}, (422, "invalid-request", "occupation")),
        ("/vacancies", {**form, "title": "x" * 101}, (422, "invalid-request", "title")),
        ("/vacancies", {**form, "wages": 1}, (422, "invalid-request", "wages")),
        ("/vacancies", {**form, "occurred_on": "2999-01-01"}, (422, "date-in-future", "occurred_on")),
        ("/vacancies", {**form, "deadline": "2009-01-01"}, (422, "deadline-passed", "deadline")),
        ("/vacancies", {**form, "employer_id": str(uuid4())}, (404, "unknown-id", "employer_id")),
        (f"/vacancies/{vacancy_id}/closing", {"reason": "filled"}, (422, "invalid-request", "reason")),
        (f"/vacancies/{uuid4()}/closing", {"reason": "withdrawn"}, (404, "unknown-id", "vacancy_id")),
        ("/referrals", {"seeker_id": str(uuid4()), "vacancy_id": vacancy_id}, (404, "unknown-id", "seeker_id")),
        ("/referrals", {"seeker_id": AFTER_ALL_TIME, "vacancy_id": vacancy_id}, (404, "unknown-id", "seeker_id")),
        ("/referrals", {"seeker_id": "1", "vacancy_id": vacancy_id}, (422, "invalid-request", "seeker_id")),
        (f"/referrals/{uuid4()}/answer", {"answer": "accepted"}, (404, "unknown-id", "referral_id")),
        (f"/referrals/{referral_id}/answer", {"answer": "yes"}, (422, "invalid-request", "answer")),
        (f"/referrals/{referral_id}/answer", {"answer": "postponed"}, (428, "version-missing", "If-Match")),
        (
            f"/referrals/{referral_id}/answer",
            {"answer": "refused_by_seeker", "reason": "another_chosen"},
            (422, "invalid-request", "reason"),
        ),
        (f"/referrals/{referral_id}/withdrawal", {}, (422, "invalid-request", "reason")),
        (f"/referrals/{referral_id}/withdrawal", {"reason": "Too far away!"}, (422, "invalid-request", "reason")),
        (f"/referrals/{uuid4()}/withdrawal", {"reason": "other"}, (404, "unknown-id", "referral_id")),
        (
            f"/referrals/{referral_id}/answer",
            {"answer": "refused_by_seeker", "reason": "Too far away!"},
            (422, "invalid-request", "reason"),
        ),
        (f"/referrals/{uuid4()}/placement", {}, (404, "unknown-id", "referral_id")),
        (f"/referrals/{referral_id}/placement", {"wage": -1}, (422, "invalid-request", "wage")),
        (f"/referrals/{referral_id}/placement", {"occurred_on": "2009-01-01"}, (409, "before-referral", "occurred_on")),
        (f"/referrals/{referral_id}/placement", {"occurred_on": "2999-01-01"}, (422, "date-in-future", "occurred_on")),
    ]
    for path, body, refusal in expected:
        assert (path, caller.refused(path, body)) == (path, refusal)
    assert _counts(caller) == before


def test_an_id_that_may_still_be_on_its_way_is_not_yet_known(caller: Caller) -> None:
    asked = {"seeker_id": str(uuids.uuid7()), "vacancy_id": caller.vacancy(caller.employer())}
    answer = caller.calling.post("matching", "/referrals", asked)
    assert answer.refusal == (409, "not-yet-known")
    seen = caller.read(f"/seekers/{uuids.uuid7()}/vacancies")
    assert seen.refusal == (409, "not-yet-known")


def test_an_employer_opens_vacancies_and_sees_no_candidates(caller: Caller) -> None:
    employer_id = caller.employer()
    vacancy_id, firm = caller.vacancy(employer_id), Bearer("employer", employer_id)
    seen = caller.read(f"/vacancies/{vacancy_id}", role=firm)
    assert seen.status == 200
    refused = caller.read(f"/vacancies/{vacancy_id}/candidates", role=firm)
    assert refused.status == 403


def _but_for_waiting(ranked: dict[str, Any]) -> int:
    """The points without those for waiting, which depend on the day."""
    assert ranked["points"] == sum(reason["points"] for reason in ranked["reasons"])
    return sum(reason["points"] for reason in ranked["reasons"] if reason["code"] != "waiting")


def _counts(caller: Caller) -> list[Any]:
    tables = ("vacancy", "referral", "placement", "idempotency", "outbox_sequence")
    return [caller.query(f"SELECT count(*) FROM {table}") for table in tables]
