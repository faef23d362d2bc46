"""The charts of a release: each table's, by the name of the table. Lengths and shades are the table's own cells."""

from collections.abc import Mapping, Sequence

from chassis.words import Language
from services.reporting.drawing import looks
from services.reporting.drawing.model import Bar, Bars, Chart, Columns, Goal, Goals, Panel, Tile, Tiles
from services.reporting.pages import names
from services.reporting.pages.sentences import column_name
from services.reporting.pages.sheets import BIGGEST_FIRST, Cell, Sheet, SheetRow, sheets, table_name, target_name
from services.reporting.pages.words import amount_or_dash, day, period, short_month, words
from services.reporting.releases.document import Column, ReleaseDocument, Target

ON_THE_RELEASE = frozenset(
    {
        *("by-month", "placed-by-occupation", "registered-by-district", "placed-by-district", "targets"),
        *("registered-by-age-band", "registered-by-gender", "placed-by-age-band", "placed-by-gender"),
        *("internships", "way", "retention", "surveys"),
    }
)
"""The charts that a release's page shows itself; the others have their own pages."""

_PLACES = (
    ("11380", 2, 0), ("11305", 3, 0), ("11320", 4, 0), ("11350", 5, 0),
    ("11410", 2, 1), ("11110", 3, 1), ("11290", 4, 1), ("11260", 5, 1),
    ("11440", 2, 2), ("11140", 3, 2), ("11230", 4, 2),
    ("11500", 0, 3), ("11470", 1, 3), ("11560", 2, 3), ("11170", 3, 3), ("11200", 4, 3), ("11215", 5, 3),
    ("11740", 6, 3),
    ("11530", 1, 4), ("11590", 2, 4), ("11650", 3, 4), ("11680", 4, 4), ("11710", 5, 4),
    ("11545", 1, 5), ("11620", 2, 5),
)  # fmt: skip
"""Each district's column and line: about where it lies, the north above."""

UNITS: Mapping[names.Unit, str] = {"persons": "Unit: persons", "times": "Unit: cases", "firms": "Unit: firms"}
_MOST_TICKS = 4
_MOST_SAID = 8
"""So many bars are said one by one to who doesn't see them; of more the longest."""


def charts(document: ReleaseDocument, language: Language) -> dict[str, Chart]:
    """Give the charts of a release, by their names; first those that its page shows."""
    made = [chart for sheet in sheets(document, language) if (chart := chart_of(sheet, document, language))]
    return {chart.name: chart for chart in sorted(made, key=lambda chart: chart.name not in ON_THE_RELEASE)}


def chart_of(sheet: Sheet, document: ReleaseDocument, language: Language) -> Chart | None:
    """Give the chart of a table; None where there is nothing to be drawn in it."""
    if not any(_number(cell) is not None for row in sheet.rows for cell in row.cells):
        return None
    match sheet.name:
        case "by-month":
            return _by_month(sheet, document, language)
        case "targets":
            return _targets(sheet, document, language)
        case "internships":
            return _rows_in_panels(sheet, document, language)
        case "way":
            return _way(sheet, document, language)
        case "retention" | "surveys":
            return _last_share(sheet, document, language)
        case _ if sheet.by == "district":
            return _map(sheet, document, language)
        case _ if sheet.by:
            return _split(sheet, document, language)
        case _:
            return None


def _chart(
    sheet: Sheet,
    document: ReleaseDocument,
    language: Language,
    subtitle: str,
    said: str,
    drawing: Bars | Columns | Tiles | Goals,
) -> Chart:
    """Put a chart together; `said` is what it shows in words."""
    return Chart(
        name=sheet.name,
        language=language,
        title=sheet.title,
        subtitle=subtitle,
        source=words.told(
            "Source: Job Plus Center statistics, figures up to %(day)s", language, day=day(document.release, language)
        ),
        alt=words.told("Chart: %(title)s. %(said)s", language, title=sheet.title, said=said),
        height=height_of(drawing),
        drawing=drawing,
    )


