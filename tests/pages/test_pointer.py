"""Charts that answer to a pointer: by a script that is loaded where it was asked for, under a strict policy, in
Debian's Chromium. Without the script the page is as complete."""

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from jobplus.stack.local import Stack
from services.reporting.pages.charts import pointer
from tests.kit.client import Reply, StackClient
from tests.kit.waiting import until
from tests.pages.test_in_a_browser import WIDTHS
from tests.pages.windows import window

NEWEST = "releases/2010-12-31"
MADE = (
    ("ko", "by-month.svg"), ("en", "by-month.svg"), ("ko", "placed-by-gender.json"), ("en", "by-month.json"),
    ("ko", "registered-by-district.json"), ("en", "registered-by-district.json"), ("en", "targets.json"),
    ("ko", "placed-by-occupation.json"),
)  # fmt: skip
"""What the tests below look at; all that a page draws comes with the first of its charts."""
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; script-src 'self'; connect-src 'self'"
)


def get(calling: StackClient, path: str, **headers: str) -> Reply:
    """Ask as a browser does: without a token."""
    return calling.send("reporting", "GET", path, None, headers)


@pytest.fixture(scope="module", autouse=True)
def script(stack: Stack) -> str:
    """The script; it and the charts are made by the process that draws, on a busy machine not at once."""
    calling = StackClient(stack)
    made = until(lambda: get(calling, pointer.ADDRESS), "the script is made", lambda reply: reply.status == 200)
    assert made.headers["Content-Type"] == pointer.MEDIA_TYPE
    assert made.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Content-Encoding" not in made.headers
    for language, asked in MADE:
        address = f"/{language}/{NEWEST}/charts/{asked}"
        until(lambda path=address: get(calling, path).status, f"{asked} is made", lambda status: status == 200)
    return made.body.decode()


