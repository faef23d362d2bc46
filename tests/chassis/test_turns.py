"""However much is decided at once, others get their turn meanwhile: in the process, and at the records."""

import asyncio
from collections.abc import Sequence
from typing import Any

from chassis.batch.clock import SystemClock
from chassis.batch.command_batch import TURN, CommandHandler
from chassis.batch.decisions import Accepted, Actor, Asked, Decision, Now, Outcome
from chassis.database.db import Pool
from chassis.http.calls import PORTION
from chassis.running.service import interface
from services.intake.bootstrap import blueprint
from services.intake.settings import IntakeSettings
from tests.chassis import counting
from tests.chassis.asking import ask
from tests.chassis.counting import Counter, Raise, asked, raise_counter


async def test_while_many_commands_are_decided_the_process_turns_to_others(pool: Pool) -> None:
    turns = 0
    seen: list[int] = []

    def decide(counter: Counter | None, command: Raise, now: Now) -> Decision:
        seen.append(turns)
        return raise_counter(counter, command, now)

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    meanwhile = asyncio.create_task(others())
    handler = CommandHandler({Counter: counting.CounterStore()}, {Raise: decide}, SystemClock(), pool)
    await handler.run([asked(Raise("a")) for _ in range(4 * TURN)])
    meanwhile.cancel()
    assert max(seen.count(turn) for turn in seen) <= TURN


class _Manager:
    def knows(self, authorization: str) -> bool:
        return True

    async def actor(self, authorization: str) -> Actor:
        return Actor("manager", "m-1")


class _Decides:
    def __init__(self) -> None:
        self.batches: list[int] = []

    async def run(self, commands: Sequence[Asked]) -> list[Outcome]:
        self.batches.append(len(commands))
        return [Accepted(answer={"number": one.key and one.key.named[-1]}) for one in commands]


async def test_rows_are_kept_so_many_in_a_transaction_in_their_order() -> None:
    decides = _Decides()
    app = interface(
        blueprint(IntakeSettings.model_construct()), verifier=_Manager(), group_commit=None, handler=decides
    )
    rows = b'{"name": "\xec\x9d\xb4\xed\x95\x9c\xea\xb2\xb0", "groups": ["youth"]}\n' * (2 * PORTION + 1)
    headers = {"idempotency-key": "rows", "content-type": "application/x-ndjson"}
    answer: Any = (await ask(app, "POST", "/counsellors/bulk", "manager", body=rows, headers=headers)).problem
    assert decides.batches == [PORTION, PORTION, 1]
    assert [row["number"] for row in answer["rows"]] == [f"rows:{number}" for number in range(2 * PORTION + 1)]
