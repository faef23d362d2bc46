"""A release as open data, one file: every number as a line of a CSV with what it means beside it (Frictionless's data
package), and the release's document as it was published."""

import codecs
import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any

from services.reporting.figures.period import month_end
from services.reporting.pages.about import Source, meanings, withheld
from services.reporting.pages.downloads import harmless
from services.reporting.pages.sheets import Sheet
from services.reporting.pages.whole import whole
from services.reporting.releases.document import ReleaseDocument

_NUMBER = re.compile(r"-?\d+")

FIELDS = {
    "release": ("date", "The day that the release is as of"),
    "table": ("string", "The table's name in addresses"),
    "table_ko": ("string", "Its title in Korean"),
    "table_en": ("string", "Its title in English"),
    "row": ("string", "The code of the row, as of an occupation; total is all together"),
    "row_ko": ("string", "Its name in Korean"),
    "row_en": ("string", "Its name in English"),
    "column": ("string", "The code of the column: a period, or what is counted"),
    "column_ko": ("string", "Its name in Korean"),
    "column_en": ("string", "Its name in English"),
    "first_day": ("date", "The first day that is counted"),
    "last_day": ("date", "The last day that is counted"),
    "unit": (
        "string",
        "persons, times, firms, percent, percentage points, points (of a score), ratio (to each seeker)",
    ),
    "value": ("number", "The number, empty where there is none"),
    "status": ("string", "What stands instead of a number: withheld, yes or no; empty with a value: there is none"),
}
"""The columns of figures.csv: type and meaning."""


def as_open_data(source: Source, body: bytes) -> bytes:
    """Give a release as a zip file of `figures.csv`, `datapackage.json` and `release.json`, its document of `body`; the
    same release gives the same bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        for name, contents in (
            ("datapackage.json", json.dumps(_package(source), ensure_ascii=False, indent=1).encode()),
            ("figures.csv", _csv(source)),
            ("release.json", body),
        ):
            told = zipfile.ZipInfo(name, source.release.published_on.timetuple()[:6])
            told.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(told, contents)
    return written.getvalue()


def _csv(source: Source) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(FIELDS)
    for line in _lines(source.document):
        writer.writerow([_kept(one) if isinstance(one, str) else one for one in line])
    return codecs.BOM_UTF8 + written.getvalue().encode()


def _kept(text: str) -> str:
    """Give a text that starts no formula; a code that is a number, as `-29` of an age, stays as it is."""
    return text if _NUMBER.fullmatch(text) else harmless(text)


def _lines(document: ReleaseDocument) -> Iterator[list[str | float | None]]:
    for korean, english in zip(whole(document, "ko"), whole(document, "en"), strict=True):
        for row, row_en in zip(korean.lines, english.lines, strict=True):
            for place, (cell, cell_en) in enumerate(zip(row.cells, row_en.cells, strict=True)):
                column = korean.columns[place]
                is_text = isinstance(cell_en.plain, str)
                yield [
                    *(document.release.isoformat(), korean.name, korean.title, english.title),
                    *(row.code, row.name, row_en.name, column, korean.heads[place + 1], english.heads[place + 1]),
                    *_days(document, korean, row.code, column),
                    cell.unit,
                    None if is_text else cell.plain,
                    cell_en.plain if is_text else "",
                ]


def _days(document: ReleaseDocument, sheet: Sheet, row: str, column: str) -> tuple[str, str]:
    """Give the first and the last day that a cell is of."""
    periods = {str(one.name): (one.first, one.last) for one in document.columns}
    opened, until = periods["since_opening"][0], document.release
    if sheet.period:
        first, last = periods[sheet.period]
    elif column in periods:
        first, last = periods[column]
    elif sheet.key == "day":
        first = last = date.fromisoformat(row)
    elif sheet.key == "month":
        first = date.fromisoformat(f"{row}-01")
        last = month_end(first)
    elif sheet.key == "year" or sheet.key == "target" or column.startswith("change"):
        year = int(row) if sheet.key == "year" else until.year
        first, last = date(year, 1, 1), date(year, 12, 31)
    else:
        first, last = opened, until
    return max(first, opened).isoformat(), min(last, until).isoformat()


def _package(source: Source) -> dict[str, Any]:
    release, of = source.release, source.publisher
    licences = [{"name": "custom", "title": of.licence}] if of.licence else []
    return {
        "profile": "tabular-data-package",
        "name": f"jobplus-{source.document.centre}-{release.day}",
        "title": f"{of.centre('ko')}: {source.title('ko')} / {of.centre('en')}: {source.title('en')}",
        "description": "\n\n".join(withheld(source.document, language) for language in ("ko", "en")),
        "version": release.day.isoformat(),
        "created": f"{release.published_on}T00:00:00+09:00",
        "homepage": source.address("ko"),
        "licenses": licences,
        "contributors": [{"title": of.centre("ko"), "role": "publisher"}],
        "contact": of.contact,
        "sources": [{"title": "release.json", "path": source.address("ko") + "/release.json"}],
        "sha256": release.hash,
        "position": release.position,
        "meanings": {language: dict(meanings(whole(source.document, language), language)) for language in ("ko", "en")},
        "resources": [
            {
                "name": "figures",
                "path": "figures.csv",
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True},
                "schema": {
                    "fields": [
                        {"name": name, "type": kind, "description": meaning} for name, (kind, meaning) in FIELDS.items()
                    ],
                    "missingValues": [""],
                    "primaryKey": ["table", "row", "column"],
                },
            },
            {"name": "release", "path": "release.json", "format": "json", "mediatype": "application/json"},
        ],
    }