def test_the_script_is_of_our_own_address_packed_and_found_by_what_it_is_made_of(
    calling: StackClient, script: str
) -> None:
    packed = get(calling, pointer.ADDRESS, **{"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.body).decode() == script
    assert len(packed.body) < len(script) / 2
    for other in (pointer.ADDRESS.replace(pointer.EDITION, "0" * 16), "/assets/pointer-.js"):
        missing = get(calling, other)
        assert (missing.status, missing.headers["Cache-Control"]) == (404, "no-store")


def test_no_page_loads_a_script_but_that_which_is_asked_for(calling: StackClient) -> None:
    page = get(calling, f"/ko/{NEWEST}/charts/placed-by-gender")
    assert f'href="/ko/{NEWEST}/charts/placed-by-gender/pointer"' in page.body.decode()
    assert "script-src" not in page.headers["Content-Security-Policy"]
    address = f"/ko/{NEWEST}/charts/placed-by-gender/pointer"
    asked = get(calling, address)
    assert asked.status == 200
    assert re.findall(r"<script[^>]*>[^<]*", asked.body.decode()) == [f'<script type="module" src="{pointer.ADDRESS}">']
    assert asked.headers["Content-Security-Policy"] == POLICY
    unchanged = get(calling, address, **{"If-None-Match": asked.headers["ETag"]})
    assert (unchanged.status, unchanged.headers["Content-Security-Policy"]) == (304, POLICY)
    for path, status in ((f"{NEWEST}/charts/no-such/pointer", 404), (f"{NEWEST}/charts/no-such.json", 404)):
        assert get(calling, f"/en/{path}").status == status, path


_SAID = "[...new Set([...document.querySelectorAll('.drawn svg *')].map(one => one.__data__?.tooltip))].filter(Boolean)"
"""What a chart says where one points at its marks, in their order."""


class Opened:
    """A page that is looked at, what it asked for and complained of."""

    def __init__(self, page: Page, base: str) -> None:
        self.page = page
        self.base = base
        self.complaints: list[str] = []
        self.outside: list[str] = []
        self.scripts: list[str] = []
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda asked: self._noted(asked.resource_type, asked.url))

    def _noted(self, kind: str, url: str) -> None:
        if not url.startswith(self.base):
            self.outside.append(url)
        if kind == "script":
            self.scripts.append(url)

    def go(self, chart: str, language: str = "ko") -> None:
        """Open a chart that answers, and wait until it does."""
        self.page.goto(f"{self.base}/{language}/{NEWEST}/charts/{chart}/pointer")
        expect(self.page.locator(".drawn svg")).to_be_visible()

    def bars(self) -> list[str]:
        """Give what is said of each bar, as one points at it."""
        said: list[str] = []
        for mark in self.page.locator(".drawn svg .mark-rect path").all():
            mark.hover()
            expect(self.page.locator(".tip")).to_be_visible()
            said.append(self.page.locator(".tip").inner_text())
        return said

    def table(self) -> list[list[str]]:
        """Give the table's rows, heads first."""
        return [[cell.strip() for cell in row.inner_text().split("\t")] for row in self.page.locator("table tr").all()]


@contextmanager
def opened(browser: Browser, stack: Stack, *, scripts: bool = True, width: int = 1280) -> Iterator[Opened]:
    with window(browser, width, scripts=scripts, reduced_motion="reduce") as page:
        yield Opened(page, stack.url("reporting").rstrip("/"))


def test_who_points_at_a_bar_is_told_what_the_table_says(browser: Browser, stack: Stack) -> None:
    with opened(browser, stack) as seen:
        seen.page.goto(f"{seen.base}/ko/{NEWEST}/charts/placed-by-gender")
        assert seen.scripts == []
        seen.page.get_by_role("link", name="가리키면 값을 알려 주는 그래프").click()
        expect(seen.page.locator(".drawn svg")).to_be_visible()
        assert seen.scripts == [f"{seen.base}{pointer.ADDRESS}"]
        assert not seen.page.locator("figure img").is_visible()
        heads, *rows = seen.table()
        told = {f"{row[0]}, {head}: {cell}" for row in rows[1:] for head, cell in zip(heads[1:], row[1:], strict=True)}
        bars = seen.bars()
        assert len(bars) == len({*bars}) == 4
        assert {*bars} <= told
        assert seen.page.locator(".said").inner_text() == bars[-1]
        seen.page.keyboard.press("Escape")
        assert not seen.page.locator(".tip").is_visible()
        seen.page.mouse.move(2, 2)
        assert not seen.page.locator(".tip").is_visible()
        assert (seen.complaints, seen.outside) == ([], [])


@pytest.mark.parametrize(
    ("chart", "language", "texts"),
    [
        ("by-month", "en", ["Registered job seekers, Jan 2009: 1,200"]),
        ("registered-by-district", "ko", ["도봉구: "]),
        ("targets", "en", ["Result so far 9,743, Wanted 12,000, Forecast 9,743"]),
        ("placed-by-occupation", "ko", ["군인: 비공개"]),
    ],
)
def test_every_kind_of_chart_answers_without_a_complaint(
    browser: Browser, stack: Stack, chart: str, language: str, texts: list[str]
) -> None:
    with opened(browser, stack) as seen:
        seen.go(chart, language)
        box = seen.page.locator("figure .scroll")
        box.focus()
        said: list[str] = seen.page.evaluate(_SAID)
        assert all(any(text in one for one in said) for text in texts), said
        for key, place in (("ArrowDown", 0), ("ArrowRight", 1), ("ArrowUp", 0), ("ArrowLeft", -1)):
            seen.page.keyboard.press(key)
            assert seen.page.locator(".tip").inner_text() == seen.page.locator(".said").inner_text() == said[place]
        assert seen.page.evaluate("document.getAnimations().length") == 0
        assert (seen.complaints, seen.outside) == ([], [])


@pytest.mark.parametrize(("language", "width"), [("ko", 1280), ("en", 320)])
def test_axe_finds_nothing_on_a_chart_that_answers_and_it_has_room(
    browser: Browser, stack: Stack, language: str, width: int
) -> None:
    with opened(browser, stack, width=width) as seen:
        seen.go("registered-by-district", language)
        seen.page.locator("figure .scroll").focus()
        seen.page.keyboard.press("ArrowDown")
        found = Axe().run(seen.page)
        assert found.violations_count == 0, found.generate_report()
        for wide in WIDTHS:
            seen.page.set_viewport_size({"width": wide, "height": 800})
            assert not seen.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), wide


@pytest.mark.parametrize("gone", ["**/assets/pointer-*", "**/charts/*.json?*"])
def test_where_the_script_or_its_chart_is_not_there_the_drawn_chart_stays(
    browser: Browser, stack: Stack, gone: str
) -> None:
    with opened(browser, stack) as seen:
        seen.page.route(gone, lambda route: route.fulfill(status=503, body="<h1>away</h1>"))
        seen.page.goto(f"{seen.base}/ko/{NEWEST}/charts/placed-by-gender/pointer")
        expect(seen.page.locator(".said")).to_contain_text("표에 같은 수치가 있습니다")
        assert seen.page.locator("figure img").is_visible()
        assert not seen.page.locator(".drawn").is_visible()
        assert seen.page.get_by_role("cell", name="9,211명").is_visible()


def test_without_a_script_the_page_is_as_complete(browser: Browser, stack: Stack) -> None:
    with opened(browser, stack, scripts=False) as seen:
        seen.page.goto(f"{seen.base}/ko/{NEWEST}/charts/placed-by-gender/pointer")
        assert seen.page.get_by_role("img", name="성별 취업자").is_visible()
        assert seen.page.get_by_role("cell", name="9,211명").is_visible()
        assert seen.complaints == []
