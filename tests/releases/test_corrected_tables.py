"""What is told beside releases of their tables tells no more of anybody than releases may."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any, NamedTuple

import orjson
import pytest

from chassis.batch.decisions import Accepted
from services.reporting.corrections.commands import CompareRelease
from services.reporting.corrections.model import Correction, Place, Values
from services.reporting.corrections.places import Known, cell, cell_parts, compared, told
from services.reporting.corrections.rules import compare_release
from services.reporting.releases.contents import Tabulated, tabulated
from services.reporting.releases.document import Column, CrossTable, ReleaseDocument, Table
from services.reporting.releases.model import Release, Split
from services.reporting.releases.withholding import Point
from tests.releases.subtraction import Late, found_out
from tests.releases.test_withholding import DAYS, LIMIT, MONTHS, Groups, counted, decided, groups, more, now, split

WEEKS_LATER = date(2011, 2, 28)


class Beside(NamedTuple):
    """A release, and its corrections so far."""

    release: ReleaseDocument
    corrections: list[Correction]


class Centre:
    """Publishes releases and corrects the earlier ones while facts come late; `told` is all that everybody can read,
    with the totals of all as they are known at each time."""

    def __init__(self, rnd: random.Random) -> None:
        self.told: list[Any] = []
        self.late: list[Late] = []
        self.corrected: list[Place] = []
        self._rnd = rnd
        self._groups: Groups = groups(rnd)
        self._points: dict[Split, list[Point]] = {}
        self._releases: list[Beside] = []

    def hear_late(self, until: date) -> None:
        """Have some of a month become known, and others turn out to be none."""
        month = self._rnd.choice([one for one in MONTHS if one <= until])
        self.late.append((len(self.late) + 1, month))
        for of_month in {id(one): one for (_, of), one in self._groups.items() if of == month}.values():
            for _ in range(self._rnd.randrange(8)):
                of_month.pop(self._rnd.randrange(len(of_month)))
            of_month.extend(more(self._rnd, self._rnd.randrange(8)))

    def publish(self, day: date) -> None:
        """Publish a release, and lay what is known beside those before it."""
        known = replace(counted(split(self._groups)), position=len(self.late))
        outcome = decided(Release(day, "main", LIMIT, counted=known, points=self._points), WEEKS_LATER)
        assert isinstance(outcome, Accepted)
        written = outcome.states[0].written
        self._keep(written.points)
        for one in self._releases:
            self._compare(one, day)
        self.told.append(orjson.loads(written.document))
        self._releases.append(Beside(ReleaseDocument.model_validate_json(written.document), []))

    def _compare(self, beside: Beside, newest: date) -> None:
        release, corrections = beside
        made = tabulated(release.columns, split(self._groups), self._points, LIMIT)
        known = Known(told(release), made, len(self.late))
        comparison = compared(release, corrections, known, newest=newest, is_behind=False)
        outcome = compare_release(comparison, CompareRelease(release.release), now(WEEKS_LATER))
        assert isinstance(outcome, Accepted)
        correction = outcome.states[0].made
        figures: Values = {one.place: one.known for one in correction.figures} if correction else {}
        if correction:
            corrections.append(correction)
            self.corrected += figures
            self._keep({of: [replace(one, is_corrected=True) for one in each] for of, each in made.points.items()})
        self.told.append(_as_told(release.columns, made, figures, len(self.late)))

    def _keep(self, points: Mapping[Split, Sequence[Point]]) -> None:
        for of, new in points.items():
            self._points.setdefault(of, []).extend(new)


def _as_told(columns: Sequence[Column], made: Tabulated, corrected: Values, position: int) -> Any:
    """Write a correction as a release would be: of its tables the totals, and those counts that are corrected."""

    def line(table: Table | CrossTable, by: Sequence[str], values: Sequence[str]) -> dict[str, Any]:
        name = cell(table.measure, by, values)
        return {column.name: corrected.get(Place(name, column.name)) for column in columns}

    values = {(table.measure, table.by): [one.value for one in table.lines] for table in made.tables}
    return {
        "position": position,
        "columns": [column.model_dump(mode="json") for column in columns],
        "tables": [
            {
                "measure": table.measure,
                "by": table.by,
                "totals": table.totals,
                "lines": [{"value": one.value, "counts": line(table, [table.by], [one.value])} for one in table.lines],
            }
            for table in made.tables
        ],
        "cross_tables": [
            {
                "measure": table.measure,
                "by": [*table.by],
                "lines": [
                    {"values": [*pair], "counts": line(table, table.by, pair)}
                    for pair in product(*(values[table.measure, by] for by in table.by))
                ],
            }
            for table in made.cross_tables
        ],
    }


def over_time(seed: int) -> Centre:
    """Give a centre of which five releases were published, while facts came late four times."""
    rnd = random.Random(seed)
    centre = Centre(rnd)
    for place, day in enumerate(DAYS[2:23:5]):
        if place:
            centre.hear_late(day)
        centre.publish(day)
    return centre


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_small_count_follows_from_releases_and_all_their_corrections(seed: int) -> None:
    centre = over_time(seed)
    assert found_out(centre.told, LIMIT, centre.late) == []
    corrected = Counter(len(cell_parts(one.figure)[1]) for one in centre.corrected)
    assert min(corrected[1], corrected[2]) > 20, corrected


def test_the_attack_finds_a_count_that_is_corrected_carelessly() -> None:
    opened, day = date(2009, 1, 28), DAYS[2]
    release, correction = (
        {
            "position": position,
            "columns": [{"name": "since_opening", "first": str(opened), "last": str(day)}],
            "tables": [
                {
                    "measure": "placed",
                    "by": "gender",
                    "totals": {"since_opening": total},
                    "lines": [
                        {"value": "female", "counts": {"since_opening": None}},
                        {"value": "male", "counts": {"since_opening": male}},
                    ],
                }
            ],
        }
        for position, male, total in ((0, 40, 90), (1, 43, 97))
    )
    found = found_out([release, correction], LIMIT, [(1, opened)])
    assert [(one.values, one.count, one.after, one.last, one.known) for one in found] == [
        (("female",), 4, day, day, (0, 1)),
        (("male",), 3, day, day, (0, 1)),
    ]
