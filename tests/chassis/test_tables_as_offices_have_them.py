"""What offices' programs write is read as it was meant, or told as what it is: marks, separators, sheets, days."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from chassis.tables.days import day_of
from chassis.tables.delimited import MOST_CELL_LINES
from chassis.tables.faults import FAULTS, Fault, TableRefused
from chassis.tables.tables import Meant, Table, read_table

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def text(body: str, **meant: Any) -> Table:
    return read_table(body.encode(), "csv", meant=Meant(**meant))


def told(table: Table) -> dict[int, str]:
    return {number: fault.what for number, fault in table.broken.items()}


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def book_of(*rows: list[Any]) -> Workbook:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    return book


def changed(body: bytes, part: str, before: str, after: str) -> bytes:
    """A sheet with something else in one of its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as given, zipfile.ZipFile(out, "w") as made:
        for name in given.namelist():
            content = given.read(name).decode()
            assert name != part or before in content
            made.writestr(name, content.replace(before, after) if name == part else content)
    return out.getvalue()


def with_cells(cells: str) -> bytes:
    """A sheet with the columns `a` and `b` whose further rows are written as XML."""
    return changed(saved(book_of(["a", "b"])), "xl/worksheets/sheet1.xml", "</sheetData>", f"{cells}</sheetData>")


@pytest.mark.parametrize(
    ("lines", "read", "broken"),
    [
        (['1,"a,x', "2,b,x", '3,c",x', "4,d,x"], [2, 4], [1, 3]),
        (["1,a,x", '2,"b,x', "3,c,x"], [1, 3], [2]),
        (['1,"a"b,x', "2,c,x"], [2], [1]),
        (['1,"a', 'b",x', "2,c,x"], [1, 2], []),
        (['1,"a, b, c', 'd",x', "2,c,x"], [1, 2], []),
        (['"1', '2",c,x', "3,d,x"], [1, 2], []),
        (['1,a "b" c,x', '2,"say ""b""",x'], [1, 2], []),
        (['1,"' + "\n" * MOST_CELL_LINES + 'a",x', "2,c,x"], [MOST_CELL_LINES + 2], [1, MOST_CELL_LINES + 1]),
    ],
)
def test_a_quotation_mark_that_stands_alone_costs_its_own_row(
    lines: list[str], read: list[int], broken: list[int]
) -> None:
    table = text("\n".join(["n,m,o", *lines]))
    assert [row.number for row in table.rows] == read
    assert [number for number, what in told(table).items() if what in ("quote", "no_name")] == broken


def test_a_line_end_within_a_cell_is_a_space() -> None:
    assert text('a,b\n"x\r\ny",1').rows[0].cells == {"a": "x y", "b": "1"}
    escaped = saved(book_of(["a", "b"], ["김_x000D_\n보람", "snake_x005F_x000D_case"]))
    assert read_table(escaped, "xlsx").rows[0].cells == {"a": "김 보람", "b": "snake_x000D_case"}


@pytest.mark.parametrize(("separator", "name"), [(",", "comma"), ("\t", "tab"), (";", "semicolon"), ("|", "pipe")])
def test_what_parts_the_columns_is_recognised_and_told(separator: str, name: str) -> None:
    table = text(f"a{separator}b\r1{separator}2")
    assert (table.rows[0].cells, table.origin.separator) == ({"a": "1", "b": "2"}, name)


def test_what_can_not_be_told_is_asked() -> None:
    with pytest.raises(TableRefused, match="comma, semicolon"):
        text("a;b,c\n1;2,3")
    assert text("a;b,c\n1;2,3", separator=";").rows[0].cells == {"a": "1", "b,c": "2,3"}

    both = "이름\n쨔".encode("cp949").replace("이름".encode("cp949"), b"name")
    assert both.decode() != both.decode("cp949")
    assert read_table(both, "csv").origin.encoding == "utf-8"
    with pytest.raises(TableRefused, match="may be UTF-8 or CP949"):
        read_table(both, "csv", meant=Meant(surely=True))
    assert read_table(both, "csv", meant=Meant("cp949", surely=True)).rows[0].cells == {"name": "쨔"}
    assert text("name\n가é", surely=True).origin.encoding == "utf-8"


