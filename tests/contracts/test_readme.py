"""The reader that the page for partners shows does what it says, on a real Kafka."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

from aiokafka import AIOKafkaConsumer

from chassis.stream.cloudevents import from_record, to_headers
from contracts.topics import Topic
from jobplus.stack.local import Stack
from tests.contracts.samples import HOME, SAMPLES, STRUCTURED
from tests.kit.records import UNWRITTEN, Record
from tests.kit.topics import Topics

Reader = Callable[[AIOKafkaConsumer, set[str]], AsyncIterator[tuple[str, str, Any]]]


def reader() -> Reader:
    """Give the page's example."""
    (code,) = re.findall(r"```python\n(.*?)```", (HOME / "README.md").read_text("utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(code, "contracts/README.md", "exec"), names)
    read: Reader = names["events"]
    return read


async def test_the_reader_gives_each_event_once_and_tells_a_removal(stack: Stack) -> None:
    topic = f"partners-{uuid4()}"
    await asyncio.to_thread(stack.make_topics, [Topic(topic, "seeker", 1, "intake")])
    sent = [from_record(STRUCTURED, None, path.read_bytes()) for path in SAMPLES]
    with Topics(stack) as topics:
        topics.write(
            [
                Record(topic, 0, UNWRITTEN, attributes.subject.encode(), data, to_headers(attributes))
                for attributes, data in [*sent[:20], *sent]
            ]
        )
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=stack.kafka_servers,
        group_id=topic,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    read: list[tuple[str, str, Any]] = []
    async with consumer, asyncio.timeout(60):
        known: set[str] = set()
        async for event in reader()(consumer, known):
            read.append(event)
            if len(read) == len(sent):
                break
    assert read == [
        (attributes.type, attributes.subject, None if data is None else json.loads(data)) for attributes, data in sent
    ]
    assert None in [data for _, _, data in read]
