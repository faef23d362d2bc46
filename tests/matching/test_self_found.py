"""A job that a seeker found alone, on the real stack."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg

from jobplus.stack.local import Stack
from tests.matching.service_calls import Caller, eventually
from tests.matching.states import TODAY
from tests.matching.topic_reader import published
from tests.matching.topic_writer import Sent, employment_ended, write

REGISTERED = TODAY - timedelta(30)
FORM = {"occupation": "10", "sector": "private", "employment": "fixed_term", "wage": 1_900_000}


async def test_a_seeker_finds_a_job_alone_and_counts_as_placed(stack: Stack, caller: Caller) -> None:
    seeker_id = await caller.seeker(wanted_occupations=["02", "10"], occurred_on=str(REGISTERED))
    vacancy_id = await caller.vacancy(await caller.employer())
    accepted = await caller.referral(seeker_id, vacancy_id)
    waiting = await caller.referral(seeker_id, await caller.vacancy(await caller.employer()), answer=None)
    day = str(TODAY - timedelta(3))
    made = await caller.made(f"/seekers/{seeker_id}/self-found", {**FORM, "occurred_on": day})

    case = await published(stack, "jobplus.cases", seeker_id, "Placed")
    _, placed = case[-1]
    assert placed["placement_id"] == made["placement_id"]
    assert {"referral_id", "vacancy_id", "employer_id", "programme"} & placed.keys() == set()
    told = ("source", "occupation", "wanted", "sector", "employment", "wage", "occurred_on")
    assert [placed[field] for field in told] == [
        "self_found",
        "10",
        True,
        "private",
        "fixed_term",
        1_900_000,
        day,
    ]
    ended = await published(stack, "jobplus.cases", seeker_id, "ReferralEnded")
    assert ended[-1][1]["reason"] == "obsolete"
    for referral_id in (accepted, waiting):
        assert (await caller.get(f"/referrals/{referral_id}"))["status"] == "obsolete"
    assert (await caller.get(f"/vacancies/{vacancy_id}"))["placed"] == 0
    with psycopg.connect(stack.database_url("matching")) as database:
        query = "SELECT source, referral_id, vacancy_id, wage FROM placement WHERE seeker_id = %s"
        assert database.execute(query, [seeker_id]).fetchall() == [("self_found", None, None, 1_900_000)]

    taken = (409, "seeker-already-placed", "seeker_id")
    assert await caller.refused(f"/seekers/{seeker_id}/self-found", FORM) == taken
    assert await caller.refused("/referrals", {"seeker_id": seeker_id, "vacancy_id": vacancy_id}) == taken
    await write(stack, [Sent.of(employment_ended(UUID(seeker_id), UUID(made["placement_id"]), TODAY))])

    async def is_candidate() -> bool:
        found = await caller.get(f"/vacancies/{vacancy_id}/candidates?limit=100")
        return seeker_id in {candidate["seeker_id"] for candidate in found["candidates"]}

    await eventually(is_candidate)


async def test_a_seeker_who_was_never_referred_finds_one_job_at_a_time(caller: Caller) -> None:
    path = f"/seekers/{await caller.seeker()}/self-found"
    answers = await asyncio.gather(*(caller.post(path, FORM) for _ in range(6)))
    assert sorted(answer.status for answer in answers) == [201] + [409] * 5


async def test_a_job_alone_and_one_by_a_referral_exclude_each_other(caller: Caller) -> None:
    seeker_id = await caller.seeker()
    referral_id = await caller.referral(seeker_id, await caller.vacancy(await caller.employer()))
    answers = await asyncio.gather(
        caller.post(f"/seekers/{seeker_id}/self-found", FORM), caller.post(f"/referrals/{referral_id}/placement", {})
    )
    assert sorted(answer.status for answer in answers) == [201, 409]


async def test_what_is_refused_names_the_field(stack: Stack, caller: Caller) -> None:
    seeker_id = await caller.seeker(occurred_on=str(REGISTERED))
    path = f"/seekers/{seeker_id}/self-found"
    early = {**FORM, "occurred_on": str(REGISTERED - timedelta(1))}
    without_sector = {field: value for field, value in FORM.items() if field != "sector"}
    expected: list[tuple[str, Any, tuple[int, str, str | None]]] = [
        (path, early, (409, "before-pool-entry", "occurred_on")),
        (path, {**FORM, "occurred_on": "2999-01-01"}, (422, "date-in-future", "occurred_on")),
        (path, {**FORM, "occupation": "25"}, (422, "invalid-request", "occupation")),
        (path, {**FORM, "wage": -1}, (422, "invalid-request", "wage")),
        (path, {**FORM, "employer": "x"}, (422, "invalid-request", "employer")),
        (path, without_sector, (422, "invalid-request", "sector")),
        (f"/seekers/{uuid4()}/self-found", FORM, (404, "unknown-id", "seeker_id")),
    ]
    for where, body, refusal in expected:
        assert (where, body, await caller.refused(where, body)) == (where, body, refusal)
    assert (await caller.post(path, early)).json()["facts"] == {"in_pool_since": str(REGISTERED)}
    with psycopg.connect(stack.database_url("matching")) as database:
        query = "SELECT count(*) FROM placement WHERE seeker_id = %s"
        assert database.execute(query, [seeker_id]).fetchone() == (0,)
    assert (await caller.post(path, FORM, role="employer")).status == 403
