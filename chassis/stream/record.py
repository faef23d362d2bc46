"""A Kafka record, as the clients give it and as a dead letter keeps it, and the partition where it stands."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Partition(NamedTuple):
    """A topic's partition, as a plain value."""

    topic: str
    partition: int


class Record(Protocol):
    """A record as aiokafka and faust give it."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Sequence[tuple[str, bytes]]: ...
