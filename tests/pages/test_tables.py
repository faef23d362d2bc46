"""Tables that staff make and keep: a story from the form to the link that is mailed, and all that may go wrong."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qs, urlencode, urlsplit

import openpyxl
import pytest
import uuid_utils.compat as uuids

from contracts.cases import Placed
from jobplus.stack.local import Stack
from tests.kit import events
from tests.kit.client import StackClient
from tests.kit.topics import Topics
from tests.kit.waiting import until
from tests.pages.signing import SESSION, Browser, text_of

MAN = {"age_band": "-29", "gender": "male", "district": "11440", "wanted_occupations": ("02",)}
FEBRUARY, APRIL, NEXT_YEAR = date(2010, 2, 10), date(2010, 4, 5), date(2011, 3, 3)
PERIOD = {"from": "2010-02-01", "as_of": "2011-06-30"}
ENTERED = "SELECT count(*) AS n FROM fact WHERE measure = 'placements' AND occurred_on BETWEEN '2010-02-01' AND $1"
LAST_POSITION = "SELECT max(position) AS last FROM ledger"
KEPT = "SELECT count(*) AS n FROM kept_table"


@pytest.fixture(scope="module")
def topics(stack: Stack) -> Iterator[Topics]:
    with Topics(stack) as made:
        yield made


@pytest.fixture(scope="module", autouse=True)
def men(topics: Topics, calling: StackClient) -> list[Placed]:
    """Three women and three men are placed in 2010, one of the women again in 2011."""
    women = [events.placed(events.somebody(), FEBRUARY) for _ in range(3)]
    men = [events.placed(events.somebody(), day, person=MAN) for day in (FEBRUARY, APRIL, APRIL)]
    again = events.placed(women[0].seeker_id, NEXT_YEAR)
    topics.publish([*women, *men, again])
    until(lambda: calling.query("reporting", ENTERED, date(2011, 6, 30))[0]["n"], "they are counted", lambda n: n == 7)
    return men


@pytest.fixture
def browser(stack: Stack) -> Iterator[Browser]:
    with Browser(stack) as opened:
        yield opened


def address(kind: str = "", language: str = "en", **asked: str) -> str:
    """Give the address of a table of persons placed in these tests' period."""
    return f"/{language}/staff/tables{kind}?{urlencode({'measure': 'placed', **PERIOD, **asked})}"


def tables_of(page: str) -> list[list[list[str]]]:
    """Give the tables of a page, each its lines of texts."""
    tables = re.findall(r"(?s)<table>(.*?)</table>", page)
    lines = [re.findall(r"(?s)<tr[^>]*>(.*?)</tr>", table) for table in tables]
    return [
        [[text_of(cell) for cell in re.findall(r"(?s)<t[hd][^>]*>.*?</t[hd]>", line)] for line in one] for one in lines
    ]


def own(browser: Browser) -> dict[str, str]:
    """Give what a browser tells of a form on a page of ours."""
    return {"Origin": browser.stack.url("reporting")}


def button_of(page: str) -> str:
    """Give where the button leads that keeps a table."""
    found = re.search(r'<form method="post" action="([^"]+/staff/tables\?[^"]+)"', page)
    assert found, page
    return found[1].replace("&amp;", "&")


def keep(browser: Browser, path: str) -> str:
    """Keep the table of an address; gives the path of its page."""
    led = browser.post(button_of(browser.get(path).text), headers=own(browser))
    assert led.status_code == 303, led.text
    return urlsplit(led.headers["Location"]).path


def test_a_table_by_two_splits_has_what_the_figures_say(browser: Browser, calling: StackClient) -> None:
    page = browser.sign_in("analyst", address(rows="gender", columns="age_band"))
    assert page.status_code == 200
    assert tables_of(page.text) == [
        [
            ["Gender", "29 and under", "30 to 39", "Total"],
            ["Total", "3", "3", "6"],
            ["Women", "0", "3", "3"],
            ["Men", "3", "0", "3"],
        ]
    ]
    assert "<caption>Persons placed, by gender, age</caption>" in page.text
    assert "Each person is counted once, by the first time in the period." in text_of(page.text)
    told = calling.get("reporting", "/figures/split?measure=placed&by=gender&by=age_band&" + urlencode(PERIOD)).json
    assert (told["total"], len(told["parts"])) == (6, 2)
    korean = browser.get(address(language="ko", rows="gender", columns="age_band")).text
    assert "<caption>성·연령별 취업자</caption>" in korean
    assert 'href="/en/staff/tables?measure=placed&amp;from=2010-02-01' in korean


