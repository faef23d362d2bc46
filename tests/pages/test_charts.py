"""Charts: what they show, in both languages; how they are drawn apart, and what a reader gets where they can't be."""

import asyncio
import re
import sys
from datetime import date
from typing import Any, cast

import pytest

from chassis.words import LANGUAGES, Language
from services.reporting.drawing import looks
from services.reporting.drawing.charts import whole_marks
from services.reporting.drawing.model import Bars, Chart, Columns, Tiles
from services.reporting.pages.answers import Asked, NoPage, _response
from services.reporting.pages.charts import api, rendered
from services.reporting.pages.charts.chosen import ON_THE_RELEASE, charts
from services.reporting.pages.charts.rendered import Charts, NotDrawn
from services.reporting.pages.rendered import Answer, Pages
from services.reporting.pages.sheets import sheets
from services.reporting.releases.document import Line, ReleaseMonth
from services.reporting.releases.queries import Released
from services.reporting.settings import ReportingSettings
from tests.pages.sample import document, made

DAY = date(2010, 12, 31)
DOCUMENT = document(DAY, 1, None)
HASH = "0" * 64

FAILS = (sys.executable, "-c", "raise SystemExit(1)")
HANGS = (sys.executable, "-c", "import time; time.sleep(60)")
BREAKS_OFF = (sys.executable, "-c", "print('{\"name\": \"by-month\", \"svg\": \"<svg/>\"}', flush=True); raise SystemExit(1)")  # fmt: skip # noqa: E501
REFUSES = (
    sys.executable,
    "-c",
    "import json, sys\nfor one in json.load(sys.stdin): print(json.dumps({'name': one['name'], 'error': 'no'}))",
)


def bars_of(chart: Chart) -> list[Any]:
    drawing = chart.drawing
    if isinstance(drawing, Tiles):
        return [*drawing.tiles]
    assert isinstance(drawing, Bars | Columns)
    return [bar for panel in drawing.panels for bar in panel.bars]


def test_shades_go_from_the_fewest_to_the_most_so_that_districts_alike_in_size_are_told_apart() -> None:
    of = document(DAY, 1, None)
    (districts,) = [one for one in of.tables if (one.measure, one.by) == ("registered", "district")]
    for place, line in enumerate(districts.lines):
        line.counts["since_opening"] = 1_300 + place
    drawing = charts(of, "en")["registered-by-district"].drawing
    assert isinstance(drawing, Tiles)
    assert (drawing.least, drawing.most) == (1_300, 1_324)
    for line in districts.lines:
        line.counts["since_opening"] = 1_300
    drawing = charts(of, "en")["registered-by-district"].drawing
    assert isinstance(drawing, Tiles)
    assert (drawing.least, drawing.most) == (0, 1_300)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("day", [date(2009, 12, 31), date(2010, 11, 30), DAY])
def test_every_table_has_a_chart_whose_amounts_are_its_cells(day: date, language: Language) -> None:
    of = document(day, 1, None)
    tables = {sheet.name: sheet for sheet in sheets(of, language)}
    made_of = charts(of, language)
    told = {
        name
        for name, table in tables.items()
        if any(isinstance(c.plain, int | float) for r in table.rows for c in r.cells)
    }
    assert {*made_of} == told
    assert told >= ON_THE_RELEASE
    assert [*made_of][: len(ON_THE_RELEASE)] == [name for name in made_of if name in ON_THE_RELEASE]
    for name, chart in made_of.items():
        if name == "targets":
            continue
        shown = {cell.shown for row in tables[name].rows for cell in row.cells}
        assert {bar.shown for bar in bars_of(chart)} <= shown, name
        assert len({chart.title, chart.alt, chart.source}) == 3


