"""Releases and their tables as files: what is made under which address, and what it is called where it is saved."""

import json
from collections.abc import Callable, Mapping

from chassis.words import Language
from services.reporting.pages.about import About, Source
from services.reporting.pages.downloads import as_csv
from services.reporting.pages.jsonstat import as_jsonstat
from services.reporting.pages.opendata import as_open_data
from services.reporting.pages.press import as_press_report
from services.reporting.pages.rendered import Answer
from services.reporting.pages.sheets import Sheet
from services.reporting.pages.whole import whole
from services.reporting.pages.workbook import as_workbook, written

_CSV = "text/csv; charset=utf-8"
_JSON = "application/json"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _csv(source: Source, sheet: Sheet, language: Language) -> Answer:
    return Answer(as_csv(sheet), _CSV, _named(source, sheet.name, language, "csv"))


def _xlsx(source: Source, sheet: Sheet, language: Language) -> Answer:
    return Answer(as_workbook(source, [sheet], language), _XLSX, _named(source, sheet.name, language, "xlsx"))


def _jsonstat(source: Source, sheet: Sheet, language: Language) -> Answer:
    body = json.dumps(as_jsonstat(source, sheet, language), ensure_ascii=False)
    return Answer(body.encode(), _JSON, _named(source, sheet.name, language, "json"))


def _document(source: Source, body: bytes, language: Language) -> Answer:
    return Answer(body, _JSON, f"release-{source.release.day}.json")


def _workbook(source: Source, body: bytes, language: Language) -> Answer:
    tables = whole(source.document, language)
    return Answer(as_workbook(source, tables, language), _XLSX, _named(source, "release", language, "xlsx"))


def _open_data(source: Source, body: bytes, language: Language) -> Answer:
    return Answer(as_open_data(source, body), "application/zip", f"open-data-{source.release.day}.zip")


def _press_report(source: Source, body: bytes, language: Language) -> Answer:
    return Answer(as_press_report(source, language), "application/pdf", _named(source, "press", language, "pdf"))


def _named(source: Source, name: str, language: Language, kind: str) -> str:
    return f"{name}-{source.release.day}-{language}.{kind}"


def _staff_csv(of: About, sheet: Sheet, language: Language) -> Answer:
    return Answer(as_csv(sheet), _CSV, f"{sheet.name}-{of.day}-{language}.csv")


def _staff_xlsx(of: About, sheet: Sheet, language: Language) -> Answer:
    return Answer(written(of, [sheet], language), _XLSX, f"{sheet.name}-{of.day}-{language}.xlsx")


OF_STAFF: Mapping[str, Callable[[About, Sheet, Language], Answer]] = {"csv": _staff_csv, "xlsx": _staff_xlsx}
"""By how the address of a table of staff ends."""

OF_TABLES: Mapping[str, Callable[[Source, Sheet, Language], Answer]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "json": _jsonstat,
}
"""By how the address of a table ends."""

OF_RELEASES: Mapping[str, Callable[[Source, bytes, Language], Answer]] = {
    "release.json": _document,
    "release.xlsx": _workbook,
    "open-data.zip": _open_data,
    "press.pdf": _press_report,
}
"""By what stands after the address of a release; of its document's bytes."""
