"""A table as JSON-stat 2.0: its rows and its columns as dimensions, codes with labels, numbers with units."""

from typing import Any

from chassis.words import Language
from services.reporting.pages.about import Source, meanings, withheld
from services.reporting.pages.names import DIMENSIONS
from services.reporting.pages.sheets import Sheet
from services.reporting.pages.words import COUNTS, capital, unit_name, words

_COLUMN = "column"
_STANDS_FOR = {"month": "time", "year": "time", "day": "time", "district": "geo"}
"""What the rows of a table are to a reader, by their key."""


def as_jsonstat(source: Source, sheet: Sheet, language: Language) -> dict[str, Any]:
    """Give a table of a release as a dataset. A cell without a number is null, and its status says in words what
    stands there instead, as that it is withheld."""
    lines = sheet.lines
    cells = [cell for line in lines for cell in line.cells]
    across = sheet.across or _COLUMN
    role: dict[str, list[str]] = {} if sheet.across else {"metric": [_COLUMN]}
    for dimension in (sheet.key, across):
        if stands_for := _STANDS_FOR.get(dimension):
            role.setdefault(stands_for, []).append(dimension)
    named = words.told(DIMENSIONS[sheet.across] if sheet.across else "Column", language)
    return {
        "version": "2.0",
        "class": "dataset",
        "href": source.address(language, sheet),
        "label": f"{sheet.title}. {source.title(language)}",
        "source": source.publisher.centre(language),
        "updated": source.release.published_on.isoformat(),
        "note": [*([withheld(source.document, language)] if sheet.has_withheld else []), *_meant(sheet, language)],
        "id": [sheet.key, across],
        "size": [len(lines), len(sheet.columns)],
        "role": role,
        "dimension": {
            sheet.key: {"label": sheet.heads[0], "category": _category({line.code: line.name for line in lines})},
            across: {
                "label": capital(named),
                "category": {
                    **_category(dict(zip(sheet.columns, sheet.heads[1:], strict=True))),
                    **({} if sheet.across else {"unit": _units(sheet, language)}),
                },
            },
        },
        "value": [None if isinstance(cell.plain, str) else cell.plain for cell in cells],
        "status": {str(place): cell.plain for place, cell in enumerate(cells) if isinstance(cell.plain, str)},
        "extension": {
            "release": source.release.day.isoformat(),
            "sha256": source.release.hash,
            "position": source.release.position,
            "contact": source.publisher.contact,
            "licence": source.publisher.licence,
        },
    }


def _category(labels: dict[str, str]) -> dict[str, Any]:
    return {"index": [*labels], "label": labels}


def _meant(sheet: Sheet, language: Language) -> list[str]:
    return [f"{name}: {meaning}" for name, meaning in meanings([sheet], language)]


def _units(sheet: Sheet, language: Language) -> dict[str, dict[str, Any]]:
    """Say in what each column is counted, where all of its cells are counted in the same."""
    found: dict[str, dict[str, Any]] = {}
    for place, column in enumerate(sheet.columns):
        units = {line.cells[place].unit for line in sheet.lines}
        if len(units) == 1 and (unit := units.pop()):
            found[column] = {"label": unit_name(unit, language), "decimals": 0 if unit in COUNTS else 1}
    return found
