"""The rows of a bulk request, each checked by the form of a single one."""

from datetime import date
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from chassis.days import Day
from chassis.http.bulk import Row, rows_of
from chassis.http.bulk_columns import columns_of, integer_of
from chassis.http.problem_responses import Problem


class Inner(BaseModel):
    a: int


class AForm(BaseModel):
    model_config = ConfigDict(extra="forbid")

    number: int = Field(ge=1, le=9)
    codes: tuple[Literal["01", "02"], ...] = ()
    day: Day | None = None
    truth: bool = False
    inner: Inner | None = None


def csv(text: str) -> list[Row]:
    return rows_of(text.encode(), "csv", AForm)


def ndjson(text: str) -> list[Row]:
    return rows_of(text.encode(), "ndjson", AForm)


def errors(rows: list[Row]) -> list[tuple[int, str]]:
    return [(row.number, error["field"]) for row in rows for error in row.errors]


def test_columns_are_the_forms_fields_but_for_those_with_an_inner_structure() -> None:
    assert {name: (column.kind, column.needed) for name, column in columns_of(AForm).items()} == {
        "number": ("integer", True),
        "codes": ("list", False),
        "day": ("day", False),
        "truth": ("text", False),
    }


def test_cells_become_what_the_form_asks_for() -> None:
    (row,) = csv("ref,number,codes,day,truth\nA,5,01; 02,2010-03-02,true\n")
    assert row.form == AForm(number=5, codes=("01", "02"), day=date(2010, 3, 2), truth=True)
    assert row.ref == "A"


@pytest.mark.parametrize("cell", ["2,40", "0,400", "2400,000", "2,4000", ",400", "2,400.5", "-2,400"])
def test_commas_stand_between_the_thousands_of_a_whole_number_and_nowhere_else(cell: str) -> None:
    assert integer_of("2,400") == "2400"
    assert integer_of("1,234,567") == "1234567"
    assert integer_of(cell) == cell


def test_a_whole_number_in_a_table_may_have_commas() -> None:
    class Paid(BaseModel):
        wage: int
        name: str = ""

    (row,) = rows_of(b'wage,name\n"2,400,000","1,000"\n', "csv", Paid)
    assert row.form == Paid(wage=2_400_000, name="1,000")


def test_a_row_says_the_same_as_a_line_and_as_cells() -> None:
    (line,) = ndjson('{"ref": "A", "number": 5, "codes": ["01"]}')
    (cells,) = csv("ref,number,codes\nA,5,01\n")
    assert (line.form, line.ref) == (cells.form, cells.ref)


def test_every_error_is_told_by_row_and_field() -> None:
    rows = csv("number,codes,day,truth\n0,03,20100302,perhaps\n5,,,\n,,2.3.2010,\n")
    assert errors(rows) == [(1, "number"), (1, "codes.0"), (1, "day"), (1, "truth"), (3, "number"), (3, "day")]
    assert rows[1].form == AForm(number=5)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ('{"number": 5}\n{\n[]\n{"number": 0}', [(2, "body"), (3, "body"), (4, "number")]),
        ('{"number": 5, "ref": 7}\n{"number": 5, "ref": ""}', [(1, "ref"), (2, "ref")]),
        ('{"number": 5, "ref": "a\\u0000"}\n{\n[]', [(1, "ref"), (2, "body"), (3, "body")]),
        ('{"number": 5, "ref": "a"}\n{"number": 5, "ref": "a"}', [(2, "ref")]),
        ('{"number": 5, "ref": "a1"}\n{"number": 5, "ref": " \\uff41\\u0661"}', [(2, "ref")]),
        ('{"number": 5, "ref": "\\u3000"}', [(1, "ref")]),
        (
            '{"number": 5, "ref": "800101-1234567"}\n{"number": 5, "ref": "\\uff18001011234567"}',
            [(1, "ref"), (2, "ref")],
        ),
        ('{"number": 5, "name": "ref"}\n', [(1, "name")]),
    ],
)
def test_lines_are_refused_for(lines: str, found: list[tuple[int, str]]) -> None:
    assert errors(ndjson(lines)) == found


def test_no_row_is_refused_with_a_resident_registration_number_in_the_answer() -> None:
    rows = ndjson('{"number": 5, "800101-1234567": 1}\n{"number": 5, "ref": "800101-1234567"}')
    rows += csv("ref,number,day\n8001011234567,5,800101-1234567\n1,5,800101-1234567\n1,800101-1234567,\n")
    assert len(rows) == len([row for row in rows if row.errors]) == 5
    assert "1234567" not in str([(row.ref, row.errors) for row in rows])


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("", ["body"]),
        ("number\n", ["body"]),
        ("number\n" + "5\n" * 5_001, ["body"]),
        ("number,name,ref,inner\n5,a,b,c\n", ["name", "inner"]),
        ("number,number\n5,5\n", ["number"]),
    ],
)
def test_what_is_no_table_of_the_form_is_refused_at_once(text: str, fields: list[Any]) -> None:
    with pytest.raises(Problem) as refused:
        csv(text)
    assert [error["field"] for error in refused.value.errors] == fields
