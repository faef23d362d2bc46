"""What a person declares of the family is told by every event about them, from the registration to the placement."""

import asyncio

import orjson
import psycopg
import pytest

from jobplus.stack.local import Stack
from services.intake.seekers.model import Declared
from tests.matching.service_calls import Caller, eventually
from tests.matching.topic_reader import published


@pytest.mark.parametrize(
    ("dependants", "other_earners", "breadwinner"),
    [
        (2, 0, True),
        (1, 1, False),
        (0, 0, False),
        (0, None, False),
        (None, 1, False),
        (None, 0, None),
        (3, None, None),
        (None, None, None),
    ],
)
def test_a_breadwinner_has_dependants_and_is_the_only_earner(
    dependants: int | None, other_earners: int | None, breadwinner: bool | None
) -> None:
    assert Declared(dependants=dependants, other_earners=other_earners).breadwinner is breadwinner


async def test_a_breadwinners_placement_tells_that_it_is_one(caller: Caller, stack: Stack) -> None:
    families = ({"dependants": 2, "other_earners": 0}, {"dependants": 2, "other_earners": 1}, {})
    told: list[list[bool | None]] = []
    for family in families:
        seeker_id = await caller.seeker(**family)
        vacancy_id = await caller.vacancy(await caller.employer())
        referral_id = await caller.referral(seeker_id, vacancy_id)
        await caller.made(f"/referrals/{referral_id}/placement", {})
        registered, placed = await asyncio.gather(
            published(stack, "jobplus.seekers", seeker_id, "SeekerRegistered"),
            published(stack, "jobplus.cases", seeker_id, "Placed"),
        )
        told.append([event["person"].get("breadwinner") for _, event in (*registered, *placed)])
    assert told == [[True] * 4, [False] * 4, [None] * 4]


async def test_who_is_no_breadwinner_any_more_is_told_so_from_then_on(caller: Caller, stack: Stack) -> None:
    form = {
        "name": "한가람", "birth_date": "1980-03-01", "phone": "010-7700-0001", "gender": "female", "district": "11440",
        "wanted_occupations": ["02"], "dependants": 1,
    }  # fmt: skip
    seeker_id = await caller.seeker(**form, other_earners=0)
    headers = {"Idempotency-Key": "no breadwinner any more", "Content-Type": "application/json", "If-Match": '"1"'}
    body = orjson.dumps({**form, "other_earners": 1})
    assert (await caller.client("intake").once("PUT", f"/seekers/{seeker_id}", body, headers)).status == 200

    async def heard() -> bool:
        async with await psycopg.AsyncConnection.connect(stack.database_url("matching")) as conn:
            rows = await conn.execute("SELECT breadwinner FROM seeker WHERE seeker_id = %s", (seeker_id,))
            return await rows.fetchone() == (False,)

    await eventually(heard)
    await caller.referral(seeker_id, await caller.vacancy(await caller.employer()), answer=None)
    (_, before), (_, after) = await published(stack, "jobplus.seekers", seeker_id, "SeekerChanged")
    ((_, referral),) = await published(stack, "jobplus.cases", seeker_id, "ReferralMade")
    assert [event["person"]["breadwinner"] for event in (before, after, referral)] == [True, False, False]
