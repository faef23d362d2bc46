"""`feed`: a partner's log over HTTP, read from its beginning by a new reader, beside the topic and a plain INSERT.

Sessions of clients whom a partner may hear of are counselled in bulk until all of them stand in the partner's log. Then
each has its turn in each round: the log, in the largest batches, each read as JSON by one reader that asks for the next
when it has read the last; the topic of the same events, by aiokafka, whose values are counted and not read; and the
plain INSERT of `register`, with nothing else running. Nobody has read the log when its turn begins: that what is passed
on is taken down is part of the price.
"""

import time
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

import psycopg
import uvloop
from aiokafka import AIOKafkaConsumer, TopicPartition

from contracts.topics import COUNSELLING
from jobplus.bench import cpu
from jobplus.bench.partner import linked_sessions
from jobplus.bench.register import inserted
from jobplus.bench.result import Lost, Result, medians, peers_of, spread
from jobplus.client import Client
from jobplus.settling import settled
from jobplus.stack.local import Stack
from services.feed.log.api import MOST_EVENTS

ROUNDS = 3
EVENTS = 100_000
CLIENTS = 1_000
CHUNK = 1_000
PARTNER = "welfare"
SERVICES = ("intake", "feed")
GOALS = {"plain_insert": 5.0, "raw_topic": 0.5}
GOAL = "at least 5 x a plain INSERT, and half of what reading the topic raw gives"

CLOCK: Literal["system", "simulated"] = "system"
FEED = True

Say = Callable[[str], None]


class _Turn(NamedTuple):
    """What a reader had in its turn: events a second, and the CPU of an event, in microseconds: its own, and of all."""

    rate: float
    own: float
    all: float

    @classmethod
    def of(cls, events: int, seconds: float, before: Mapping[str, float], after: Mapping[str, float]) -> "_Turn":
        """Tell of so many events what was used between two looks."""
        spent = cpu.each(before, after, events)
        return cls(events / seconds, spent[cpu.LOAD], spent["all"] + spent[cpu.LOAD])


def run(stack: Stack, say: Say, events: int = EVENTS) -> Result:
    """Measure on a stack of its own, with intake and the feed alone (raises Lost)."""
    stack.up(only=SERVICES)
    uvloop.run(_fill(stack, events, say))
    rounds: list[dict[str, float]] = []
    turns: list[dict[str, _Turn]] = []
    for number in range(1, ROUNDS + 1):
        stack.up(only=SERVICES)  # what the insert's turn had ended
        uvloop.run(settled(stack, SERVICES))
        turns.append({"feed": uvloop.run(_read_feed(stack, events)), "raw_topic": uvloop.run(_read_raw(stack, events))})
        rounds.append({name: turn.rate for name, turn in turns[-1].items()} | {"plain_insert": inserted(stack, 1)[0]})
        say(f"round {number} of {ROUNDS}: {', '.join(f'{name} {rate:.0f}/s' for name, rate in rounds[-1].items())}")
    middle = medians(rounds)
    peers = peers_of("feed", middle, GOALS)
    detail = {
        "events": events,
        "clients": CLIENTS,
        "batch": MOST_EVENTS,
        "spread": spread(rounds),
        "cpu_us_an_event": cpu.of_turns(turns),
    }
    met = all(peer.met for peer in peers.values())
    return Result("feed", middle["feed"], "events/s", GOAL, met, rounds, peers, detail)


async def _fill(stack: Stack, events: int, say: Say) -> None:
    """Have so many events of a partner's clients entered into its log."""
    intake, feed = (Client(stack.url(name), stack.token("manager")) for name in SERVICES)
    try:
        sessions = await linked_sessions(intake, feed, PARTNER, CLIENTS)
        began = time.monotonic()
        for start in range(0, events, CHUNK):
            rows = [sessions[row % CLIENTS] for row in range(start, min(start + CHUNK, events))]
            content_type = "application/x-ndjson"
            await intake.post("/sessions/bulk", b"\n".join(rows), f"bulk-{start}", content_type=content_type)
        await settled(stack, SERVICES)
        say(f"{events} events stand in the partner's log after {time.monotonic() - began:.0f} s")
    finally:
        await intake.close()
        await feed.close()


def _forget_readers(stack: Stack) -> None:
    """Have nothing been passed on yet, as before the log's first reader."""
    with psycopg.connect(stack.database_url("feed"), autocommit=True) as conn:
        conn.execute("TRUNCATE passed_on")


async def _read_feed(stack: Stack, events: int) -> _Turn:
    """Read the log as a new reader does, from its beginning to its end (raises Lost)."""
    client, read = Client(stack.url("feed"), stack.token("partner", subject=PARTNER), 1), set[str]()
    batch_path = f"/feed?limit={MOST_EVENTS}"
    try:
        await client.get(batch_path)  # the api is warm
        _forget_readers(stack)
        began, before = time.monotonic(), cpu.used(stack)
        batch = await client.get(batch_path)
        while batch:
            read.update(event["id"] for event in batch)
            batch = await client.get(f"{batch_path}&lastEventId={batch[-1]['id']}")
        turn = _Turn.of(events, time.monotonic() - began, before, cpu.used(stack))
    finally:
        await client.close()
    if len(read) != events:
        raise Lost(f"the reader of the feed has {len(read)} of {events} events")
    return turn


async def _read_raw(stack: Stack, events: int) -> _Turn:
    """Read the topic of the same events from its beginning to its end, and count its records (raises Lost)."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=stack.kafka_servers, enable_auto_commit=False, max_partition_fetch_bytes=2 * 1024 * 1024
    )
    await consumer.start()
    try:
        partitions = [TopicPartition(COUNSELLING.name, number) for number in range(COUNSELLING.partitions)]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        stands, read = sum((await consumer.end_offsets(partitions)).values()), 0
        began, before = time.monotonic(), cpu.used(stack)
        while read < stands:
            read += sum(map(len, (await consumer.getmany(timeout_ms=1_000)).values()))
        turn = _Turn.of(read, time.monotonic() - began, before, cpu.used(stack))
    finally:
        await consumer.stop()
    if read < events:
        raise Lost(f"the topic has {read} of {events} events")
    return turn
