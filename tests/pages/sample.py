"""A centre's release documents for tests: figures that fit together, none of them a real person's."""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product
from typing import Any, NamedTuple

from contracts.codes import OCCUPATIONS
from services.reporting.corrections import places
from services.reporting.corrections.model import Place
from services.reporting.figures.measures import Dimension
from services.reporting.releases.contents import CROSS_TABLES, TABLES, VALUES
from services.reporting.releases.document import ReleaseDocument

OPENED = date(2009, 1, 28)
SHARES = (30, 255, 20, 12, 5, 28, 60, 71, 45, 68, 174, 22, 40, 18, 15, 8, 4, 12, 16, 34, 9, 38, 3, 1)

CORRECTED = {
    Place("placed.total", "since_opening"),
    Place("placed", month="2010-02"),
    Place(places.cell("placed", ["occupation"], ["02"]), "since_opening"),
    Place(places.cell("placed", ["occupation", "gender"], ["02", "female"]), "year"),
}


class Made(NamedTuple):
    """A release as it is stored."""

    day: date
    published_on: date
    position: int
    hash: str
    previous: str | None
    body: bytes


def made(days: Sequence[date] = (date(2009, 12, 31), date(2010, 11, 30), date(2010, 12, 31))) -> list[Made]:
    """Make releases, each with the hash of the one before it."""
    releases: list[Made] = []
    for number, day in enumerate(days):
        previous = releases[-1].hash if releases else None
        body = document(day, 100_000 * (number + 1), previous).model_dump_json().encode()
        published_on = day + timedelta(days=27)
        releases.append(
            Made(day, published_on, 100_000 * (number + 1), hashlib.sha256(body).hexdigest(), previous, body)
        )
    return releases


def corrections(of: ReleaseDocument) -> list[dict[str, Any]]:
    """Say what became known of a release's figures and tables since: of each eight more."""
    told = {**places.told(of), **places.in_tables(of, of)}
    corrected = [one for one in told if one in CORRECTED]
    return [{**one._asdict(), "published": told[one], "known": (told[one] or 0) + 8} for one in corrected]


