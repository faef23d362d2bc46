"""Five referrals whose answers are awaited, told day by day on a stack of its own, whose days go on."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from typing import Any

import orjson
import psycopg
import pytest
import uuid_utils.compat as uuids
from aiokafka import AIOKafkaConsumer, TopicPartition

from jobplus.stack.local import Stack
from tests.matching.service_calls import Caller, eventually
from tests.stacks import Stacks

FIRST = date(2010, 3, 2)
"""A Tuesday."""


@pytest.fixture(scope="module")
def stack(stacks: Stacks) -> Iterator[Stack]:
    with stacks.running("referrals", ["intake", "matching", "reporting"]) as running:
        yield running


@pytest.fixture(scope="module")
async def caller(stack: Stack) -> AsyncIterator[Caller]:
    made = Caller(stack)
    yield made
    await made.close()


async def the_day_is(caller: Caller, day: date) -> None:
    headers = {"Idempotency-Key": str(uuids.uuid7()), "Content-Type": "application/json"}
    for service in ("intake", "matching", "reporting"):
        moved = await caller.client(service, "operator").once(
            "POST", "/clock", orjson.dumps({"day": str(day)}), headers
        )
        assert moved.status == 200, moved.body


async def history(stack: Stack, seeker_id: str) -> list[tuple[str, Any, date]]:
    """All that was published of a seeker's case: what it was, what came of it, and its day."""
    kafka = AIOKafkaConsumer(bootstrap_servers=stack.kafka_servers)
    await kafka.start()
    try:
        partitions = [TopicPartition("jobplus.cases", partition) for partition in range(12)]
        kafka.assign(partitions)
        await kafka.seek_to_beginning(*partitions)
        ends = await kafka.end_offsets(partitions)
        found: list[tuple[str, Any, date]] = []
        async with asyncio.timeout(30):
            for partition in partitions:
                while await kafka.position(partition) < ends[partition]:
                    for record in (await kafka.getmany(partition, timeout_ms=500)).get(partition, []):
                        if record.key == seeker_id.encode():
                            name = dict(record.headers)["ce_type"].decode().removeprefix("jobplus.")
                            found.append((name, *_told(orjson.loads(record.value))))
        return found
    finally:
        await kafka.stop()


def _told(event: dict[str, Any]) -> tuple[Any, date]:
    chased = (event["attempt"], event["asked"]) if "attempt" in event else None
    return chased or event.get("answer") or event.get("reason"), date.fromisoformat(event["occurred_on"])


async def statuses(caller: Caller, seekers: list[str]) -> list[str]:
    pages = [await caller.get(f"/referrals?seeker_id={seeker_id}") for seeker_id in seekers]
    return [referral["status"] for page in pages for referral in page["referrals"]]


