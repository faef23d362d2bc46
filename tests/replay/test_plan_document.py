"""docs/figures.md describes every key of a plan, every figure and every refusal."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Set
from datetime import date
from pathlib import Path
from typing import cast, get_args

from contracts.targets import TARGET_MEASURES, TargetGroup
from jobplus.replay.comparing.compare import rows
from jobplus.replay.planning.checks import CHECKS
from jobplus.replay.planning.plan import read
from jobplus.replay.planning.shape import PlanShape
from services.reporting.figures.period import Period
from services.reporting.figures.publish import publish

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "figures.md").read_text(encoding="utf-8")
NO_FIGURES = publish(defaultdict(Counter), Period(date(2011, 1, 27)))
"""What reporting publishes before anything has happened."""


def section(title: str) -> str:
    """The text under a heading, up to the next of the same depth."""
    found = re.search(
        rf"^{re.escape(title)}\n(.*?)(?=^#{{1,{title.count('#')}}} |\Z)", DOCUMENT, re.MULTILINE | re.DOTALL
    )
    assert found is not None
    return found[1]


def figure_names(figures: Mapping[str, object], described: Set[str], before: str = "") -> Iterator[str]:
    """Name what is published: the figures that are described, and what is published beside them."""
    for key, figure in figures.items():
        if isinstance(figure, dict) and before + key not in described:
            yield from figure_names(cast(dict[str, object], figure), described, f"{before}{key}.")
        else:
            yield before + key


def test_every_figure_is_described() -> None:
    described = re.findall(r"^\| `([^`]+)` \|", section("## What each figure counts"), re.MULTILINE)

    assert {*figure_names(NO_FIGURES, {*described})} == {*described}
    assert len({*described}) == len(described) > 60


def test_every_target_measure_and_group_is_described() -> None:
    lines = re.findall(r"^\| (`[^|]+`) \| [^|]+ \|$", section("## Targets"), re.MULTILINE)

    assert {name for line in lines for name in re.findall(r"`(\w+)`", line)} == {
        *TARGET_MEASURES,
        *get_args(TargetGroup),
    }


def test_every_key_of_a_plan_is_described() -> None:
    schema = PlanShape.model_json_schema()
    shapes = [schema, *schema["$defs"].values()]
    keys = {key for shape in shapes for key in shape.get("properties", {})}

    assert {"from", "converted", "codes", "measure", "by_channel"} <= keys
    table = section("## The plan").split("###")[0]
    assert {key for key in keys if f"`{key}`" not in table} == set()


def test_every_needed_key_is_marked() -> None:
    needed = set(PlanShape.model_json_schema()["required"])
    lines = re.findall(r"^\| (`.*`) \| yes \|", section("## The plan"), re.MULTILINE)

    assert {re.findall(r"`(\w+)`", line)[0] for line in lines} | {"to"} == needed


def test_every_refusal_is_described_in_its_order() -> None:
    assert re.findall(r"^\| ([^`|]+?) \| [^|]+ \|$", section("### Refusals"), re.MULTILINE)[1:] == [
        check.name for check in CHECKS
    ]


def test_every_figure_that_is_compared_is_published() -> None:
    plan = read(ROOT / "plans" / "two-years.json")
    compared = rows(plan, NO_FIGURES, scaled=False)

    assert {row.figure for row in compared if row.got == "-"} <= {
        row.figure
        for row in compared
        # Of nothing there are no ratios and no top occupations.
        if "percent" in row.figure
        or row.figure.startswith(("per_seeker.", "internships.", "surveys.", "unplaced_top_occupations.", "targets."))
    }
