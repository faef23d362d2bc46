"""The one way in: what a batch keeps, and what it never does to its neighbours."""

import asyncio
import random

from chassis.batch.command_batch import CommandHandler
from chassis.batch.decisions import Accepted, Failed, Refused
from chassis.batch.group_commit import GroupCommit
from chassis.database.db import Pool
from chassis.stream.outbox import LARGEST_EVENT
from tests.chassis.counting import Break, Raise, asked


async def _outbox(pool: Pool) -> list[tuple[str, int, int]]:
    rows = await pool.fetch("SELECT key, sequence, (convert_from(value, 'UTF8')::json->>'value')::int AS value "
                            "FROM outbox ORDER BY id")  # fmt: skip
    return [(row["key"], row["sequence"], row["value"]) for row in rows]


async def test_commands_on_one_aggregate_are_decided_in_order_each_on_what_the_one_before_left(
    handler: CommandHandler, pool: Pool
) -> None:
    outcomes = await handler.run([asked(Raise("a")), asked(Raise("b")), asked(Raise("a", most=1)), asked(Raise("a"))])
    assert [type(outcome) for outcome in outcomes] == [Accepted, Accepted, Refused, Accepted]
    assert await _outbox(pool) == [("a", 1, 1), ("b", 1, 1), ("a", 2, 2)]


async def test_a_broken_rule_fails_its_own_command_only(handler: CommandHandler, pool: Pool) -> None:
    outcomes = await handler.run([asked(Raise("a")), asked(Break("a")), asked(Raise("a"))])
    assert [type(outcome) for outcome in outcomes] == [Accepted, Failed, Accepted]
    assert await pool.fetchval("SELECT value FROM counter WHERE name = 'a'") == 2


async def test_when_the_database_refuses_a_batch_only_the_culprit_fails(handler: CommandHandler, pool: Pool) -> None:
    commands = [Raise("a", tag="same"), Raise("b", tag="same"), Raise("c"), Raise("d")]
    outcomes = await handler.run([asked(command) for command in commands])
    assert [type(outcome) for outcome in outcomes] == [Accepted, Failed, Accepted, Accepted]
    assert await _outbox(pool) == [("a", 1, 1), ("c", 1, 1), ("d", 1, 1)]


async def test_an_event_that_could_not_be_sent_is_never_kept(handler: CommandHandler, pool: Pool) -> None:
    outcomes = await handler.run([asked(Raise("a", padding="x" * LARGEST_EVENT)), asked(Raise("b"))])
    assert [type(outcome) for outcome in outcomes] == [Failed, Accepted]
    assert await _outbox(pool) == [("b", 1, 1)]
    assert await pool.fetchval("SELECT count(*) FROM counter") == 1


async def test_a_named_command_is_done_once_also_within_one_batch(handler: CommandHandler, pool: Pool) -> None:
    twice = await handler.run([asked(Raise("a"), "key"), asked(Raise("a"), "key")])
    again = await handler.run([asked(Raise("a"), "key")])
    other = await handler.run([asked(Raise("a"), "key", b"another request")])
    assert [o.answer["value"] for o in (*twice, *again) if isinstance(o, Accepted)] == [1, 1, 1]
    assert isinstance(other[0], Refused)
    assert await _outbox(pool) == [("a", 1, 1)]


async def test_a_refusal_is_not_remembered_under_its_key(handler: CommandHandler) -> None:
    refused = await handler.run([asked(Raise("a", most=0), "key")])
    accepted = await handler.run([asked(Raise("a"), "key")])
    assert (type(refused[0]), type(accepted[0])) == (Refused, Accepted)


async def test_under_many_batches_at_once_a_keys_events_leave_in_order_with_dense_numbers(
    handler: CommandHandler, pool: Pool
) -> None:
    chance = random.Random(1)
    names = [f"counter {number}" for number in range(7)]

    async def batch() -> None:
        for _ in range(10):
            await handler.run([asked(Raise(chance.choice(names))) for _ in range(chance.randint(1, 12))])

    await asyncio.gather(*(batch() for _ in range(8)))
    sent = await _outbox(pool)
    assert len(sent) > 300
    for name in names:
        numbers = [(sequence, value) for key, sequence, value in sent if key == name]
        assert numbers == [(n, n) for n in range(1, len(numbers) + 1)]


async def test_requests_that_arrive_together_are_committed_together(handler: CommandHandler, pool: Pool) -> None:
    group_commit = GroupCommit(handler)
    outcomes = await asyncio.gather(*(group_commit.submit(asked(Raise("a"))) for _ in range(50)))
    assert sorted(o.answer["value"] for o in outcomes if isinstance(o, Accepted)) == list(range(1, 51))
    transactions = await pool.fetchval("SELECT count(DISTINCT xmin::text) FROM outbox")
    assert transactions <= 2
    await group_commit.finish()
