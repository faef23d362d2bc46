"""What is downloaded of a release, opened by other programs than those that wrote it: it says what the pages say."""

import asyncio
import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import threading
import time
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from jsonstat_validator import validate_jsonstat
from pyjstat.pyjstat import Dataset

from chassis.words import LANGUAGES, Language
from services.reporting.pages import files, opendata, press
from services.reporting.pages.about import Source
from services.reporting.pages.jsonstat import as_jsonstat
from services.reporting.pages.press.report import contents
from services.reporting.pages.press.typeset import NotTypeset, typeset
from services.reporting.pages.publisher import Publisher
from services.reporting.pages.rendered import Answer, Pages
from services.reporting.pages.sheets import Cell, Sheet, SheetRow
from services.reporting.pages.whole import whole
from services.reporting.pages.words import amount
from services.reporting.pages.workbook import as_workbook
from services.reporting.releases.document import ReleaseDocument
from services.reporting.releases.queries import Released
from services.reporting.settings import ReportingSettings
from tests.pages.sample import Made, made

PUBLISHER = Publisher(
    contact="statistics@centre.example", licence="공공누리 제1유형", address="https://statistics.centre.example"
)
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1")


def source(one: Made, publisher: Publisher = PUBLISHER) -> Source:
    document = ReleaseDocument.model_validate_json(one.body)
    return Source(Released(one.day, one.published_on, one.position, one.hash, one.previous), document, publisher)


@pytest.fixture(scope="module", params=[0, 1, 2], ids=["first", "november", "december"])
def release(request: pytest.FixtureRequest) -> Made:
    return made()[request.param]


def told(sheet: Sheet) -> list[list[str | float | None]]:
    """Give what a page has of a table, the numbers without their units."""
    return [[line.name, *(cell.plain for cell in line.cells)] for line in sheet.lines]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_has_what_the_page_has_and_says_whose_it_is(release: Made, language: Language) -> None:
    of = source(release)
    tables = whole(of.document, language)
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(of, tables, language)))
    about, *sheets = book.worksheets
    assert len(sheets) == len(tables) > 20
    for written, sheet in zip(sheets, tables, strict=True):
        head, *rows = [[cell.value for cell in row] for row in written.iter_rows()]
        assert head == [*sheet.heads]
        assert rows == told(sheet), sheet.name
        assert {cell.data_type for row in written.iter_rows() for cell in row} <= {"s", "n"}
    said = {name: text for name, text in about.iter_rows(values_only=True)}
    assert release.hash in said.values()
    assert f"https://statistics.centre.example/{language}/releases/{release.day}" in said.values()
    assert {PUBLISHER.contact, PUBLISHER.licence} <= {*said.values()}
    assert any("5" in str(text) and ("recognised" in str(text) or "알아볼" in str(text)) for text in said.values())
    for sheet in tables:
        if sheet.figure:
            assert sheet.title in said
    assert not [text for text in said.values() if "`" in str(text)]


def test_a_number_in_a_workbook_looks_as_on_the_page() -> None:
    of = source(made()[-1])
    for language, forms in (("ko", ('#,##0"명"', '#,##0.0"%"')), ("en", ("#,##0", '#,##0.0"%"'))):
        table = next(one for one in whole(of.document, language) if one.name == "placed-by-occupation")
        _, written = openpyxl.load_workbook(io.BytesIO(as_workbook(of, [table], language))).worksheets
        assert [written.cell(2, column).number_format for column in (2, 3)] == [*forms]
    assert amount(4_572, "persons", "ko") == "4,572명"


def test_a_withheld_count_is_a_word_in_each_file_and_never_a_number() -> None:
    of = source(made()[-1])
    table = next(one for one in whole(of.document, "en") if one.name == "placed-by-occupation")
    (row,) = [place for place, line in enumerate(table.lines) if line.name == "Military"]
    _, written = openpyxl.load_workbook(io.BytesIO(as_workbook(of, [table], "en"))).worksheets
    assert [cell.value for cell in written[row + 2]] == ["Military", *["withheld"] * 4]
    dataset = as_jsonstat(of, table, "en")
    assert dataset["value"][4 * row : 4 * row + 4] == [None] * 4
    assert [dataset["status"][str(4 * row + place)] for place in range(4)] == ["withheld"] * 4
    lines = [line for line in _open_data(of, b"")[1] if line["table"] == table.name and line["row_en"] == "Military"]
    assert [(line["value"], line["status"]) for line in lines] == [("", "withheld")] * 4