def test_months_and_years_are_lines_and_years_of_persons_stand_for_themselves(browser: Browser) -> None:
    browser.sign_in("counsellor")
    (months,) = tables_of(browser.get(address(columns="gender", each="month")).text)
    assert months[0] == ["Month", "Women", "Men", "Total"]
    assert months[1:5] == [
        ["Total", "3", "3", "6"],
        ["February 2010", "3", "1", "4"],
        ["March 2010", "0", "0", "0"],
        ["April 2010", "0", "2", "2"],
    ]
    assert len(months) == 2 + 17
    page = browser.get(address(columns="gender", each="year")).text
    (years,) = tables_of(page)
    assert years[1:] == [["2010", "3", "3", "6"], ["2011", "1", "0", "1"], ["Whole period", "3", "3", "6"]]
    assert "so the years don't add up to the whole period" in text_of(page)
    (grouped,) = tables_of(browser.get(address(rows="gender", each="year")).text)
    assert grouped == [
        ["Year", "Gender", "Number"],
        ["2010", "Women", "3"],
        ["2010", "Men", "3"],
        ["2011", "Women", "1"],
        ["2011", "Men", "0"],
        ["Whole period", "Women", "3"],
        ["Whole period", "Men", "3"],
    ]


@pytest.mark.parametrize(
    ("percent", "lines"),
    [
        (
            "row",
            [
                ["Total", "50.0%", "50.0%", "6"],
                ["February 2010", "75.0%", "25.0%", "4"],
                ["March 2010", "–", "–", "0"],
                ["April 2010", "0.0%", "100.0%", "2"],
            ],
        ),
        (
            "column",
            [
                ["Total", "3", "3", "6"],
                ["February 2010", "100.0%", "33.3%", "66.7%"],
                ["March 2010", "0.0%", "0.0%", "0.0%"],
                ["April 2010", "0.0%", "66.7%", "33.3%"],
            ],
        ),
        (
            "total",
            [
                ["Total", "50.0%", "50.0%", "6"],
                ["February 2010", "50.0%", "16.7%", "66.7%"],
                ["March 2010", "0.0%", "0.0%", "0.0%"],
                ["April 2010", "0.0%", "33.3%", "33.3%"],
            ],
        ),
    ],
)
def test_shares_are_of_the_total_of_a_row_or_of_a_column(
    browser: Browser, percent: str, lines: list[list[str]]
) -> None:
    browser.sign_in("analyst")
    page = browser.get(address(columns="gender", each="month", as_of="2010-04-30", percent=percent))
    (shown,) = tables_of(page.text)
    assert shown[1:] == lines
    assert "100% is the total" in text_of(page.text)


def test_a_file_has_what_the_page_has(browser: Browser) -> None:
    browser.sign_in("analyst")
    asked = {"rows": "gender", "columns": "age_band", "each": "year"}
    (shown,) = tables_of(browser.get(address(**asked)).text)
    written = browser.get(address(".csv", **asked))
    assert written.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="placed-by-gender-by-age-band-' in written.headers["Content-Disposition"]
    assert [*csv.reader(io.StringIO(written.content.decode("utf-8-sig")))] == shown
    book = openpyxl.load_workbook(io.BytesIO(browser.get(address(".xlsx", **asked)).content))
    about, sheet = book.worksheets
    assert [[str(cell.value) for cell in row] for row in sheet.iter_rows()] == shown
    assert {type(sheet.cell(2, column).value) for column in (3, 4, 5)} == {int}
    said = {str(name): str(text) for name, text in about.iter_rows(values_only=True)}
    assert said["Period"] == "1 February 2010 to 30 June 2011"
    assert "Small counts" in said["For staff alone"]
    assert browser.get(address(".ods", **asked)).status_code == 404
    assert browser.get("/en/staff/tables.csv").status_code == 422


