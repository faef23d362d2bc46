"""The pages say everything in both languages, and nothing is computed or open that isn't meant to be."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jinja2.ext import extract_from_ast

from chassis.batch.decisions import Actor
from chassis.http.auth import NotAuthenticated
from chassis.running.service import interface
from chassis.words import Catalogue, Language
from services.reporting import staff
from services.reporting.bootstrap import blueprint
from services.reporting.corrections import places
from services.reporting.corrections.model import Corrected, Correction
from services.reporting.figures.asked import ALL
from services.reporting.figures.measures import Dimension, Measure
from services.reporting.figures.row import Row, Split
from services.reporting.figures.rows import MEASURES
from services.reporting.pages import (
    about,
    corrected,
    downloads,
    jsonstat,
    names,
    publisher,
    rendered,
    sections,
    sentences,
    sheets,
    whole,
    words,
    workbook,
)
from services.reporting.pages.charts import chosen
from services.reporting.pages.explained import ADDRESSES, explained
from services.reporting.pages.press import report
from services.reporting.pages.sheets import Cell, Sheet, SheetRow
from services.reporting.releases.document import Headline, ReleaseDocument
from services.reporting.releases.queries import Released
from services.reporting.settings import ReportingSettings
from services.reporting.staff import table_sheets, tables
from tests.chassis.asking import ask
from tests.pages.sample import document
from tests.test_parameters import _Named

LAST = date(2010, 12, 31)


def _in_templates() -> set[str]:
    environment = rendered.environment()
    found: set[str] = set()
    for template in rendered.TEMPLATES.glob("*.html"):
        for _, _, text in extract_from_ast(environment.parse(template.read_text()), ("_",)):
            found.add(text if isinstance(text, str) else str(text[0]))
    return found


def _said_by_code() -> set[str]:
    """Give each text that stands in the code as one: an f-string, a name or a key is none."""
    found: set[str] = set()
    modules = (
        about,
        chosen,
        corrected,
        jsonstat,
        publisher,
        report,
        sections,
        sentences,
        sheets,
        whole,
        words,
        workbook,
    )
    for module in (*modules, staff.api, staff.waiting, table_sheets, tables):
        source = Path(str(module.__file__)).read_text()
        joined = re.sub(r'"\s*\n\s*"', "", source)
        found.update(re.findall(r'"([^"\n]+)"', joined))
    return found


def _written(of: ReleaseDocument) -> None:
    """Write what can be downloaded of a release."""
    named = Released(of.release, of.published_on, of.position, "hash", None)
    source = about.Source(named, of, publisher.Publisher(contact="somebody", licence="some licence"))
    tables = whole.whole(of, "ko")
    workbook.as_workbook(source, tables, "ko")
    report.contents(source, "ko")
    for sheet in tables:
        jsonstat.as_jsonstat(source, sheet, "ko")


def _of_all() -> list[Corrected]:
    """Give each number of a release that may be corrected."""
    of = document(LAST, 1, None)
    told = {**places.told(of), **places.in_tables(of, of)}
    return [Corrected(one.figure, one.column, value, value, one.month) for one, value in told.items()]


def _all_said(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Give what is said where every name, figure and table is shown."""
    said = set[str]()
    told = Catalogue.told

    def noted(self: Catalogue, text: str, language: Language, **values: Any) -> str:
        said.add(text)
        return told(self, text, language, **values)

    monkeypatch.setattr(Catalogue, "told", noted)
    for address in ADDRESSES:
        assert explained(address, None, "ko")
    for day in (date(2009, 12, 31), date(2010, 11, 30), LAST):
        sections.sections(document(day, 1, None), "ko")
        _written(document(day, 1, None))
        chosen.charts(document(day, 1, None), "ko")
    reasons = [*corrected.REASONS]
    corrections = [Correction(1, LAST, "test", 1, reason, _of_all()) for reason in reasons]
    corrected.corrected(corrections, document(LAST, 1, None), "ko")
    for name in [*names.FIGURES.values(), *names.MEASURES.values(), *names.SHARES.values()]:
        words.words.told(name.name, "ko")
    for row in MEASURES.values():
        words.words.told(row.meaning, "ko")
    for text in [*names.DIMENSIONS.values(), *names.VALUES.values(), *names.ROLES.values()]:
        words.words.told(text, "ko")
    return said


def test_every_text_has_its_korean_and_nothing_is_translated_that_nobody_says(monkeypatch: pytest.MonkeyPatch) -> None:
    said = _all_said(monkeypatch) | _in_templates()
    assert said <= set(words.words.korean)
    assert set(words.words.korean) - said <= _said_by_code()


def test_a_korean_text_takes_the_values_that_the_english_has() -> None:
    for english, korean in words.words.korean.items():
        assert sorted(re.findall(r"%\(\w+\)s", english)) == sorted(re.findall(r"%\(\w+\)s", korean)), english
        assert sorted(re.findall(r"`[^`]+`", english)) == sorted(re.findall(r"`[^`]+`", korean)) or "`as_of`" in korean


def test_every_figure_measure_split_and_value_has_a_name() -> None:
    assert set(names.MEASURES) == set(MEASURES) == set(Measure.__args__)
    assert set(names.DIMENSIONS) == set(Dimension.__args__)
    splits = [one.published for one in ALL if isinstance(one.published, Split)]
    values = {(one.by, value) for one in splits for value in one.values if one.by != "satisfaction"}
    assert [pair for pair in values if names.value_name(*pair, "en") == pair[1]] == []
    unnamed = {one.published.path for one in ALL} - set(names.FIGURES) - {"as_of", "from", "known_at", "sessions"}
    assert unnamed == {"visits"} - set(names.FIGURES)


