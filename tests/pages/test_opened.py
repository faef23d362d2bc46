"""Figures opened: from a number to its facts, and from a fact to the event in the ledger that made it."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
import uuid_utils.compat as uuids

from jobplus.stack.local import Stack
from tests.kit import events
from tests.kit.client import StackClient
from tests.kit.topics import Topics
from tests.kit.waiting import until
from tests.pages.signing import Browser, text_of

DAY = date(2009, 3, 2)
SEEKERS = 120
ENTERED = "SELECT count(*) AS n FROM ledger WHERE type IN ('jobplus.SeekerRegistered', 'jobplus.SeekerErased')"


@pytest.fixture(scope="module", autouse=True)
def _ledger(stack: Stack, calling: StackClient) -> None:
    seekers = [events.somebody() for _ in range(SEEKERS)]
    survey = uuids.uuid7()
    told = [events.registered(seeker, DAY) for seeker in seekers]
    with Topics(stack) as topics:
        topics.publish([*told, events.erased(seekers[0], DAY)])
        topics.publish([events.survey_drawn(survey, DAY, 1), events.survey_answered(survey, DAY, 4)])
    until(lambda: calling.query("reporting", ENTERED)[0]["n"], "the ledger has them", lambda n: n == SEEKERS + 1)


@pytest.fixture
def browser(stack: Stack) -> Iterator[Browser]:
    with Browser(stack) as opened:
        yield opened


def all_pages(browser: Browser, path: str) -> list[str]:
    """Give a list's pages, by the link that each has to the next."""
    pages: list[str] = []
    ahead: str | None = path
    while ahead:
        page = browser.get(ahead.replace("&amp;", "&"))
        assert page.status_code == 200, page.text
        pages.append(page.text)
        more = re.search(r'class="button" href="(/../staff/facts\?[^"]*after=\d+)"', page.text)
        ahead = more[1] if more else None
    return pages


def test_a_number_leads_to_its_facts_and_each_to_its_event(browser: Browser) -> None:
    page = browser.sign_in("analyst", "/ko/staff/figures?as_of=2009-12-31")
    assert "2009. 12. 31. 기준 통계" in text_of(page.text)
    assert f"구직등록자 {SEEKERS}명" in text_of(page.text)
    assert 'href="/ko/figures/registered"' in page.text
    link = re.search(r'href="(/ko/staff/facts\?measure=registered&amp;as_of=2009-12-31)"', page.text)
    assert link
    public = browser.get("/ko/figures/placed.rate_percent").text
    for measure in ("placed", "registered"):
        of_public = re.search(rf'href="(/ko/staff/facts\?measure={measure}[^"]*)"', public)
        assert of_public
        assert browser.get(of_public[1].replace("&amp;", "&")).status_code == 200
    facts = "".join(all_pages(browser, link[1]))
    amounts = [int(one) for one in re.findall(r"<td>([+-]\d+)</td>", facts)]
    positions = re.findall(r"/ko/staff/ledger/(\d+)", facts)
    assert sum(amounts) == SEEKERS == len({*positions})
    event = browser.get(f"/ko/staff/ledger/{positions[0]}")
    assert event.status_code == 200
    assert "jobplus.SeekerRegistered" in event.text
    assert "&#34;seeker_id&#34;" in event.text or "&quot;seeker_id&quot;" in event.text


def test_an_event_of_whom_was_erased_says_so(browser: Browser) -> None:
    browser.sign_in("manager")
    pages = all_pages(browser, "/en/staff/facts?measure=registered&as_of=2009-12-31")
    found = re.findall(r"/en/staff/ledger/(\d+)\"[^/]*</span></a> <strong>erased", "".join(pages))
    assert len(found) == 1
    event = browser.get(f"/en/staff/ledger/{found[0]}")
    assert "Whom this event is about was erased since" in event.text


def test_who_may_not_prove_figures_sees_numbers_without_what_is_behind(browser: Browser) -> None:
    page = browser.sign_in("counsellor", "/ko/staff/figures?as_of=2009-12-31")
    assert f"구직등록자 {SEEKERS}명" in text_of(page.text)
    assert "/staff/facts" not in page.text
    for path in ("/ko/staff/facts?measure=registered", "/ko/staff/ledger/1"):
        assert browser.get(path).status_code == 403
    assert browser.sign_in("partner", "/ko/staff/figures").status_code == 403


def test_answers_to_surveys_are_for_the_evaluation_office_alone(browser: Browser, calling: StackClient) -> None:
    rows = calling.query("reporting", "SELECT position, type FROM ledger ORDER BY position")
    answered = next(row["position"] for row in rows if row["type"] == "jobplus.SurveyAnswered")
    registered = next(row["position"] for row in rows if row["type"] == "jobplus.SeekerRegistered")
    browser.sign_in("evaluator")
    assert browser.get(f"/ko/staff/ledger/{answered}").status_code == 200
    assert browser.get(f"/ko/staff/ledger/{registered}").status_code == 403
    assert browser.get("/ko/staff/facts?measure=survey_answers").status_code == 200
    assert browser.get("/ko/staff/facts?measure=registered").status_code == 403
    browser.sign_in("manager")
    assert browser.get(f"/ko/staff/ledger/{answered}").status_code == 403
    assert browser.get("/ko/staff/facts?measure=survey_answers").status_code == 403


@pytest.mark.parametrize(
    ("path", "status", "said", "kept"),
    [
        ("figures?as_of=2999-01-01", 422, "아직 오지 않은 날짜입니다", "2999-01-01"),
        ("figures?as_of=yesterday", 422, "날짜는 2010-12-31처럼 적습니다", "yesterday"),
        ("figures?as_of=2009-02-30", 422, "날짜는 2010-12-31처럼 적습니다", "2009-02-30"),
        ("facts?measure=shoe_size&as_of=2009-12-31", 422, "그런 항목이 없습니다", "2009-12-31"),
        (
            "facts?measure=registered&from=2010-01-02&as_of=2010-01-01",
            422,
            "시작일이 기준일보다 늦습니다",
            "2010-01-02",
        ),
        ("facts?measure=registered&after=x&as_of=2010-01-01", 422, "목록에 없는 위치입니다", "2010-01-01"),
        ("facts?measure=registered&after=99999999999999999999", 422, "목록에 없는 위치입니다", ""),
        ("ledger/0", 404, "원장의 이 위치에는 이벤트가 없습니다", ""),
        ("ledger/99999999999999999999", 404, "원장의 이 위치에는 이벤트가 없습니다", ""),
        ("ledger/x", 404, "원장의 이 위치에는 이벤트가 없습니다", ""),
        ("ledger/999999999", 404, "원장의 이 위치에는 이벤트가 없습니다", ""),
        ("figures?" + "&".join(f"as_of={number}" for number in range(1_000)), 414, "주소가 너무 깁니다", ""),
    ],
)
def test_what_can_not_be_asked_is_said_and_nothing_typed_is_lost(
    browser: Browser, path: str, status: int, said: str, kept: str
) -> None:
    browser.is_told("manager", f"/ko/staff/{path}", status, said, kept)
