"""What the press report of a release says, and the report made of it. Its lists have lengths that two pages hold."""

from typing import Any

from chassis.words import Language
from services.reporting.pages.about import Source, withheld
from services.reporting.pages.press.months import columns
from services.reporting.pages.press.typeset import typeset
from services.reporting.pages.sections import first_figures, sections
from services.reporting.pages.sheets import Sheet, SheetRow, sheets
from services.reporting.pages.words import day, number, period, words

_TABLES = {"placed-by-occupation": 10, "placed-by-age-band": 5, "placed-by-gender": 2}
"""The tables that are shown, with how many of their rows."""
_SENTENCES = {"targets": 3, "afterwards": 4, "internships": 2, "surveys": 1}
"""The sections whose sentences are told, with how many of them."""
_DRAWN = 2
"""Measures that are drawn by month."""


def as_press_report(source: Source, language: Language) -> bytes:
    """Give the report of a release as PDF; the same release gives the same bytes (raises NotTypeset)."""
    return typeset(contents(source, language), source.release.published_on)


def contents(source: Source, language: Language) -> dict[str, Any]:
    """Give all texts of the report, and how long its bars are."""
    release, document, publisher = source.release, source.document, source.publisher

    def said(text: str, **values: object) -> str:
        return words.told(text, language, **values)

    told = {section.name: section for section in sections(document, language)}
    tables = {sheet.name: sheet for sheet in sheets(document, language)}
    opening = next(column for column in document.columns if column.name == "since_opening")
    notes = [
        (said("Small counts"), withheld(document, language)),
        (said("Source address"), source.address(language)),
        (said("Contact"), publisher.contact),
        (said("Licence"), publisher.licence),
        (said("SHA-256 of the release"), release.hash),
        (said("Position in the ledger"), number(release.position)),
    ]
    return {
        "language": language,
        "centre": publisher.centre(language),
        "kind": said("Press release"),
        "title": source.title(language),
        "published": said("Published on %(day)s.", day=day(release.published_on, language)),
        "lead": said(
            "The large figures count from the opening: %(period)s.",
            period=period(opening.first, opening.last, language),
        ),
        "figures": [
            {"name": one.name, "large": one.large, "moved": one.moved} for one in first_figures(document, language)
        ],
        "months_title": said("Month by month"),
        "months": [
            {
                "name": one.name,
                "largest": said("largest month: %(largest)s", largest=one.largest),
                "alternative": said("Columns by month: %(title)s. The table has the same figures.", title=one.name),
                "heights": [*one.heights],
                "ends": [one.first, one.last],
            }
            for one in columns(tables["by-month"])[:_DRAWN]
        ]
        if "by-month" in tables
        else [],
        "sections": [
            {"title": told[name].title, "sentences": told[name].sentences[:most]}
            for name, most in _SENTENCES.items()
            if name in told and told[name].sentences
        ],
        "tables": [_table(tables[name], most) for name, most in _TABLES.items() if name in tables],
        "notes_title": said("About these figures"),
        "notes": [(name, text) for name, text in notes if text],
    }


def _table(sheet: Sheet, most: int) -> dict[str, Any]:
    """Give a table's first rows, the total before them as a page has it."""

    def row(of: SheetRow) -> dict[str, Any]:
        return {"name": of.name, "cells": [cell.shown for cell in of.cells], "bar": of.bar or 0}

    total = row(sheet.total)["cells"] if sheet.total else []
    return {
        "title": sheet.title,
        "heads": sheet.heads,
        "total": [sheet.total.name if sheet.total else "", *("" if cell == "–" else cell for cell in total)],
        "rows": [row(one) for one in sheet.rows[:most]],
    }