def test_what_is_withheld_has_no_length_and_no_shade_and_says_so() -> None:
    soldiers = next(bar for bar in bars_of(charts(DOCUMENT, "ko")["placed-by-occupation"]) if bar.label == "군인")
    assert (soldiers.amount, soldiers.shown) == (None, "비공개")
    tables = [
        one.model_copy(
            update={"lines": [Line(value=line.value, counts=dict.fromkeys(line.counts)) for line in one.lines]}
        )
        for one in DOCUMENT.tables
    ]
    hidden = charts(DOCUMENT.model_copy(update={"tables": tables}), "ko")
    assert {name for name in hidden if "-by-" in name} == set(), "nothing to draw is no chart"
    one_told = DOCUMENT.tables[2].model_copy(
        update={"lines": [*DOCUMENT.tables[2].lines[:1], *tables[2].lines[1:]]}  # registered by district
    )
    tiles = bars_of(charts(DOCUMENT.model_copy(update={"tables": [one_told]}), "ko")["registered-by-district"])
    assert [tile.shown for tile in tiles if tile.amount is None] == ["비공개"] * 24


def test_each_district_has_a_tile_of_its_own() -> None:
    tiles = bars_of(charts(DOCUMENT, "ko")["placed-by-district"])
    assert len(tiles) == len({(tile.column, tile.line) for tile in tiles}) == 25
    assert "서울 밖" not in {tile.name for tile in tiles}


def test_a_year_stands_beside_the_year_before_it_and_ages_in_their_order() -> None:
    chart = charts(DOCUMENT, "ko")["placed-by-age-band"]
    assert isinstance(chart.drawing, Bars)
    assert chart.drawing.series == ("2010년", "2009년")
    assert list(dict.fromkeys(bar.label for bar in bars_of(chart))) == ["29세 이하", "30~39세", "40~54세", "55세 이상"]
    first = charts(document(date(2009, 12, 31), 1, None), "ko")["placed-by-age-band"]
    assert isinstance(first.drawing, Bars)
    assert first.drawing.series == ()


@pytest.mark.parametrize(("months", "ticks"), [(1, 1), (4, 4), (24, 4), (60, 2), (200, 4)])
def test_few_months_are_named_under_the_columns(months: int, ticks: int) -> None:
    start = 2009 * 12
    told = [
        ReleaseMonth(month=f"{at // 12}-{at % 12 + 1:02}", counts={"registered": 5})
        for at in range(start, start + months)
    ]
    drawing = charts(DOCUMENT.model_copy(update={"months": told}), "ko")["by-month"].drawing
    assert isinstance(drawing, Columns)
    assert len(drawing.ticks) == ticks
    assert drawing.ticks[0].endswith(". 1.")


@pytest.mark.parametrize(
    ("most", "marks"),
    [(0, [0, 1]), (1, [0, 1]), (3, [0, 1, 2, 3]), (7, [0, 2, 4, 6, 8]), (105, [0, 50, 100, 150]),
     (799, [0, 200, 400, 600, 800]), (4_001, [0, 2_000, 4_000, 6_000])],
)  # fmt: skip
def test_an_axis_has_few_round_whole_numbers(most: int, marks: list[int]) -> None:
    assert whole_marks(most) == marks


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_colours_stand_out_from_white_and_differ_for_who_sees_no_colours() -> None:
    for colour in (looks.NOW, looks.BEFORE, looks.EXPECTED):
        assert _contrast(colour, "#ffffff") >= 3, colour
    assert _contrast(looks.NOW, looks.BEFORE) >= 2
    shades = [_luminance(shade) for shade in looks.SHADES]
    assert shades == sorted(shades, reverse=True)
    for place, shade in enumerate(looks.SHADES):
        assert _contrast(shade, "#ffffff" if place >= looks.LIGHT_ON else looks.INK) >= 4.5, shade


