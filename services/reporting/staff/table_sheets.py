"""Tables of staff in words: as sheets, which pages show and downloads have, and what is said of them."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from chassis.words import Language
from services.reporting.figures.rows import MEASURES
from services.reporting.figures.shares import percent
from services.reporting.pages import names
from services.reporting.pages.about import About
from services.reporting.pages.explained import plain
from services.reporting.pages.publisher import Publisher
from services.reporting.pages.sheets import PERCENT, TOTAL, Cell, Sheet, SheetRow, cell
from services.reporting.pages.words import capital, day, moment, month_of, number, words
from services.reporting.pages.words import period as period_of
from services.reporting.staff.arranged import Arranged, Difference, Line
from services.reporting.tables.model import STOCKS, THE_WHOLE, Place, Question

EACH = {"whole": "Whole period", "month": "By month", "year": "By year"}
"""What lines may be of, as a form names it."""

PERCENTS = {
    "none": "Numbers",
    "total": "Shares of the total",
    "row": "Shares of each row",
    "column": "Shares of each column",
}
"""What may be shown, as a form names it."""

SMALL = "Small counts may tell of single persons, so this is not to be published. What is published is in the releases."
"""Why a table is for staff alone."""

_TIME = {"month": "Month", "year": "Year"}

_OF_ALL = "100% is the total."
_OF = {
    "total": "100% is the total, which is shown as a number.",
    "row": "100% is the total of a row, which is shown as a number.",
    "column": "100% is the total of a column, which is shown as a number.",
}


def title(question: Question, language: Language) -> str:
    """Name a table: `Persons placed, by month, gender`."""
    measure = words.told(names.MEASURES[question.measure].name, language)
    splits = [words.told(names.DIMENSIONS[one], language) for one in question.by]
    if question.each != "whole":
        splits.insert(0, words.told(_TIME[question.each], language).lower())
    if not splits:
        return measure
    between = "·" if language == "ko" else ", "
    return words.told("%(measure)s, by %(split)s", language, measure=measure, split=between.join(splits))


def sheet(question: Question, shown: Arranged, language: Language) -> Sheet:
    """Give a table as a sheet: each line by what it is of, its counts or their shares, and what they add up to."""
    heads, columns = _named_by(question, language)
    if question.columns:
        heads += [names.value_name(question.columns, one, language) for one in shown.columns]
        heads.append(words.told("Total", language))
        columns += [*shown.columns, TOTAL]
    else:
        heads.append(words.told("Number", language))
        columns.append("count")
        if question.percent != "none":
            heads.append(words.told("Share", language))
            columns.append(PERCENT)
    return Sheet(
        "-by-".join([question.measure, *question.by]).replace("_", "-"),
        title(question, language),
        "",
        tuple(heads),
        tuple(_row(question, shown, line, language) for line in shown.lines),
        shown.total and _total(question, shown, shown.total, language),
        key=".".join([*([question.each] if question.each != "whole" else []), *question.by[:1]]),
        columns=tuple(columns),
    )


def _named_by(question: Question, language: Language) -> tuple[list[str], list[str]]:
    """Give the heads of what names a line, and the codes of all but the first."""
    named = [_TIME[question.each]] if question.each != "whole" else []
    heads = [words.told(one, language) for one in named]
    if question.rows:
        said = words.told(names.DIMENSIONS[question.rows], language)
        heads.append(capital(said))
    if not heads:
        heads.append(words.told("Period", language))
    return heads, [str(question.rows)] if len(heads) > 1 else []


def line_names(question: Question, place: Place, language: Language) -> list[str]:
    """Name a line by its month or year and its value, by the whole period where it has neither."""
    found: list[str] = []
    if question.each != "whole":
        found.append(_time_name(place.time, language))
    if question.rows:
        found.append(names.value_name(question.rows, place.row, language))
    return found or [words.told("Whole period", language)]


def _time_name(time: str, language: Language) -> str:
    if time == THE_WHOLE:
        return words.told("Whole period", language)
    return month_of(time, language) if "-" in time else words.told("%(year)s", language, year=time)


def _named(of: Sequence[str]) -> tuple[Cell, ...]:
    """Give the cells that name a line beside its first name."""
    return tuple(Cell(one, one, is_name=True) for one in of[1:])


def _row(question: Question, shown: Arranged, line: Line, language: Language) -> SheetRow:
    of = line_names(question, Place(line.time, line.row), language)
    return SheetRow(
        of[0],
        (*_named(of), *_cells(question, shown, line, language)),
        ".".join(one for one in (line.time, line.row) if one),
        _bar(question, shown, line) if len(of) == 1 else None,
    )


def _bar(question: Question, shown: Arranged, line: Line) -> float | None:
    """Give how long a line's bar is where all lines have one: a single column of what only goes up."""
    if question.columns or question.measure in STOCKS or question.has_years_apart or shown.total is None:
        return None
    most = max(one.total for one in shown.lines)
    return round(100 * line.total / most, 1) if most > 0 and line.total >= 0 else 0.0


