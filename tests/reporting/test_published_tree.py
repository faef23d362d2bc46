"""What is published stays published: under its path, at its place, and the same of the same sums."""

import itertools
import json
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from services.reporting.figures.measures import Measure
from services.reporting.figures.period import Period
from services.reporting.figures.publish import publish
from services.reporting.figures.queries import Mismatch, Sides
from services.reporting.figures.rows import MEASURES
from services.reporting.figures.surveys import Survey

PUBLISHED = Path(__file__).with_name("published.json")
"""What was published of these sums when figures became rows. A figure that is new needs no line here."""

CODES = {
    "occupation": ("02", "11", "unknown"), "age_band": ("-29", "55-"), "source": ("referral", "internship"),
    "sector": ("private", "public"), "employment": ("permanent", "fixed_term"), "wanted": ("true", "false", "unknown"),
    "kind": ("job", "startup"), "channel": ("visit", "call"), "answer": ("accepted", "postponed"),
    "group": ("women", "unknown"), "reason": ("private_job", "in_work", "resigned", "unknown"),
    "stage": ("training", "ready"), "satisfaction": ("2", "5"), "step": ("1w", "1m", "6m"),
    "year": ("2009", "2010"), "found_in": ("2010", "unknown"), "completed_in": ("2009", "2010"),
    "plan_secured": ("true", "false"),
}  # fmt: skip


def counted(measure: Measure) -> dict[tuple[str, ...], int]:
    """Make sums of a measure that nobody else has: each by the name of what it is of."""
    by = ("step",) if measure.startswith("retention") else MEASURES[measure].rolled
    combined = itertools.product(*(CODES.get(name, ("one", "other")) for name in by))
    return {values: zlib.crc32(f"{measure} {values}".encode()) % 89 + 1 for values in combined}


def leaves(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(tree, dict) and tree:
        for name, branch in tree.items():
            yield from leaves(branch, f"{path}/{name}")
    else:
        yield path, tree


def tree() -> dict[str, Any]:
    return publish(
        {measure: counted(measure) for measure in MEASURES},
        Period(date(2010, 12, 31), date(2009, 2, 1), datetime(2011, 1, 5, 3, tzinfo=UTC)),
        unplaced={2009: ("02", "11"), 2010: ("11",)},
        mismatches={2010: Mismatch(("02", "11"), Sides(20, 7), Sides(9, 0))},
        targets=[{"year": 2010, "measure": "placed", "value": 900}],
        surveys=[
            Survey(date(2009, 1, 15), "a", 5, Counter({3: 1, 5: 2})),
            Survey(date(2010, 6, 1), "b", 9, Counter({4: 2})),
        ],
        by_year={"internships_started": {"2009": 3}, "internships_broken_off": {"2010": 1}},
    )


def test_what_was_published_is_published_at_its_place_and_says_the_same() -> None:
    pinned = [(path, value) for path, value in json.loads(PUBLISHED.read_text())]
    paths = {path for path, _ in pinned}
    assert len(paths) == len(pinned) > 150
    assert [leaf for leaf in leaves(tree()) if leaf[0] in paths] == pinned