@pytest.fixture(scope="module")
def drawn() -> dict[Language, dict[str, str]]:
    """The charts of the sample's page, as the process that draws makes them: of each kind some."""

    async def both() -> dict[Language, dict[str, str]]:
        apart = Charts()

        async def of(language: Language) -> dict[str, str]:
            names = sorted(ON_THE_RELEASE)
            svgs = await asyncio.gather(*(apart.svg(HASH, DOCUMENT, language, name) for name in names))
            return {name: svg.decode() for name, svg in zip(names, svgs, strict=True)}

        return {language: await of(language) for language in LANGUAGES}

    with pytest.MonkeyPatch.context() as patient:
        patient.setattr(rendered, "MOST_WAIT_SECONDS", 300)
        patient.setattr(rendered, "MOST_SECONDS", 300)
        return asyncio.run(both())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chart_is_text_and_shapes_in_the_size_that_pages_keep_free(
    drawn: dict[Language, dict[str, str]], language: Language
) -> None:
    for name, svg in drawn[language].items():
        chart = charts(DOCUMENT, language)[name]
        assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
        assert f'viewBox="0 0 {looks.WIDTH} {chart.height}"' in svg, name
        addresses = set(re.findall(r"https?://[^\"' ]+", svg))
        assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
        assert not re.search(r"<script|<foreignObject|<image| href=| style=| on\w+=", svg), name
        assert set(re.findall(r'font-family="([^"]+)"', svg)) == {looks.FONTS}
        said = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
        assert chart.title in said
        assert chart.source in said
        if name != "targets" and name != "by-month":
            assert {bar.shown for bar in bars_of(chart)} <= {*said}, name


def test_a_chart_has_a_bar_for_each_amount_and_none_for_what_is_withheld(drawn: dict[Language, dict[str, str]]) -> None:
    svg = drawn["ko"]["placed-by-occupation"]
    widths = [float(width) for width in re.findall(rf'<path d="M0,[^"]*h([\d.]+)v[^"]*" fill="{looks.NOW}"', svg)]
    amounts = [bar.amount or 0 for bar in bars_of(charts(DOCUMENT, "ko")["placed-by-occupation"])]
    assert len(widths) == len(amounts) == 24
    assert [round(width / widths[0], 2) for width in widths] == [round(amount / amounts[0], 2) for amount in amounts]
    tiles = drawn["ko"]["registered-by-district"]
    assert sum(tiles.count(f'fill="{shade}"') for shade in looks.SHADES) >= 25


async def test_a_chart_is_drawn_once_and_all_of_a_page_by_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    apart = Charts()
    begin = Charts._begun

    async def counted(self: Charts, kind: Any) -> Any:
        begun.append(kind)
        return await begin(self, kind)

    monkeypatch.setattr(Charts, "_begun", counted)
    monkeypatch.setattr(rendered, "MOST_WAIT_SECONDS", 120)
    apart.begin(HASH, DOCUMENT, "ko")
    one, other, again = await asyncio.gather(
        *(apart.svg(HASH, DOCUMENT, "ko", name) for name in ("way", "surveys", "way"))
    )
    assert one is again
    assert one != other
    assert begun == ["svg"]
    picture = await apart.png(HASH, DOCUMENT, "ko", "way")
    assert picture.startswith(b"\x89PNG")
    assert begun == ["svg", "png"]
    alone = charts(DOCUMENT, "en")["way"]
    again = alone.model_copy()
    assert await apart.alone(alone) is await apart.alone(again)
    assert begun == ["svg", "png", "svg"]
    assert await apart.alone(alone.model_copy(update={"subtitle": "other"})) != await apart.alone(alone)
    one, other = await asyncio.gather(apart.script(), apart.script())
    assert one is other
    assert begun == ["svg", "png", "svg", "svg", "script"]