def _total(question: Question, shown: Arranged, total: Line, language: Language) -> SheetRow:
    blank = [Cell("", "", is_name=True)] if question.each != "whole" and question.rows else []
    return SheetRow(words.told("Total", language), (*blank, *_cells(question, shown, total, language)), TOTAL)


def _cells(question: Question, shown: Arranged, line: Line, language: Language) -> Iterator[Cell]:
    """Give the cells of a line. Of shares, what they are shares of is shown as a number: what is a hundred percent."""
    unit = names.MEASURES[question.measure].unit
    sums = shown.total or line  # without a total there is one line, or shares are of each
    is_sums = line is sums

    def count(of: int) -> Cell:
        return cell(of, unit, language)

    def share(of: int, whole: int) -> Cell:
        return cell(percent(of, whole), "percent", language)

    if not question.columns:
        yield count(line.total)
        if question.percent != "none":
            yield share(line.total, sums.total)
        return
    for one, of_column in zip(line.counts, sums.counts, strict=True):
        match question.percent:
            case "none":
                yield count(one)
            case "row":
                yield share(one, line.total)
            case "column":
                yield count(one) if is_sums else share(one, of_column)
            case "total":
                yield share(one, sums.total)
    is_count = is_sums or question.percent in ("none", "row")
    yield count(line.total) if is_count else share(line.total, sums.total)


def differing(question: Question, found: Sequence[Difference], language: Language) -> Sheet:
    """Give the counts that differ as a sheet: as they were kept, as they are by now, and by how much."""
    unit = names.MEASURES[question.measure].unit
    heads, columns = _named_by(question, language)
    if question.columns:
        said = words.told(names.DIMENSIONS[question.columns], language)
        heads.append(capital(said))
        columns.append(str(question.columns))

    def row(one: Difference) -> SheetRow:
        of = line_names(question, one.place, language)
        if question.columns:
            of.append(names.value_name(question.columns, one.place.column, language))
        moved = one.now - one.kept
        cells = (
            cell(one.kept, unit, language),
            cell(one.now, unit, language),
            Cell(f"{moved:+,}", moved, unit=unit),
        )
        return SheetRow(of[0], (*_named(of), *cells), ".".join(code for code in one.place if code))

    return Sheet(
        "differences",
        words.told("What differs today", language),
        "",
        (*heads, *(words.told(head, language) for head in ("As it was kept", "As it is today", "Difference"))),
        tuple(row(one) for one in found),
        columns=(*columns, "kept", "now", "difference"),
    )


def notes(question: Question, language: Language) -> list[str]:
    """Say how a question counts, where that isn't plain by what its measure counts."""
    said: list[str] = []
    if question.measure in STOCKS and question.each != "whole":
        said.append("A month or year tells by how much the number went up or down in it.")
    if question.has_years_apart:
        said.append(
            "Each person is counted once in each year, so the years don't add up to the whole period, in which each is "
            "counted once."
        )
    elif question.is_of_persons:
        said.append(
            "Each person is counted once, in the month or year of the first time in the period."
            if question.each != "whole"
            else "Each person is counted once, by the first time in the period."
        )
    if question.percent != "none":
        said.append(_OF[question.percent] if question.columns else _OF_ALL)
    return [words.told(one, language) for one in said]


def period(question: Question, language: Language) -> str:
    """Write the period of a question."""
    of = question.period
    if of.first:
        return period_of(of.first, of.as_of, language)
    return words.told("Up to %(day)s, from the beginning", language, day=day(of.as_of, language))


def known(question: Question, counted_at: datetime, language: Language) -> str:
    """Write as of when a question's answer was known."""
    if question.known_at is None:
        return moment(counted_at, language)
    if isinstance(question.known_at, datetime):
        return moment(question.known_at, language)
    return words.told("End of %(day)s", language, day=day(question.known_at, language))


def about(
    question: Question,
    counted_at: datetime,
    position: int | None,
    address: str,
    publisher: Publisher,
    today: date,
    language: Language,
) -> About:
    """Say what a file of a table is; `position` and `address` are those of one that was kept."""

    def lines() -> Iterator[tuple[str, str]]:
        def said(text: str) -> str:
            return words.told(text, language)

        yield said("Title"), title(question, language)
        yield said("Centre"), publisher.centre(language)
        yield said("For staff alone"), said(SMALL)
        yield said("Period"), period(question, language)
        yield said("As known at"), known(question, counted_at, language)
        if position is not None:
            yield said("Position in the ledger"), number(position)
        yield said("Source address"), address
        yield said("What it counts"), plain(said(MEASURES[question.measure].meaning), language)
        for note in notes(question, language):
            yield said("How it counts"), note

    return About(title(question, language), publisher.centre(language), address, today, tuple(lines()))
