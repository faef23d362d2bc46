"""Everything that lies in a folder is accounted for: read, or told as what it is, in a clerk's words."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest
from openpyxl import Workbook

from jobplus.importing.files import RefusedRow, Row, SourceFile, read_files
from jobplus.importing.folder import Asked, FilesRefused
from jobplus.importing.kinds import KIND_OF
from jobplus.importing.telling import Came, FileCame, explained, tell
from jobplus.importing.words import said
from tests.importing.centre import as_csv, write_xlsx
from tests.kit.waiting import PATIENCE

LAUNCH = {"client_ref": "X1", "occupation": "13", "occurred_on": "2009-06-01"}
OLD_SHEET = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def reasons_of(folder: Path, **asked: Any) -> list[str]:
    with pytest.raises(FilesRefused) as refused:
        read_files(folder, Asked(**asked))
    return list(refused.value.reasons)


def left_in(folder: Path, **asked: Any) -> dict[str, tuple[bool, str]]:
    left = read_files(folder, Asked(**asked)).left
    return {f"{each.file}:{each.sheet}" if each.sheet else each.file: (each.meant, each.reason) for each in left}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("launches-old.xls", "before 2007; open it and save it as .xlsx"),
        ("launches.XLS", "before 2007"),
        ("launches.ods", "another program's form"),
        ("launches.jsonl", "ending .ndjson"),
        ("launches.txt", "ending .csv, or .tsv"),
        ("~$launches.xlsx", "open in another program"),
        ("launches", "a file is .csv, .tsv, .xlsx, .ndjson"),
        ("launches.csv.bak", "a file is .csv"),
        ("scan.pdf", "a file is .csv"),
    ],
)
def test_what_is_no_table_is_told_as_what_it_is_and_is_no_success_unless_it_is_ignored(
    tmp_path: Path, name: str, words: str
) -> None:
    (tmp_path / "launches-2009.csv").write_text(as_csv([LAUNCH]))
    (tmp_path / name).write_bytes(OLD_SHEET)
    meant, reason = left_in(tmp_path)[name]
    assert not meant
    assert words in reason
    assert left_in(tmp_path, ignored=[name]) == {name: (True, "ignored, as --ignore says")}


def test_a_folder_within_one_is_told_and_what_the_system_puts_there_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "launches.csv").write_text(as_csv([LAUNCH]))
    (tmp_path / "2010").mkdir()
    (tmp_path / ".jobplus-import").mkdir()
    for name in (".DS_Store", "Thumbs.db", "desktop.ini"):
        (tmp_path / name).touch()
    assert {name: meant for name, (meant, _) in left_in(tmp_path).items()} == {
        ".DS_Store": True,
        "2010": False,
        "Thumbs.db": True,
        "desktop.ini": True,
    }


def test_where_no_table_is_at_all_it_is_told_what_there_is_instead(tmp_path: Path) -> None:
    (tmp_path / "seekers.jsonl").touch()
    (tmp_path / "people.csv").touch()
    assert [reason.partition(":")[0] for reason in reasons_of(tmp_path)] == ["people.csv"]
    (tmp_path / "people.csv").unlink()
    told = reasons_of(tmp_path)
    assert [words in reason for words, reason in zip(("ending .ndjson", "holds no file"), told, strict=True)] == [
        True
    ] * 2


def test_the_files_of_other_kinds_are_told_where_one_kind_is_brought(tmp_path: Path) -> None:
    (tmp_path / "launches.csv").write_text(as_csv([LAUNCH]))
    (tmp_path / "seekers.csv").write_text("name\n")
    assert left_in(tmp_path, kind="launches") == {"seekers.csv": (True, "not brought, as --kind says")}


@pytest.mark.parametrize(
    ("name", "body", "read_as"),
    [
        ("launches.tsv", b"client_ref\toccurred_on\nX;1\t2009.6.1\n", ("utf-8", "tab")),
        ("launches.csv", b"client_ref;occurred_on\nX1;2009/6/1\n", ("utf-8", "semicolon")),
        ("launches.csv", "client_ref|occurred_on\n가|2009년 6월 1일\n".encode("cp949"), ("cp949", "pipe")),
        ("launches.csv", "client_ref\toccurred_on\n가\t2009-6-1\n".encode("utf-16"), ("utf-16", "tab")),
        ("launches.ndjson", b"\xef\xbb\xbf" + orjson.dumps({**LAUNCH}), ("utf-8", None)),
        ("launches.ndjson", orjson.dumps(LAUNCH).decode().encode("utf-16"), ("utf-16", None)),
    ],
)
def test_how_a_file_was_read_is_told_and_its_days_are_days(
    tmp_path: Path, name: str, body: bytes, read_as: tuple[str, str | None]
) -> None:
    (tmp_path / name).write_bytes(body)
    ((file,), left) = read_files(tmp_path, Asked())
    assert (file.origin.encoding, file.origin.separator) == read_as
    assert [row.cells["occurred_on"] for row in file.rows] == ["2009-06-01"]
    assert (file.broken, left) == ([], [])


def test_what_may_be_read_in_two_ways_is_asked_with_the_option_that_says_it(tmp_path: Path) -> None:
    (tmp_path / "launches-a.csv").write_bytes("client_ref\n쨔".encode("cp949"))
    (tmp_path / "launches-b.csv").write_text("client_ref;occupation,occurred_on\n")
    encoding, separator = reasons_of(tmp_path)
    assert "--encoding launches-a.csv:utf-8 or launches-a.csv:cp949" in encoding
    assert "--separator launches-b.csv:comma" in separator
    (tmp_path / "launches-b.csv").write_text("client_ref,occupation\n")
    asked = Asked(encodings=["launches-a.csv:cp949"], separators=["launches-b.csv:comma"])
    first, second = read_files(tmp_path, asked).files
    assert (first.rows[0].cells, second.origin.separator) == ({"client_ref": "쨔"}, "comma")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"ignored": ["gone.csv"]}, "--ignore names gone.csv, which is not there"),
        ({"ignored": ["launches.csv:old"]}, "--ignore names launches.csv:old"),
        ({"sheets": ["gone.xlsx:old"]}, "--sheet names gone.xlsx"),
        ({"encodings": ["gone.csv:cp949"]}, "--encoding names gone.csv"),
        ({"separators": ["gone.csv:tab"]}, "--separator names gone.csv"),
        ({"separators": [","]}, "--separator is one of comma, tab, semicolon, pipe"),
        ({"encodings": ["launches.csv:latin-1"]}, "--encoding is one of utf-8, utf-16, cp949"),
        ({"sheets": ["old"]}, "--sheet is one of FILE:NAME"),
    ],
)
def test_an_option_that_says_nothing_of_what_is_there_is_refused(tmp_path: Path, asked: Any, words: str) -> None:
    (tmp_path / "launches.csv").write_text(as_csv([LAUNCH]))
    (reason,) = reasons_of(tmp_path, **asked)
    assert reason.startswith(words)


def test_a_sheet_that_was_not_read_is_told_until_an_option_says_that_it_is_not_meant(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "launches.xlsx", [LAUNCH])
    book = Workbook()
    for name, state in (("옛:명단", "hidden"), ("올해", "visible"), ("빈", "visible")):
        sheet = book.create_sheet(name.replace(":", "-"))
        sheet.sheet_state = state
        if name != "빈":
            sheet.append(list(LAUNCH))
    del book["Sheet"]
    book.save(tmp_path / "launches.xlsx")
    assert {name: meant for name, (meant, _) in left_in(tmp_path).items()} == {
        "launches.xlsx:옛-명단": False,
        "launches.xlsx:빈": True,
    }
    assert left_in(tmp_path, ignored=["launches.xlsx:옛-명단"])["launches.xlsx:옛-명단"][0]
    asked = {"sheets": ["launches.xlsx:옛-명단"]}
    assert not left_in(tmp_path, **asked)["launches.xlsx:올해"][0]

    book["옛-명단"].sheet_state = "visible"
    book.save(tmp_path / "launches.xlsx")
    (reason,) = reasons_of(tmp_path)
    assert reason.startswith("launches.xlsx: several sheets have rows: 옛-명단, 올해")
    assert "--sheet launches.xlsx:NAME" in reason


def refused_of(kind: str, cells: dict[str, Any], field: str, reason: str, type_: str | None = None) -> RefusedRow:
    path = Path(f"{kind}.csv")
    file = SourceFile(path, KIND_OF[kind], "csv", [Row(3, "#", False, cells, "")], [])
    (told,) = explained(file, [RefusedRow(path.name, 3, field, reason, type_)])
    return told


INVALID = "urn:jobplus:problem:invalid-request"


OCCUPATIONS = "a code of two digits such as 02; several are parted by ;"


@pytest.mark.parametrize(
    ("column", "value", "field", "reason", "told"),
    [
        ("gender", "여", "gender", "Input should be 'female'", "it holds one of female, male"),
        (
            "phone",
            "1",
            "phone",
            "String should match pattern '^0'",
            "it holds a telephone number such as 010-0000-1234",
        ),
        ("birth_date", "80.1.1", "birth_date", "no day", "the year has two digits: write it with four, as 2010-01-28"),
        ("wanted_occupations", "2;99", "wanted_occupations.1", "Input should be '01'", f"it holds {OCCUPATIONS}"),
        ("wanted_occupations", None, "wanted_occupations", "Field required", f"is missing; it holds {OCCUPATIONS}"),
        ("name", "가", "name", "holds a secret: leave it out", "holds a secret: leave it out"),
        ("seeker_ref", "S1", "seeker_id", "Input should be a UUID", "it holds the ref of a row of another file"),
    ],
)
def test_a_value_that_has_not_its_columns_form_is_told_with_what_it_holds(
    column: str, value: str | None, field: str, reason: str, told: str
) -> None:
    refused = refused_of("seekers", {column: value} if value else {}, field, reason, INVALID)
    assert (refused.field, refused.reason, refused.value) == (column, told, value)


def test_a_value_is_never_told_again_with_what_must_not_be_kept_or_seen() -> None:
    value = refused_of("seekers", {"name": "가 800101-1234567\u202e"}, "name", "holds").value
    assert value == "가 [a resident registration number]U+202E"


def test_the_last_lines_tell_each_row_and_file_in_korean(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "launches.csv").write_text('client_ref,occurred_on\nX1,2009-06-01\n"X2,2009-06-01\n')
    (tmp_path / "launches.xls").touch()
    ((file,), left) = read_files(tmp_path, Asked())
    refused = list(explained(file, file.broken))
    refused.append(refused_of("seekers", {"gender": "여"}, "gender", "Input should be 'female'", INVALID))
    came = Came(False, [FileCame.of(file, 0, 1, 0, 1)], refused, left)
    assert tell(came, "ko", as_json=False) == 1
    printed = capsys.readouterr()
    assert "전에 등록됨" in printed.out
    first, second, third = printed.err.splitlines()
    assert first.startswith('launches.csv 2행: 큰따옴표(")가 짝이 없어')
    assert second == 'seekers.csv 3행: gender: "여": female, male 중 하나를 써야 합니다'
    assert third.startswith("launches.xls: 읽지 않음: 2007년 이전 형식")


def test_the_command_ends_with_1_while_something_is_left_out_that_is_not_ignored(tmp_path: Path) -> None:
    (tmp_path / "launches-of-the-year-2009.csv").write_text(as_csv([LAUNCH]))
    (tmp_path / "launches.jsonl").touch()
    command = [sys.executable, "-m", "jobplus.cli", "import", str(tmp_path), "--progress", "--json", "--language", "ko"]
    told = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)
    assert told.returncode == 1
    assert [(each["file"], each["meant"]) for each in orjson.loads(told.stdout)["left"]] == [("launches.jsonl", False)]
    assert "끝이 .ndjson이어야" in told.stderr
    ignoring = [each for each in command if each != "--json"] + ["--ignore", "launches.jsonl"]
    told = subprocess.run(ignoring, check=False, capture_output=True, text=True, timeout=PATIENCE)
    assert (told.returncode, "…" in told.stdout) == (0, False)
    (tmp_path / "launches-of-the-year-2009.csv").write_text('client_ref,occupation\nX1,"13\n')
    told = subprocess.run(ignoring, check=False, capture_output=True, text=True, timeout=PATIENCE)
    assert told.returncode == 1
    assert "launches-of-the-year-2009.csv 1행: 큰따옴표" in told.stderr


def test_columns_that_there_are_not_are_told_in_the_language_of_the_run_before_anything_is_sent(tmp_path: Path) -> None:
    (tmp_path / "launches.csv").write_text(
        as_csv([{"client_ref": "X1", "nickname": "a", "나이": "3", "client_id": "1"}])
    )
    with pytest.raises(
        FilesRefused, match="nickname, 나이: there is no such column; there are: ref, client_ref"
    ) as told:
        read_files(tmp_path, Asked())
    (reason,) = told.value.reasons
    assert said(reason, "ko").startswith("launches.csv: nickname, 나이: 그런 열은 없습니다. 있는 열: ref, client_ref")