def document(day: date, position: int, previous: str | None) -> ReleaseDocument:
    """Say what the centre published as of a day: 17,714 placed of 35,939 at the end of 2010."""
    share = min((day - OPENED).days / 702, 1.0)
    registered, placed = round(35_939 * share), round(17_714 * share)
    names = ["since_opening"] if day.year == OPENED.year else ["since_opening", "year", "year_before"]
    parts = {"since_opening": 1.0, "year": 0.55, "year_before": 0.45}

    def counts(total: float) -> dict[str, int]:
        return {name: round(total * parts[name]) for name in names}

    def headline(figure: str, values: dict[str, Any], *, is_count: bool = True) -> dict[str, Any]:
        told = {"figure": figure, "values": values}
        if "year" in values:
            told["change"] = round(values["year"] - values["year_before"], 1)
            if is_count and values["year_before"]:
                told["change_percent"] = round(100 * told["change"] / values["year_before"], 1)
        return told

    def table(measure: str, by: str, total: int, values: Sequence[str], weights: Sequence[int]) -> dict[str, Any]:
        whole = sum(weights)
        lines = []
        for value, weight in zip(values, weights, strict=True):
            line = counts(total * weight / whole)
            lines.append({"value": value, "counts": {k: None if 0 < n < 30 else n for k, n in line.items()}})
        return {"measure": measure, "by": by, "totals": counts(total), "lines": lines}

    def cross_table(measure: str, by: tuple[Dimension, ...], total: int) -> dict[str, Any]:
        rows, columns = (dict(zip(VALUES[one], weights[one], strict=True)) for one in by)
        whole = sum(rows.values()) * sum(columns.values())
        lines = []
        for row, column in product(rows, columns):
            line = counts(total * rows[row] * columns[column] / whole)
            told = {name: None if 0 < count < 30 else count for name, count in line.items()}
            lines.append({"values": (row, column), "counts": told})
        return {"measure": measure, "by": by, "lines": lines}

    totals = {
        "registered": registered,
        "placed": placed,
        "self_found": round(3_100 * share),
        "sessions": round(261_843 * share),
        "referrals": round(91_585 * share),
        "launches": round(170 * share),
    }
    weights = {by: [3 + (7 * number) % 23 for number in range(len(values))] for by, values in VALUES.items()}
    weights |= {"occupation": [*SHARES], "age_band": [299, 206, 251, 244], "gender": [52, 48]}
    months = [f"{y}-{m:02}" for y in (2009, 2010) for m in range(1, 13) if (y, m) <= (day.year, day.month)]
    percents = {name: round(100 * part, 1) for name, part in {"since_opening": 0.493}.items()}
    if "year" in names:
        percents |= {"year": 51.2, "year_before": 46.9}
    figures = [
        headline("registered", counts(registered)),
        headline("placed.total", counts(placed)),
        headline("placed.rate_percent", percents, is_count=False),
        *(
            headline(f"placed.by_occupation_percent.{code}", {"since_opening": weight / 10.0}, is_count=False)
            for code, weight in zip(OCCUPATIONS, SHARES, strict=True)
        ),
        headline("placed.by_age_percent.-29", {"since_opening": 29.9}, is_count=False),
        headline("placements", counts(placed * 1.04)),
        headline("sessions.total", counts(261_843 * share)),
        headline("sessions.job", counts(254_240 * share)),
        headline("per_seeker.sessions", {name: 7.1 for name in names}, is_count=False),
        headline("referrals", counts(91_585 * share)),
        headline("referred", counts(24_310 * share)),
        headline("launches", counts(170 * share)),
        headline("employers", counts(24_000 * share)),
        {"figure": "after_placement.satisfaction.average", "values": dict.fromkeys(names)},
    ]
    return ReleaseDocument.model_validate(
        {
            "centre": "main",
            "release": day,
            "published_on": day + timedelta(days=27),
            "position": position,
            "previous": previous,
            "limit": 5,
            "columns": [
                {"name": "since_opening", "first": OPENED, "last": day},
                *(
                    []
                    if len(names) == 1
                    else [
                        {"name": "year", "first": date(day.year, 1, 1), "last": day},
                        {
                            "name": "year_before",
                            "first": date(day.year - 1, 1, 1),
                            "last": date(day.year - 1, day.month, day.day),
                        },
                    ]
                ),
            ],
            "figures": figures,
            "tables": [
                table(one.since_opening, one.by[0], totals[one.since_opening], VALUES[one.by[0]], weights[one.by[0]])
                for one in TABLES
            ],
            "cross_tables": [
                cross_table(one.since_opening, one.by, totals[one.since_opening]) for one in CROSS_TABLES
            ],
            "months": [
                {"month": month, "counts": {"registered": 1200 + 61 * n % 700, "placed": 500 + 37 * n % 400}}
                for n, month in enumerate(months)
            ],
            "internships": {
                str(day.year): {"started": 702, "broken_off": 31, "completed": 644, "converted": 435, "percent": 67.5}
            },
            "retention": {
                "1": {"due": 15_000, "reached": 12_000, "still_employed": 11_000, "percent": 91.7},
                "12": {"due": 6_000, "reached": 0, "still_employed": 0, "percent": None},
            },
            "surveys": [one for one in [
                {"on": "2009-12-10", "asked": 400, "answered": 290, "score": 65.4, "percent_satisfied": 58.1,
                 "change": None},
                {"on": "2010-07-12", "asked": 400, "answered": 301, "score": 70.2, "percent_satisfied": 66.4,
                 "change": 4.8},
            ] if one["on"] <= str(day)],
            "targets": [
                {"year": 2010, "measure": "placed", "value": 12_000, "reached": 9_743, "so_far": 811.9,
                 "needed": None, "forecast": 9_743, "interval": [9_743, 9_743], "on_track": False},
                {"year": 2010, "measure": "internship_conversion_percent", "value": 60.0, "reached": 67.5,
                 "so_far": None, "needed": None, "forecast": 67.5, "interval": [66.0, 69.1], "on_track": True},
                {"year": 2010, "measure": "launches", "value": 100, "reached": 94, "so_far": 7.8, "needed": None,
                 "forecast": None, "interval": None, "on_track": None},
            ],
        }
    )  # fmt: skip
