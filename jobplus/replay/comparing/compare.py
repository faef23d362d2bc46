"""A plan, and what is expected of its history, against the figures that reporting publishes: which are the same, which
differ, which are only shown."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from rich.table import Table

from jobplus.replay.planning.model import Plan
from jobplus.replay.planning.shares import percent, ratio

Verdict = Literal["same", "differs", "shown"]

NO_FIGURE = "-"
"""Stands where the figures say nothing, or the plan doesn't."""

UNPLANNED = "beside the plan, as the history says"
"""Stands over the rows of what no plan says, in a table."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what the plan says, what was got, and what comes of it.

    Where it is `unplanned`, the history says it instead.
    """

    figure: str
    plan: str
    got: str
    verdict: Verdict
    unplanned: bool = False


def rows(
    plan: Plan, figures: Mapping[str, object], scaled: bool, expected: Mapping[str, object] = MappingProxyType({})
) -> list[Row]:
    """Put everything that a plan says, and what is `expected` of its history, by figure, beside the figures, which are
    as `jobplus figures --json` prints them.

    A figure that is missing differs. Ratios that the plan only implies are shown; of a scaled plan all
    percentages, scores and top occupations are. What the history says is exact at any scale.
    """
    return [
        *_counts(plan, figures),
        *_ages(plan, figures, scaled),
        *_ratios(plan, figures),
        *_rest(plan, figures, scaled),
        *_unplanned(figures, expected),
    ]


def differences(compared: Iterable[Row]) -> list[Row]:
    """Give the rows that differ: with none the figures meet the plan."""
    return [row for row in compared if row.verdict == "differs"]


def _told(row: Row) -> dict[str, object]:
    """Give a row as whoever reads the command's JSON knows it."""
    told = asdict(row)
    told["beside"] = told.pop("unplanned")
    return told


def to_json(compared: Iterable[Row]) -> dict[str, object]:
    """Give {"exact", "differences", "figures"}, the latter two as lists of rows, with the names of their fields."""
    compared = list(compared)
    different = differences(compared)
    return {
        "exact": not different,
        "differences": [_told(row) for row in different],
        "figures": [_told(row) for row in compared],
    }


def render(compared: Iterable[Row]) -> Table:
    """Give a table for a terminal."""
    table = Table("figure", box=None, pad_edge=False)
    table.add_column("plan", justify="right")
    table.add_column("got", justify="right")
    table.add_column("")
    unplanned = False
    for row in compared:
        if row.unplanned and not unplanned:
            table.add_row()
            table.add_row(UNPLANNED, style="bold")
        unplanned = row.unplanned
        style = {"differs": "bold red", "same": "green"}.get(row.verdict, "dim")
        table.add_row(row.figure, row.plan, row.got, f"[{style}]{row.verdict}[/]")
    return table


def _counts(plan: Plan, figures: Mapping[str, object]) -> Iterator[Row]:
    yield _compared("as_of", plan.to, figures)
    counts: dict[str, int | None] = {
        "counsellors": plan.counsellors,
        "employers": plan.employers,
        "vacancies": plan.vacancies,
        "registered": plan.registered,
        "sessions.job": plan.sessions.job,
        "sessions.startup": plan.sessions.startup,
        **{f"sessions.by_channel.{channel}": held for channel, held in (plan.sessions.by_channel or {}).items()},
        "launches": plan.launches,
        "referrals": plan.referrals,
        "referred": plan.referred,
        "placed.total": plan.placed.total,
        **{f"placed.by_occupation.{code}": count for code, count in sorted(plan.placed.by_occupation.items())},
    }
    for figure, count in counts.items():
        if count is not None:
            yield _compared(figure, count, figures)


def _ages(plan: Plan, figures: Mapping[str, object], scaled: bool) -> Iterator[Row]:
    """A plan says shares, and any counts that print so will do; scaled, the counts that they come to are its word."""
    counts, shares = (_compared, _shown) if scaled else (_shown, _compared)
    for band, share in plan.placed.by_age_percent.items():
        if plan.placed.by_age is not None:
            yield counts(f"placed.by_age.{band}", plan.placed.by_age[band], figures)
        yield shares(f"placed.by_age_percent.{band}", share, figures)


