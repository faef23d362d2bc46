"""`python -m tests.faults.pointed services.NAME ROLE`: the process of a service, unchanged, but that it

- stops or kills itself at a named point when its file says so (`points`);
- reaches Kafka by way of a proxy, though Kafka tells its clients its own address;
- has a clock that is off, for what services read of it (`clocks`).

All is wrapped from outside, in this process alone: the product has no hooks. Which of it, its environment says.
"""

import os
import runpy
import sys
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from importlib import import_module
from pathlib import Path
from typing import Any

import aiokafka.client
from aiokafka.producer.sender import SendProduceReqHandler
from asyncpg.transaction import Transaction

from chassis.batch.command_batch import CommandHandler
from chassis.stream.record_batch import RecordBatches
from tests.faults.clocks import shift
from tests.faults.points import Point, Switch

SWITCH = "FAULTS_SWITCH"
"""Folder and name of this process's switch, as FOLDER:NAME."""
KAFKA = "FAULTS_KAFKA"
"""Kafka's port and the port of a proxy before it, as PORT:PORT."""
CLOCK = "FAULTS_CLOCK_SECONDS"
"""How far the clock is off."""

_doing: ContextVar[str] = ContextVar("doing", default="")
_AROUND_COMMIT: dict[str, tuple[Point, Point]] = {
    "command": ("before the commit", "after the commit"),
    "batch": ("applied and not committed", "committed"),
}


def wrap_points(reach: Callable[[Point], None]) -> None:
    """Have each point told as it is passed."""
    _wrap(CommandHandler, "run", _during("command", lambda: None))
    _wrap(RecordBatches, "apply", _during("batch", lambda: reach("batch read")))

    def around_commit(leave: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def leaving(transaction: Any, kind: Any, error: Any, trace: Any) -> Any:
            points = _AROUND_COMMIT.get(_doing.get()) if kind is None and not transaction._nested else None
            if points:
                reach(points[0])
            left = await leave(transaction, kind, error, trace)
            if points:
                reach(points[1])
            return left

        return leaving

    def around_answer(handle: Callable[..., Any]) -> Callable[..., Any]:
        def handling(handler: Any, response: Any) -> Any:
            reach("sent and not acknowledged")  # Kafka has them, and who sent them doesn't know it yet
            handled = handle(handler, response)
            reach("acknowledged and not deleted")
            return handled

        return handling

    _wrap(Transaction, "__aexit__", around_commit)
    _wrap(SendProduceReqHandler, "handle_response", around_answer)


def by_proxy(kafka: int, proxy: int) -> None:
    """Connect to the proxy's port wherever Kafka's was told."""
    connect = aiokafka.client.create_conn

    async def connecting(host: str, port: int, **options: Any) -> Any:
        return await connect(host, proxy if port == kafka else port, **options)

    aiokafka.client.create_conn = connecting


def _during(what: str, begin: Callable[[], None]) -> Callable[[Callable[..., Awaitable[Any]]], Any]:
    def around(work: Callable[..., Awaitable[Any]]) -> Any:
        async def doing(*given: Any, **more: Any) -> Any:
            begin()
            token = _doing.set(what)
            try:
                return await work(*given, **more)
            finally:
                _doing.reset(token)

        return doing

    return around


def _wrap(owner: type, name: str, around: Callable[[Any], Any]) -> None:
    setattr(owner, name, around(getattr(owner, name)))


def main() -> None:
    del sys.argv[0]
    if asked := os.environ.get(SWITCH):
        folder, _, process = asked.rpartition(":")
        wrap_points(Switch(Path(folder), process).reach)
    if asked := os.environ.get(KAFKA):
        by_proxy(*map(int, asked.split(":")))
    if seconds := float(os.environ.get(CLOCK, "0")):
        import_module(f"{sys.argv[0]}.bootstrap")
        shift(seconds)
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
