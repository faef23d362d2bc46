"""What was refused is written back as the office typed it, mended there, and brought in again."""

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from jobplus.importing.bringing import home_of
from jobplus.importing.files import read_files
from jobplus.importing.folder import Asked, FilesRefused
from jobplus.importing.telling import explained
from jobplus.importing.words import Language
from jobplus.importing.written_back import WrittenBack, refuse_place, write_back
from tests.importing.centre import as_csv, bring, seeker, write_xlsx
from tests.kit.client import StackClient

Cells = list[tuple[Any, ...]]


def back(folder: Path, to: Path | None = None, language: Language = "en", **asked: Any) -> WrittenBack | None:
    """Write back what can be told of a folder without any service."""
    files = read_files(folder, Asked(**asked)).files
    refused = [told for file in files for told in explained(file, file.broken)]
    return write_back(files, refused, folder, to, language)


def cells_of(path: Path) -> Cells:
    return list(load_workbook(path).worksheets[0].iter_rows(values_only=True))


def mend(path: Path, **changes: Any) -> None:
    """Write the same into a column of every row, as who mends it would; the rest stays."""
    book = load_workbook(path)
    sheet: Any = book.worksheets[0]
    names = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        for name, value in changes.items():
            row[names.index(name)].value = value
    book.save(path)


def test_a_row_comes_back_with_what_was_typed_and_why_it_was_refused(tmp_path: Path) -> None:
    rows = [
        {"client_ref": "－", "occupation": "02", "occurred_on": "2009년 6월 1일"},
        {"client_ref": "Ｘ１", "occupation": "=1+1", "occurred_on": "@a\u200b"},
        {"client_ref": "X2", "occupation": "800101-1234567", "occurred_on": "2009.6.1"},
        {"client_ref": "X3", "occupation": "13", "occurred_on": "2009-06-01"},
    ]
    (tmp_path / "launches-2009.csv").write_text(as_csv(rows))
    done = back(tmp_path, language="ko")
    assert done
    assert (done.folder, done.rows, done.files) == (tmp_path / ".jobplus-import/refused/1", 3, ["launches-2009.xlsx"])
    head, first, second, third = cells_of(done.folder / "launches-2009.xlsx")
    assert head == ("client_ref", "occupation", "occurred_on", "refused_because")
    assert first[:3] == ("－", "02", "2009년 6월 1일")
    assert first[3].startswith("client_ref: 번호가 아니라")
    assert second[:3] == ("Ｘ１", "=1+1", "@a\u200b")
    assert third[:3] == ("X2", "[a resident registration number]", "2009.6.1")
    sheet: Any = load_workbook(done.folder / "launches-2009.xlsx").worksheets[0]
    assert {(cell.data_type, cell.number_format) for row in sheet.iter_rows() for cell in row} == {("s", "@")}
    again = back(tmp_path)
    assert again
    assert again.folder.name == "2", "what was written back before is left as it is"


def test_what_xml_has_no_room_for_is_typed_as_before_when_it_is_read_again(tmp_path: Path) -> None:
    odd = "가\x01_x000D_\ufffe"
    (tmp_path / "launches.csv").write_text(as_csv([{"client_ref": "X1", "occupation": odd}]))
    done = back(tmp_path)
    assert done
    ((file,), _) = read_files(done.folder, Asked())
    assert (len(file.rows), file.torn[1].cells["occupation"]) == (0, "가\x01_x000D__xFFFE_")


def test_a_line_that_is_no_row_comes_back_as_far_as_it_can_be_told_and_is_no_row_until_it_is_mended(
    tmp_path: Path,
) -> None:
    (tmp_path / "launches.csv").write_text('client_ref,occupation\nX1,"13\nX2,13,left over\n')
    (tmp_path / "launches-2.ndjson").write_text('{"client_ref": "X3"\n')
    write_xlsx(tmp_path / "launches-3.xlsx", [{"client_ref": "X4", "occupation": "=A1"}])
    done = back(tmp_path)
    assert done
    assert sorted(done.files) == ["launches-2.xlsx", "launches-3-Sheet.xlsx", "launches.xlsx"]
    found = {name: cells_of(done.folder / name) for name in done.files}
    assert [row[:3] for row in found["launches.xlsx"]] == [
        ("client_ref", "occupation", None),
        ("X1", '"13', None),
        ("X2", "13", "left over"),
    ]
    assert found["launches-2.xlsx"][1][0] == '{"client_ref": "X3"'
    assert found["launches-3-Sheet.xlsx"][1][:2] == ("X4", "=A1")
    again = {file.path.name: file for file in read_files(done.folder, Asked()).files}
    assert list(again["launches-2.xlsx"].torn) == [1]
    assert list(again["launches.xlsx"].torn) == [2]