def test_each_number_that_may_be_corrected_is_called_as_its_table_calls_it() -> None:
    (shown,) = corrected.corrected([Correction(1, LAST, "test", 1, None, _of_all())], document(LAST, 1, None), "en")
    said = {(row.name, row.cells[0].shown): row.cells[1].shown for row in shown.sheet.rows}
    assert len(said) == len(shown.sheet.rows)
    assert said["Persons placed", "2010"] != said["Persons placed", "December 2010"]
    assert said["Youth internships: Share made permanent", "2010"] == "67.5%"
    assert said["After the placement, 12 months: Share of the reached", "Since opening"] == "–"
    assert said["Satisfaction surveys: Score", "12 July 2010"] == "70.2 points"
    assert said["Persons placed: Result so far", "2010"] == "9,743"
    assert [name for name, _ in said if "." in name] == []


def test_a_corrected_count_stands_beside_its_own_table_alone() -> None:
    of = document(LAST, 1, None)
    made = [Correction(1, LAST, "test", 1, None, _of_all())]
    (of_all,) = corrected.corrected(made, of, "en")
    tables = [one for one in whole.whole(of, "en") if one.by or one.across]
    assert {*of_all.tables} == {(one.name, one.title) for one in tables}
    for sheet in tables:
        (shown,) = corrected.corrected(made, of, "en", table=sheet.name)
        title = sheet.title.rpartition(": ")[0] if sheet.across else sheet.title
        assert {row.name.partition(": ")[0] for row in shown.sheet.rows} == {title}
        assert shown.tables == []
    assert corrected.corrected(made, of, "en", table="targets") == []


def test_each_row_that_is_published_has_a_page() -> None:
    published = {one.published.path for one in ALL if isinstance(one.row, Row)} - {"sessions"}
    assert published <= set(ADDRESSES)


def test_nothing_of_a_release_is_left_out() -> None:
    of = document(LAST, 1, None)
    made = sections.sections(of, "ko")
    shown = {figure.address for section in made for figure in section.figures}
    assert {figure.figure for figure in of.figures if "_percent." not in figure.figure} == shown
    tables = [sheet.name for section in made for sheet in section.sheets]
    assert sorted(tables) == sorted({*tables})
    assert {*tables} == {sheet.name for sheet in sheets.sheets(of, "ko")}
    assert len(tables) == len(of.tables) + 6
    odd = of.model_copy(update={"figures": [Headline(figure="after.all", values={"since_opening": 3.0})]})
    assert [figure.address for figure in sections.sections(odd, "en")[-1].figures] == ["after.all"]


@pytest.mark.parametrize(
    ("values", "change", "percent", "said"),
    [
        ({"year": 10.0, "year_before": 8.0}, 2.0, 25.0, "2010년 10명. 2009년 8명보다 2명(25.0%) 늘었습니다."),
        ({"year": 8.0, "year_before": 10.0}, -2.0, -20.0, "2010년 8명. 2009년 10명보다 2명(20.0%) 줄었습니다."),
        ({"year": 8.0, "year_before": 8.0}, 0.0, 0.0, "2010년 8명. 2009년과 같습니다."),
        ({"year": 8.0, "year_before": 0.0}, 8.0, None, "2010년 8명. 2009년 0명보다 8명 늘었습니다."),
        ({"year": 8.0, "year_before": None}, None, None, "2009년에는 견줄 수치가 없습니다."),
    ],
)
def test_what_moved_is_said_in_plain_words(
    values: dict[str, float | None], change: float | None, percent: float | None, said: str
) -> None:
    headline = Headline.model_validate(
        {"figure": "registered", "values": values, "change": change, "change_percent": percent}
    )
    assert sentences.moved(headline, document(LAST, 1, None), "ko") == said


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_formula_starts_in_a_cell(text: str) -> None:
    row = SheetRow(text, (Cell(text, text), Cell("3명", 3), Cell("-4.8점", -4.8)))
    written = downloads.as_csv(Sheet("name", "title", "", (text, "a", "b", "c"), (row,))).decode("utf-8-sig")
    assert f"'{text.strip()}" in written or f"'{text}" in written
    assert not re.search(r'(^|,|\n)"?[=+@\t]', written)
    assert written.rstrip().endswith("3,-4.8")


class _Strict(_Named):
    """Takes the role that a request names, and nobody who names none."""

    async def actor(self, authorization: str) -> Actor:
        if not authorization:
            raise NotAuthenticated("no token")
        return await super().actor(authorization)


async def test_where_the_setting_says_so_pages_need_a_token() -> None:
    closed = interface(blueprint(ReportingSettings.model_construct(pages_public=False)), verifier=_Strict())
    for path in ("/", "/ko/", "/en/releases/2010-12-31", "/assets/pages.css"):
        assert (await ask(closed, "GET", path)).status == 401, path
    opened = interface(blueprint(ReportingSettings.model_construct()), verifier=_Strict())
    assert (await ask(opened, "GET", "/")).status == 307
    style = await ask(closed, "GET", "/assets/pages.css", "counsellor")
    assert style.status == 200


def test_one_month_is_no_months() -> None:
    assert [sentences.span(months, "en") for months in ("1", "3")] == ["1 month", "3 months"]
    assert [sentences.span(months, "ko") for months in ("1", "3")] == ["1개월", "3개월"]