def height_of(drawing: Bars | Columns | Tiles | Goals) -> int:
    """Give about how high a chart becomes, so that a page keeps its place free until it is there."""
    match drawing:
        case Bars(panels=panels, series=series):
            step = looks.SERIES_STEP * len(series) + 6 if series else looks.BAR_STEP
            rows = sum(len({bar.label for bar in panel.bars}) for panel in panels)
            titled = sum(24 for panel in panels if panel.title)
            return looks.AROUND + step * rows + titled + looks.PANEL_GAP * (len(panels) - 1) + (32 if series else 0)
        case Columns(panels=panels):
            lines = (len(panels) + 1) // 2
            return looks.AROUND + lines * (looks.COLUMNS_HEIGHT + 46) + looks.PANEL_GAP * (lines - 1)
        case Tiles(tiles=tiles):
            return looks.AROUND + looks.TILE_HEIGHT * (max(tile.line for tile in tiles) + 1) + 44
        case Goals(goals=goals):
            return looks.AROUND + len(goals) * (34 + 52) + looks.PANEL_GAP * (len(goals) - 1) + 32


def _split(sheet: Sheet, document: ReleaseDocument, language: Language) -> Chart:
    """Draw what is split by few things by year, next to the year before it; by many, since the opening."""
    columns = {column.name: (place, column) for place, column in enumerate(document.columns)}
    told = [columns[name] for name in ("year", "year_before") if name in columns]
    if sheet.by in BIGGEST_FIRST or len(told) < 2:
        told = [columns["since_opening"]]
    bars = tuple(
        _bar(row, _counts(row, document)[place], series) for row in sheet.rows for series, (place, _) in enumerate(told)
    )
    series = [column_name(column, language) for _, column in told]
    subtitle = _subtitle([column for _, column in told], _unit(sheet, document, language), language)
    drawing = Bars(panels=(Panel(title="", bars=bars),), series=tuple(series) if len(series) > 1 else ())
    return _chart(sheet, document, language, subtitle, bars_said(bars, series[0], language), drawing)


def _map(sheet: Sheet, document: ReleaseDocument, language: Language) -> Chart:
    rows = {row.code: row for row in sheet.rows}
    since_opening = [column for column in document.columns if column.name == "since_opening"]
    tiles = tuple(
        Tile(column=column, line=line, name=row.name, amount=_number(row.cells[0]), shown=row.cells[0].shown)
        for code, column, line in _PLACES
        if (row := rows.get(code))
    )
    bars = tuple(Bar(label=tile.name, amount=tile.amount, shown=tile.shown) for tile in tiles)
    told = [tile.amount for tile in tiles if tile.amount is not None]
    least, most = min(told, default=0), max(told, default=0) or 1
    drawing = Tiles(
        tiles=tiles,
        least=least if least < most else 0,
        most=most,
        unit=_unit(sheet, document, language),
    )
    subtitle = _subtitle(since_opening, None, language)
    return _chart(sheet, document, language, subtitle, bars_said(bars, "", language), drawing)


def _by_month(sheet: Sheet, document: ReleaseDocument, language: Language) -> Chart:
    labels = [short_month(row.code, language) for row in sheet.rows]
    panels = tuple(
        Panel(
            title=head,
            bars=tuple(
                Bar(label=label, amount=_number(row.cells[place]), shown=row.cells[place].shown)
                for label, row in zip(labels, sheet.rows, strict=True)
            ),
        )
        for place, head in enumerate(sheet.heads[1:])
    )
    subtitle = words.told("Each on a scale of its own", language)
    said = " ".join(f"{panel.title}: {bars_said(panel.bars, '', language)}" for panel in panels)
    ticks = tuple(label for row, label in zip(sheet.rows, labels, strict=True) if row.code in _ticks(sheet.rows))
    return _chart(sheet, document, language, subtitle, said, Columns(panels=panels, ticks=ticks))


def _ticks(months: Sequence[SheetRow]) -> set[str]:
    """Choose the months that are named under an axis: every so many, counted from January."""
    ordinals = {row.code: int(row.code[:4]) * 12 + int(row.code[5:]) - 1 for row in months}
    steps = (1, 2, 3, 6, *(12 * years for years in range(1, 200)))
    for step in steps:
        chosen = {code for code, ordinal in ordinals.items() if ordinal % step == 0}
        if len(chosen) <= _MOST_TICKS:
            return chosen or {months[0].code}
    return {months[0].code}


def _rows_in_panels(sheet: Sheet, document: ReleaseDocument, language: Language) -> Chart:
    """Draw the counts of each row in a panel of its own, all on one scale; its share stands in the table."""
    panels = tuple(
        Panel(
            title=row.name,
            bars=tuple(
                Bar(label=head, amount=_number(cell), shown=cell.shown)
                for head, cell in zip(sheet.heads[1:-1], row.cells[:-1], strict=True)
            ),
        )
        for row in sheet.rows
    )
    said = " ".join(f"{panel.title}: {bars_said(panel.bars, '', language)}" for panel in panels)
    drawing = Bars(panels=panels, most=max(bar.amount or 0 for panel in panels for bar in panel.bars))
    return _chart(sheet, document, language, words.told(UNITS["persons"], language), said, drawing)