async def test_of_five_referrals_one_is_answered_late_and_four_end_each_in_its_way(
    stack: Stack, caller: Caller
) -> None:
    await the_day_is(caller, FIRST)
    vacancy_id = await caller.vacancy(await caller.employer(), openings=9)
    answered, forgotten, withdrawn, overtaken, put_off = seekers = [await caller.seeker() for _ in range(5)]
    referrals = [await caller.referral(seeker_id, vacancy_id, answer=None) for seeker_id in seekers]

    await the_day_is(caller, FIRST + timedelta(3))
    for postponed in (referrals[0], referrals[4]):
        await caller.made(f"/referrals/{postponed}/answer", {"answer": "postponed", "reason": "hours_unsuitable"})
    taken_back = await caller.made(f"/referrals/{referrals[2]}/withdrawal", {"reason": "seeker_unsuited"})
    assert taken_back == {"referral_id": referrals[2], "status": "withdrawn"}
    ended = (409, "referral-ended", "referral_id")
    assert await caller.refused(f"/referrals/{referrals[2]}/withdrawal", {"reason": "other"}) == ended
    assert await caller.refused(f"/referrals/{referrals[2]}/answer", {"answer": "accepted"}) == ended
    own = {"occupation": "10", "sector": "private", "employment": "permanent"}
    await caller.made(f"/seekers/{overtaken}/self-found", own)

    await the_day_is(caller, FIRST + timedelta(13))
    with psycopg.connect(stack.database_url("matching"), autocommit=True) as database:

        async def chased(*steps: int) -> None:
            async def are_so() -> bool:
                query = "SELECT chased FROM referral WHERE referral_id = ANY(%s) ORDER BY referral_id"
                return [step for (step,) in database.execute(query, [referrals]).fetchall()] == list(steps)

            await eventually(are_so)

        async def all_is_done_for(day: date) -> None:
            async def is_done() -> bool:
                query = "SELECT day FROM due_through WHERE work = 'referrals to chase'"
                return database.execute(query).fetchone() == (day,)

            await eventually(is_done)

        await all_is_done_for(FIRST + timedelta(13))
        await chased(0, 0, 0, 0, 0)
        await the_day_is(caller, FIRST + timedelta(14))
        await chased(0, 1, 0, 0, 0)
        await the_day_is(caller, FIRST + timedelta(17))
        await chased(1, 1, 0, 0, 1)
        await the_day_is(caller, FIRST + timedelta(20))
        await caller.made(f"/referrals/{referrals[0]}/answer", {"answer": "accepted"})
        await the_day_is(caller, FIRST + timedelta(60))
        await chased(1, 2, 0, 0, 2)

    waiting = await caller.get(f"/referrals?waiting_since_before={FIRST + timedelta(1)}")
    assert [one["referral_id"] for one in waiting["referrals"]] == [referrals[1], referrals[4]]
    assert [one["postponed_on"] for one in waiting["referrals"]] == [None, str(FIRST + timedelta(3))]
    assert waiting["referrals"][0]["chased"] == 2
    assert (await caller.get(f"/referrals?waiting_since_before={FIRST}")) == {"referrals": [], "next": None}

    await the_day_is(caller, FIRST + timedelta(91))

    async def one_has_expired() -> bool:
        return await statuses(caller, seekers) == ["accepted", "expired", "withdrawn", "obsolete", "postponed"]

    await eventually(one_has_expired)
    await the_day_is(caller, FIRST + timedelta(94))

    async def both_have_expired() -> bool:
        return await statuses(caller, seekers) == ["accepted", "expired", "withdrawn", "obsolete", "expired"]

    await eventually(both_have_expired)

    async def by_reason() -> bool:
        found = await caller.client("reporting").get("/figures/monthly?measure=referrals_ended&by=reason")
        return {month["month"]: month["parts"] for month in found["months"]} == {
            "2010-03": {"obsolete": 1, "withdrawn": 1},
            "2010-06": {"expired": 2},
        }

    await eventually(by_reason)
    assert {seeker_id: await history(stack, seeker_id) for seeker_id in seekers} == {
        answered: [
            ("ReferralMade", None, FIRST),
            ("ReferralAnswered", "postponed", FIRST + timedelta(3)),
            ("ReferralChased", (1, "seeker"), FIRST + timedelta(17)),
            ("ReferralAnswered", "accepted", FIRST + timedelta(20)),
        ],
        forgotten: [
            ("ReferralMade", None, FIRST),
            ("ReferralChased", (1, "seeker"), FIRST + timedelta(14)),
            ("ReferralChased", (2, "employer"), FIRST + timedelta(60)),
            ("ReferralEnded", "expired", FIRST + timedelta(91)),
        ],
        withdrawn: [
            ("ReferralMade", None, FIRST),
            ("ReferralEnded", "withdrawn", FIRST + timedelta(3)),
        ],
        overtaken: [
            ("ReferralMade", None, FIRST),
            ("Placed", None, FIRST + timedelta(3)),
            ("ReferralEnded", "obsolete", FIRST + timedelta(3)),
        ],
        put_off: [
            ("ReferralMade", None, FIRST),
            ("ReferralAnswered", "postponed", FIRST + timedelta(3)),
            ("ReferralChased", (1, "seeker"), FIRST + timedelta(17)),
            ("ReferralChased", (2, "employer"), FIRST + timedelta(60)),
            ("ReferralEnded", "expired", FIRST + timedelta(94)),
        ],
    }
