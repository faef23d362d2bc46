"""What is drawn: Seoul's districts as tiles, and columns of months; only places and lengths, no figure."""

from typing import NamedTuple

from services.reporting.pages.sheets import Sheet

_TILES = (
    ("11380", 2, 0), ("11305", 3, 0), ("11320", 4, 0), ("11350", 5, 0),
    ("11410", 2, 1), ("11110", 3, 1), ("11290", 4, 1), ("11260", 5, 1),
    ("11440", 2, 2), ("11140", 3, 2), ("11230", 4, 2),
    ("11500", 0, 3), ("11470", 1, 3), ("11560", 2, 3), ("11170", 3, 3), ("11200", 4, 3), ("11215", 5, 3),
    ("11740", 6, 3),
    ("11530", 1, 4), ("11590", 2, 4), ("11650", 3, 4), ("11680", 4, 4), ("11710", 5, 4),
    ("11545", 1, 5), ("11620", 2, 5),
)  # fmt: skip
"""Each district's column and row: about where it lies, the north above."""

_WIDTH, _HEIGHT = 80, 50
SHADES = 5
COLUMNS_HEIGHT = 100


class Tile(NamedTuple):
    """A district's tile: where its upper left corner is, how dark it is (0 to 4, None where nothing is told)."""

    x: int
    y: int
    name: str
    amount: str
    shade: int | None


def tiles(sheet: Sheet) -> list[Tile]:
    """Draw a split by district, shaded by how many there are since the opening."""
    rows = {row.code: row for row in sheet.rows}
    drawn: list[Tile] = []
    for code, column, line in _TILES:
        if row := rows.get(code):
            cell = row.cells[0]
            shade = None if cell.is_withheld else min(int((row.bar or 0) * SHADES / 100), SHADES - 1)
            drawn.append(Tile(column * _WIDTH, line * _HEIGHT, row.name, cell.shown, shade))
    return drawn


class Columns(NamedTuple):
    """A measure's months: its name, the largest amount, and (name, amount, x, y, height) of each."""

    name: str
    largest: str
    columns: tuple[tuple[str, str, float, float, float], ...]
    first: str
    last: str


_MONTH_WIDTH = 400.0


def series(sheet: Sheet) -> list[Columns]:
    """Draw the months of each measure that a sheet has, each on a scale of its own that begins at 0."""
    drawn: list[Columns] = []
    width = _MONTH_WIDTH / max(len(sheet.rows), 1)
    for place, head in enumerate(sheet.heads[1:]):
        cells = [row.cells[place] for row in sheet.rows]
        amounts = [float(cell.plain or 0) for cell in cells]
        most = max(amounts, default=0.0)
        if most <= 0:
            continue
        heights = [round(COLUMNS_HEIGHT * max(one, 0.0) / most, 1) for one in amounts]
        columns = tuple(
            (row.name, cell.shown, round(number * width, 2), round(COLUMNS_HEIGHT - height, 1), height)
            for number, (row, cell, height) in enumerate(zip(sheet.rows, cells, heights, strict=True))
        )
        largest = cells[amounts.index(most)].shown
        drawn.append(Columns(head, largest, columns, sheet.rows[0].name, sheet.rows[-1].name))
    return drawn
