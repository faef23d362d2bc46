"""Tables as offices have them are read as a person reads them, or refused in words."""

import io
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from chassis.tables.faults import TableRefused
from chassis.tables.tables import read_table, written

KOREAN = "ref,name,district\n1,김보람,11440\n"


def sheet(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be"])
def test_korean_text_is_read_whichever_way_an_office_saved_it(encoding: str) -> None:
    table = read_table(KOREAN.encode(encoding), "csv")
    assert table.columns == ("ref", "name", "district")
    assert encoding.startswith(table.origin.encoding or "nothing")
    assert [row.cells["name"] for row in table.rows] == ["김보람"]


def test_text_in_another_encoding_is_refused_in_words() -> None:
    with pytest.raises(TableRefused, match="not UTF-8, UTF-16 or CP949"):
        read_table("name\nü".encode("latin-1"), "csv")


def test_an_empty_cell_is_absent_and_an_empty_row_keeps_its_number() -> None:
    table = read_table(b"a,b\r\n1,\r\n,\r\n ,2\r\n", "csv")
    assert [(row.number, row.cells) for row in table.rows] == [(1, {"a": "1"}), (3, {"b": "2"})]


def test_a_table_copied_out_of_a_sheet_is_parted_by_tabs() -> None:
    assert read_table(b"a\tb\n1,5\t2\n", "csv").rows[0].cells == {"a": "1,5", "b": "2"}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"a,a\n1,2\n", "the column a is there twice"),
        (b"\n1,2\n", "the first row names the columns"),
        (b"", "the first row names the columns"),
        (b'"a\n1\n', "quotation mark"),
        (b"a\n" + b"\n" * 10_001 + b"1\n", "empty rows"),
    ],
)
def test_what_is_no_table_is_refused_for(body: bytes, reason: str) -> None:
    with pytest.raises(TableRefused, match=reason):
        read_table(body, "csv")


def test_a_row_with_a_value_too_many_is_told_and_the_others_are_read() -> None:
    table = read_table(b"a\n1\n2,3\n4,,\n5,,6\n", "csv")
    assert [(row.number, row.cells["a"]) for row in table.rows] == [(1, "1"), (3, "4")]
    assert {number: str(fault) for number, fault in table.broken.items()} == {
        2: "there is a value in column 2, which has no name",
        4: "there is a value in column 3, which has no name",
    }


def test_a_sheet_gives_days_numbers_and_truths_as_texts() -> None:
    body = sheet(
        ["day", "moment", "number", "share", "truth", "text", "nothing"],
        [date(2010, 3, 2), datetime(2010, 3, 2), 30, 1.5, True, " 02 ", None],  # noqa: DTZ001
    )
    assert read_table(body, "xlsx").rows[0].cells == {
        "day": "2010-03-02",
        "moment": "2010-03-02",
        "number": "30",
        "share": "1.5",
        "truth": "true",
        "text": "02",
    }


def test_a_stray_cell_far_below_is_refused_and_not_read_up_to() -> None:
    book = Workbook()
    book.worksheets[0]["A1"] = "a"
    book.worksheets[0]["A1000000"] = "1"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(TableRefused, match="empty rows"):
        read_table(out.getvalue(), "xlsx")


@pytest.mark.parametrize("body", [b"", b"no zip", sheet(["a"], ["1"])[:400]])
def test_a_broken_sheet_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(TableRefused, match=r"no \.xlsx file"):
        read_table(body, "xlsx")


_cells = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20).filter(
    lambda text: text[0] not in "=#"  # as a formula or its error begins, which are none
)


@given(st.lists(st.dictionaries(st.sampled_from(["a", "b", "c"]), _cells, min_size=1), min_size=1, max_size=20))
def test_what_is_written_is_read_the_same(rows: list[dict[str, str]]) -> None:
    assert [row.cells for row in read_table(written(["a", "b", "c"], rows), "csv").rows] == rows


def test_a_text_that_a_program_guards_from_becoming_a_number_is_that_text() -> None:
    table = read_table('name,occupation,note\n="김보람",="02",""\n,="",\n'.encode(), "csv")
    assert [row.cells for row in table.rows] == [{"name": "김보람", "occupation": "02"}]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("#N/A", "cell_error"),
        ("#REF!", "cell_error"),
        ("=A1&B1", "formula"),
        ("=-1+2", "formula"),
        ('=IF(A1,"")', "formula"),
    ],
)
@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_a_formula_or_its_error_that_was_saved_as_a_text_costs_its_row(format_: Any, text: str, what: str) -> None:
    lines = [["name", "title"], ["가", "나"], ["다", text]]
    if format_ == "csv":
        body = "\n".join(f"{first}\t{second}" for first, second in lines).encode()
    else:
        book = Workbook()
        for number, line in enumerate(lines, 1):
            for place, value in enumerate(line, 1):
                book.worksheets[0].cell(number, place, value).data_type = "s"
        out = io.BytesIO()
        book.save(out)
        body = out.getvalue()
    table = read_table(body, format_)
    assert [row.number for row in table.rows] == [1]
    assert {number: (fault.what, fault.values["cell"]) for number, fault in table.broken.items()} == {2: (what, "B3")}


@pytest.mark.parametrize("text", ["#1", "=", "===", "= =", "#가", "# N/A 없음"])
def test_what_only_begins_as_a_formula_or_an_error_is_a_text(text: str) -> None:
    assert read_table(f"title\n{text}\n".encode(), "csv").rows[0].cells == {"title": text}
