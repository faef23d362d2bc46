"""A value that PostgreSQL can't hold is no outage: it fails its own command and never stops the others."""

import pytest

from chassis.batch.clock import SystemClock
from chassis.batch.command_batch import CommandHandler, Deciders
from chassis.batch.decisions import Accepted, Decision, Failed, Now
from chassis.database.db import Pool, may_pass
from tests.chassis.counting import Counter, CounterStore, Raise, asked, raise_counter


def _from_far_out(counter: Counter | None, command: Raise, now: Now) -> Decision:
    start = counter or Counter(command.name, 5_000_000_000 if command.name == "far" else 0)
    return raise_counter(start, command, now)


DECIDERS: Deciders = {Raise: _from_far_out}


@pytest.mark.parametrize(
    "culprit",
    [Raise("far", most=10**12), Raise("a", tag="nul \x00")],
    ids=["a number that no column holds", "a text with a NUL"],
)
async def test_a_value_that_can_not_be_kept_fails_only_its_own_command(pool: Pool, culprit: Raise) -> None:
    handler = CommandHandler({Counter: CounterStore()}, DECIDERS, SystemClock(), pool)
    failed, accepted = await handler.run([asked(culprit), asked(Raise("b"))])
    assert isinstance(failed, Failed)
    assert not may_pass(failed.error)
    assert isinstance(accepted, Accepted)
