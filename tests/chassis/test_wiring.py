"""A service isn't made where a command and its rule don't fit."""

from dataclasses import dataclass
from typing import Any

import pytest

from chassis.batch.aggregates import Ref, Stores
from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now
from chassis.batch.wiring import Miswired, wired
from tests.chassis.counting import Counter, CounterStore


@dataclass(frozen=True, slots=True)
class Name:
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    name: str

    def touches(self) -> tuple[Ref[Counter], Ref[Name]]:
        return Ref(Counter, self.name), Ref(Name, self.name)


@dataclass(frozen=True, slots=True)
class Shout:
    def touches(self) -> tuple[()]:
        return ()


@dataclass(frozen=True, slots=True)
class Whisper:
    def touches(self) -> tuple[Ref[Any], ...]:
        return ()


def call(counter: Counter | None, name: Name, command: Call, now: Now) -> Decision:
    return Accepted()


def call_turned(name: Name, counter: Counter | None, command: Call, now: Now) -> Decision:
    return Accepted()


def call_without_a_name(counter: Counter | None, command: Call, now: Now) -> Decision:
    return Accepted()


def call_without_now(counter: Counter | None, name: Name, command: Call) -> Decision:
    return Accepted()


def shout(command: Shout | Whisper, now: Now) -> Decision:
    return Accepted()


STORES: Stores = {Counter: CounterStore(), Name: CounterStore()}


def test_slices_that_fit_are_one_table() -> None:
    assert wired(({Call: call}, {Shout: shout}), STORES) == {Call: call, Shout: shout}


@pytest.mark.parametrize(
    ("slices", "stores", "said"),
    [
        (({Call: call}, {Call: call}), STORES, "both decide Call"),
        (({Call: call_turned},), STORES, "takes Name, Counter, Call, Now, but is asked with Counter, Name, Call, Now"),
        (({Call: call_without_a_name},), STORES, "takes Counter, Call, Now, but is asked with Counter, Name, Call"),
        (({Call: call_without_now},), STORES, "takes Counter, Name, Call, but is asked with Counter, Name, Call, Now"),
        (({Call: shout},), STORES, r"takes Shout \| Whisper, Now, but is asked with Counter, Name, Call, Now"),
        (({Whisper: shout},), STORES, "Whisper.touches returns"),
        (({Call: call},), {Counter: CounterStore()}, "Call touches Name, which no store keeps"),
    ],
)
def test_what_does_not_fit_is_refused_with_both_names(slices: tuple[Deciders, ...], stores: Stores, said: str) -> None:
    with pytest.raises(Miswired, match=said):
        wired(slices, stores)
