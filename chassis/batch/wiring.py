"""What a service's commands and rules promise each other, compared as the service is made, not as somebody asks.

A command says what it touches by the type that its `touches` returns; its rule takes those states in that order, then
the command, then Now. Both are read from the annotations, which the type checker compares with the code. No annotation
tells which effects a rule gives: each kind that its module names must have somebody who does it. And each command that
it names must have its rule.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from inspect import signature
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from chassis.batch.aggregates import Ref, Stores
from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Now
from chassis.batch.effects import AtOnce, Doers, Effect


class Miswired(TypeError):
    """A command and its rule don't fit, two rules decide one command, or a command or an effect has nobody who sees to
    it."""


def wired(slices: Sequence[Deciders], stores: Stores, doers: Doers) -> Deciders:
    """Give which rule decides which command, of all slices together (raises Miswired)."""
    deciders: dict[type[Any], Callable[..., Any]] = {}
    for command, decide in (pair for deciders_of_one in slices for pair in deciders_of_one.items()):
        if command in deciders:
            raise Miswired(f"{_name(deciders[command])} and {_name(decide)} both decide {command.__name__}")
        deciders[command] = decide
        touched = _touched(command)
        given, taken = [*touched, command, Now], _taken(decide)
        if len(given) != len(taken) or any(kind not in kinds for kind, kinds in zip(given, taken, strict=True)):
            raise Miswired(
                f"{_name(decide)} takes {', '.join(map(_names, taken))}, but is asked with "
                f"{', '.join(map(_names, given))}: what {command.__name__}.touches returns, the command, Now"
            )
        if unknown := [kind for kind in touched if kind not in stores]:
            raise Miswired(f"{command.__name__} touches {_names(tuple(unknown))}, which no store loads")
    for module in sorted({decide.__module__ for decide in deciders.values()}):
        if undecided := [kind for kind in _commands(vars(sys.modules[module]).values()) if kind not in deciders]:
            raise Miswired(f"{module} has no rule in its table for {_names(tuple(undecided))}")
        if undone := [kind for kind in _effects(vars(sys.modules[module]).values()) if kind not in doers]:
            raise Miswired(f"{module} gives {_names(tuple(undone))}, which nobody does")
    return deciders


def _commands(named: Iterable[Any]) -> list[type[Any]]:
    """Give the commands among what a module names."""
    return [one for one in named if isinstance(one, type) and callable(getattr(one, "touches", None))]


def _effects(named: Iterable[Any]) -> list[type[Effect]]:
    """Give the kinds of effects among what a module names."""
    kinds = [one for one in named if isinstance(one, type) and issubclass(one, Effect)]
    return [kind for kind in kinds if kind not in (Effect, AtOnce)]


def _touched(command: type[Any]) -> list[Any]:
    """Give the kinds of states that a command names, in order."""
    returned = get_type_hints(command.touches).get("return")
    refs = get_args(returned)
    if get_origin(returned) is not tuple or any(get_origin(ref) is not Ref for ref in refs):
        raise Miswired(f"{command.__name__}.touches returns {returned}, not tuple[Ref[...], ...] of each kind in order")
    return [get_args(ref)[0] for ref in refs]


def _taken(decide: Callable[..., Any]) -> list[tuple[Any, ...]]:
    """Give the types that a rule takes for each of its parameters, in order."""
    hints = get_type_hints(decide)
    return [_alternatives(hints.get(name)) for name in signature(decide).parameters]


def _alternatives(hint: Any) -> tuple[Any, ...]:
    """Give the types of a union, without None; of anything else itself."""
    if get_origin(hint) not in (Union, UnionType):
        return (hint,)
    return tuple(kind for kind in get_args(hint) if kind is not type(None))


def _name(decide: Callable[..., Any]) -> str:
    return f"{decide.__module__}.{decide.__qualname__}"


def _names(kinds: Any) -> str:
    alternatives = kinds if isinstance(kinds, tuple) else (kinds,)
    return " | ".join(getattr(kind, "__name__", str(kind)) for kind in alternatives)
