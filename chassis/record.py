"""A Kafka record, as the clients give it and as a dead letter keeps it."""

from collections.abc import Sequence
from typing import Protocol


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
