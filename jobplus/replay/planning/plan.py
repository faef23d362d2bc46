"""A plan, read from its file and checked: the only way in, so whoever holds a Plan holds one that can be met."""

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from jobplus.replay.planning.checks import refusals
from jobplus.replay.planning.model import (
    Internships,
    Placed,
    Plan,
    PlanRefused,
    Sessions,
    Survey,
    Target,
    UnplacedTop,
)
from jobplus.replay.planning.shape import shaped
from jobplus.replay.planning.shares import age_counts

__all__ = [
    "Internships",
    "Placed",
    "Plan",
    "PlanRefused",
    "Sessions",
    "Survey",
    "Target",
    "UnplacedTop",
    "parse",
    "read",
]


def read(path: Path) -> Plan:
    """Read a plan from a JSON file. Raises PlanRefused, also where there is no such file or it is no JSON."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PlanRefused([f"{path} can't be read: {error}"]) from error
    try:
        data: object = json.loads(
            text, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_object_of_different_keys
        )
    except (ValueError, RecursionError) as error:
        raise PlanRefused([f"{path} is no JSON: {error}"]) from error
    return parse(data)


def parse(data: object) -> Plan:
    """Make a plan of what JSON says, numbers with a point as Decimal or float. Raises PlanRefused."""
    plan, malformed, reasons = shaped(data)
    reasons = [*reasons, *refusals(plan, malformed=malformed)]
    if reasons:
        raise PlanRefused(reasons)
    by_age = age_counts(plan.placed.total, plan.placed.by_age_percent) if plan.placed.by_age_percent else None
    return replace(plan, placed=replace(plan.placed, by_age=by_age))


def _no_number(constant: str) -> object:
    raise ValueError(f"{constant} is no number")


def _object_of_different_keys(pairs: list[tuple[str, object]]) -> Mapping[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = sorted({key for key, _ in pairs if sum(key == other for other, _ in pairs) > 1})
        raise ValueError(f"a key stands twice in one object: {', '.join(twice)}")
    return found
