"""A service isn't made where a command and its rule don't fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from chassis.batch.aggregates import Ref, Stores
from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now
from chassis.batch.effects import AtOnce, Doer, Doers, Effect
from chassis.batch.wiring import Miswired, wired
from chassis.database.db import Connection
from tests.chassis import unfit_commands as unfit
from tests.chassis.counting import Counter, CounterStore


@dataclass(frozen=True, slots=True)
class Name:
    text: str


@dataclass(frozen=True, slots=True)
class Echo(Effect):
    text: str


@dataclass(frozen=True, slots=True)
class Silence(AtOnce):
    text: str


class PassOn(Doer[Any]):
    async def do(self, conn: Connection, effects: Sequence[Any]) -> None:
        """It is never asked to."""


@dataclass(frozen=True, slots=True)
class Call:
    name: str

    def touches(self) -> tuple[Ref[Counter], Ref[Name]]:
        return Ref(Counter, self.name), Ref(Name, self.name)


@dataclass(frozen=True, slots=True)
class Shout:
    def touches(self) -> tuple[()]:
        return ()


def call(counter: Counter | None, name: Name, command: Call, now: Now) -> Decision:
    return Accepted()


def call_turned(name: Name, counter: Counter | None, command: Call, now: Now) -> Decision:
    return Accepted()


def call_without_a_name(counter: Counter | None, command: Call, now: Now) -> Decision:
    return Accepted()


def call_without_now(counter: Counter | None, name: Name, command: Call) -> Decision:
    return Accepted()


def shout(command: Shout, now: Now) -> Decision:
    return Accepted()


STORES: Stores = {Counter: CounterStore(), Name: CounterStore()}


DOERS: Doers = {Echo: PassOn(), Silence: PassOn()}


def test_slices_that_fit_are_one_table() -> None:
    assert wired(({Call: call}, {Shout: shout}), STORES, DOERS) == {Call: call, Shout: shout}


@pytest.mark.parametrize(
    ("slices", "stores", "said"),
    [
        (({Call: call}, {Call: call}), STORES, "both decide Call"),
        (({Call: call_turned},), STORES, "takes Name, Counter, Call, Now, but is asked with Counter, Name, Call, Now"),
        (({Call: call_without_a_name},), STORES, "takes Counter, Call, Now, but is asked with Counter, Name, Call"),
        (({Call: call_without_now},), STORES, "takes Counter, Name, Call, but is asked with Counter, Name, Call, Now"),
        (
            ({Call: unfit.shout_or_whisper},),
            STORES,
            r"takes Shout \| Whisper, Now, but is asked with Counter, Name, Call, Now",
        ),
        (({unfit.Whisper: unfit.shout_or_whisper},), STORES, "Whisper.touches returns"),
        (({Call: call},), STORES, f"{__name__} has no rule in its table for Shout"),
        (({Call: call},), {Counter: CounterStore()}, "Call touches Name, which no store loads"),
    ],
)
def test_what_does_not_fit_is_refused_with_both_names(slices: tuple[Deciders, ...], stores: Stores, said: str) -> None:
    with pytest.raises(Miswired, match=said):
        wired(slices, stores, DOERS)


@pytest.mark.parametrize("undone", [Echo, Silence])
def test_an_effect_that_nobody_does_is_refused_where_a_rules_module_names_it(undone: type[Effect]) -> None:
    doers = {kind: doer for kind, doer in DOERS.items() if kind is not undone}
    with pytest.raises(Miswired, match=f"{__name__} gives {undone.__name__}, which nobody does"):
        wired(({Call: call, Shout: shout},), STORES, doers)


def test_what_is_touched_is_loaded_and_an_effect_never_is() -> None:
    with pytest.raises(Miswired, match="Shake touches Echo, which no store loads"):
        wired(({unfit.Shake: unfit.shake},), STORES, DOERS)
