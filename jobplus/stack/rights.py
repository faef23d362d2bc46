"""Who may do what in Kafka, from the topics' own table: a service writes what it owns, reads what it listens to, and
belongs to its own group of consumers. All else is refused.

To write a topic is also the right to send to it idempotently; to read or to write it, the right to ask where it ends.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal, NamedTuple, Protocol


class Owned(Protocol):
    """What of a topic its rights follow from."""

    @property
    def name(self) -> str:
        """Its full name in Kafka."""
        ...

    @property
    def owner(self) -> str:
        """The service that writes it, and no other."""
        ...


class Right(NamedTuple):
    """What a user may do with a topic or a group of consumers of just that name, or of all whose name `begins` so;
    from any host."""

    user: str
    operation: Literal["READ", "WRITE"]
    kind: Literal["TOPIC", "GROUP"]
    name: str
    begins: bool = False


def group_of(user: str) -> str:
    """Name the group of consumers that a service's workers make."""
    return f"jobplus.{user}"


def rights_of(topics: Iterable[Owned], listens: Mapping[Any, Collection[Owned]]) -> frozenset[Right]:
    """Give all rights that there are; `listens` names each service with the topics that it reads."""
    writing = {Right(topic.owner, "WRITE", "TOPIC", topic.name) for topic in topics}
    reading = {Right(user, "READ", "TOPIC", topic.name) for user, read in listens.items() for topic in read}
    grouping = {Right(user, "READ", "GROUP", group_of(user)) for user, read in listens.items() if read}
    return frozenset(writing | reading | grouping)


def users_of(rights: Iterable[Right]) -> list[str]:
    """Name who has any."""
    return sorted({right.user for right in rights})
