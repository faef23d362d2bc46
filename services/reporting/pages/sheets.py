"""Tables as pages show them and downloads have them: what a release's document says, with names, and nothing more."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from chassis.words import Language
from contracts.targets import is_percentage
from services.reporting.figures.asked import ALL
from services.reporting.figures.measures import Dimension, Measure
from services.reporting.figures.row import Row, Split, SplitPercent
from services.reporting.pages import names
from services.reporting.pages.sentences import column_name, span
from services.reporting.pages.words import COUNTS, amount, capital, day, month_of, words
from services.reporting.releases.document import ColumnName, Line, ReleaseDocument, Table, Target

BIGGEST_FIRST = ("occupation", "wanted_occupation", "district")
"""What has many values: the rows with most come first, and those of whom it isn't known last."""
UNKNOWN = "unknown"
WITHHELD = "withheld"
TOTAL = "total"
"""The code of a total's row."""
PERCENT = "percent"
"""The code of a column of shares."""


class Cell(NamedTuple):
    """A cell: what a page shows, what a download has, where `None` is what isn't told, and the unit of a number.
    `is_name`: it names its row, beside the row's own name."""

    shown: str
    plain: str | float | None
    is_withheld: bool = False
    unit: str = ""
    is_name: bool = False


class SheetRow(NamedTuple):
    """A row: its name, its cells, the code that it is of, and how long its bar is, from 0 to 100."""

    name: str
    cells: tuple[Cell, ...]
    code: str = ""
    bar: float | None = None


class Sheet(NamedTuple):
    """A table: `name` in addresses, `figure` whose meaning it has; the first of `heads` is above the rows' names. `by`
    is what it is split by, "" where it is no split. `key` says what the rows' codes are, and `columns` has a code for
    each head but the first: these are the same in both languages. A table by two things is `across` its columns by the
    other, and of one `period` of the release."""

    name: str
    title: str
    figure: str
    heads: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    total: SheetRow | None = None
    by: str = ""
    key: str = ""
    columns: tuple[str, ...] = ()
    across: Dimension | Literal[""] = ""
    period: ColumnName | Literal[""] = ""

    @property
    def lines(self) -> tuple[SheetRow, ...]:
        """Give the rows with the total after them, as a download has them."""
        return (*self.rows, *([self.total] if self.total else []))

    @property
    def names(self) -> int:
        """How many columns name the rows, their own name's among them."""
        return 1 + sum(cell.is_name for row in self.rows[:1] for cell in row.cells)

    @property
    def has_withheld(self) -> bool:
        """Whether a cell is withheld."""
        return any(cell.is_withheld for row in self.rows for cell in row.cells)


def sheets(document: ReleaseDocument, language: Language) -> tuple[Sheet, ...]:
    """Give all tables of a release that have rows, in the order in which they are shown."""
    made = (
        *(_split(document, table, language) for table in document.tables),
        _months(document, language),
        _internships(document, language),
        _way(document, language),
        _retention(document, language),
        _surveys(document, language),
        _targets(document, language),
    )
    return tuple(sheet for sheet in made if sheet.rows)


def figure_of(table: Table) -> str:
    """Give the address of the figure that says what a split counts: its own, if it is published, or its measure's."""
    published = [one.published for one in ALL if isinstance(one.row, Row) and one.row.measure == table.measure]
    own = [one.path for one in published if type(one) is Split and one.by == table.by]
    return next(iter([*own, *(one.path for one in published)]), "")


def table_name(measure: Measure, by: Sequence[Dimension], period: ColumnName = "since_opening") -> str:
    """Name a table in addresses: `placed-by-age-band`; by two things each period is one
    (`placed-by-age-band-and-gender-in-year`)."""
    return f"{measure}-by-{'-and-'.join(by)}{_OF_PERIOD[period] if len(by) > 1 else ''}".replace("_", "-")


_OF_PERIOD: Mapping[ColumnName, str] = {
    "since_opening": "",
    "year": "-in-year",
    "year_before": "-in-year-before",
}


def table_title(measure: Measure, by: Sequence[Dimension], language: Language) -> str:
    """Call a table by one thing or two what it is."""
    one, *two = (words.told(names.DIMENSIONS[each], language) for each in by)
    of = {"measure": words.told(names.MEASURES[measure].name, language), "split": one}
    if not two:
        return words.told("%(measure)s, by %(split)s", language, **of)
    return words.told("%(measure)s, by %(split)s and %(other)s", language, **of, other=two[0])