@pytest.mark.parametrize("drawer", [FAILS, REFUSES, ("/no/such/program",)])
async def test_what_fails_is_not_drawn_and_tried_again_later(
    drawer: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    apart = Charts(drawer)
    with pytest.raises(NotDrawn):
        await apart.svg(HASH, DOCUMENT, "ko", "way")
    apart._drawer = REFUSES
    with pytest.raises(NotDrawn):
        await apart.svg(HASH, DOCUMENT, "ko", "way")
    apart._drawer = BREAKS_OFF
    with pytest.raises(NotDrawn):
        await apart.svg(HASH, DOCUMENT, "ko", "by-month")
    monkeypatch.setattr(rendered, "AGAIN_AFTER_SECONDS", 0)
    assert await apart.svg(HASH, DOCUMENT, "ko", "by-month") == b"<svg/>"
    with pytest.raises(KeyError):
        await apart.svg(HASH, DOCUMENT, "ko", "no-such-chart")


@pytest.mark.parametrize("drawer", [FAILS, HANGS, ("/no/such/program",)])
async def test_where_nothing_is_made_for_a_browser_the_script_is_not_given_and_made_later(
    drawer: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendered, "MOST_WAIT_SECONDS", 0.5)
    apart = Charts(drawer)
    with pytest.raises(NotDrawn):
        await apart.script()
    with pytest.raises(NotDrawn):
        await apart.vega(charts(DOCUMENT, "ko")["way"])
    monkeypatch.setattr(rendered, "MOST_WAIT_SECONDS", 60)
    apart._drawer = (sys.executable, "-c", "print('made')")
    assert await apart.script() == b"made\n"


async def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendered, "MOST_SECONDS", 0.3)
    apart = Charts(HANGS)
    with pytest.raises(NotDrawn):
        await apart.svg(HASH, DOCUMENT, "ko", "way")
    assert not apart._at_work or await asyncio.wait(apart._at_work, timeout=5)
    assert all(task.done() for task in apart._at_work)


class _Kept:
    """A connection that knows one release."""

    async def fetchrow(self, query: str, *values: Any) -> dict[str, Any]:
        newest = made()[-1]
        return {"document": newest.body, "hash": newest.hash}


def _asked(drawer: tuple[str, ...], language: Language) -> Asked:
    pages = Pages(ReportingSettings.model_construct())
    pages.charts = Charts(drawer)
    released = Released(*made()[-1][:5])
    return Asked(cast(Any, None), language, "", pages, cast(Any, _Kept()), [released], {}, '"tag"')


async def test_where_a_chart_is_not_drawn_its_place_says_that_the_table_has_the_same() -> None:
    later = await api._svg(_asked(FAILS, "ko"), str(DAY), "way")
    answer = await later()
    assert isinstance(answer, Answer)
    assert (answer.status, answer.media_type) == (503, "image/svg+xml")
    said = answer.body.decode()
    assert said.startswith("<svg")
    assert "지금은 그래프를 그릴 수 없습니다." in said
    assert "표에 같은 수치가 있습니다." in said
    pages = Pages(ReportingSettings.model_construct())
    given = _response(pages, "ko", '"tag"', answer)
    assert given.status_code == 503
    assert (given.headers["cache-control"], given.headers["retry-after"]) == ("no-store", "2")
    assert "etag" not in given.headers
    assert pages.kept('"tag"') is None
    picture = await api._png(_asked(FAILS, "en"), str(DAY), "way")
    with pytest.raises(NoPage) as missing:
        await picture()
    assert (missing.value.status, missing.value.why) == (503, "chart away")


NO_FONT = (
    sys.executable,
    "-c",
    "import json, sys\nif sys.argv[1] == 'png': raise SystemExit(3)\n"
    "for one in json.load(sys.stdin): print(json.dumps({'name': one['name'], 'svg': '<svg/>'}))",
)


async def test_where_no_font_has_korean_letters_there_is_no_picture_of_boxes() -> None:
    later = await api._png(_asked(NO_FONT, "ko"), str(DAY), "way")
    with pytest.raises(NoPage) as missing:
        await later()
    assert (missing.value.status, missing.value.why) == (503, "no font")
    page = _asked(NO_FONT, "ko").pages.write(
        "error", "ko", "", status=503, why=missing.value.why, release_day=missing.value.day
    )
    assert "fonts-nanum" in page.body.decode()
