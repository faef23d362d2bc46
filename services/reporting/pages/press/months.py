"""Months as columns in the press report; only heights, no figure."""

from typing import NamedTuple

from services.reporting.pages.sheets import Sheet

HIGHEST = 100.0


class Columns(NamedTuple):
    """A measure's months: its name, the largest amount, each month's height up to 100, and the first and the last."""

    name: str
    largest: str
    heights: tuple[float, ...]
    first: str
    last: str


def columns(sheet: Sheet) -> list[Columns]:
    """Draw the months of each measure that a sheet has, each on a scale of its own that begins at 0."""
    drawn: list[Columns] = []
    for place, head in enumerate(sheet.heads[1:]):
        cells = [row.cells[place] for row in sheet.rows]
        amounts = [float(cell.plain or 0) for cell in cells]
        most = max(amounts, default=0.0)
        if most <= 0:
            continue
        heights = tuple(round(HIGHEST * max(one, 0.0) / most, 1) for one in amounts)
        largest = cells[amounts.index(most)].shown
        drawn.append(Columns(head, largest, heights, sheet.rows[0].name, sheet.rows[-1].name))
    return drawn
