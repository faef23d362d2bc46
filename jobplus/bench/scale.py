"""`scale`: 1, 2 and 4 api processes of intake, 1, 2 and 4 workers of reporting, and both while some come and go.

Registrations are sent to as many apis for SECONDS; then reporting is emptied, and as many workers read all of it, with
the rate taken from when Kafka has given each of them its partitions. At last registrations are sent while two apis and
two workers run, of which one each is ended by SIGTERM in the middle, and then another of each started. Who was answered
is in the figures, once.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from itertools import count
from typing import Any, Literal

import uvloop
from aiokafka.admin import AIOKafkaAdminClient

from jobplus.bench import cpu
from jobplus.bench.fleet import address, await_ready, more
from jobplus.bench.history import FACTS, counting
from jobplus.bench.load import CONNECTIONS, key_of, registered, registration
from jobplus.bench.reading import WORKER, empty, looking, query, watched
from jobplus.bench.result import Lost, Peer, Result, medians, spread
from jobplus.client import Client, Refusal
from jobplus.settling import settled
from jobplus.stack.local import Stack

PROCESSES = (1, 2, 4)
ROUNDS = 3
SECONDS = 8.0
BETWEEN = 6.0
"""Before, between and after an api and a worker end and others start, in seconds."""
PAUSE = 0.02
GROUP = "jobplus.reporting"
OFFSETS = "SELECT coalesce(sum(next_offset), 0)::bigint FROM consumer_offset"
MEASURED = ["intake", "reporting"]
GOAL = "say what it gives; nothing lost while processes come and go"

UNIT = "registrations/s by apis, events/s by workers"

CLOCK: Literal["system", "simulated"] = "system"

Say = Callable[[str], None]


def run(stack: Stack, say: Say) -> Result:
    """Measure on a stack of its own (raises Lost)."""
    stack.up(only=MEASURED)
    numbers = count()
    rounds: list[dict[str, float]] = []
    for number in range(1, ROUNDS + 1):
        rates = {f"{many} apis": _by_apis(stack, many, numbers) for many in PROCESSES}
        uvloop.run(settled(stack, MEASURED))
        stack.stop(WORKER)
        rates |= {f"{many} workers": _by_workers(stack, many) for many in PROCESSES}
        stack.start(WORKER)
        rounds.append(rates)
        say(f"round {number} of {ROUNDS}: " + ", ".join(f"{name} {rate:.0f}/s" for name, rate in rates.items()))
    uvloop.run(_come_and_go(stack, numbers, say))
    asked, registered = next(numbers), uvloop.run(_registered(stack))
    if registered != asked:
        raise Lost(f"{asked} registrations were answered, {registered} are in the figures")
    middle, most = medians(rounds), PROCESSES[-1]
    peers = {f"1 {kind}": _beside_one(middle, kind, most) for kind in ("api", "worker")}
    detail = {"registered_once": registered, "spread": spread(rounds)}
    return Result("scale", middle[f"{most} apis"], UNIT, GOAL, True, rounds, peers, detail)


def _beside_one(middle: dict[str, float], kind: str, most: int) -> Peer:
    one = middle[f"1 {kind}s"]
    return Peer(one, middle[f"{most} {kind}s"] / one, None)


def _by_apis(stack: Stack, many: int, numbers: "count[int]") -> float:
    with more(stack, "intake", "api", range(many)):
        await_ready(stack, "api", range(many))
        return uvloop.run(_sent(stack, many, numbers))


async def _sent(stack: Stack, many: int, numbers: "count[int]") -> float:
    apis = [_client(stack, number) for number in range(many)]
    await _load(apis, numbers, asyncio.sleep(SECONDS / 2))  # until they are warm
    rate = await _load(apis, numbers, asyncio.sleep(SECONDS))
    await _close(apis)
    return rate


def _by_workers(stack: Stack, many: int) -> float:
    empty(stack)
    with more(stack, "reporting", "worker", range(many)) as pids:
        rate = uvloop.run(_read(stack, pids))
    kept, read = (uvloop.run(query(stack, statement)) for statement in ("SELECT count(*) FROM ledger", OFFSETS))
    if kept != read:
        raise Lost(f"the ledger holds {kept} of {read} events")
    return rate


async def _read(stack: Stack, pids: Sequence[int]) -> float:
    async with (
        counting(stack.kafka_servers, FACTS) as ends,
        looking(stack, "consumer_offset") as look,
        _members(stack) as members,
    ):

        async def all_read() -> bool:
            return await members() == len(pids)

        turn = await watched(stack, look, await ends(), None, lambda: sum(map(cpu.of, pids)), begun=all_read)
        return turn.rate


@asynccontextmanager
async def _members(stack: Stack) -> AsyncGenerator[Callable[[], Awaitable[int]]]:
    """Give what tells how many members the workers' group has, none while Kafka shares its partitions out."""
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.kafka_servers)
    await admin.start()

    async def members() -> int:
        described: Any
        (described,) = await admin.describe_consumer_groups([GROUP])
        ((_, _, state, _, _, of_group, *_),) = described.groups
        return len(of_group) if state == "Stable" else 0

    try:
        yield members
    finally:
        await admin.close()


