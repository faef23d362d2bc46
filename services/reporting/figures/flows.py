"""Flows: what an event adds to the measures that count it by itself, as their rows say."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from contracts.event import Event
from services.reporting.figures.dimensions import Dimensions, Value
from services.reporting.figures.measures import PERSON, Measure
from services.reporting.figures.model import Fact
from services.reporting.figures.row import Amount, Sum
from services.reporting.figures.rows import SUMS

Read = Callable[[Any], Value | None]


class Flow(NamedTuple):
    """What a row counts of one type of event."""

    measure: Measure
    counts: Callable[[Any], bool] | None
    amount: Amount
    told: Callable[[Any], Dimensions]


def _reads(row: Sum, kind: type[Event]) -> dict[str, Read]:
    """Say how each dimension is read from an event."""
    reads: dict[str, Read] = {}
    for name in row.by:
        if name in row.told:
            reads[name] = row.told[name]
        elif name in PERSON and "person" in kind.model_fields:
            reads[name] = attrgetter(f"person.{name}")
        elif name in kind.model_fields:
            reads[name] = attrgetter(name)
        else:
            raise TypeError(f"{row.measure}: {kind.__name__} tells no {name}")
    return reads


def _told(row: Sum, kind: type[Event]) -> Callable[[Any], Dimensions]:
    """Make what reads the dimensions of an event, in the order of their names."""
    reads = sorted(_reads(row, kind).items())
    of_itself = [(name, read) for name, read in reads if name not in PERSON or name in row.told]

    def read_all(event: Any, pairs: Sequence[tuple[str, Read]] = reads) -> Dimensions:
        return tuple([(name, value) for name, read in pairs if (value := read(event)) is not None])

    def read_of_person(event: Any) -> Dimensions:
        return read_all(event, reads if event.person else of_itself)

    return read_of_person if "person" in kind.model_fields else read_all


def flows_of(rows: Iterable[Sum]) -> Mapping[type[Event], tuple[Flow, ...]]:
    """Say what rows count of each type of event. Raises TypeError for a dimension that an event doesn't tell."""
    found: defaultdict[type[Event], list[Flow]] = defaultdict(list)
    for row in rows:
        for kind, amount in row.events.items():
            found[kind].append(Flow(row.measure, row.where, amount, _told(row, kind)))
    return {kind: tuple(flows) for kind, flows in found.items()}


FLOWS: Mapping[type[Event], tuple[Flow, ...]] = flows_of(SUMS)
"""What is counted of each type of event."""


def facts(event: Event) -> list[tuple[Fact, int]]:
    """Give the facts, with their amounts, that an event adds by itself."""
    found: list[tuple[Fact, int]] = []
    for measure, counts, amount, told in FLOWS.get(type(event), ()):
        if counts is not None and not counts(event):
            continue
        added = amount if isinstance(amount, int) else amount(event)
        if added:
            found.append((Fact(measure, event.occurred_on, event.recorded_at, told(event)), added))
    return found