def test_a_table_is_kept_by_its_button_once_and_its_link_is_mailed(browser: Browser, calling: StackClient) -> None:
    browser.sign_in("analyst")
    page = browser.get(address(rows="gender", columns="age_band"))
    button, before = button_of(page.text), calling.query("reporting", KEPT)[0]["n"]
    led = [browser.post(button, headers=own(browser)) for _ in range(2)]
    assert [one.status_code for one in led] == [303, 303]
    (place,) = {one.headers["Location"] for one in led}
    assert calling.query("reporting", KEPT)[0]["n"] == before + 1
    path = urlsplit(place).path
    kept = browser.get(path)
    assert tables_of(kept.text) == tables_of(page.text)
    assert "Nothing: counted anew" in text_of(kept.text)
    position = calling.query("reporting", LAST_POSITION)[0]["last"]
    assert f"ledger position {position:,}." in text_of(kept.text)
    assert f"{browser.stack.url('reporting').rstrip('/')}{path}" in kept.text
    assert f'href="{path}"' in browser.get("/en/staff/tables/").text
    with Browser(browser.stack) as colleague:
        opened = colleague.sign_in("counsellor", path)
        assert opened.status_code == 200
        assert tables_of(opened.text) == tables_of(page.text)
        assert path not in colleague.get("/en/staff/tables/").text
    with Browser(browser.stack) as partner:
        assert partner.sign_in("partner", path).status_code == 403
    other = browser.post(button.replace("rows=gender", "rows=district"), headers=own(browser))
    assert other.status_code == 409
    assert "This table was not kept" in text_of(other.text)
    assert browser.post(button_of(other.text), headers=own(browser)).status_code == 303


def test_what_differs_today_stands_beside_a_kept_table_cell_by_cell(
    browser: Browser, topics: Topics, calling: StackClient, men: list[Placed]
) -> None:
    browser.sign_in("manager")
    path = keep(browser, address(rows="gender", columns="age_band", percent="row"))
    as_known = keep(browser, address(rows="gender", known_at="2011-06-30"))
    before = browser.get(path).text
    written = browser.get(f"{path}.csv").content
    topics.publish([events.corrected(men[0], date(2011, 8, 1))])
    try:
        after = until(lambda: browser.get(path).text, "it differs", lambda page: len(tables_of(page)) == 2)
        assert tables_of(after)[0] == tables_of(before)[0]
        assert tables_of(after)[1] == [
            ["Gender", "Age", "As it was kept", "As it is today", "Difference"],
            ["Men", "29 and under", "3", "2", "-1"],
        ]
        assert browser.get(f"{path}.csv").content == written
        assert tables_of(browser.get(as_known).text)[1][1:] == [["Men", "3", "2", "-1"]]
        (then,) = tables_of(browser.get(address(rows="gender", known_at="2011-06-30")).text)
        (now,) = tables_of(browser.get(address(rows="gender")).text)
        assert (then[1], now[1]) == (["Total", "6"], ["Total", "5"])
    finally:
        topics.publish([events.placed(events.somebody(), FEBRUARY, person=MAN)])
        until(lambda: calling.query("reporting", ENTERED, date(2011, 6, 30))[0]["n"], "another is", lambda n: n == 9)


@pytest.mark.parametrize(
    ("asked", "said", "field"),
    [
        ({"as_of": "2999-01-01"}, "아직 오지 않은 날짜입니다", "as_of"),
        ({"from": "2011-07-01"}, "시작일이 기준일보다 늦습니다", "from"),
        ({"from": "2010-02-30"}, "날짜는 2010-12-31처럼 적습니다", "from"),
        ({"known_at": "2999-01-01T00:00:00+09:00"}, "아직 오지 않은 날짜입니다", "known_at"),
        ({"known_at": "2010-12-31 18:00"}, "시각은 2010-12-31T18:00:00+09:00처럼 적습니다", "known_at"),
        ({"known_at": "0001-01-01T00:00:00+09:00"}, "기록이 시작되기 훨씬 전입니다", "known_at"),
        ({"measure": "shoe_size"}, "그런 항목이 없습니다", "measure"),
        ({"measure": ""}, "그런 항목이 없습니다", "measure"),
        ({"rows": "shoe_size"}, "그런 구분이 없습니다", "rows"),
        ({"rows": "channel"}, "이 집계 항목은 그렇게 나눌 수 없습니다", "rows"),
        ({"rows": "gender", "columns": "gender"}, "행을 이미 이 구분으로 나누었습니다", "columns"),
        ({"each": "week"}, "그런 선택이 없습니다", "each"),
        ({"percent": "most"}, "그런 선택이 없습니다", "percent"),
        ({"percent": "row"}, "행 기준 비율에는 열이 있어야 합니다", "percent"),
    ],
)
def test_what_can_not_be_asked_is_said_at_its_field_and_nothing_typed_is_lost(
    browser: Browser, calling: StackClient, asked: dict[str, str], said: str, field: str
) -> None:
    browser.sign_in("analyst")
    before = calling.query("reporting", KEPT)[0]["n"]
    path = address(language="ko", **asked)
    for page in (browser.get(path), browser.post(f"{path}&pressed={uuids.uuid7()}", headers=own(browser))):
        assert page.status_code == 422
        wrong = re.search(rf'<p class="wrong" id="wrong-{field}">([^<]+)</p>', page.text)
        assert wrong, page.text
        assert said in wrong[1]
        typed = {"measure": "placed", **PERIOD, **asked}
        for name in ("from", "as_of", "known_at"):
            assert f'id="{name}" name="{name}" value="{typed.get(name, "")}"' in page.text
        for name in ("measure", "rows", "columns", "each", "percent"):
            assert not typed.get(name) or re.search(rf'<option value="{typed[name]}" selected>', page.text), name
    assert calling.query("reporting", KEPT)[0]["n"] == before


