"""Whatever bytes come in place of a cursor, a form, rows or a table, they are refused with a Problem that names the
field, at once and in an answer of bounded size. Nothing here reaches a rule."""

import io
import json
import time
import zipfile
from datetime import date
from typing import Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from chassis.http.bulk import MOST_ERRORS, Row, rows_of, rows_of_table
from chassis.http.cursors import place
from chassis.http.problem_responses import Problem
from chassis.running.service import interface
from chassis.tables.faults import TableRefused
from chassis.tables.tables import read_table
from services.intake.bootstrap import blueprint
from services.intake.seekers.commands import SeekerForm
from services.intake.settings import IntakeSettings
from tests.chassis.asking import Answer, ask
from tests.test_parameters import _Named

SECONDS = 1.0
"""For the worst of 1 MB; what was found here took 1.8 s, and 75 MB of an answer."""
LARGEST_ANSWER = 5_000_000

NASTY = ("\\ud800", "\\u0000", "\\u202e", "a" * 200, "=1+1", "8001011234567", "9" * 400, "0001-01-01", "9999-12-31")
NUMBERS = ("NaN", "Infinity", "-Infinity", "1e400", "-0", "9" * 5_000, str(2**63), "1.0", "01")
NAMES = [*SeekerForm.model_fields, "ref", "\\ud800", "x"]
SCALARS = st.one_of(
    st.sampled_from(["null", "true", *NUMBERS, *(f'"{text}"' for text in NASTY)]), st.text(max_size=9).map(json.dumps)
)