def _split(document: ReleaseDocument, table: Table, language: Language) -> Sheet:
    columns = [column for column in document.columns if column.name in table.totals]
    unit = names.MEASURES[table.measure].unit
    percents = _percents(document, table)
    first = columns[0].name

    def row(name: str, counts: Mapping[str, int | None], percent: float | None, line: Line | None = None) -> SheetRow:
        cells = [count_cell(counts.get(column.name), column.name in counts, unit, language) for column in columns]
        if percents:  # of what is withheld the share would tell as much
            share = cell(percent, "percent", language)
            cells.insert(1, cells[0]._replace(unit=share.unit) if cells[0].is_withheld else share)
        if line is None:
            return SheetRow(name, tuple(cells), TOTAL)
        return SheetRow(name, tuple(cells), line.value, _bar(line, first, most))

    most = max((line.counts.get(first) or 0 for line in table.lines), default=0)
    heads = [capital(words.told(names.DIMENSIONS[table.by], language)), *(column_name(c, language) for c in columns)]
    codes: list[str] = [column.name for column in columns]
    if percents:
        heads.insert(2, words.told("Share", language))
        codes.insert(1, PERCENT)
    return Sheet(
        table_name(table.measure, [table.by]),
        table_title(table.measure, [table.by], language),
        figure_of(table),
        tuple(heads),
        tuple(
            row(names.value_name(table.by, line.value, language), {**line.counts}, percents.get(line.value), line)
            for line in ordered(table, first)
        ),
        row(words.told("Total", language), {**table.totals}, None),
        table.by,
        table.by,
        tuple(codes),
    )


def _percents(document: ReleaseDocument, table: Table) -> dict[str, float | None]:
    """Give the percentages that are told of a split's values since the opening, if they are."""
    for one in ALL:
        published, row = one.published, one.row
        if isinstance(published, SplitPercent) and row and (row.measure, published.by) == (table.measure, table.by):
            start = f"{published.path}."
            told = [headline for headline in document.figures if headline.figure.startswith(start)]
            return {each.figure.removeprefix(start): each.values.get("since_opening") for each in told}
    return {}


def ordered(table: Table, first: str) -> Sequence[Line]:
    """Give a split's lines in the order in which they are shown, by the counts of its `first` column."""
    if table.by not in BIGGEST_FIRST:
        return table.lines

    def place(line: Line) -> tuple[bool, int, str]:
        return line.value == UNKNOWN, -(line.counts.get(first) or 0), line.value  # pyright: ignore[reportArgumentType, reportCallIssue]

    return sorted(table.lines, key=place)


def _bar(line: Line, first: str, most: int) -> float:
    return round(100 * (line.counts.get(first) or 0) / most, 1) if most else 0.0  # pyright: ignore[reportArgumentType, reportCallIssue]


def _months(document: ReleaseDocument, language: Language) -> Sheet:
    measures: list[Measure] = [*document.months[0].counts] if document.months else []
    return Sheet(
        "by-month",
        words.told("Month by month", language),
        "",
        (words.told("Month", language), *(words.told(names.MEASURES[one].name, language) for one in measures)),
        tuple(
            SheetRow(
                month_of(each.month, language),
                tuple(cell(each.counts.get(one), names.MEASURES[one].unit, language) for one in measures),
                each.month,
            )
            for each in document.months
        ),
        key="month",
        columns=tuple(measures),
    )


def _internships(document: ReleaseDocument, language: Language) -> Sheet:
    return Sheet(
        "internships",
        words.told("Youth internships", language),
        "internships",
        _heads(language, "Year", "Started", "Broken off", "Completed", "Made permanent", "Share made permanent"),
        tuple(
            SheetRow(
                year,
                (
                    *(cell(count, "persons", language) for count in (of.started, of.broken_off)),
                    *(cell(count, "persons", language) for count in (of.completed, of.converted)),
                    cell(of.percent, "percent", language),
                ),
                year,
            )
            for year, of in document.internships.items()
        ),
        key="year",
        columns=("started", "broken_off", "completed", "converted", PERCENT),
    )


