"""Charts compared as pictures with those that were looked at and kept: a bar, tile or letter out of place shows."""

import os

import pytest
from PIL import Image

from chassis.words import Language
from services.reporting.drawing.model import Bars, Chart, Columns, Goals, Panel, Tiles
from tests.pages import pictures
from tests.pages.pictures import DRAWN, MOST_PIXELS, others, picture, reference, sample


@pytest.fixture(autouse=True, scope="module")
def _font() -> None:
    if not pictures.FONT.exists():
        assert not os.environ.get("CI"), "no font: apt-get install fonts-noto-cjk"
        pytest.skip("no font: apt-get install fonts-noto-cjk")


def _with_one_wrong(chart: Chart) -> Chart:
    """Give a chart in which one amount of all is wrong: a bar by a fiftieth, a month's small column by a tenth, a tile
    by its shade."""
    drawing = chart.drawing
    match drawing:
        case Bars(panels=panels) | Columns(panels=panels):
            first, *bars = panels[0].bars
            part = 0.9 if isinstance(drawing, Columns) else 0.98
            wrong = first.model_copy(update={"amount": (first.amount or 0) * part})
            panel = Panel(title=panels[0].title, bars=(wrong, *bars))
            update = {"panels": (panel, *panels[1:])}
            if isinstance(drawing, Bars):
                update["most"] = drawing.most or max(bar.amount or 0 for bar in panels[0].bars)
        case Tiles(tiles=tiles, least=least, most=most):
            first, *rest = tiles
            wrong = most if (first.amount or 0) < (least + most) / 2 else least
            update = {"tiles": (first.model_copy(update={"amount": wrong}), *rest)}
        case Goals(goals=goals):
            first, *rest = goals
            update = {"goals": (first.model_copy(update={"reached": (first.reached or 0) * 0.98}), *rest)}
    return chart.model_copy(update={"drawing": drawing.model_copy(update=update)})


@pytest.mark.parametrize(("name", "language"), DRAWN)
def test_a_chart_looks_as_it_did_when_it_was_looked_at_and_a_wrong_amount_shows(name: str, language: Language) -> None:
    kept = Image.open(reference(name, language)).convert("L")
    chart = sample(name, language)
    assert others(picture(chart), kept) <= MOST_PIXELS
    assert others(picture(_with_one_wrong(chart)), kept) > MOST_PIXELS


def test_every_kind_of_chart_is_compared() -> None:
    assert {type(sample(name, language).drawing) for name, language in DRAWN} == {Bars, Columns, Tiles, Goals}