async def _come_and_go(stack: Stack, numbers: "count[int]", say: Say) -> None:
    """Send registrations while an api and a worker are ended and others are started; returns when all has settled."""
    leaving, coming = ExitStack(), ExitStack()
    apis = [Client(stack.url("intake"), stack.token("counsellor"))]

    async def some_change() -> None:
        await asyncio.sleep(BETWEEN)
        await asyncio.to_thread(leaving.close)
        await _close([apis.pop()])
        await asyncio.sleep(BETWEEN)
        await asyncio.to_thread(_enter, stack, coming, 1)
        apis.append(_client(stack, 1))
        await asyncio.sleep(BETWEEN)

    try:
        await asyncio.to_thread(_enter, stack, leaving, 0)
        apis.append(_client(stack, 0))
        rate = await _load(apis, numbers, some_change())
        await settled(stack, MEASURED)
        say(f"{rate:.0f}/s while an api and a worker end, and others start")
    finally:
        await _close(apis)
        leaving.close()
        coming.close()


def _enter(stack: Stack, running: ExitStack, number: int) -> None:
    for service, role in (("intake", "api"), ("reporting", "worker")):
        running.enter_context(more(stack, service, role, [number]))
        await_ready(stack, role, [number])


async def _load(apis: Sequence[Client], numbers: "count[int]", meanwhile: Awaitable[None]) -> float:
    """Send registrations to whichever apis there are while something goes on; gives the rate of answers a second."""
    started, answered = time.monotonic(), 0
    going_on = asyncio.ensure_future(meanwhile)

    async def connection() -> None:
        nonlocal answered
        while not going_on.done():
            await _register(apis, next(numbers))
            answered += 1

    await asyncio.gather(going_on, *(connection() for _ in range(CONNECTIONS)))
    return answered / (time.monotonic() - started)


async def _register(apis: Sequence[Client], number: int) -> None:
    """Register somebody once; what may pass is asked again, of the next api, as a proxy does it."""
    for turn in count(number):
        try:
            await apis[turn % len(apis)].post("/seekers", registration(number), key_of(number), patience=0)
        except (OSError, Refusal) as error:
            if isinstance(error, Refusal) and not error.may_pass:
                raise
            await asyncio.sleep(PAUSE)
        else:
            return


async def _registered(stack: Stack) -> int:
    client = Client(stack.url("reporting"), stack.token("analyst"), 1)
    total = await registered(client)
    await client.close()
    return total


def _client(stack: Stack, number: int) -> Client:
    return Client(address(stack, number), stack.token("counsellor"))


async def _close(clients: Sequence[Client]) -> None:
    for client in clients:
        await client.close()
