"""What a service's commands and rules promise each other, compared as the service is made, not as somebody asks.

A command says what it touches by the type that its `touches` returns; its rule takes those states in that order, then
the command, then Now. Both are read from the annotations, which the type checker compares with the code.
"""

from collections.abc import Callable, Sequence
from inspect import signature
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from chassis.batch.aggregates import Ref, Stores
from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Now


class Miswired(TypeError):
    """A command and its rule don't fit, or two rules decide one command."""


def wired(slices: Sequence[Deciders], stores: Stores) -> Deciders:
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
        if unkept := [kind for kind in touched if kind not in stores]:
            raise Miswired(f"{command.__name__} touches {_names(tuple(unkept))}, which no store keeps")
    return deciders


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
