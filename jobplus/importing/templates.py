"""`jobplus import template`: sheets to fill in, with the columns that an import reads, their codes and notes.

A sheet to fill in has the header row and nothing below. Codes and notes, with an example, stand on sheets of their own,
which no import reads: a sheet that was filled in is brought in as it is.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from chassis.tables.workbooks import CODES_SHEET, NOTES_SHEET
from jobplus.importing.code_words import code_words
from jobplus.importing.columns import Column, columns_of
from jobplus.importing.folder import KNOWN, FilesRefused
from jobplus.importing.kinds import KIND_OF
from jobplus.importing.text_cells import TEXT_FORMAT
from jobplus.importing.wanted import wanted
from jobplus.importing.words import said, say

LAST_ROW = 1_048_576
"""Of a sheet."""
MOST_IN_PROMPT = 255
"""Characters of what a sheet says beside a cell."""
_WIDTH = 20
_BOLD = Font(bold=True)
_WRAPPED = Alignment(wrap_text=True, vertical="top")

Places = Mapping[str, str]


def write_templates(kind: str | None, out: Path | None) -> list[Path]:
    """Write the template of a kind into a file, or those of all kinds into a folder; gives the files (raises
    FilesRefused where one is there already, OSError)."""
    if kind is None:
        folder = out or Path("templates")
        files = {folder / f"{name}.xlsx": name for name in KIND_OF}
    elif kind in KIND_OF:
        files = {out or Path(f"{kind}.xlsx"): kind}
    else:
        raise FilesRefused(say("no_kind", kind=kind, known=KNOWN))
    if there := [path for path in files if path.exists()]:
        raise FilesRefused(*(say("template_there", at=path) for path in there))
    for path, name in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            template(name).save(file)
    return list(files)


def template(kind: str) -> Workbook:
    """Make the sheets of a kind."""
    book = Workbook()
    columns = columns_of(kind)
    sheet = book.worksheets[0]
    sheet.title = kind
    sheet.freeze_panes = "A2"
    places = _codes(book.create_sheet(CODES_SHEET), kind, columns)
    _notes(book.create_sheet(NOTES_SHEET), kind, columns)
    for place, column in enumerate(columns, 1):
        letter = get_column_letter(place)
        cell = sheet.cell(1, place, column.name)
        cell.font, cell.number_format = _BOLD, TEXT_FORMAT
        # Of the column, not of its cells: a cell with a format counts as one that is filled in for some programs.
        sheet.column_dimensions[letter].number_format = TEXT_FORMAT
        sheet.column_dimensions[letter].width = _WIDTH
        if column.name in places:
            choice = _choice(kind, column, places[column.name])
            choice.add(f"{letter}2:{letter}{LAST_ROW}")
            sheet.add_data_validation(choice)
    return book


def _choice(kind: str, column: Column, place: str) -> DataValidation:
    """Make a list to choose a code from; where a cell holds several, they are typed and none is refused."""
    choice = DataValidation("list", formula1=place, allow_blank=True)
    choice.showErrorMessage = column.kind != "list"
    choice.errorTitle = column.name
    choice.error = "목록에 있는 코드만 쓸 수 있습니다. Choose a code of the list."
    choice.showInputMessage = True
    choice.promptTitle = column.name
    words = "\n".join(f"{code} {ko} {en}" for code, (ko, en) in code_words(kind, column.name).items())
    several = "\n여럿이면 ;로 나눔 / several parted by ;" if column.kind == "list" else ""
    fits = len(words) + len(several) <= MOST_IN_PROMPT
    choice.prompt = (words if fits else f"코드의 뜻: {CODES_SHEET} 시트 / see that sheet") + several
    return choice


def _codes(sheet: Any, kind: str, columns: tuple[Column, ...]) -> Places:
    """Write the codes of all columns one below the other; gives where those of each column stand."""
    _heads(sheet, {"열 column": 22, "코드 code": 22, "한국어": 34, "English": 44})
    places: dict[str, str] = {}
    row = 1
    for column in columns:
        if not column.codes:
            continue
        words = code_words(kind, column.name)
        places[column.name] = f"'{CODES_SHEET}'!$B${row + 1}:$B${row + len(column.codes)}"
        for code in column.codes:
            row += 1
            for place, text in enumerate((column.name, code, *words[code]), 1):
                sheet.cell(row, place, text).number_format = TEXT_FORMAT
    return places


def _notes(sheet: Any, kind: str, columns: tuple[Column, ...]) -> None:
    """Write what each column holds, and an example."""
    _heads(sheet, {"열 column": 22, "필수 needed": 14, "설명": 52, "what it holds": 60, "보기 example": 24})
    for row, column in enumerate(columns, 2):
        needed = "필수 yes" if column.needed else ""
        holds = wanted(kind, column.name)
        told = "" if holds is None else say("wanted", wanted=holds)
        for place, text in enumerate((column.name, needed, said(told, "ko"), str(told), column.example), 1):
            cell = sheet.cell(row, place, text or None)
            cell.number_format, cell.alignment = TEXT_FORMAT, _WRAPPED
    for row, line in enumerate(("template_how", "template_ref"), len(columns) + 3):
        sheet.cell(row, 3, said(say(line, sheet=kind), "ko")).alignment = _WRAPPED
        sheet.cell(row, 4, str(say(line, sheet=kind))).alignment = _WRAPPED


def _heads(sheet: Any, heads: Mapping[str, int]) -> None:
    sheet.freeze_panes = "A2"
    for place, (head, width) in enumerate(heads.items(), 1):
        sheet.cell(1, place, head).font = _BOLD
        sheet.column_dimensions[get_column_letter(place)].width = width