def test_the_one_sheet_that_is_seen_and_has_rows_is_read_and_the_others_are_told() -> None:
    book = book_of(["a"], ["old"])
    book.worksheets[0].sheet_state = "veryHidden"
    book.create_sheet("empty")
    book.create_sheet("seen").append(["a"])
    table = read_table(saved(book), "xlsx")
    assert (table.origin.sheet, table.rows) == ("seen", [])
    assert table.origin.left == (("Sheet", True, False), ("empty", False, True))
    assert read_table(saved(book), "xlsx", meant=Meant(sheet="Sheet")).rows[0].cells == {"a": "old"}
    with pytest.raises(TableRefused, match="no sheet empty with rows; there are: Sheet, seen"):
        read_table(saved(book), "xlsx", meant=Meant(sheet="empty"))


def test_which_of_several_sheets_is_meant_is_never_guessed() -> None:
    book = book_of(["a"], ["1"])
    book.create_sheet("two").append(["a"])
    with pytest.raises(TableRefused, match="several sheets have rows: Sheet, two"):
        read_table(saved(book), "xlsx")
    with pytest.raises(TableRefused, match="is empty"):
        read_table(saved(Workbook()), "xlsx")
    hidden = changed(saved(book_of(["a"])), "xl/workbook.xml", 'state="visible"', 'state="hidden"')
    with pytest.raises(TableRefused, match="every sheet with rows is hidden: Sheet;"):
        read_table(hidden, "xlsx")


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("<f>TODAY()</f><v/>", "cell B2 holds a formula without a result"),
        ("<f>TODAY()</f>", "cell B2 holds a formula without a result"),
        ('<f t="shared" si="0"/>', "cell B2 holds a formula without a result"),
    ],
)
def test_a_formula_without_a_result_is_refused_by_its_cell(cell: str, reason: str) -> None:
    body = with_cells(
        f'<row r="2"><c r="A2"><v>1</v></c><c r="B2">{cell}</c></row><row r="3"><c r="A3"><v>2</v></c></row>'
    )
    table = read_table(body, "xlsx")
    assert [row.cells for row in table.rows] == [{"a": "2"}]
    assert str(table.broken[1]).startswith(reason)


def test_a_formulas_result_is_read_be_it_an_empty_text_and_its_error_is_told() -> None:
    row = '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>IF(A9="","",1)</f><v></v></c></row>'
    table = read_table(with_cells(row + '<row r="3"><c r="A3" t="e"><f>B9</f><v>#REF!</v></c></row>'), "xlsx")
    assert [row.cells for row in table.rows] == [{"a": "2"}]
    assert told(table) == {2: "cell_error"}
    assert table.broken[2].values == {"cell": "A3", "error": "#REF!"}


@pytest.mark.parametrize("style", [27, 31, 36, 50, 58])
def test_a_day_in_a_korean_excels_own_style_is_a_day(style: int) -> None:
    book = book_of(["a", "b"], [39846, 39846])
    book.worksheets[0]["B2"].number_format = "0.000"
    body = changed(saved(book), "xl/styles.xml", '<xf numFmtId="164"', f'<xf numFmtId="{style}"')
    assert read_table(body, "xlsx").rows[0].cells == {"a": "39846", "b": "2009-02-02"}


@pytest.mark.parametrize("form", ["yyyy/mm/dd", 'yyyy"년" m"월" d"일"', "[$-412]yyyy.m.d;@", "m/d/yy", "[$-F800]dddd"])
def test_a_sheets_own_date_is_read_in_any_format_and_from_either_epoch(form: str) -> None:
    for epoch in (None, CALENDAR_MAC_1904):
        book = Workbook()
        if epoch:
            book.epoch = epoch
        sheet = book.worksheets[0]
        sheet.append(["a"])
        sheet.append([date(2009, 2, 2)])
        sheet["A2"].number_format = form
        assert read_table(saved(book), "xlsx").rows[0].cells == {"a": "2009-02-02"}


def test_formatted_empty_rows_are_no_rows_however_many_and_a_cell_far_below_is_told() -> None:
    empty = "".join(f'<row r="{number}"><c r="A{number}" s="0"/></row>' for number in range(3, 20_000))
    first = '<row r="2"><c r="A2"><v>1</v></c></row>'
    assert len(read_table(with_cells(first + empty), "xlsx").rows) == 1
    assert len(text("a,b\n1,2\n" + ",\n" * 20_000).rows) == 1
    with pytest.raises(TableRefused, match="more than 10000 empty rows before row 19999"):
        read_table(with_cells(first + empty + '<row r="20000"><c r="A20000"><v>1</v></c></row>'), "xlsx")


