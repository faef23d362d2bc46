"""The centre as its partners see it: a Kafka with walls, on which each topic's owner publishes."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from aiokafka import AIOKafkaProducer

from chassis.running.settings import KafkaSettings
from chassis.stream import kafka
from contracts.topics import TOPICS
from tests.deploy import partners
from tests.deploy.secured_kafka import Secured
from tests.kit.records import Record

OWNERS = {topic.name: topic.owner for topic in TOPICS}


class Centre:
    """Publishes, and lets partners in."""

    def __init__(self, secured: Secured) -> None:
        self._secured = secured

    def let_in(self, name: str, topics: str, folder: Path, writes: str = "") -> Path:
        """Add a partner; gives the file that it is handed, which is all that it gets."""
        file = folder / f"{name}.credentials"
        partners.granted(self._secured, name, file, topics=topics, writes=writes)
        return file

    def settings(self, user: str) -> dict[str, str]:
        """What a service of the centre is told to come as a user."""
        return self._secured.settings(user)

    def publish(self, *pieces: Sequence[Record]) -> None:
        """Write records in order, each as the owner of its topic, as relays write; a piece when Kafka has the one
        before."""
        asyncio.run(self._publish(pieces))

    async def _publish(self, pieces: Sequence[Sequence[Record]]) -> None:
        async with AsyncExitStack() as around:
            owners = {OWNERS[record.topic] for piece in pieces for record in piece}
            producers = {owner: await around.enter_async_context(self._producer(owner)) for owner in sorted(owners)}
            for piece in pieces:
                sent = [
                    await producers[OWNERS[one.topic]].send(one.topic, one.value, key=one.key, headers=one.headers)
                    for one in piece
                ]
                await asyncio.gather(*sent)

    def _producer(self, owner: str) -> AIOKafkaProducer:
        told = {name.removeprefix("JOBPLUS_").lower(): it for name, it in self.settings(owner).items()}
        return kafka.producer(KafkaSettings(**told))  # pyright: ignore[reportArgumentType]
