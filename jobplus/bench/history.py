"""The two years' history, as much of it as gives so many events, driven through the services into Kafka's topics."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from fractions import Fraction
from pathlib import Path

import uvloop
from aiokafka import AIOKafkaConsumer, TopicPartition

from contracts.topics import TOPICS
from jobplus.replay.drawing.history import history
from jobplus.replay.driving.course import Course
from jobplus.replay.driving.driver import Driver
from jobplus.replay.planning.plan import read
from jobplus.replay.planning.scaling import scale
from jobplus.settling import settled
from jobplus.stack.local import Stack
from jobplus.stack.ports import SERVICES

PLAN = Path("plans/two-years.json")
YEARS = 2
PLANNED_EVENTS = 770_000
"""Of the whole plan, about: of 10,011 of its actions 13,878 were published."""
TELL_SECONDS = 15.0

FACTS = {topic.name: topic.partitions for topic in TOPICS if not topic.compacted}
"""The topics that keep every event, all of which reporting reads, with their partitions."""

Say = Callable[[str], None]


def fill(stack: Stack, events: int, say: Say) -> int:
    """Have about so many events published, on a stack that runs and holds nothing; gives how many there are."""
    return uvloop.run(_fill(stack, events, say))


async def _fill(stack: Stack, events: int, say: Say) -> int:
    plan = scale(read(PLAN), Fraction(events, PLANNED_EVENTS))
    made = history(plan, 1)
    days, course = list(made.days), Course(made.total)
    driver = Driver(stack, "bench", 1, course, in_bulk=True)
    telling = asyncio.create_task(_tell(course, made.total, say))
    try:
        await driver.drive(days, made.surveys, plan.targets)
        await settled(stack, SERVICES)
    finally:
        telling.cancel()
        with suppress(asyncio.CancelledError):
            await telling
        await driver.close()
    async with counting(stack.kafka_servers, FACTS) as count:
        published = await count()
    say(f"{made.total} actions driven, {published} events in Kafka")
    return published


async def _tell(course: Course, total: int, say: Say) -> None:
    while True:
        await asyncio.sleep(TELL_SECONDS)
        say(f"{course.done} of {total} actions driven")


@asynccontextmanager
async def counting(servers: str, topics: Mapping[str, int]) -> AsyncGenerator[Callable[[], Awaitable[int]]]:
    """Give what tells how many records some topics, by their partitions, hold that were never cut; one that doesn't
    exist yet holds none."""
    consumer = AIOKafkaConsumer(bootstrap_servers=servers)
    await consumer.start()

    async def count() -> int:
        known = topics.keys() & await consumer.topics()
        partitions = [TopicPartition(topic, number) for topic in known for number in range(topics[topic])]
        return sum((await consumer.end_offsets(partitions)).values()) if partitions else 0

    try:
        yield count
    finally:
        await consumer.stop()