@pytest.mark.parametrize("text", FORMULAS)
def test_no_formula_starts_in_a_cell_of_any_file(text: str) -> None:
    of = source(made()[-1], Publisher(contact=text, licence=text))
    row = SheetRow(text, (Cell(text, text), Cell("3명", 3, unit="persons"), Cell("-4.8점", -4.8, unit="points")))
    table = Sheet("name", text, "", (text, "a", "b", "c"), (row,), key="key", columns=("a", "b", "c"))
    about, written = openpyxl.load_workbook(io.BytesIO(as_workbook(of, [table], "ko"))).worksheets
    cells = [cell for sheet in (about, written) for line in sheet.iter_rows() for cell in line]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert [cell.value for cell in cells if str(cell.value).startswith(("=", "+", "@", "\t", "\r"))] == []
    assert [cell.value for cell in written[2]][2:] == [3, -4.8]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reader_of_json_stat_reads_what_the_page_has(release: Made, language: Language) -> None:
    of = source(release)
    for sheet in whole(of.document, language):
        written = json.dumps(as_jsonstat(of, sheet, language))
        assert validate_jsonstat(json.loads(written))
        dataset = Dataset.read(written)
        assert dataset["label"].startswith(sheet.title)
        rows, columns = (dataset["dimension"][name]["category"] for name in dataset["id"])
        assert [rows["label"][code] for code in rows["index"]] == [line.name for line in sheet.lines]
        assert [columns["label"][code] for code in columns["index"]] == [*sheet.heads[1:]]
        for line in sheet.lines:
            for column, cell in zip(sheet.columns, line.cells, strict=True):
                read = dataset.get_value([{sheet.key: line.code}, {sheet.across or "column": column}])
                assert read == (None if isinstance(cell.plain, str) else cell.plain)


def test_a_dataset_says_what_is_a_place_what_a_time_and_in_what_it_is_counted() -> None:
    of = source(made()[-1])
    tables = {one.name: as_jsonstat(of, one, "ko") for one in whole(of.document, "ko")}
    assert tables["registered-by-district"]["role"] == {"metric": ["column"], "geo": ["district"]}
    assert tables["by-month"]["role"]["time"] == ["month"]
    units = tables["placed-by-occupation"]["dimension"]["column"]["category"]["unit"]
    assert units["since_opening"] == {"label": "명", "decimals": 0}
    assert units["percent"] == {"label": "%", "decimals": 1}
    assert "unit" not in tables["figures"]["dimension"]["column"]["category"]["unit"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_by_two_things_has_its_period_and_its_margins_in_each_file(language: Language) -> None:
    of = source(made()[-1])
    tables = {one.name: one for one in whole(of.document, language)}
    assert {"placed-by-occupation-and-age-band", "placed-by-age-band-and-gender-in-year-before"} <= {*tables}
    then = tables["placed-by-age-band-and-gender-in-year-before"]
    by_age, by_gender = tables["placed-by-age-band"], tables["placed-by-gender"]
    column = by_age.columns.index("year_before")
    assert [row.cells[0].plain for row in then.rows] == [row.cells[column].plain for row in by_age.rows]
    assert then.total is not None
    assert by_gender.total is not None
    place = by_gender.columns.index("year_before")
    assert [cell.plain for cell in then.total.cells] == [
        by_gender.total.cells[place].plain,
        *(row.cells[place].plain for row in by_gender.rows),
    ]
    dataset = as_jsonstat(of, then, language)
    assert dataset["id"] == ["age_band", "gender"]
    assert dataset["dimension"]["gender"]["category"]["index"] == ["total", "female", "male"]
    lines = [line for line in _open_data(of, b"")[1] if line["table"] == then.name]
    assert {(line["first_day"], line["last_day"]) for line in lines} == {("2009-01-28", "2009-12-31")}
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(of, [*tables.values()], language)))
    assert len({sheet.title for sheet in book.worksheets}) == len(tables) + 1


def _open_data(of: Source, body: bytes) -> tuple[dict[str, object], list[dict[str, str]], bytes]:
    with zipfile.ZipFile(io.BytesIO(opendata.as_open_data(of, body))) as file:
        assert file.testzip() is None
        package = json.loads(file.read("datapackage.json"))
        written = file.read("figures.csv")
        assert written.startswith(b"\xef\xbb\xbf")
        return package, [*csv.DictReader(io.StringIO(written.decode("utf-8-sig")))], file.read("release.json")


