"""docs/figures.md tells of everything that a plan may say and reporting publishes."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel

from contracts.codes import AGE_BANDS, CHANNELS
from jobplus.replay.plan import parse
from jobplus.replay.shape import PlanShape
from services.reporting.figures.measures import MEASURES, Measure
from services.reporting.figures.period import Period
from services.reporting.figures.publish import publish
from tests.replay.plans import a_plan

PAGE = (Path(__file__).parents[2] / "docs" / "figures.md").read_text()


def section(title: str) -> str:
    """What stands under a heading of the page."""
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"the page has no section {title}"
    return found[1]


def keys_of(schema: Mapping[str, object], shapes: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    """All keys of a JSON schema's objects, those inside included."""
    properties = schema.get("properties", {})
    assert isinstance(properties, Mapping)
    yield from properties
    for shape in shapes.values():
        yield from keys_of(shape, {})


def plan_keys(shape: type[BaseModel]) -> set[str]:
    schema = shape.model_json_schema()
    return set(keys_of(schema, schema["$defs"]))


def figures() -> Mapping[str, object]:
    nothing: dict[Measure, dict[tuple[str, ...], int]] = {measure: {} for measure in MEASURES}
    return publish(nothing, Period(date(2011, 1, 27)))


def figure_names(published: Mapping[str, object], above: str = "") -> Iterator[str]:
    """The figures' names as the page writes them: inside a key by a dot, but not down to codes and bands."""
    for key, value in published.items():
        if isinstance(value, Mapping) and "." not in above + key and key in ("placed", "sessions", "per_seeker"):
            yield from figure_names(value, f"{key}.")
        else:
            yield above + key


@pytest.mark.parametrize("key", sorted(plan_keys(PlanShape)))
def test_every_key_of_a_plan_is_described(key: str) -> None:
    assert f"`{key}`" in section("What a plan says")


@pytest.mark.parametrize("name", sorted(figure_names(figures())))
def test_every_published_figure_is_described(name: str) -> None:
    when = section("When something counts")
    table = section("What each figure counts")
    assert any(line.startswith("| `") and f"`{name}`" in line.split("|")[1] for line in table.splitlines()) or (
        name in ("as_of", "from", "known_at") and f"`{name}`" in when
    )


def test_no_figure_is_described_that_nobody_publishes_or_plans() -> None:
    table = section("What each figure counts")
    described = {
        name for line in table.splitlines() if line[:3] == "| `" for name in line.split("|")[1].split("`")[1::2]
    }
    assert described <= {*figure_names(figures()), *plan_keys(PlanShape)}


def test_bands_and_channels_are_those_of_the_code_lists() -> None:
    table = section("What each figure counts")
    assert all(f"`{code}`" in table for code in (*AGE_BANDS, *CHANNELS))


def test_the_needed_keys_are_those_without_which_a_plan_is_refused() -> None:
    needed = {
        key
        for line in section("What a plan says").splitlines()
        if "| yes |" in line
        for key in line.split("|")[1].split("`")[1::2]
    }
    assert needed == set(a_plan())
    parse(a_plan())
    assert needed == {field.alias or name for name, field in PlanShape.model_fields.items() if field.is_required()}