def test_an_address_with_a_thousand_values_is_refused_and_one_with_several_is_too(browser: Browser) -> None:
    browser.sign_in("analyst")
    path = address(language="ko", rows="gender")
    long = browser.get(path + "&rows=gender" * 1_000)
    assert long.status_code == 414
    assert "주소가 너무 깁니다" in text_of(long.text)
    several = browser.get(path + "&rows=district" * 50)
    assert several.status_code == 422
    assert "이 항목이 여러 번 들어 있습니다" in text_of(several.text)


def test_a_session_that_ends_in_the_middle_loses_nothing_that_was_asked(browser: Browser) -> None:
    browser.sign_in("analyst")
    path = address(rows="gender", columns="age_band")
    button, shown = button_of(browser.get(path).text), tables_of(browser.get(path).text)
    browser.cookies.delete(SESSION)
    ended = browser.post(button, headers=own(browser))
    assert ended.status_code == 401
    link = re.search(r'href="(/en/sign-in\?next=[^"]+)"', ended.text)
    assert link
    assert f'href="/ko{button[3:].replace("&", "&amp;")}"' in ended.text
    (ahead,) = parse_qs(urlsplit(link[1]).query)["next"]
    again = browser.sign_in("analyst", ahead)
    assert again.status_code == 200
    assert tables_of(again.text) == shown
    assert browser.post(button_of(again.text), headers=own(browser)).status_code == 303


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "same-site"}])
def test_only_a_page_of_ours_has_a_table_kept(browser: Browser, calling: StackClient, headers: dict[str, str]) -> None:
    browser.sign_in("analyst")
    button, before = button_of(browser.get(address()).text), calling.query("reporting", KEPT)[0]["n"]
    refused = browser.post(button, headers=headers)
    assert refused.status_code == 403
    assert "Nothing was kept." in text_of(refused.text)
    assert calling.query("reporting", KEPT)[0]["n"] == before


def test_what_was_answered_to_surveys_is_for_the_evaluation_office_alone(browser: Browser) -> None:
    answers = address(measure="survey_answers", rows="answer")
    assert browser.sign_in("manager", answers).status_code == 403
    assert browser.get(address(measure="survey_answers")).status_code == 200
    with Browser(browser.stack) as office:
        assert office.sign_in("evaluator", answers).status_code == 200
        path = keep(office, answers)
        assert office.get(path).status_code == 200
    for kept in (path, f"{path}.csv"):
        assert browser.get(kept).status_code == 403


@pytest.mark.parametrize("name", ["x", "{0}", "{0}.csv", "{{{0}}}", "1.2.3"])
def test_where_no_table_is_kept_a_page_says_so(browser: Browser, name: str) -> None:
    browser.sign_in("analyst")
    missing = browser.get(f"/en/staff/tables/{name.format(uuids.uuid7())}")
    assert missing.status_code == 404
    assert "No table is kept at this address" in text_of(missing.text)


def test_who_reads_releases_alone_makes_no_tables(browser: Browser) -> None:
    assert browser.sign_in("partner", address()).status_code == 403
    assert browser.post(address(), headers=own(browser)).status_code == 403
    assert browser.get("/en/staff/tables/").status_code == 403