def _way(document: ReleaseDocument, language: Language) -> Sheet:
    """Give how far persons came from their registration, and their placements until the last follow-up that somebody
    was reached in."""
    told = {headline.figure: headline.values.get("since_opening") for headline in document.figures}
    rows = [
        SheetRow(names.figure_name(figure, language), (cell(count, "persons", language),), figure)
        for figure in ("registered", "referred", "placed.total")
        if (count := told.get(figure)) is not None
    ]
    for months, of in [(months, of) for months, of in document.retention.items() if of.reached][-1:]:
        steps = (
            ("due", "Due", of.due),
            ("reached", "Reached", of.reached),
            ("still_employed", "Still in the job", of.still_employed),
        )
        for code, step, count in steps:
            name = words.told(
                "%(span)s on: %(step)s",
                language,
                span=span(months, language),
                step=words.told(step, language).lower(),
            )
            rows.append(SheetRow(name, (cell(count, "times", language),), f"retention.{months}.{code}"))
    return Sheet(
        "way",
        words.told("From registration to a lasting job", language),
        "retention",
        _heads(language, "Step", "Since opening"),
        tuple(rows),
        key="step",
        columns=("since_opening",),
    )


def _retention(document: ReleaseDocument, language: Language) -> Sheet:
    return Sheet(
        "retention",
        words.told("Still in the job", language),
        "retention",
        _heads(language, "Months after the placement", "Due", "Reached", "Still in the job", "Share of the reached"),
        tuple(
            SheetRow(
                span(months, language),
                (
                    *(cell(count, "times", language) for count in (of.due, of.reached, of.still_employed)),
                    cell(of.percent, "percent", language),
                ),
                months,
            )
            for months, of in document.retention.items()
        ),
        key="months_after",
        columns=("due", "reached", "still_employed", PERCENT),
    )


def _surveys(document: ReleaseDocument, language: Language) -> Sheet:
    return Sheet(
        "surveys",
        words.told("Satisfaction surveys", language),
        "surveys",
        _heads(language, "Day of the survey", "Asked", "Answered", "Score", "Satisfied", "Change since the one before"),
        tuple(
            SheetRow(
                day(of.on, language),
                (
                    *(cell(count, "persons", language) for count in (of.asked, of.answered)),
                    cell(of.score, "points", language),
                    cell(of.percent_satisfied, "percent", language),
                    cell(of.change, "points", language),
                ),
                of.on.isoformat(),
            )
            for of in document.surveys
        ),
        key="day",
        columns=("asked", "answered", "score", "percent_satisfied", "change"),
    )


def _targets(document: ReleaseDocument, language: Language) -> Sheet:
    pace = ("A month so far", "A month needed")
    interval = ("Forecast at least", "Forecast at most")
    return Sheet(
        "targets",
        words.told("Targets and forecast", language),
        "targets",
        _heads(language, "Target", "Wanted", "Result so far", *pace, "Forecast", *interval, "On track"),
        tuple(SheetRow(target_name(of, language), _told(of, language), of.measure) for of in document.targets),
        key="target",
        columns=("value", "reached", "so_far", "needed", "forecast", "low", "high", "on_track"),
    )


def target_name(target: Target, language: Language) -> str:
    """Name a target: `Persons placed, 2011`."""
    named = words.told(names.target_name(target.measure).name, language)
    return words.told("%(target)s, %(year)s", language, target=named, year=target.year)


def _told(of: Target, language: Language) -> tuple[Cell, ...]:
    unit = names.target_name(of.measure).unit
    low, high = of.interval or (None, None)
    on_track = None if of.on_track is None else words.told("yes" if of.on_track else "no", language)
    pace = "percent" if is_percentage(of.measure) else unit
    return (
        *(cell(value, unit, language) for value in (of.value, of.reached)),
        *(cell(value, pace, language) for value in (of.so_far, of.needed)),
        *(cell(value, unit, language) for value in (of.forecast, low, high)),
        Cell(on_track or "–", on_track),
    )


def _heads(language: Language, *heads: str) -> tuple[str, ...]:
    return tuple(words.told(head, language) for head in heads)


def cell(value: float | None, unit: str, language: Language) -> Cell:
    """Give the cell of a number of a unit; null is what isn't told."""
    if value is None:
        return Cell("–", None, unit=unit)
    is_whole = unit in COUNTS and value == int(value)
    return Cell(amount(value, unit, language), int(value) if is_whole else value, unit=unit)


def count_cell(value: int | None, is_told: bool, unit: str, language: Language) -> Cell:
    """Give a count of a split: where it is told, and is none, it is withheld."""
    if value is None and is_told:
        withheld = words.told(WITHHELD, language)
        return Cell(withheld, withheld, is_withheld=True, unit=unit)
    return cell(value, unit, language)
