"""Sign-in and the pages of staff in Debian's Chromium: by the keyboard alone, open to everybody, and moving by a script
of our own alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import get_args

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from jobplus.stack.keys import Role
from jobplus.stack.local import Stack
from tests.kit import events
from tests.kit.client import StackClient
from tests.kit.topics import Topics
from tests.kit.waiting import until
from tests.pages.signing import SESSION, provider_url
from tests.pages.test_in_a_browser import WIDTHS
from tests.pages.windows import window

TABLE = "staff/tables?measure=registered&rows=gender&each=month&percent=column"
PAGES = (
    "staff/", "staff/state", "live", "staff/figures?as_of=x", "staff/facts?measure=registered", "staff/ledger/x",
    "staff/waiting", "staff/waiting?by=x&as_of=x", "staff/waiting?by=district", "staff/waiting/registrations",
    "staff/tables", TABLE, f"{TABLE}&columns=channel&known_at=x", "staff/tables/",
)  # fmt: skip
SESSIONS_ON = date(2010, 5, 3)
COUNTED = "SELECT count(*) AS n FROM fact WHERE measure = 'sessions' AND occurred_on = $1"
MOVE = """INSERT INTO daily (measure, occurred_on, recorded_on, dimensions, amount)
          VALUES ('launches', '2009-02-02', '2009-02-02', '{}', 7)"""


@pytest.fixture(scope="module", autouse=True)
def _sessions(stack: Stack, calling: StackClient) -> None:
    """Sessions for a table, published before a browser is there."""
    with Topics(stack) as topics:
        told = ({}, {"channel": "call"}, {"person": {**events.WOMAN, "gender": "male"}})
        topics.publish([events.session(events.somebody(), SESSIONS_ON, **one) for one in told])
    until(lambda: calling.query("reporting", COUNTED, SESSIONS_ON)[0]["n"], "they are counted", lambda n: n == 3)


class Opened:
    """A page that is looked at, what it asked for elsewhere and complained of."""

    def __init__(self, page: Page, stack: Stack) -> None:
        self.page = page
        self.base = stack.url("reporting").rstrip("/")
        self.complaints: list[str] = []
        self.outside: list[str] = []
        own = (self.base, provider_url(stack))
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith(own) else self.outside.append(asked.url))

    def complained(self) -> list[str]:
        """Give what was complained of, but for pages that are refused in words."""
        return [said for said in self.complaints if "the server responded with a status of 4" not in said]

    def sign_in(self, role: str, path: str = "/ko/staff/") -> None:
        """Sign in by the keyboard alone, and come back to a page."""
        self.page.goto(f"{self.base}{path}")
        self.press_on("a.button")
        self.press_on(f"a[href$='person={role}']")
        expect(self.page).to_have_url(f"{self.base}{path}")

    def press_on(self, selector: str) -> None:
        """Tab to something and press it."""
        for _ in range(60):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                with self.page.expect_navigation():
                    self.page.keyboard.press("Enter")
                return
        raise AssertionError(f"no key leads to {selector}")


@contextmanager
def opened(browser: Browser, stack: Stack) -> Iterator[Opened]:
    with window(browser, locale="ko-KR") as page:
        yield Opened(page, stack)


def test_each_person_signs_in_and_out_by_the_keyboard_alone(browser: Browser, stack: Stack) -> None:
    for role in get_args(Role):
        with opened(browser, stack) as seen:
            seen.sign_in(role, "/en/staff/?kept=1")
            (kept,) = [one for one in seen.page.context.cookies() if one.get("name") == SESSION]
            assert (kept.get("httpOnly"), kept.get("sameSite")) == (True, "Lax")
            assert seen.page.evaluate("document.cookie") == ""
            seen.press_on("button")
            assert seen.page.get_by_role("heading", name="You are signed out").is_visible()
            seen.page.goto(f"{seen.base}/en/staff/")
            assert seen.page.get_by_role("heading", name="Please sign in").is_visible()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_axe_finds_nothing_on_pages_of_staff_and_none_is_wider_than_the_window(
    browser: Browser, stack: Stack, language: str
) -> None:
    with opened(browser, stack) as seen:
        seen.page.goto(f"{seen.base}/{language}/staff/state")
        found = Axe().run(seen.page)
        assert found.violations_count == 0, found.generate_report()
        seen.sign_in("operator", f"/{language}/staff/")
        for path in PAGES:
            seen.page.goto(f"{seen.base}/{language}/{path}")
            found = Axe().run(seen.page)
            assert found.violations_count == 0, (path, found.generate_report())
            for width in WIDTHS:
                seen.page.set_viewport_size({"width": width, "height": 800})
                wide = seen.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
                assert not wide, (path, width)
        assert seen.outside == []
        assert seen.complained() == []


def test_an_official_makes_a_table_and_mails_its_link(browser: Browser, stack: Stack) -> None:
    with opened(browser, stack) as official:
        official.sign_in("analyst", "/en/staff/")
        page = official.page
        page.get_by_role("link", name="Tables of any split, month or year").click()
        page.get_by_label("Measure").select_option("sessions")
        page.get_by_label("Rows", exact=True).select_option(label="Channel")
        page.get_by_label("Columns", exact=True).select_option(label="Gender")
        page.get_by_label("Up to").fill("2010-13-31")
        page.get_by_role("button", name="Show").click()
        assert page.get_by_text("A day is written as 2010-12-31.").is_visible()
        expect(page.get_by_label("Rows", exact=True)).to_have_value("channel")
        page.get_by_label("Up to").fill("2010-12-31")
        page.get_by_role("button", name="Show").click()
        assert page.get_by_role("heading", name="Counselling sessions, by channel, gender").is_visible()
        official.press_on("form[method=post][action*=tables] button")
        assert page.get_by_role("heading", name="What differs today").is_visible()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.set_viewport_size({"width": min(WIDTHS), "height": 800})
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        link = page.url
        assert official.outside == []
        assert official.complained() == []
    with opened(browser, stack) as colleague:
        colleague.sign_in("counsellor", link.removeprefix(colleague.base))
        assert colleague.page.get_by_role("heading", name="Counselling sessions, by channel, gender").is_visible()


def test_totals_move_with_a_quiet_sign_and_without_a_word_from_elsewhere(
    browser: Browser, stack: Stack, calling: StackClient
) -> None:
    with opened(browser, stack) as seen:
        seen.sign_in("counsellor", "/en/live")
        total = seen.page.locator("#total-launches")
        expect(seen.page.locator(".sign")).to_have_text("moving as the centre works")
        before = int(total.inner_text())
        calling.query("reporting", MOVE)
        try:
            expect(total).to_have_text(str(before + 7), timeout=10_000)
        finally:
            calling.query("reporting", "DELETE FROM daily WHERE measure = 'launches' AND recorded_on = '2009-02-02'")
        expect(total).to_have_text(str(before), timeout=10_000)
        assert seen.outside == []
        assert seen.complained() == []


def test_no_page_of_staff_is_shown_in_a_frame(browser: Browser, stack: Stack) -> None:
    """Clickjacking: another page that shows ours in itself gets an empty frame, also on this machine."""
    with opened(browser, stack) as seen:
        seen.sign_in("operator")
        seen.page.route(
            "http://elsewhere.test/",
            lambda route: route.fulfill(
                content_type="text/html", body=f"<title>x</title><iframe src='{seen.base}/ko/staff/'></iframe>"
            ),
        )
        seen.page.goto("http://elsewhere.test/")
        seen.page.wait_for_timeout(500)
        assert len(seen.page.frames) == 2
        assert not any("일자리플러스센터" in frame.content() for frame in seen.page.frames)
