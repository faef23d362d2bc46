"""A release beside what is known of its figures now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from contracts.reports import CorrectionReason
from services.reporting.releases.document import ColumnName, Number
from services.reporting.releases.model import Split
from services.reporting.releases.withholding import Point


class Place(NamedTuple):
    """Where a release tells a figure: its address, with the column of one that is told in columns, or the month
    (`2010-12`) of a measure that is told by month. What is told once has neither. A count of a table is named by what
    it is of (`placed:occupation=24`), with its column."""

    figure: str
    column: ColumnName | None = None
    month: str | None = None

    @property
    def is_in_a_table(self) -> bool:
        """Whether it is a count of a table."""
        return ":" in self.figure


Values = Mapping[Place, Number | None]
"""Figures by their places; None where one divides by nothing."""


class Corrected(NamedTuple):
    """A figure of a release, by its place, as it was told last, and as it is known."""

    figure: str
    column: ColumnName | None
    published: Number | None
    known: Number | None
    month: str | None = None

    @property
    def place(self) -> Place:
        """Where the release tells it."""
        return Place(self.figure, self.column, self.month)


class Correction(NamedTuple):
    """Figures of a release that became known better, as they were told at once; `number` counts a release's from 1.
    `position` is that of the ledger's last event that is known in it."""

    number: int
    corrected_on: date
    corrected_by: str
    position: int
    reason: CorrectionReason | None
    figures: Sequence[Corrected]

    @property
    def tells_of_tables(self) -> bool:
        """Whether a count of a table is corrected."""
        return any(one.place.is_in_a_table for one in self.figures)

    def view(self) -> dict[str, Any]:
        """Give it as everybody reads it: without who made it."""
        figures = [one._asdict() for one in self.figures]
        return {name: value for name, value in self._asdict().items() if name != "corrected_by"} | {"figures": figures}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A release's figures as they were `told` last, by itself or by its last correction, and as they are `known` up to
    `position` in the ledger.

    `number` is that of its last correction, 0 where there is none; `newest` the last release's day. `points` are those
    that its tables are made of, as they are known, but for those that were told before. `made` is a correction that is
    still to be kept. `is_behind`: events have arrived that are still to be counted, or nobody looks whether they have.
    """

    day: date
    newest: date
    told: Values
    known: Values
    position: int
    number: int
    is_behind: bool
    points: Mapping[Split, Sequence[Point]] = field(default_factory=dict[Split, Sequence[Point]])
    made: Correction | None = None

    @property
    def differences(self) -> list[Corrected]:
        """The figures that are known otherwise than they were told, in the release's order."""
        return [
            Corrected(place.figure, place.column, value, self.known[place], place.month)
            for place, value in self.told.items()
            if place in self.known and value != self.known[place]
        ]
