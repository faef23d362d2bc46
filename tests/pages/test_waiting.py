"""Who waits and how long, for staff: the same numbers in a table, a chart and the registrations behind them."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from jobplus.stack.local import Stack
from services.reporting.drawing.looks import WIDTH
from tests.kit import events
from tests.kit.client import StackClient
from tests.kit.topics import Topics
from tests.kit.waiting import until
from tests.pages.signing import Browser, text_of
from tests.pages.test_staff_in_a_browser import opened

DAY = date(2011, 6, 30)
REGISTERED = (DAY, date(2011, 5, 31), date(2011, 5, 30), date(2011, 1, 1), date(2010, 6, 30), date(2010, 6, 29))
OLD = {"age_band": "55-", "gender": "male", "district": "11320"}
"""Nobody else on this stack is told so."""
ROW = "55세 이상 6명 2명 1명 1명 1명 1명"
ENTERED = "SELECT count(*) AS n FROM ledger WHERE key = ANY($1)"


@pytest.fixture(scope="module", autouse=True)
def _ledger(stack: Stack, calling: StackClient) -> None:
    """Six who wait on the day, one of them placed the day after, and one who was placed on it."""
    seekers = [events.somebody() for _ in range(7)]
    days = (*REGISTERED, date(2011, 1, 2))
    told = [events.registered(seeker, day, **OLD) for seeker, day in zip(seekers, days, strict=True)]
    jobs = [events.placed(seekers[3], date(2011, 7, 1)), events.placed(seekers[6], DAY)]
    with Topics(stack) as topics:
        topics.publish([*told, *jobs])
    keys = [str(seeker) for seeker in seekers]
    until(lambda: calling.query("reporting", ENTERED, keys)[0]["n"], "the ledger has them", lambda n: n == 9)


@pytest.fixture
def reader(stack: Stack) -> Iterator[Browser]:
    with Browser(stack) as opened:
        yield opened


def test_a_number_of_those_who_wait_opens_into_as_many_registrations(reader: Browser) -> None:
    reader.sign_in("analyst")
    page = reader.get(f"/ko/staff/waiting?as_of={DAY}")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert ROW in text_of(page.text)
    links = re.findall(r'href="(/ko/staff/waiting/registrations\?[^"]*value=55-&amp;band=[^"]*)">(\d)명', page.text)
    assert [int(number) for _, number in links] == [6, 2, 1, 1, 1, 1]
    days = []
    for link, number in links:
        listed = reader.get(link.replace("&amp;", "&"))
        assert listed.status_code == 200
        positions = re.findall(r"/ko/staff/ledger/(\d+)", listed.text)
        assert len({*positions}) == int(number)
        days.append([int(one) for one in re.findall(r"</th><td>(\d+)</td>", listed.text)])
        assert reader.get(f"/ko/staff/ledger/{positions[0]}").status_code == 200
    assert [sorted(one) for one in days] == [[0, 30, 31, 180, 365, 366], [0, 30], [31], [180], [365], [366]]


@pytest.mark.parametrize(("by", "row"), [("gender", "남성 6명 2명"), ("district", "도봉구 6명 2명")])
def test_they_are_told_apart_by_gender_and_district_too(reader: Browser, by: str, row: str) -> None:
    reader.sign_in("manager")
    assert row in text_of(reader.get(f"/ko/staff/waiting?as_of={DAY}&by={by}").text)


def test_who_may_not_prove_figures_sees_numbers_alone_and_others_nothing(reader: Browser) -> None:
    for role in ("counsellor", "evaluator"):
        reader.sign_in(role)
        page = reader.get(f"/ko/staff/waiting?as_of={DAY}")
        assert ROW in text_of(page.text)
        assert "/waiting/registrations" not in page.text
        assert reader.get(f"/ko/staff/waiting/registrations?as_of={DAY}").status_code == 403
    for role in ("partner", "employer"):
        reader.sign_in(role)
        for path in ("waiting", "waiting.svg", "waiting/registrations"):
            assert reader.get(f"/ko/staff/{path}?as_of={DAY}").status_code == 403


def test_the_chart_says_what_the_table_says_and_nobody_keeps_it(reader: Browser) -> None:
    reader.sign_in("counsellor")
    page = reader.get(f"/ko/staff/waiting?as_of={DAY}").text
    address = re.search(r'<img src="([^"]+)"', page)
    assert address
    chart = until(
        lambda: reader.get(address[1].replace("&amp;", "&")), "the chart is drawn", lambda one: one.status_code == 200
    )
    assert chart.headers["Content-Type"] == "image/svg+xml"
    assert chart.headers["Cache-Control"] == "no-store"
    said = re.findall(r"<text[^>]*>([^<]*)</text>", chart.text)
    panel = said[said.index("30일 이하", said.index("40~54세") if "40~54세" in said else 0) :]
    assert "55세 이상" in said
    assert {"2명", "1명"} <= {*panel}
    assert "직원용, 공표하지 않는 수치" in said


def test_on_a_day_before_all_nobody_waits_and_there_is_nothing_to_draw(reader: Browser) -> None:
    reader.sign_in("manager")
    page = reader.get("/en/staff/waiting?as_of=2001-01-01")
    assert page.status_code == 200
    assert "Total 0 0 0 0 0 0" in text_of(page.text)
    assert "<img" not in page.text
    assert "/waiting/registrations" not in page.text


@pytest.mark.parametrize(
    ("path", "status", "said", "kept"),
    [
        ("waiting?as_of=2999-01-01", 422, "아직 오지 않은 날짜입니다", "2999-01-01"),
        ("waiting?as_of=2009-02-30", 422, "날짜는 2010-12-31처럼 적습니다", "2009-02-30"),
        ("waiting?as_of=2010-12-31&by=wanted_occupation", 422, "그런 구분이 없습니다", "2010-12-31"),
        ("waiting.svg?as_of=yesterday", 404, "주소", ""),
        ("waiting.svg?by=x", 404, "주소", ""),
        ("waiting/registrations?as_of=x", 422, "날짜는 2010-12-31처럼 적습니다", ""),
        ("waiting/registrations?band=5-6", 422, "그런 기간이 없습니다", ""),
        ("waiting/registrations?by=x", 422, "그런 구분이 없습니다", ""),
        ("waiting/registrations?after=-1", 422, "목록에 없는 위치입니다", ""),
        ("waiting/registrations?value=no-such", 200, "없습니다.", ""),
    ],
)
def test_what_can_not_be_asked_is_said_and_nothing_typed_is_lost(
    reader: Browser, path: str, status: int, said: str, kept: str
) -> None:
    reader.is_told("manager", f"/ko/staff/{path}", status, said, kept)


def test_in_a_browser_the_chart_is_there_and_its_page_complains_of_nothing(browser: Chromium, stack: Stack) -> None:
    with opened(browser, stack) as seen:
        seen.sign_in("analyst")
        seen.page.goto(f"{seen.base}/ko/staff/waiting?as_of={DAY}")
        image = seen.page.locator(".chart img")
        expect(image).to_be_visible()
        expect(image).to_have_js_property("naturalWidth", WIDTH)
        seen.page.get_by_role("link", name="6명").first.click()
        expect(seen.page.get_by_role("heading", name="미취업 구직자의 구직등록")).to_be_visible()
        assert (seen.outside, seen.complained()) == ([], [])
