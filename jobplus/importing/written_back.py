"""Rows that were refused, written back as sheets: mended there, they are brought in again with `--of`.

Each file or sheet of one with such rows becomes an .xlsx with all its columns as they were typed, but for resident
registration numbers, and one more that tells why.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from chassis.tables.tables import TornRow
from jobplus.importing.files import RefusedRow, Row, SourceFile, text_of
from jobplus.importing.folder import FilesRefused
from jobplus.importing.kinds import REF, REFUSED_BECAUSE
from jobplus.importing.taken import FOLDER
from jobplus.importing.text_cells import TEXT_FORMAT, header, text_cell
from jobplus.importing.words import Language, said, say

_NO_NAME = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
"""What a file's name can't hold on one system or another."""
_WIDTH, _WIDTH_OF_REASON = 18, 70


class WrittenBack(NamedTuple):
    """A folder with refused rows, how many they are, and its files."""

    folder: Path
    rows: int
    files: list[str]


def refuse_place(folder: Path) -> None:
    """Refuse to write into a folder that holds something (raises FilesRefused)."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FilesRefused(say("refused_there", at=folder))


def write_back(
    files: Sequence[SourceFile], refused: Sequence[RefusedRow], of: Path, to: Path | None, language: Language
) -> WrittenBack | None:
    """Write refused rows into `to`, or into the next numbered folder beside what was taken `of` a folder; None where no
    row was refused (raises OSError)."""
    whys: defaultdict[tuple[str, str | None], defaultdict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for told in refused:
        whys[told.file, told.sheet][told.row].append(_why(told, language))
    if not whys:
        return None
    folder = _fresh(of / FOLDER / "refused") if to is None else to
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    names: list[str] = []
    for file in files:
        if file.key in whys:
            names.append(_name(file, names))
            _book(file, whys[file.key]).save(folder / names[-1])
    return WrittenBack(folder, sum(map(len, whys.values())), names)


def _why(told: RefusedRow, language: Language) -> str:
    reason = said(told.reason, language)
    return f"{told.field}: {reason}" if told.field else reason


def _fresh(parent: Path) -> Path:
    numbers = [int(each.name) for each in parent.iterdir() if each.name.isdecimal()] if parent.exists() else []
    return parent / str(max(numbers, default=0) + 1)


def _name(file: SourceFile, taken: Sequence[str]) -> str:
    """Name a sheet's file by its kind first, so that it is known by it again."""
    stem, sheet = file.path.stem, file.origin.sheet
    parts = [] if stem.partition("-")[0] == file.kind.name else [file.kind.name]
    name = _NO_NAME.sub("_", "-".join([*parts, stem, *([sheet] if sheet else [])]))
    tried, number = f"{name}.xlsx", 1
    while tried.casefold() in map(str.casefold, taken):
        number += 1
        tried = f"{name}-{number}.xlsx"
    return tried


def _book(file: SourceFile, whys: Mapping[int, Sequence[str]]) -> Workbook:
    rows = [(number, row.cells, row.stray) for number, row in _as_typed(file) if number in whys]
    columns = [name for name in file.columns if file.format != "ndjson" or any(name in cells for _, cells, _ in rows)]
    most = max((len(stray) for _, _, stray in rows), default=0)
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(file.kind.name)
    sheet.freeze_panes = "A2"
    for place in range(1, len(columns) + most + 1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTH
        sheet.column_dimensions[get_column_letter(place)].number_format = TEXT_FORMAT
    sheet.column_dimensions[get_column_letter(len(columns) + most + 1)].width = _WIDTH_OF_REASON
    sheet.append(header(sheet, [*columns, *[""] * most, REFUSED_BECAUSE]))
    for number, cells, stray in sorted(rows, key=lambda row: row[0]):
        texts = [cells.get(name, "") for name in columns] + [*stray, *[""] * (most - len(stray))]
        line = [text_cell(sheet, text) if text else None for text in texts]
        sheet.append([*line, text_cell(sheet, "; ".join(dict.fromkeys(whys[number])), wrapped=True)])
    return book


def _as_typed(file: SourceFile) -> Iterator[tuple[int, TornRow]]:
    """Give every row's texts by column, and those that stand under no name."""
    yield from file.torn.items()
    yield from ((row.number, TornRow(_texts(row), [])) for row in file.rows)


def _texts(row: Row) -> dict[str, str]:
    given = {REF: row.name} if row.has_ref else {}
    return {column: text_of(cell) for column, cell in {**given, **row.cells, **row.typed}.items()}