def _way(sheet: Sheet, document: ReleaseDocument, language: Language) -> Chart:
    """Draw persons, and the placements that became of them, each on a scale of its own: they aren't counted alike."""
    bars = tuple(_bar(row, row.cells[0]) for row in sheet.rows)
    first = sum(not row.code.startswith("retention.") for row in sheet.rows)
    persons, placements = bars[:first], bars[first:]
    told = ((words.told("Persons", language), persons), (words.told("Placements", language), placements))
    panels = tuple(Panel(title=title, bars=bars) for title, bars in told if bars)
    since = _subtitle([one for one in document.columns if one.name == "since_opening"], None, language)
    subtitle = f"{since} · {words.told('Each on a scale of its own', language)}"
    return _chart(sheet, document, language, subtitle, bars_said(bars, "", language), Bars(panels=panels))


def _last_share(sheet: Sheet, document: ReleaseDocument, language: Language) -> Chart:
    """Draw a percentage of each row, on a scale of 100."""
    place = sheet.heads[1:].index(
        words.told("Share of the reached" if sheet.name == "retention" else "Satisfied", language)
    )
    bars = tuple(_bar(row, row.cells[place]) for row in sheet.rows)
    subtitle = f"{sheet.heads[place + 1]}, %"
    drawing = Bars(panels=(Panel(title="", bars=bars),), most=100)
    return _chart(sheet, document, language, subtitle, bars_said(bars, "", language), drawing)


def _targets(sheet: Sheet, document: ReleaseDocument, language: Language) -> Chart:
    goals = tuple(
        Goal(
            name=target_name(of, language),
            said=_goal_said(of, language),
            value=of.value,
            reached=of.reached,
            forecast=of.forecast,
            interval=of.interval,
        )
        for of in document.targets
    )
    marks = tuple(words.told(mark, language) for mark in ("Result so far", "Wanted", "Forecast and interval"))
    subtitle = words.told("Each on a scale of its own", language)
    said = " ".join(f"{goal.name}: {goal.said}." for goal in goals)
    return _chart(sheet, document, language, subtitle, said, Goals(goals=goals, marks=marks))  # pyright: ignore[reportArgumentType]


def _goal_said(of: Target, language: Language) -> str:
    unit = names.target_name(of.measure).unit
    said = [(words.told("Result so far", language), of.reached), (words.told("Wanted", language), of.value)]
    if of.forecast is not None:
        said.append((words.told("Forecast", language), of.forecast))
    return ", ".join(f"{name} {amount_or_dash(value, unit, language)}" for name, value in said)


def _subtitle(columns: Sequence[Column], unit: str | None, language: Language) -> str:
    """Say what is counted: its periods, and its unit."""
    periods = ", ".join(_period(column, language) for column in columns)
    return f"{periods} · {unit}" if unit else periods


def _period(column: Column, language: Language) -> str:
    if column.name == "since_opening":
        return f"{column_name(column, language)}, {period(column.first, column.last, language)}"
    return column_name(column, language)


def bars_said(bars: Sequence[Bar], series: str, language: Language) -> str:
    """Say bars one by one, or of many the longest; of several series the first."""
    first = [bar for bar in bars if bar.series == 0]
    if len(first) <= _MOST_SAID:
        listed = ", ".join(f"{bar.label} {bar.shown}" for bar in first)
        return f"{series}: {listed}." if series else f"{listed}."
    most = max(first, key=lambda bar: bar.amount or 0)
    return words.told("The most: %(label)s, %(amount)s.", language, label=most.label, amount=most.shown)


def _bar(row: SheetRow, cell: Cell, series: int = 0) -> Bar:
    return Bar(label=row.name, amount=_number(cell), shown=cell.shown, series=series)


def _counts(row: SheetRow, document: ReleaseDocument) -> tuple[Cell, ...]:
    """Give a split's cells without the share that may stand beside the first of them."""
    return row.cells if len(row.cells) == len(document.columns) else (row.cells[0], *row.cells[2:])


def _number(cell: Cell) -> float | None:
    return None if cell.plain is None or isinstance(cell.plain, str) else float(cell.plain)


def _unit(sheet: Sheet, document: ReleaseDocument, language: Language) -> str:
    table = next(one for one in document.tables if table_name(one.measure, [one.by]) == sheet.name)
    return words.told(UNITS[names.MEASURES[table.measure].unit], language)
