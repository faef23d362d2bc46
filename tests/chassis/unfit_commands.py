"""Commands that fit no rule, and what is tried on them: apart, as a module's rules must decide all that it names."""

from dataclasses import dataclass
from typing import Any

from chassis.batch.aggregates import Ref
from chassis.batch.decisions import Accepted, Decision, Now
from chassis.batch.effects import Effect


@dataclass(frozen=True, slots=True)
class Shout:
    def touches(self) -> tuple[()]:
        return ()


@dataclass(frozen=True, slots=True)
class Whisper:
    def touches(self) -> tuple[Ref[Any], ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Echo(Effect):
    text: str


@dataclass(frozen=True, slots=True)
class Shake:
    def touches(self) -> tuple[Ref[Echo]]:
        return (Ref(Echo, "a"),)


def shake(echo: Echo | None, command: Shake, now: Now) -> Decision:
    return Accepted()


def shout_or_whisper(command: Shout | Whisper, now: Now) -> Decision:
    return Accepted()