def _objects(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Objects as text, in which a name may be there twice."""
    member = st.tuples(st.sampled_from(NAMES), values).map(lambda pair: f'"{pair[0]}":{pair[1]}')
    return st.lists(member, max_size=6).map(lambda members: "{" + ",".join(members) + "}")


VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3).map(lambda items: f"[{','.join(items)}]") | _objects(inner)
)
FORMS = _objects(VALUES).map(lambda text: text.encode("utf-8", "surrogatepass"))
DEEP = tuple(opening * 100_000 for opening in (b"[", b'{"name":', b'[{"ref":'))
MANY = (
    b"{" + b",".join(b'"a%d":1' % number for number in range(80_000)) + b"}",
    b'{"wanted_occupations":[' + b",".join([b'"zz"'] * 190_000) + b"]}",
    b'{"ref":"1","wanted_occupations":[' + b",".join([b'"zz"'] * 190_000) + b"]}",
    b"\n".join([b'{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1,"l":1,"m":1}'] * 5_000),
)


def _named(rows: list[Row]) -> bool:
    """Whether each row is a form, or tells the fields that are wrong."""
    return all(row.form is not None or all(error["field"] and error["reason"] for error in row.errors) for row in rows)


def _is_told(refused: Problem) -> bool:
    return bool(refused.errors) and all(error["field"] and error["reason"] for error in refused.errors)


def _rows(body: bytes, format_: Literal["ndjson", "csv"]) -> bool:
    """Read rows; tells whether what is wrong with them is told by fields."""
    try:
        return _named(rows_of(body, format_, SeekerForm))
    except Problem as refused:
        return _is_told(refused)


@given(st.text(max_size=60) | st.from_regex(r"\d{4}-\d\d-\d\d_[0-9a-f-]{30,40}", fullmatch=True))
def test_what_is_no_cursor_is_refused(after: str) -> None:
    named = ["after"]
    try:
        found = place(after)
    except Problem as refused:
        named = [error["field"] for error in refused.errors]
    else:
        assert found is not None
        assert (type(found[0]), type(found[1])) == (date, UUID)
    assert named == ["after"]


@given(st.lists(FORMS | st.binary(max_size=30) | st.sampled_from(DEEP), min_size=1, max_size=3).map(b"\n".join))
def test_lines_of_any_bytes_tell_what_is_wrong_with_them(body: bytes) -> None:
    assert _rows(body, "ndjson")


@given(st.binary(max_size=200) | st.text(alphabet='",;\t\r\n\x00aé\ufeff1refname', max_size=200).map(str.encode))
def test_a_table_of_any_bytes_tells_what_is_wrong_with_it(body: bytes) -> None:
    assert _rows(body, "csv")
    assert _rows(b"ref,name,wanted_occupations\n" + body, "csv")


def _sheet() -> bytes:
    book, file = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.append(["ref", "name", "birth_date", "career_years"])
    sheet.append([1, "김보람", date(1979, 5, 14), 2.5])
    book.save(file)
    return file.getvalue()


SHEET = _sheet()
PARTS = sorted(zipfile.ZipFile(io.BytesIO(SHEET)).namelist())


def _with(part: str, change: tuple[int, bytes]) -> bytes:
    """The sheet with other bytes within one of its parts."""
    place_, given_ = change
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SHEET)) as before, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            at = place_ % len(content)
            after.writestr(name, content[:at] + given_ + content[at + len(given_) :] if name == part else content)
    return file.getvalue()


CHANGES = st.tuples(st.integers(0, 5_000), st.binary(min_size=1, max_size=6) | st.sampled_from([b"<", b'"99999999"']))
CUT = st.integers(0, len(SHEET)).map(lambda end: SHEET[:end])


def _sheet_is_told(file: bytes) -> bool:
    try:
        return _named(rows_of_table(read_table(file, "xlsx", 5_000), SeekerForm))
    except TableRefused as refused:
        return bool(refused.reason)
    except Problem as refused:
        return _is_told(refused)


@given(CUT | st.builds(_with, st.sampled_from(PARTS), CHANGES))
def test_a_damaged_sheet_tells_what_is_wrong_with_it(file: bytes) -> None:
    assert _sheet_is_told(file)


INTAKE = interface(blueprint(IntakeSettings.model_construct()), verifier=_Named(), group_commit=None, handler=None)


async def _ask(path: str, body: bytes, kind: str) -> Answer:
    """Send intake a body as a manager."""
    headers = {"authorization": "manager", "idempotency-key": "1", "content-type": kind}
    return await ask(INTAKE, "POST", path, body=body, headers=headers)


@given(FORMS | st.binary(max_size=30) | st.sampled_from(DEEP))
async def test_a_form_of_any_bytes_tells_the_fields(body: bytes) -> None:
    answer = await _ask("/seekers/search", b'{"limit":0,' + body[1:], "application/json")
    assert answer.status == 422
    assert all(error["field"] and error["reason"] for error in answer.problem["errors"])


@pytest.mark.parametrize("body", [*DEEP, *MANY], ids=lambda body: body[:20].decode())
@pytest.mark.parametrize(
    ("path", "kind"),
    [("/seekers", "application/json"), ("/seekers/bulk", "application/x-ndjson"), ("/seekers/bulk", "text/csv")],
)
async def test_the_worst_of_a_megabyte_is_refused_at_once_and_shortly(path: str, kind: str, body: bytes) -> None:
    begun = time.process_time()
    answer = await _ask(path, body, kind)
    assert answer.status in {413, 422}
    assert time.process_time() - begun < SECONDS
    assert len(answer.body) < LARGEST_ANSWER
    assert answer.problem["errors"]


def test_a_cell_of_too_many_values_is_told_and_not_read() -> None:
    begun = time.process_time()
    (row,) = rows_of(b"wanted_occupations\n" + b"zz;" * 40_000, "csv", SeekerForm)
    assert row.errors == ({"field": "body", "reason": "a row has at most 1000 values"},)
    assert time.process_time() - begun < SECONDS


def test_rows_that_are_wrong_too_often_are_refused_with_the_first_of_it() -> None:
    with pytest.raises(Problem) as refused:
        rows_of(MANY[3], "ndjson", SeekerForm)
    assert len(refused.value.errors) == MOST_ERRORS
    assert refused.value.errors[0]["field"] == "row 1: name"
