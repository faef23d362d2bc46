"""What can be wrong with a table, each by a name, in a service's words. Who says it in other words has them by the
name."""

from collections.abc import Mapping
from typing import Any, NamedTuple

FAULTS: Mapping[str, str] = {
    "all_hidden": "every sheet with rows is hidden: {sheets}; show the one that is meant, or say which",
    "ambiguous_encoding": "the text may be UTF-8 or CP949 (EUC-KR): say which it is",
    "ambiguous_separator": "the columns may be parted by {separators}: say by which",
    "broken_sheet": "this is no .xlsx file that can be read: open it in the program that made it, and save it anew",
    "cell_error": "cell {cell} holds the error {error} in place of a value: mend its formula, or write the value",
    "day_bare": "is not a day: write it as 2010-01-28, or give the cell a date format",
    "day_first": "the day stands before the year, so it can't be told which is the month: write it as 2010-01-28",
    "day_none": "there is no such day",
    "day_short": "the year has two digits: write it with four, as 2010-01-28",
    "day_timed": "holds a time of day beside the day: write the day only, as 2010-01-28",
    "empty": "the first row names the columns, and it is empty",
    "far_below": "more than {most} empty rows before row {row}: delete them",
    "formula": "cell {cell} holds a formula without a result: open the file in a spreadsheet program and save it, or "
    "write the value in place of the formula",
    "hidden_row": "row {row} of the sheet is hidden, by hand or by a filter: show it, or delete it",
    "is_sheet": "this is a sheet, not a text: give its name the ending .xlsx",
    "large": "the file has {bytes} bytes unpacked, over {most}: split it",
    "locked": "the file is locked with a password: save it without one",
    "many_columns": "there are {count} columns; a table has at most {most}",
    "many_rows": "send 1 to {most} rows below the one that names the columns; there are more",
    "many_sheets": "several sheets have rows: {sheets}; leave one, or say which",
    "merged": "cell {cell} is merged with others ({cells}), so that only one of them has the value: undo the merging, "
    "and write it in each",
    "no_name": "there is a value in column {place}, which has no name",
    "no_sheet": "there is no sheet {sheet} with rows; there are: {sheets}",
    "no_text": "the text is not UTF-8, UTF-16 or CP949 (EUC-KR): save it as CSV UTF-8",
    "old_sheet": "this is a sheet in the form of before 2007 (.xls): save it as .xlsx",
    "packed": "{part} unpacks to {bytes} bytes of next to nothing: save it anew",
    "quote": "a quotation mark (\") stands alone, so it can't be told where a cell ends: delete it, or write it twice "
    "within a cell that stands between two",
    "too_much": "the file takes more memory or time to read than a table of this size may: save it anew, or split it",
    "twice": "the column {name} is there twice",
}


class Fault(NamedTuple):
    """One of FAULTS, with what it is about, and the column at fault if one is."""

    what: str
    values: Mapping[str, Any] = {}
    column: str | None = None

    def __str__(self) -> str:
        return FAULTS[self.what].format(**self.values)


class Torn(NamedTuple):
    """A line that is no row: why, and its cells by their places from 0, as far as they can be told."""

    fault: Fault
    cells: Mapping[int, str]


class TableRefused(ValueError):
    """A file is no table: says why, and which column is at fault if one is."""

    def __init__(self, what: str, column: str | None = None, **values: Any) -> None:
        self.fault = Fault(what, values, column)
        super().__init__(str(self.fault))

    @property
    def reason(self) -> str:
        """Say why in a service's words."""
        return str(self.fault)

    @property
    def column(self) -> str | None:
        return self.fault.column
