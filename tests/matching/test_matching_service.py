"""Matching on the real stack: from a seeker and an employer that intake announced, to a placement."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import orjson
import psycopg
import pytest
import uuid_utils.compat as uuids

from jobplus.client import Client
from jobplus.stack.health import unready_because
from jobplus.stack.local import Stack
from jobplus.stack.ports import HOST
from tests.matching.service_calls import Caller, eventually
from tests.matching.topic_reader import published
from tests.matching.topic_writer import STAMP, Sent, employment_ended, write


async def test_a_person_finds_work_by_a_referral(stack: Stack, caller: Caller) -> None:
    seeker_id = await caller.seeker(birth_date="1990-03-01", wanted_occupations=["10", "02"])
    vacancy_id = await caller.vacancy(await caller.employer(), wage=2_400_000)
    made = await caller.made("/referrals", {"seeker_id": seeker_id, "vacancy_id": vacancy_id})
    referral_id = made["referral_id"]
    assert made["reasons"][:4] == ["occupation_wanted", "district_same", "wage_open", "employment_open"]
    assert await caller.refused(f"/referrals/{referral_id}/placement", {}) == (
        409,
        "referral-not-accepted",
        "referral_id",
    )
    await caller.made(f"/referrals/{referral_id}/answer", {"answer": "postponed"})
    await caller.made(f"/referrals/{referral_id}/answer", {"answer": "accepted"})
    placed = await caller.made(f"/referrals/{referral_id}/placement", {"wage": 2_300_000})

    case = await published(stack, "jobplus.cases", seeker_id, "Placed")
    assert [name for name, _ in case] == ["ReferralMade", "ReferralAnswered", "ReferralAnswered", "Placed"]
    _, event = case[-1]
    assert event["placement_id"] == placed["placement_id"]
    assert (event["source"], event["occupation"], event["wanted"], event["wage"]) == ("referral", "02", True, 2_300_000)
    assert event["person"]["wanted_occupations"] == ["10", "02"]
    vacancy = await published(stack, "jobplus.vacancies", vacancy_id, "VacancyClosed")
    assert [name for name, _ in vacancy] == ["VacancyOpened", "VacancyClosed"]
    assert vacancy[-1][1]["reason"] == "filled"
    seen = await caller.get(f"/vacancies/{vacancy_id}")
    assert (seen["placed"], seen["closed_as"]) == (1, "filled")
    assert (await caller.get(f"/referrals/{referral_id}"))["status"] == "placed"


async def test_a_placed_seeker_leaves_the_pool_and_is_back_when_the_employment_ended(
    stack: Stack, caller: Caller
) -> None:
    seeker_id = await caller.seeker(wanted_occupations=["23"])
    employer_id = await caller.employer()
    vacancy_id = await caller.vacancy(employer_id, occupation="23", openings=3)
    other = await caller.vacancy(employer_id, occupation="23")

    async def is_candidate() -> bool:
        found = await caller.get(f"/vacancies/{vacancy_id}/candidates?limit=100")
        return seeker_id in {candidate["seeker_id"] for candidate in found["candidates"]}

    waiting = await caller.referral(seeker_id, other, answer=None)
    assert await is_candidate()
    referral_id = await caller.referral(seeker_id, vacancy_id)
    assert not await is_candidate(), "who has an open referral is no candidate again"
    placement = await caller.made(f"/referrals/{referral_id}/placement", {})
    assert not await is_candidate()
    assert (await caller.get(f"/referrals/{waiting}"))["status"] == "obsolete"
    asked = {"seeker_id": seeker_id, "vacancy_id": other}
    assert await caller.refused("/referrals", asked) == (409, "seeker-already-placed", "seeker_id")

    ended = employment_ended(UUID(seeker_id), UUID(placement["placement_id"]), STAMP["occurred_on"])
    await write(stack, [Sent.of(ended)])
    await eventually(is_candidate)
    await caller.referral(seeker_id, vacancy_id)


@pytest.fixture
def second_api(stack: Stack) -> Iterator[str]:
    """Another api process on the same database."""
    port = stack.base_port + 50
    environment = {**stack.environment("matching", "api"), "JOBPLUS_HTTP_PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "services.matching", "api"], env=environment)
    try:
        while unready_because(port) is not None:
            assert process.poll() is None
        yield f"http://{HOST}:{port}"
    finally:
        process.terminate()
        process.wait(20)


async def test_an_opening_is_never_filled_twice_from_several_processes(
    stack: Stack, caller: Caller, second_api: str
) -> None:
    vacancy_id = await caller.vacancy(await caller.employer(), openings=7)
    referrals = [await caller.referral(await caller.seeker(), vacancy_id) for _ in range(40)]
    clients = [Client(url, stack.token("manager")) for url in (stack.url("matching"), second_api)]

    async def place(referral_id: str, client: Client) -> int:
        headers = {"Idempotency-Key": str(uuids.uuid7()), "Content-Type": "application/json"}
        return (await client.once("POST", f"/referrals/{referral_id}/placement", b"{}", headers)).status

    answers = await asyncio.gather(*(place(referral, client) for referral in referrals for client in clients))
    assert sorted(answers) == [201] * 7 + [409] * 73
    seen = await caller.get(f"/vacancies/{vacancy_id}")
    assert (seen["placed"], seen["openings"], seen["closed_as"]) == (7, 7, "filled")
    with psycopg.connect(stack.database_url("matching")) as database:
        query = "SELECT count(*), count(DISTINCT seeker_id) FROM placement WHERE vacancy_id = %s"
        assert database.execute(query, [vacancy_id]).fetchone() == (7, 7)
    for client in clients:
        await client.close()


async def test_a_person_with_two_accepted_referrals_is_placed_once(stack: Stack, caller: Caller) -> None:
    employer_id = await caller.employer()
    seeker_id = await caller.seeker()
    referrals = [await caller.referral(seeker_id, await caller.vacancy(employer_id)) for _ in range(5)]
    answers = await asyncio.gather(*(caller.post(f"/referrals/{referral}/placement", {}) for referral in referrals))
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409, 409]


async def test_the_same_referral_asked_for_at_the_same_time_is_made_once(caller: Caller) -> None:
    asked = {"seeker_id": await caller.seeker(), "vacancy_id": await caller.vacancy(await caller.employer())}
    await caller.made("/referrals", {**asked, "vacancy_id": await caller.vacancy(await caller.employer())})
    answers = await asyncio.gather(*(caller.post("/referrals", asked) for _ in range(8)))
    assert sorted(answer.status for answer in answers) == [201] + [409] * 7


async def test_candidates_and_vacancies_are_ranked_with_their_reasons(caller: Caller) -> None:
    employer_id = await caller.employer()
    first = await caller.seeker(wanted_occupations=["24", "01"], district="11680", desired_wage=2_000_000)
    second = await caller.seeker(wanted_occupations=["01", "24"], district="11680")
    far = await caller.seeker(wanted_occupations=["24"], district="11320", desired_wage=9_000_000)
    best = await caller.vacancy(employer_id, occupation="24", district="11680", wage=2_500_000)
    worse = await caller.vacancy(employer_id, occupation="01", district="11710", wage=1_500_000)

    async def all_are_in_the_pool() -> bool:
        return len((await caller.get(f"/vacancies/{best}/candidates"))["candidates"]) == 3

    await eventually(all_are_in_the_pool)
    candidates = (await caller.get(f"/vacancies/{best}/candidates"))["candidates"]
    assert [(c["seeker_id"], _but_for_waiting(c)) for c in candidates] == [(first, 95), (second, 80), (far, 60)]
    reasons = {reason["code"]: (reason["points"], reason["facts"]) for reason in candidates[1]["reasons"]}
    assert reasons["occupation_wanted"] == (35, {"occupation": "24", "place": 2})
    assert reasons["wage_open"] == (15, {"desired": None, "offered": 2_500_000})
    one = (await caller.get(f"/vacancies/{best}/candidates?limit=1"))["candidates"]
    assert [c["seeker_id"] for c in one] == [first]

    vacancies = (await caller.get(f"/seekers/{first}/vacancies"))["vacancies"]
    assert [(v["vacancy_id"], _but_for_waiting(v)) for v in vacancies if v["vacancy_id"] in {best, worse}] == [
        (best, 95),
        (worse, 55),
    ]
    await caller.made(f"/vacancies/{best}/closing", {"reason": "withdrawn"})
    left = (await caller.get(f"/seekers/{first}/vacancies"))["vacancies"]
    assert best not in {v["vacancy_id"] for v in left}


async def test_what_is_refused_names_the_field_and_writes_nothing(stack: Stack, caller: Caller) -> None:
    employer_id = await caller.employer()
    vacancy_id = await caller.vacancy(employer_id)
    referral_id = await caller.referral(await caller.seeker(), vacancy_id)
    form = {
        "employer_id": employer_id,
        "occupation": "02",
        "openings": 1,
        "title": "회계",
        "sector": "private",
        "employment": "permanent",
        "district": "11440",
    }
    before = _counts(stack)
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
        ("/referrals", {"seeker_id": "1", "vacancy_id": vacancy_id}, (422, "invalid-request", "seeker_id")),
        (f"/referrals/{uuid4()}/answer", {"answer": "accepted"}, (404, "unknown-id", "referral_id")),
        (f"/referrals/{referral_id}/answer", {"answer": "yes"}, (422, "invalid-request", "answer")),
        (f"/referrals/{referral_id}/answer", {"answer": "accepted"}, (409, "already-answered", "referral_id")),
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
        assert (path, await caller.refused(path, body)) == (path, refusal)
    assert _counts(stack) == before


async def test_an_id_that_may_still_be_on_its_way_is_not_yet_known(stack: Stack, caller: Caller) -> None:
    headers = {"Idempotency-Key": str(uuids.uuid7()), "Content-Type": "application/json"}
    vacancy_id = await caller.vacancy(await caller.employer())
    body = orjson.dumps({"seeker_id": str(uuids.uuid7()), "vacancy_id": vacancy_id})
    answer = await caller.client("matching").once("POST", "/referrals", body, headers)
    assert (answer.status, answer.json()["type"]) == (409, "urn:jobplus:problem:not-yet-known")
    seen = await caller.client("matching").once("GET", f"/seekers/{uuids.uuid7()}/vacancies")
    assert (seen.status, seen.json()["type"]) == (409, "urn:jobplus:problem:not-yet-known")


async def test_an_employer_opens_vacancies_and_sees_no_candidates(caller: Caller) -> None:
    vacancy_id = await caller.vacancy(await caller.employer())
    seen = await caller.client("matching", "employer").once("GET", f"/vacancies/{vacancy_id}")
    assert seen.status == 200
    refused = await caller.client("matching", "employer").once("GET", f"/vacancies/{vacancy_id}/candidates")
    assert refused.status == 403


def _but_for_waiting(ranked: dict[str, Any]) -> int:
    """The points without those for waiting, which depend on the day."""
    assert ranked["points"] == sum(reason["points"] for reason in ranked["reasons"])
    return sum(reason["points"] for reason in ranked["reasons"] if reason["code"] != "waiting")


def _counts(stack: Stack) -> list[Any]:
    tables = ("vacancy", "referral", "placement", "idempotency", "outbox_sequence")
    with psycopg.connect(stack.database_url("matching")) as database:
        return [database.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() for table in tables]