def _ratios(plan: Plan, figures: Mapping[str, object]) -> Iterator[Row]:
    """What no plan says but every plan implies, for the reader."""
    yield _shown("placed.rate_percent", percent(plan.placed.total, plan.registered), figures)
    for code, count in sorted(plan.placed.by_occupation.items()):
        yield _shown(f"placed.by_occupation_percent.{code}", percent(count, plan.placed.total), figures)
    yield _shown("per_seeker.sessions", ratio(plan.sessions.job, plan.registered), figures)
    yield _shown("per_seeker.referrals", ratio(plan.referrals, plan.registered), figures)


def _rest(plan: Plan, figures: Mapping[str, object], scaled: bool) -> Iterator[Row]:
    """Internships, surveys, targets, and the top occupations, which follow from the rest."""
    for each in plan.internships:
        # Scaled down, or said to be none, nothing is published of the year.
        compared = _compared if each.completed else _shown
        yield compared(f"internships.{each.year}.completed", each.completed, figures)
        yield compared(f"internships.{each.year}.converted", each.converted, figures)
        yield _shown(f"internships.{each.year}.percent", percent(each.converted, each.completed), figures)
    held = {"surveys": _by_day(figures.get("surveys"))}
    for each in plan.surveys:
        # Scaled down to nobody, it isn't held.
        yield (_compared if each.asked else _shown)(f"surveys.{each.on}.asked", each.asked, held)
        yield (_shown if scaled else _compared)(f"surveys.{each.on}.score", each.score, held)
    if top := plan.unplaced_top_occupations:
        yield _top(f"unplaced_top_occupations.{top.year}", top.codes, figures, scaled)
    set_for = {"targets": _by_year_and_measure(figures.get("targets"))}
    for each in plan.targets:
        figure = f"targets.{each.year}.{each.measure}"
        yield _compared(f"{figure}.value", each.value, set_for)
        yield _shown(f"{figure}.forecast", None, set_for)


def _unplanned(figures: Mapping[str, object], expected: Mapping[str, object]) -> Iterator[Row]:
    """What is expected of the history; a year that only the figures tell visits of has none in the history."""
    figures = {**figures, "targets": _by_year_and_measure(figures.get("targets"))}
    told, visited = dict(expected), figures.get("visits")
    if expected and isinstance(visited, Mapping):
        for year in visited:
            for name in ("made", "plans_secured", "vacancies_found", "placed"):
                told.setdefault(f"visits.{year}.{name}", 0)
    for figure, value in told.items():
        yield replace(_compared(figure, value, figures), unplanned=True)


def _compared(figure: str, expected: object, figures: Mapping[str, object]) -> Row:
    got = _got(figure, figures)
    return Row(figure, _text(expected), _text(got), "same" if _same(expected, got) else "differs")


def _shown(figure: str, expected: object, figures: Mapping[str, object]) -> Row:
    return Row(figure, _text(expected), _text(_got(figure, figures)), "shown")


def _by_day(surveys: object) -> Mapping[object, object]:
    found: dict[object, object] = {}
    for survey in surveys if isinstance(surveys, list) else ():
        if isinstance(survey, Mapping):
            found[survey.get("on")] = survey
    return found


def _by_year_and_measure(targets: object) -> Mapping[object, object]:
    """Give the targets that are for all by the year and the measure."""
    found: dict[object, dict[object, object]] = {}
    for target in targets if isinstance(targets, list) else ():
        if isinstance(target, Mapping) and not target.keys() & {"programme", "group"}:
            found.setdefault(str(target.get("year")), {})[target.get("measure")] = target
    return found


def _top(figure: str, codes: Sequence[str], figures: Mapping[str, object], scaled: bool) -> Row:
    """Compare as many of the published codes as the plan names."""
    got = _got(figure, figures)
    first = list(got)[: len(codes)] if isinstance(got, list) else None
    verdict = "shown" if scaled else "same" if first == list(codes) else "differs"
    return Row(figure, " ".join(codes), NO_FIGURE if first is None else " ".join(map(str, first)), verdict)


def _got(figure: str, figures: Mapping[str, object]) -> object:
    """Follow the path into the figures; None where it leads nowhere."""
    got: object = figures
    for key in figure.split("."):
        got = got.get(key) if isinstance(got, Mapping) else None
    return got


def _text(value: object) -> str:
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return NO_FIGURE if value is None else str(value)


def _same(expected: object, got: object) -> bool:
    """Tell whether a figure is what the plan says: numbers by their value, so that 25 is 25.0, a day by its text."""
    if expected is None:
        return got is None
    if isinstance(expected, int | Decimal):
        is_number = isinstance(got, int | float | Decimal) and not isinstance(got, bool)
        return is_number and Decimal(str(got)) == expected
    return str(expected) == got
