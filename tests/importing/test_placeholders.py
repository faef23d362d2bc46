"""What is typed where there is no number is nobody's number, and a number is the same however it is typed."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from pydantic import BaseModel

from chassis.http.bulk import rows_of
from chassis.tables.row_names import PLACEHOLDER_FOUND, by_content, ref_of
from chassis.texts import TextRefused
from jobplus.importing.files import read_files
from jobplus.importing.folder import Asked
from jobplus.importing.words import said
from tests.importing.test_references import checked, write

PLACEHOLDERS = (
    *("-", "--", ".", "?", "...", "*", "( )", "/", "_", "○○", "〇〇", "ㅡ", "－", "ー", "★", "#"),
    *("0", "000", "0-0", "0.0", "００", "٠", "x", "X", "xxx", "x-x", "ｘ", "×"),
    *("없음", "없 음", "(없음)", "미상", "해당없음", "해당 없음", "해당사항 없음", "번호없음", "무", "미정", "모름"),
    *("N/A", "n/a", "NA", "n.a.", "#N/A", "Ｎ／Ａ", "None", "NULL", "nil", "unknown", "T.B.D.", "tbd", "#REF!"),
)
NUMBERS = (
    *("1", "01", "000-1", "0x1", "x1", "S1", "A", "O", "N/A-1", "없음1", "２", "①", "Ⅳ", "②-가"),
    *("가", "김없음", "무진", "미상동", "한무", "NAB", "nano", "xy", "xl", "ox", "nonet", "unknowns", "nullo"),
    *("ref", "name", "2009-가-", "-7", "(3)", by_content("0" * 32, 1)),
)


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_what_is_typed_where_there_is_no_number_is_no_ref(text: str) -> None:
    with pytest.raises(TextRefused, match="no number of anybody"):
        ref_of(text)


@pytest.mark.parametrize("text", NUMBERS)
def test_whatever_may_be_somebodys_number_is_a_ref(text: str) -> None:
    assert ref_of(text)


class Form(BaseModel):
    number: int


def test_a_service_refuses_a_placeholder_in_a_line_as_in_a_table() -> None:
    rows = rows_of(b'{"ref": "N/A", "number": 1}\n{"ref": "N1", "number": 1}', "ndjson", Form)
    rows += rows_of("ref,number\n없음,1\n".encode(), "csv", Form)
    assert [[error["reason"] for error in row.errors] for row in rows] == [[PLACEHOLDER_FOUND], [], [PLACEHOLDER_FOUND]]


@pytest.mark.parametrize("column", ["client_ref", "counsellor_ref", "ref"])
def test_a_placeholder_costs_its_row_in_whatever_column_it_stands_for_a_record(tmp_path: Path, column: str) -> None:
    row: dict[str, Any] = {"client_ref": "X1", "counsellor_ref": "C1", "registered": "false"}
    write(tmp_path, sessions=[{**row, column: "-"}, row])
    (file,) = read_files(tmp_path, Asked()).files
    assert [(told.row, told.field, told.reason) for told in file.broken] == [(1, column, PLACEHOLDER_FOUND)]
    assert "번호가 없다는 표시" in said(file.broken[0].reason, "ko")
    assert [row.number for row in file.rows] == [2]


def test_a_line_is_refused_for_the_number_0_too(tmp_path: Path) -> None:
    lines = ({"client_ref": 0}, {"client_ref": 7}, {"client_ref": None})
    (tmp_path / "launches.ndjson").write_bytes(b"\n".join(map(orjson.dumps, lines)))
    (file,) = read_files(tmp_path, Asked()).files
    assert [(told.row, told.field) for told in file.broken] == [(1, "client_ref")]


def test_a_dash_in_a_column_that_is_no_ref_is_left_to_the_service(tmp_path: Path) -> None:
    write(tmp_path, launches=[{"client_ref": "X1", "occupation": "-"}])
    (file,) = read_files(tmp_path, Asked()).files
    assert file.broken == []


def test_a_ref_leads_from_file_to_file_whatever_way_it_is_typed(tmp_path: Path) -> None:
    write(
        tmp_path,
        seekers=[{"ref": "Ｓ１"}, {"ref": "S-\u0662"}],
        launches=[{"client_ref": "S1"}, {"client_ref": "S-２"}, {"client_ref": " Ｓ１ "}],
    )
    assert checked(tmp_path)[0] == []
    write(tmp_path, seekers=[{"ref": "Ｓ１"}, {"ref": "S1"}])
    assert ("seekers.csv", 2, "ref", "S1 is the ref of seekers.csv row 1 already") in checked(tmp_path)[0]