def test_open_data_is_every_number_as_a_line_that_its_schema_describes(release: Made) -> None:
    of = source(release)
    package, lines, body = _open_data(of, release.body)
    assert body == release.body
    assert package["licenses"] == [{"name": "custom", "title": PUBLISHER.licence}]
    assert package["sha256"] == hashlib.sha256(body).hexdigest()
    figures, document = package["resources"]
    assert (figures["path"], document["path"]) == ("figures.csv", "release.json")
    assert [field["name"] for field in figures["schema"]["fields"]] == [*lines[0]]
    reads = {"string": str, "date": date.fromisoformat, "number": float}
    for line in lines:
        for field in figures["schema"]["fields"]:
            if line[field["name"]] not in figures["schema"]["missingValues"]:
                reads[field["type"]](line[field["name"]])
        assert line["first_day"] <= line["last_day"] <= str(release.day)
        assert not (line["value"] and line["status"])
    keys = {tuple(line[name] for name in figures["schema"]["primaryKey"]) for line in lines}
    assert len(keys) == len(lines) > 300

    korean, english = (whole(of.document, language) for language in LANGUAGES)
    assert len(lines) == sum(len(sheet.lines) * len(sheet.columns) for sheet in korean)
    by_key = {tuple(line[name] for name in ("table", "row", "column")): line for line in lines}
    for sheet, other in zip(korean, english, strict=True):
        for row, row_en in zip(sheet.lines, other.lines, strict=True):
            for column, cell in zip(sheet.columns, row.cells, strict=True):
                line = by_key[sheet.name, row.code, column]
                assert (line["row_ko"], line["row_en"]) == (row.name, row_en.name)
                shown = "" if isinstance(cell.plain, str) or cell.plain is None else cell.plain
                assert (float(line["value"]) if line["value"] else "") == shown


def test_open_data_says_of_which_days_a_number_is() -> None:
    _, lines, _ = _open_data(source(made()[-1]), b"")
    days = {(one["table"], one["row"], one["column"]): (one["first_day"], one["last_day"]) for one in lines}
    assert days["figures", "placed.total", "year_before"] == ("2009-01-28", "2009-12-31")
    assert days["figures", "placed.total", "change"] == ("2010-01-01", "2010-12-31")
    assert days["placed-by-gender", "total", "since_opening"] == ("2009-01-28", "2010-12-31")
    assert days["by-month", "2009-01", "placed"] == ("2009-01-28", "2009-01-31")
    assert days["by-month", "2010-02", "placed"] == ("2010-02-01", "2010-02-28")
    assert days["surveys", "2010-07-12", "score"] == ("2010-07-12", "2010-07-12")
    assert days["internships", "2010", "percent"] == ("2010-01-01", "2010-12-31")


def test_the_same_release_gives_the_same_bytes_whenever_it_is_asked_for() -> None:
    december = made()[-1]
    of = source(december)
    table = whole(of.document, "en")[1]

    def all_files() -> dict[str, bytes]:
        releases = {name: make(of, december.body, "ko").body for name, make in files.OF_RELEASES.items()}
        return releases | {name: make(of, table, "en").body for name, make in files.OF_TABLES.items()}

    first = all_files()
    time.sleep(2.1)  # a zip file's clock goes by two seconds
    assert [name for name, body in all_files().items() if body != first[name]] == []


def test_a_code_that_no_list_has_starts_no_formula_either() -> None:
    of = source(made()[-1])
    table = of.document.tables[0]
    odd = table.model_copy(update={"lines": [table.lines[0].model_copy(update={"value": "=1+1"})]})
    changed = of._replace(document=of.document.model_copy(update={"tables": [odd], "cross_tables": []}))
    _, lines, _ = _open_data(changed, b"")
    found = next(line for line in lines if line["table"] == "registered-by-age-band")
    assert [found[name] for name in ("row", "row_ko", "row_en")] == ["'=1+1"] * 3


def _run(tool: str, *arguments: str) -> str:
    """Give what one of poppler's tools says. Where they aren't, tests are skipped, but not where all has to pass."""
    if shutil.which(tool) is None:
        assert not os.environ.get("CI"), "no pdftotext: apt-get install poppler-utils"
        pytest.skip("no pdftotext: apt-get install poppler-utils")
    return subprocess.run([tool, *arguments], capture_output=True, text=True, check=True).stdout


