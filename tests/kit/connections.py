"""Connections that are kept from one question to the next, to services and databases that are killed meanwhile.

One is used again only where nothing has arrived on it since: what a server says without being asked is its end. So
nothing is sent on a connection that has ended, and nothing has to be sent twice.
"""

import select
import weakref
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar


class Connection(Protocol):
    """What is open to a server, by the number of its socket; -1 once it is closed."""

    def fileno(self) -> int: ...

    def close(self) -> None: ...


Kind = TypeVar("Kind", bound=Connection)


class Kept(Generic[Kind]):
    """Connections by their address; several threads may use them at once. All end when nobody holds this any more."""

    def __init__(self, connect: Callable[[str], Kind]) -> None:
        self._connect = connect
        self._idle: defaultdict[str, list[Kind]] = defaultdict(list)
        weakref.finalize(self, _close_all, self._idle)

    @contextmanager
    def to(self, address: str) -> Iterator[Kind]:
        """Lend a connection; it is closed if its use fails."""
        connection = self._still_open(address) or self._connect(address)
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        if connection.fileno() != -1:
            self._idle[address].append(connection)

    def _still_open(self, address: str) -> Kind | None:
        idle = self._idle[address]
        while True:
            try:
                connection = idle.pop()
            except IndexError:
                return None
            if not _has_said_something(connection):
                return connection
            connection.close()


def _has_said_something(connection: Connection) -> bool:
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _close_all(idle: defaultdict[str, list[Kind]]) -> None:
    for connections in idle.values():
        for connection in connections:
            connection.close()
