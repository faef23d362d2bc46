"""Charts drawn by Vega-Altair and vl-convert: SVG whose letters are text, and PNG of that.

Only the process that draws imports this: both libraries take a second and 100 MB.
"""

import math
import re
from html import escape
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from services.reporting.drawing import looks
from services.reporting.drawing.model import Bar, Bars, Chart, Columns, Goal, Goals, Panel, Tiles

_PADDING = 12
_FOOT = 28
_AMOUNTS_WIDTH = 96
"""Room for the amount at the end of the longest bar."""
_LABELS_WIDTH = 270.0
_SIZE = re.compile(r'<svg [^>]*viewBox="0 0 ([\d.]+) ([\d.]+)"[^>]*>')
_AnyChart = alt.LayerChart | alt.FacetChart | alt.VConcatChart | alt.ConcatChart
_VEGA_LITE = "6.4"
_POINTER = Path(__file__).with_name("pointer.js")
_NOTICE = """\
/*! Vega, Vega-Lite, Vega-Embed and Vega's interpreter: (c) University of Washington Interactive Data Lab and
    contributors, BSD-3-Clause, https://github.com/vega. D3: (c) Mike Bostock, ISC, https://github.com/d3. */
"""


def svg(chart: Chart) -> str:
    """Draw a chart."""
    return _framed(vl_convert.vegalite_to_svg(_specified(chart), vl_version=_VEGA_LITE, allowed_base_urls=[]), chart)


def vega(chart: Chart) -> dict[str, Any]:
    """Give a chart as Vega draws it in a browser: the same as its SVG, with each value's text where one points at."""
    return vl_convert.vegalite_to_vega(_specified(chart), vl_version=_VEGA_LITE)


def script() -> str:
    """Give the script that draws and answers in a browser, `pointer.js` with Vega and its interpreter: nothing in it
    evaluates text as code, so that it runs under a strict policy."""
    return _NOTICE + vl_convert.javascript_bundle(_POINTER.read_text(), vl_version=_VEGA_LITE)


def _specified(chart: Chart) -> dict[str, Any]:
    match chart.drawing:
        case Bars() as bars:
            drawn = _bars(bars)
        case Columns() as columns:
            drawn = _columns(columns)
        case Tiles() as tiles:
            drawn = _tiles(tiles)
        case Goals() as goals:
            drawn = _goals(goals)
    return _looking(drawn, chart).to_dict()


def png(drawn: str, scale: float = 2.0) -> bytes:
    """Give a chart's SVG as a picture, of so many pixels for each CSS pixel."""
    return vl_convert.svg_to_png(drawn, scale=scale)


def has_korean_letters() -> bool:
    """Whether pictures can have them: without a font for them all look the same."""
    text = f'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text y="16" font-family="{looks.FONTS}">'
    return png(f"{text}가</text></svg>") != png(f"{text}힣</text></svg>")


def _looking(drawn: _AnyChart, chart: Chart) -> _AnyChart:
    title = alt.TitleParams(
        _lines(chart.title, looks.TITLE),
        subtitle=_lines(chart.subtitle, looks.TEXT),
        anchor="start",
        frame="bounds",
        fontSize=looks.TITLE,
        color=looks.INK,
        subtitleFontSize=looks.TEXT,
        subtitleColor=looks.QUIET,
        subtitlePadding=6,
        offset=14,
    )
    text: dict[str, Any] = {"labelFontSize": looks.SMALL, "labelColor": looks.INK, "titleColor": looks.QUIET}
    return (
        drawn.properties(title=title, padding=_PADDING, background="#fff")
        .configure(font=looks.FONTS, aria=False)
        .configure_view(stroke=None)
        .configure_axis(domainColor=looks.QUIET, tickColor=looks.LINES, gridColor=looks.LINES, **text)
        .configure_legend(
            titleFontSize=looks.SMALL, titleFontWeight="normal", orient="top", symbolType="square", **text
        )
        .configure_concat(spacing=looks.PANEL_GAP)
        .configure_title(fontSize=looks.TEXT, color=looks.INK, anchor="start")
    )