def _report(of: Source, language: Language, folder: Path) -> Path:
    file = folder / "press.pdf"
    file.write_bytes(press.as_press_report(of, language))
    return file


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_for_the_press_is_two_pages_that_say_what_the_release_says(
    release: Made, language: Language, tmp_path: Path
) -> None:
    of = source(release)
    file = _report(of, language, tmp_path)
    told = dict(re.findall(r"(?m)^(\w[\w ]*):\s+(.*)$", _run("pdfinfo", str(file))))
    assert (told["Pages"], told["Tagged"]) == ("2", "yes")
    assert told["Title"].startswith(of.title(language))
    assert f"/Lang({language})".encode() in file.read_bytes()
    text = "".join(_run("pdftotext", str(file), "-").split())
    said = contents(of, language)
    wanted = [release.hash, PUBLISHER.contact, PUBLISHER.licence, said["title"], said["published"]]
    wanted += [one[name] for one in said["figures"] for name in ("name", "large", "moved")]
    wanted += [cell for one in said["tables"] for row in one["rows"] for cell in (row["name"], *row["cells"])]
    wanted += [sentence for section in said["sections"] for sentence in section["sentences"]]
    assert len(wanted) > 50
    assert [one for one in wanted if "".join(one.split()) not in text] == []


def test_two_pages_hold_the_most_that_a_report_says(tmp_path: Path) -> None:
    of = source(
        made([date(2009, 12, 31), date(2010, 9, 30)])[-1], Publisher(*["가나다라 마바사 " * 6] * 2, *["x" * 200] * 3)
    )
    target = of.document.targets[0].model_copy(
        update={"forecast": 123_456_789, "interval": (123_456_789, 123_456_789), "value": 123_456_789}
    )
    retention = dict.fromkeys(("1", "3", "6", "12"), of.document.retention["1"])
    internships = {str(year): of.document.internships["2010"] for year in range(2009, 2012)}
    full = of.document.model_copy(update={"targets": [target] * 12, "retention": retention, "internships": internships})
    for language in LANGUAGES:
        file = _report(of._replace(document=full), language, tmp_path)
        assert re.search(r"Pages:\s+2\n", _run("pdfinfo", str(file))), language


def test_two_pages_hold_the_least(tmp_path: Path) -> None:
    of = source(made()[0], Publisher())
    least = of.document.model_copy(
        update={
            "months": [],
            "targets": [],
            "retention": {},
            "internships": {},
            "surveys": [],
            "tables": [],
            "cross_tables": [],
        }
    )
    file = _report(of._replace(document=least), "ko", tmp_path)
    assert re.search(r"Pages:\s+2\n", _run("pdfinfo", str(file)))


def test_a_text_that_the_font_has_no_letter_for_is_refused_and_not_a_box() -> None:
    of = source(made()[0], Publisher(contact="𓀀"))
    with pytest.raises(NotTypeset):
        press.as_press_report(of, "ko")


def test_what_a_text_says_is_no_markup(tmp_path: Path) -> None:
    of = source(made()[0], Publisher(contact="#panic() *bold* = head $x$ \\ // @key <label>"))
    assert "#panic() *bold* = head $x$" in _run("pdftotext", "-layout", str(_report(of, "en", tmp_path)), "-")


def test_typesetting_ends_in_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.reporting.pages.press.typeset.SECONDS", 0.01)
    with pytest.raises(NotTypeset, match="too long"):
        typeset(contents(source(made()[0]), "en"), date(2010, 1, 1))


async def test_one_file_is_made_at_a_time_and_once_and_who_waits_too_long_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pages = Pages(ReportingSettings.model_construct())
    made_of: list[str] = []
    going_on = threading.Event()

    def slow() -> Answer:
        made_of.append("slow")
        assert going_on.wait(20)
        return Answer(b"slow")

    first = asyncio.create_task(pages.apart("slow", slow))
    again = asyncio.create_task(pages.apart("slow", slow))
    await asyncio.sleep(0)
    monkeypatch.setattr("services.reporting.pages.rendered.WAIT_SECONDS", 0.01)
    with pytest.raises(TimeoutError):
        await pages.apart("another", lambda: Answer(b"another"))
    going_on.set()
    assert [(await one).body for one in (first, again)] == [b"slow", b"slow"]
    assert made_of == ["slow"]
    assert (await pages.apart("another", lambda: Answer(b"another"))).body == b"another"