@pytest.mark.parametrize(
    ("body", "format_", "what"),
    [
        (OLD + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "xlsx", "locked"),
        (OLD + b"\0" * 600 + "Workbook".encode("utf-16-le"), "xlsx", "old_sheet"),
        (saved(Workbook())[:300], "xlsx", "broken_sheet"),
        (b"<html><table>", "xlsx", "broken_sheet"),
        (saved(Workbook()), "csv", "is_sheet"),
        ("a\n가".encode("utf-16")[:-1], "csv", "no_text"),
    ],
)
def test_a_file_that_is_something_else_is_told_as_what_it_is(body: bytes, format_: Any, what: str) -> None:
    with pytest.raises(TableRefused) as refused:
        read_table(body, format_)
    assert refused.value.fault.what == what


@pytest.mark.parametrize(
    "cell",
    [
        "2010-01-28",
        "2010.1.28",
        "2010.01.28",
        "2010. 1. 28.",
        "2010/1/28",
        "2010년 1월 28일",
        "2010년01월28일",
        "２０１０-01-28",
    ],
)
def test_a_day_is_read_as_offices_write_it(cell: str) -> None:
    assert day_of(cell) == "2010-01-28"


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("10.1.28", "day_short"),
        ("'10.01.28", "day_short"),
        ("01/02/10", "day_short"),
        ("10년 1월 28일", "day_short"),
        ("28.01.2010", "day_first"),
        ("1/28/2010", "day_first"),
        ("2010-02-30", "day_none"),
        ("2010.13.1", "day_none"),
        ("2010-01-28T00:00:00", "day_timed"),
        ("2010-01-28 09:30", "day_timed"),
        ("20100128", "day_bare"),
        ("39846", "day_bare"),
        ("2010-1.28", "day_bare"),
        ("soon", "day_bare"),
    ],
)
def test_what_may_be_another_day_is_none_and_says_why(cell: str, what: str) -> None:
    assert day_of(cell) == Fault(what)
    assert "2010-01-28" in FAULTS[what] or what == "day_none"


@pytest.mark.parametrize("how", ["by hand", "by a filter"])
def test_a_row_that_nobody_sees_is_told_and_not_taken(how: str) -> None:
    book = book_of(["a", "b"], ["1", "2"], ["3", "4"], ["5", "6"])
    sheet = book.worksheets[0]
    sheet.row_dimensions[3].hidden = True
    sheet.row_dimensions[9].hidden = True  # nothing stands there
    if how == "by a filter":
        sheet.auto_filter.ref = "A1:B4"
    table = read_table(saved(book), "xlsx")
    assert [row.number for row in table.rows] == [1, 3]
    assert table.broken == {2: Fault("hidden_row", {"row": 3})}
    assert table.torn[2].cells == {"a": "3", "b": "4"}


@pytest.mark.parametrize(
    ("cells", "told_of"),
    [
        ("B2:B3", {2: ("B3", "B2:B3")}),
        ("A2:B2", {1: ("B2", "A2:B2")}),
        ("A2:B3", {1: ("B2", "A2:B3")}),
        ("B1:B2", {1: ("B2", "B1:B2")}),
        ("C1:D1", {}),
        ("B4:B9", {4: ("B5", "B4:B9")}),
    ],
)
def test_a_merged_cell_costs_the_rows_that_it_leaves_without_their_value(
    cells: str, told_of: dict[int, tuple[str, str]]
) -> None:
    book = book_of(["a", "b"], ["1", "2"], ["3", "4"], ["5", "6"], ["7", "8"])
    book.worksheets[0].merge_cells(cells)
    table = read_table(saved(book), "xlsx")
    assert table.broken == {
        number: Fault("merged", {"cell": cell, "cells": merged}) for number, (cell, merged) in told_of.items()
    }
    empty = {2} if cells == "A2:B3" else set[int]()
    assert {row.number for row in table.rows} == {1, 2, 3, 4} - told_of.keys() - empty


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_a_first_line_that_tells_the_separator_is_no_row(separator: str, line_end: str) -> None:
    body = line_end.join([f"sep={separator}", f"a{separator}b", f"1{separator}2", ""])
    table = text(body)
    assert table.columns == ("a", "b")
    assert [(row.number, row.cells) for row in table.rows] == [(1, {"a": "1", "b": "2"})]


def test_a_merged_cell_is_seen_however_far_it_reaches() -> None:
    book = book_of(["a", "b"], *([str(row), ""] for row in range(12_000)))
    book.worksheets[0].merge_cells("B2:B12001")
    table = read_table(saved(book), "xlsx")
    assert [row.number for row in table.rows] == [1]
    assert table.broken[12_000] == Fault("merged", {"cell": "B12001", "cells": "B2:B12001"})