def test_each_sheet_and_each_file_has_one_of_its_own_that_is_named_by_its_kind(tmp_path: Path) -> None:
    for name in ("launches.csv", "launches.tsv"):
        (tmp_path / name).write_text("client_ref\n-\n")
    write_xlsx(tmp_path / "launches-b.xlsx", [{"client_ref": "-"}])
    done = back(tmp_path)
    assert done
    assert sorted(done.files) == ["launches-2.xlsx", "launches-b-Sheet.xlsx", "launches.xlsx"]
    (tmp_path / "people.csv").write_text("client_ref\n-\n")
    files = read_files(tmp_path / "people.csv", Asked("launches")).files
    done = write_back(files, files[0].broken, tmp_path, tmp_path / "elsewhere", "en")
    assert done
    assert done.files == ["launches-people.xlsx"]


def test_why_a_row_was_refused_is_no_part_of_what_it_says(tmp_path: Path) -> None:
    row = {"client_ref": "X1", "occurred_on": "2009-06-01"}
    write_xlsx(tmp_path / "launches.xlsx", [row])
    ((before,), _) = read_files(tmp_path, Asked())
    write_xlsx(tmp_path / "launches.xlsx", [{**row, "refused_because": "800101-1234567"}, {"refused_because": "x"}])
    ((after,), _) = read_files(tmp_path, Asked())
    assert [row.name for row in after.rows] == [row.name for row in before.rows]
    assert (after.broken, after.total, after.columns) == ([], 1, before.columns)


def test_rows_that_were_written_back_say_of_which_folder_they_are(tmp_path: Path) -> None:
    kept = tmp_path / ".jobplus-import" / "refused" / "1"
    kept.mkdir(parents=True)
    with pytest.raises(FilesRefused, match="--of FOLDER"):
        home_of(kept, None)
    assert home_of(kept, tmp_path) == tmp_path
    with pytest.raises(FilesRefused, match="there is no file or folder"):
        home_of(kept, tmp_path / "nowhere")
    (kept / "launches.xlsx").touch()
    with pytest.raises(FilesRefused, match="holds something already"):
        refuse_place(kept)


def cp949(path: Path, rows: list[dict[str, Any]]) -> None:
    path.with_suffix(".csv").write_bytes(as_csv(rows).encode("cp949"))


def sheet(path: Path, rows: list[dict[str, Any]]) -> None:
    write_xlsx(path.with_suffix(".xlsx"), rows)


@pytest.mark.parametrize(("write", "prefix"), [(cp949, "B"), (sheet, "T")])
def test_what_was_refused_is_mended_where_it_was_written_and_is_taken_once(
    calling: StackClient, tmp_path: Path, write: Any, prefix: str
) -> None:
    folder = tmp_path / f"office-{prefix}"
    folder.mkdir()
    counsellor = {"ref": f"C{prefix}", "name": "이한결", "groups": "youth", "occurred_on": "2009-01-28"}
    write(folder / "counsellors", [counsellor])
    person = {n: seeker(n, name=f"마루한{prefix}{n}", ref=f"{prefix}{n}") for n in (1, 2)}
    write(folder / "seekers", [person[1], {**person[2], "gender": "여", "occurred_on": "2009.2.2"}])
    session = {"counsellor_ref": f"C{prefix}", "kind": "job", "channel": "visit", "minutes": 30}
    rows = [
        {"client_ref": f"{prefix}{n}", **session, "occurred_on": day, "minutes": minutes}
        for n, day, minutes in ((1, "2009-03-01", "30"), (1, "2009-03-02", "=30"), (2, "2009-03-03", "30"))
    ]
    write(folder / "sessions", rows)

    tried = json.loads(bring(calling.stack, folder, "--dry-run", "--refused", str(tmp_path / f"tried-{prefix}")).stdout)
    assert [Path(file).parent.name for file in tried["back"]] == [f"tried-{prefix}"] * len(tried["back"])
    assert len(tried["back"]) == 2
    done = bring(calling.stack, folder, "--language", "ko")
    assert (done.returncode, "따로 저장했습니다" in done.stderr) == (1, True), done.stderr
    files = [Path(file) for file in json.loads(done.stdout)["back"]]
    assert {file.parent for file in files} == {folder / ".jobplus-import" / "refused" / "1"}
    persons, sessions = files
    head, *told = cells_of(persons)
    assert [dict(zip(head, row, strict=True))["gender"] for row in told] == ["여"]
    assert dict(zip(head, told[0], strict=True))["refused_because"].startswith("gender: female, male 중 하나를")
    assert [row[0] for row in cells_of(sessions)[1:]] == [f"{prefix}1", f"{prefix}2"]

    mend(persons, gender="female")
    mend(sessions, minutes="20")
    kept = folder / ".jobplus-import" / "taken.ndjson"
    before_them = kept.read_bytes()
    for taken, before in (([1, 2], [0, 0]), ([0, 0], [1, 2])):
        again = bring(calling.stack, persons.parent, "--of", str(folder))
        assert again.returncode == 0, again.stderr
        came = json.loads(again.stdout)["files"]
        assert ([file["taken"] for file in came], [file["before"] for file in came]) == (taken, before)
        kept.write_bytes(before_them)  # what was taken since then the services know
    found = calling.post("intake", "/seekers/search", {"name": f"마루한{prefix}2"}).json["seekers"]
    assert len(found) == 1
    whole = json.loads(bring(calling.stack, folder).stdout)["files"]
    assert [file["taken"] for file in whole] == [0, 0, 0], "what was mended there isn't taken from here again"