def _framed(drawn: str, chart: Chart) -> str:
    """Give what was drawn the chart's own size, its title for who reads a file by ear, and its source at the foot."""
    found = _SIZE.match(drawn)
    assert found, "vl-convert begins with the size"
    width = max(float(found[1]), looks.WIDTH)
    height = max(float(found[2]) + _FOOT, chart.height)
    attributes = (
        f'xmlns="http://www.w3.org/2000/svg" width="{looks.WIDTH}" height="{chart.height}" '
        f'viewBox="0 0 {width:g} {height:g}" preserveAspectRatio="xMinYMin" role="img" lang="{chart.language}"'
    )
    foot = (
        f'<text x="{_PADDING}" y="{height - 12:g}" font-family="{looks.FONTS}" font-size="{looks.SMALL}" '
        f'fill="{looks.QUIET}">{escape(chart.source)}</text>'
    )
    inner = drawn[found.end() : drawn.rindex("</svg>")]
    said = f"<title>{escape(chart.title)}</title><desc>{escape(chart.alt)}</desc>"
    return f'<svg {attributes}>{said}<rect width="100%" height="100%" fill="#fff"/>{inner}{foot}</svg>'


def width_of(text: str, size: int) -> float:
    """Guess how wide a text is: Korean letters are nearly square."""
    return size * sum(0.95 if ord(letter) > 0x2E80 else 0.56 for letter in text)


