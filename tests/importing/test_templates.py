"""A template has the columns and codes that an import reads: filled in, it is brought in as it is."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from chassis.tables.workbooks import CODES_SHEET, NOTES_SHEET
from jobplus.importing.code_words import CODE_WORDS, code_words
from jobplus.importing.columns import columns_of, names_of
from jobplus.importing.files import read_files
from jobplus.importing.folder import Asked, FilesRefused
from jobplus.importing.kinds import KIND_OF
from jobplus.importing.templates import template, write_templates
from tests.importing.centre import bring, write_centre
from tests.kit.client import StackClient
from tests.kit.waiting import PATIENCE

IN_2011 = {"period_from": "2011-01-01", "period_to": "2011-06-30", "occurred_on": "2011-07-12"}


def fill_in(path: Path, rows: list[dict[str, str]]) -> None:
    """Type rows into a template, below the names that stand there."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    columns = [str(cell.value) for cell in sheet[1]]
    for number, row in enumerate(rows, 2):
        for name, text in row.items():
            sheet.cell(number, columns.index(name) + 1, text)
    book.save(path)


@pytest.mark.parametrize("kind", KIND_OF)
def test_a_template_has_the_columns_of_its_kind_and_nothing_to_bring_in(kind: str, tmp_path: Path) -> None:
    write_templates(kind, tmp_path / f"{kind}.xlsx")
    ((file,), left) = read_files(tmp_path, Asked())
    assert (file.kind.name, file.total, file.origin.sheet) == (kind, 0, kind)
    assert set(file.columns) <= names_of(kind)
    assert [(each.sheet, each.meant) for each in left] == [(CODES_SHEET, True), (NOTES_SHEET, True)]


@pytest.mark.parametrize("kind", KIND_OF)
def test_every_code_can_be_chosen_and_has_words_in_both_languages(kind: str) -> None:
    book = template(kind)
    sheet: Any = book.worksheets[0]
    offered: dict[str, list[str]] = {}
    for choice in sheet.data_validations.dataValidation:
        (cells,) = choice.sqref.ranges
        place = choice.formula1.partition("!")[2].replace("$", "")
        offered[sheet.cell(1, cells.min_col).value] = [row[0].value for row in book[CODES_SHEET][place]]
        assert len(choice.prompt) <= 255
    coded = {column.name: list(column.codes) for column in columns_of(kind) if column.codes}
    assert offered == coded
    for column, codes in coded.items():
        words = code_words(kind, column)
        assert list(words) == codes
        assert all(ko and en for ko, en in words.values())


def test_no_words_are_there_for_what_is_no_code() -> None:
    coded = {
        name
        for kind in KIND_OF
        for column in columns_of(kind)
        if column.codes
        for name in (column.name, f"{kind}.{column.name}")
    }
    assert set(CODE_WORDS) <= coded


@pytest.mark.parametrize("kind", KIND_OF)
def test_every_column_is_noted_with_an_example_and_is_text(kind: str) -> None:
    book = template(kind)
    noted = {row[0].value: row for row in book[NOTES_SHEET].iter_rows(min_row=2) if row[0].value}
    assert list(noted) == [column.name for column in columns_of(kind)]
    for name, (_, _, korean, english, _) in noted.items():
        assert (name, bool(korean.value), bool(english.value)) == (name, True, True)
    formats = {each.number_format for each in book.worksheets[0].column_dimensions.values()}
    assert formats == {"@"}
    assert book.worksheets[0].freeze_panes == "A2"


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    made = write_templates(None, tmp_path)
    assert {path.stem for path in made} == set(KIND_OF)
    made[0].write_text("filled in")
    with pytest.raises(FilesRefused, match="is there already"):
        write_templates(None, tmp_path)
    assert made[0].read_text() == "filled in"
    command = [sys.executable, "-m", "jobplus.cli", "import", "template"]
    told = subprocess.run(
        [*command, "seekers", "--out", str(made[0]), "--language", "ko"],
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (told.returncode, "이미 있습니다" in told.stderr) == (2, True)
    told = subprocess.run([*command, "people"], check=False, capture_output=True, text=True, timeout=PATIENCE)
    assert (told.returncode, "there is no kind people" in told.stderr) == (2, True)


def test_a_sheet_named_as_a_templates_is_read_where_it_is_asked_for(tmp_path: Path) -> None:
    write_templates("launches", tmp_path / "launches.xlsx")
    book = load_workbook(tmp_path / "launches.xlsx")
    book[CODES_SHEET].delete_rows(1, 100)
    book[CODES_SHEET]["A1"], book[CODES_SHEET]["A2"] = "client_ref", "X1"
    book.save(tmp_path / "launches.xlsx")
    ((file,), _) = read_files(tmp_path, Asked(sheets=[f"launches.xlsx:{CODES_SHEET}"]))
    assert (file.origin.sheet, file.total) == (CODES_SHEET, 1)


def test_a_filled_in_template_of_every_kind_is_brought_in(calling: StackClient, tmp_path: Path) -> None:
    write_centre(tmp_path / "files")
    folder = tmp_path / "filled-in"
    write_templates(None, folder)
    rows_of: dict[str, list[dict[str, str]]] = {kind: [] for kind in KIND_OF}
    for file in read_files(tmp_path / "files", Asked()).files:
        for row in file.rows:
            cells = {name: str(cell) for name, cell in row.cells.items()} | ({"ref": row.name} if row.has_ref else {})
            rows_of[file.kind.name].append(cells)
    for person in rows_of["seekers"]:
        person["name"] = f"서식{person['name']}"
    rows_of["surveys"] = [{**survey, **IN_2011} for survey in rows_of["surveys"]]
    for kind, rows in rows_of.items():
        fill_in(folder / f"{kind}.xlsx", rows)
    done = bring(calling.stack, folder)
    assert done.returncode == 0, done.stderr
    assert {file["kind"]: file["taken"] for file in json.loads(done.stdout)["files"]} == {
        kind: len(rows) for kind, rows in rows_of.items()
    }
    assert all(rows_of.values())
