"""What was asked of the services, as whoever asked knows it: each command was accepted, refused, or nobody knows."""

import itertools
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple


class Kind(NamedTuple):
    """A kind of command: whom it is asked of, the event that an accepted one makes once and the topic of that; where a
    new subject is named by the answer, by which name; and the measure that counts each event once, if one does."""

    service: str
    event: str
    topic: str
    names: str | None = None
    measure: str | None = None


State = Literal["asked", "ok", "refused", "unknown"]


@dataclass
class Command:
    """A command under one Idempotency-Key, sent once or more often; times are monotonic seconds.

    `subject` is the key of its event, as soon as it is known. What was unknown once is known again only by an answer
    that accepts it: one that refuses it says nothing of the request before, which may still be on its way.
    """

    kind: Kind
    key: str
    correlation_id: str
    began: float
    subject: str | None = None
    state: State = "asked"
    ended: float = field(default=float("inf"))

    def ok(self, subject: str, at: float) -> None:
        self.state, self.subject, self.ended = "ok", subject, at

    def refused(self) -> None:
        if self.state == "asked":
            self.state = "refused"

    def unknown(self) -> None:
        self.state = "unknown"

    def __str__(self) -> str:
        return f"{self.kind.event} of {self.subject or '?'} under {self.correlation_id}"


class History:
    """All commands, in the order in which they were first sent; several threads may write and read it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._commands: list[Command] = []
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)

    def invoke(self, kind: Kind, subject: str | None = None) -> Command:
        """Note a command that is about to be sent; gives it with its key and its correlation id."""
        key = f"fault-{next(self._numbers)}-{uuid.uuid4()}"
        command = Command(kind, key, str(uuid.uuid4()), self._clock(), subject)
        with self._lock:
            self._commands.append(command)
        return command

    def accept(self, command: Command, subject: str) -> None:
        """Note that a command was answered as done."""
        command.ok(subject, self._clock())

    @property
    def commands(self) -> list[Command]:
        with self._lock:
            return list(self._commands)

    @property
    def acknowledged(self) -> int:
        return sum(command.state == "ok" for command in self.commands)