def _lines(text: str, size: int, room: float = looks.WIDTH - 4 * _PADDING) -> list[str]:
    """Break a text where it is too wide."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_of(longer, size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _rows(bars: tuple[Bar, ...], series: tuple[str, ...] = (), title: str = "") -> alt.Data:
    """Give bars as Vega reads them: what has no amount has no length, and says so where its amount would stand. `tip`
    is what is said where one points at a bar: its panel, label and series, and the text of its amount."""
    return alt.Data(
        values=[
            {
                "label": _label(bar.label),
                "amount": bar.amount or 0,
                "shown": bar.shown,
                "is_told": bar.amount is not None,
                "series": series[bar.series] if series else "",
                "tip": _tip(bar.shown, title, bar.label, *series[bar.series : bar.series + 1]),
            }
            for bar in bars
        ]
    )


def _tip(shown: str, *names: str) -> str:
    return f"{', '.join(name for name in names if name)}: {shown}"


def _label(text: str) -> str:
    """Break a label in two where it has no room."""
    first, *rest = _lines(text, looks.TEXT, _LABELS_WIDTH - 16)
    return "\n".join([first, *([" ".join(rest)] if rest else [])])


def _bars(of: Bars) -> _AnyChart:
    widest = max(width_of(bar.label, looks.TEXT) for panel in of.panels for bar in panel.bars)
    room = min(widest + 16, _LABELS_WIDTH)
    panels = [_panel_of_bars(panel, of, room) for panel in of.panels]
    return panels[0] if len(panels) == 1 and not of.panels[0].title else alt.vconcat(*panels)


def _panel_of_bars(panel: Panel, of: Bars, room: float) -> _AnyChart:
    most = of.most or max((bar.amount or 0 for bar in panel.bars), default=0) or 1
    labels = alt.Axis(
        title=None, ticks=False, domain=False, labelPadding=8, labelLimit=room + 20, labelFontSize=looks.TEXT,
        minExtent=room, maxExtent=room, labelExpr="indexof(datum.label, '\\n') < 0 ? datum.label : ''",
    )  # fmt: skip
    y = alt.Y("label:N", sort=None, axis=labels)
    x = alt.X("amount:Q", axis=None, scale=alt.Scale(domain=[0, most]))
    base = alt.Chart(_rows(panel.bars, of.series, panel.title)).encode(x=x, y=y, tooltip="tip:N")
    bars = base.mark_bar(height={"band": 1 if of.series else 0.72}, color=looks.NOW)
    # What isn't told is set apart by its type, too, so that it isn't taken for a bar of no length.
    said = base.mark_text(align="left", baseline="middle", dx=5, fontSize=looks.SMALL, fontStyle="normal").encode(
        text="shown:N", color=alt.condition("datum.is_told", alt.value(looks.INK), alt.value(looks.QUIET))
    )
    step = looks.BAR_STEP
    if of.series:
        offset = alt.YOffset("series:N", sort=[*of.series], scale=alt.Scale(paddingInner=0.12))
        colours = alt.Scale(domain=[*of.series], range=[looks.NOW, looks.BEFORE])
        colour = alt.Color("series:N", scale=colours, legend=alt.Legend(title=None))
        bars, said = bars.encode(yOffset=offset, color=colour), said.encode(yOffset=offset)
        step = looks.SERIES_STEP * len(of.series) + 6
    rows = len({bar.label for bar in panel.bars})
    size: dict[str, Any] = {"width": looks.WIDTH - 2 * _PADDING - room - _AMOUNTS_WIDTH, "height": step * rows}
    # Vega sets several lines of an axis label below each other from the middle down, so long labels are set here.
    halves = [
        alt.Chart(_rows(broken))
        .transform_calculate(half=f"split(datum.label, '\\n')[{half}]")
        .mark_text(align="right", baseline="middle", fontSize=looks.TEXT, x=-8, dy=dy, color=looks.INK)
        .encode(y=y, text="half:N")
        for half, dy in ((0, -7), (1, 7))
        if (broken := tuple(bar for bar in panel.bars if "\n" in _label(bar.label)))
    ]
    layers = [bars, said, *halves]
    drawn = alt.layer(*layers).properties(**size)
    return drawn.properties(title=panel.title) if panel.title else drawn


def _columns(of: Columns) -> _AnyChart:
    width = (looks.WIDTH - 2 * _PADDING - looks.PANEL_GAP) / 2 - 52
    months = alt.Axis(title=None, values=[*of.ticks], labelAngle=0, labelOverlap=False, labelAlign="left", ticks=True)
    x = alt.X("label:O", sort=None, axis=months, scale=alt.Scale(paddingInner=0.25, paddingOuter=0.1))
    panels: list[alt.Chart] = []
    for panel in of.panels:
        marks = whole_marks(max((bar.amount or 0 for bar in panel.bars), default=0))
        amounts = alt.Axis(title=None, format=",d", values=marks, domain=False, ticks=False, minExtent=44)
        y = alt.Y("amount:Q", axis=amounts, scale=alt.Scale(domain=[0, marks[-1]], nice=False))
        rows = _rows(panel.bars, title=panel.title)
        drawn = alt.Chart(rows).mark_bar(color=looks.NOW).encode(x=x, y=y, tooltip="tip:N")
        panels.append(drawn.properties(title=panel.title, width=width, height=looks.COLUMNS_HEIGHT))
    return alt.concat(*panels, columns=2)


def whole_marks(most: float) -> list[int]:
    """Give up to five round whole numbers from 0 on, the last of them no less than an amount."""
    step = 1
    while step * 4 < most:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return [*range(0, max(step * math.ceil(most / step), 1) + 1, step)]


def _tiles(of: Tiles) -> _AnyChart:
    limit = of.least + (of.most - of.least) * looks.LIGHT_ON / len(looks.SHADES)
    rows = [
        {
            **tile.model_dump(),
            "is_light": tile.amount is not None and tile.amount >= limit,
            "tip": _tip(tile.shown, tile.name),
        }
        for tile in of.tiles
    ]
    columns, lines = (max(place) + 1 for place in zip(*((t.column, t.line) for t in of.tiles), strict=True))
    x = alt.X("column:O", axis=None, scale=alt.Scale(paddingInner=0.04))
    y = alt.Y("line:O", axis=None, scale=alt.Scale(paddingInner=0.06))
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, y=y, tooltip="tip:N")
    shades = alt.Color(
        "amount:Q",
        scale=alt.Scale(type="quantize", domain=[of.least, of.most], range=[*looks.SHADES]),
        legend=alt.Legend(title=of.unit, format=",.0f", titleOrient="left", symbolStrokeWidth=0.5),
    )
    told = base.transform_filter("datum.amount !== null").mark_rect(
        stroke=looks.BEFORE, strokeWidth=0.5, cornerRadius=4
    ).encode(color=shades)  # fmt: skip
    untold = base.transform_filter("datum.amount === null").mark_rect(
        fill="#fff", stroke=looks.BEFORE, strokeDash=[3, 2], cornerRadius=4
    )  # fmt: skip
    letters = alt.condition("datum.is_light", alt.value("#fff"), alt.value(looks.INK))
    names = base.mark_text(dy=-8, fontSize=looks.TINY).encode(text="name:N", color=letters)
    amounts = base.transform_filter("datum.amount !== null").mark_text(
        dy=9, fontSize=looks.SMALL, fontWeight="bold"
    ).encode(text="shown:N", color=letters)  # fmt: skip
    reasons = base.transform_filter("datum.amount === null").mark_text(
        dy=9, fontSize=looks.SMALL, color=looks.QUIET
    ).encode(text="shown:N")  # fmt: skip
    size: dict[str, Any] = {"width": columns * looks.TILE_WIDTH, "height": lines * looks.TILE_HEIGHT}
    return alt.layer(told, untold, names, amounts, reasons).properties(**size)


def _goals(of: Goals) -> _AnyChart:
    return alt.vconcat(*(_goal(goal, of.marks) for goal in of.goals))


def _goal(goal: Goal, marks: tuple[str, str, str]) -> _AnyChart:
    result, target, forecast = marks
    ends = goal.interval or (0.0, 0.0)
    most = max(goal.value, goal.reached or 0, goal.forecast or 0, *ends) * 1.08
    x = alt.Scale(domain=[0, most], nice=False)
    colours = alt.Scale(domain=[*marks], range=[looks.NOW, looks.INK, looks.EXPECTED])
    axis = alt.Axis(title=None, format=",~f", tickCount=5, grid=False)

    colour = alt.Color("mark:N", scale=colours, legend=alt.Legend(title=None))

    def at(mark: str, **values: float) -> alt.Chart:
        row = {"mark": mark, "tip": _tip(goal.said, goal.name), **values}
        return alt.Chart(alt.Data(values=[row])).encode(color=colour, tooltip="tip:N")

    x_of = alt.X("value:Q", scale=x, axis=axis)
    layers = [at(result, value=goal.reached or 0).mark_bar(height=14).encode(x=x_of)]
    layers.append(at(target, value=goal.value).mark_tick(thickness=4, size=26, opacity=1).encode(x=x_of))
    if goal.forecast is not None:
        forecasts = at(forecast, value=goal.forecast)
        layers.append(forecasts.mark_point(size=70, filled=True, shape="diamond", opacity=1).encode(x=x_of))
    if goal.interval is not None:
        span = at(forecast, low=ends[0], high=ends[1]).mark_rule(strokeWidth=3)
        layers.append(span.encode(x=alt.X("low:Q", scale=x, axis=axis), x2="high:Q"))
    title = alt.TitleParams(goal.name, subtitle=_lines(goal.said, looks.SMALL), subtitleFontSize=looks.SMALL,
                            subtitleColor=looks.QUIET, subtitlePadding=4)  # fmt: skip
    return alt.layer(*layers).properties(title=title, width=looks.WIDTH - 4 * _PADDING, height=34)
