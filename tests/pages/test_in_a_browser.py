"""The pages in Debian's Chromium: readable by everybody, at every width, without a script and without anybody else.

Long, as a browser draws each page several times and axe looks at everything on it.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from jobplus.stack.local import Stack
from services.reporting.drawing.looks import WIDTH
from services.reporting.pages.charts.chosen import ON_THE_RELEASE
from tests.pages.sample import Made
from tests.pages.windows import window

NEWEST = "releases/2010-12-31"
CORRECTED = "releases/2010-11-30"
PAGES = (
    "", NEWEST, f"{NEWEST}/charts/registered-by-district", f"{NEWEST}/charts/by-month", f"{NEWEST}/tables/targets",
    "figures/", "figures/placed.rate_percent", "releases/2010-12-30", CORRECTED,
)  # fmt: skip
_FOCUSED = """(() => {
    const at = document.activeElement;
    const all = [...document.querySelectorAll("a[href], [tabindex='0']")];
    return [all.indexOf(at), getComputedStyle(at).outlineStyle];
})()"""
"""Which of all that can be reached has the focus, and how that is shown."""
WIDTHS = (320, 390, 1280)
"""The narrowest there is, a phone, a desk."""


class Opened:
    """A page that is looked at, with what it asked for and complained of."""

    def __init__(self, page: Page, base: str) -> None:
        self.page = page
        self._base = base
        self.complaints: list[str] = []
        self.outside: list[str] = []
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith(base) else self.outside.append(asked.url))

    def go(self, path: str) -> None:
        self.page.goto(f"{self._base}{path}")

    @property
    def is_wider_than_the_window(self) -> bool:
        return self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


@pytest.fixture(scope="module")
def base(stack: Stack) -> str:
    return stack.url("reporting").rstrip("/")


@contextmanager
def opened(browser: Browser, base: str, width: int = 1280, *, scripts: bool = True) -> Iterator[Opened]:
    with window(browser, width, scripts=scripts, locale="ko-KR") as page:
        yield Opened(page, base)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_page_is_wider_than_the_window_nor_asks_anybody_else_nor_complains(
    browser: Browser, base: str, language: str
) -> None:
    with opened(browser, base) as seen:
        for path in PAGES:
            seen.go(f"/{language}/{path}")
            for width in WIDTHS:
                seen.page.set_viewport_size({"width": width, "height": 800})
                assert not seen.is_wider_than_the_window, (path, width)
        assert seen.outside == []
        assert [said for said in seen.complaints if "404" not in said] == []


@pytest.mark.parametrize(
    ("path", "width"),
    [
        ("/ko/", 320),
        (f"/en/{NEWEST}", 1280),
        (f"/ko/{NEWEST}/charts/registered-by-district", 1280),
        (f"/en/{NEWEST}/charts/by-month", 320),
        ("/en/figures/placed.rate_percent", 390),
        (f"/ko/{CORRECTED}/tables/placed-by-occupation", 390),
        ("/ko/releases/2010-12-30", 1280),
    ],
)
def test_axe_finds_nothing_that_keeps_anybody_out(browser: Browser, base: str, path: str, width: int) -> None:
    with opened(browser, base, width) as seen:
        seen.go(path)
        found = Axe().run(seen.page)
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_nothing_breaks_at_twice_the_size_of_type(browser: Browser, base: str, language: str) -> None:
    with opened(browser, base, 320) as seen:
        for path in ("", NEWEST, f"{NEWEST}/tables/targets", f"{NEWEST}/charts/targets"):
            seen.go(f"/{language}/{path}")
            seen.page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
            assert seen.page.evaluate("getComputedStyle(document.body).fontSize") == "34px"
            assert not seen.is_wider_than_the_window, path


@pytest.mark.parametrize("language", ["ko", "en"])
def test_each_chart_of_a_release_is_drawn_in_the_place_that_was_kept_for_it(
    browser: Browser, base: str, language: str
) -> None:
    with opened(browser, base, scripts=False) as seen:
        seen.go(f"/{language}/{NEWEST}")
        charts = seen.page.locator(".chart img")
        assert charts.count() == len(ON_THE_RELEASE)
        for chart in charts.all():
            kept = chart.bounding_box()
            chart.scroll_into_view_if_needed()
            chart.evaluate("async image => { image.loading = 'eager'; await image.decode() }")
            there = chart.bounding_box()
            assert kept
            assert there
            assert (round(kept["width"]), round(kept["height"])) == (round(there["width"]), round(there["height"]))
            assert chart.evaluate("image => image.naturalWidth") == WIDTH
            assert chart.get_attribute("alt")
        assert [said for said in seen.complaints] == []
        assert seen.outside == []


def test_a_chart_that_is_not_drawn_leaves_its_words_and_its_table(browser: Browser, base: str) -> None:
    with opened(browser, base) as seen:
        seen.page.route("**/*.svg?*", lambda route: route.abort())
        seen.go(f"/ko/{NEWEST}/charts/placed-by-gender")
        assert seen.page.get_by_role("img", name="성별 취업자").count() == 1
        assert seen.page.get_by_role("cell", name="9,211명").is_visible()


def test_printed_it_is_the_figures_and_nothing_to_press(browser: Browser, base: str) -> None:
    with opened(browser, base) as seen:
        seen.go(f"/ko/{NEWEST}")
        seen.page.emulate_media(media="print")
        for gone in ("nav.main", ".contents", ".button", "footer"):
            assert not seen.page.locator(gone).first.is_visible(), gone
        assert seen.page.get_by_text("49.3%").first.is_visible()
        assert seen.page.pdf(format="A4").startswith(b"%PDF")


def test_who_has_read_a_release_finds_what_was_corrected_in_it(browser: Browser, base: str) -> None:
    with opened(browser, base, 390) as seen:
        seen.go("/en/")
        seen.page.get_by_role("link", name="Corrected since").click()
        beside = seen.page.get_by_role("region", name="Correction of 27 January 2011")
        rows = [row.inner_text().split("\t") for row in beside.get_by_role("row").all()]
        assert [row[0] for row in rows] == ["Figure", "Persons placed", "Persons placed"]
        for table, named in (
            ("Persons placed, by occupation", "Business, accounting and office"),
            ("Persons placed, by occupation and gender", "Business, accounting and office / Women"),
        ):
            seen.go(f"/en/{CORRECTED}")
            seen.page.locator(".notice").get_by_role("link", name=re.compile(f"^{table}(:|$)")).click()
            (_, row) = [one.inner_text().split("\t") for one in beside.get_by_role("row").all()]
            assert row[0] == f"{table}: {named}"
            assert int(row[3].replace(",", "")) == int(row[2].replace(",", "")) + 8


def test_the_keyboard_alone_reaches_everything_and_shows_where_it_is(browser: Browser, base: str) -> None:
    with opened(browser, base) as seen:
        seen.go(f"/ko/{NEWEST}/tables/placed-by-gender")
        everything = seen.page.locator("a[href], [tabindex='0']").count()
        reached: list[int] = []
        for _ in range(everything):
            seen.page.keyboard.press("Tab")
            place, outline = seen.page.evaluate(_FOCUSED)
            assert outline == "solid", place
            reached.append(place)
        assert reached == [*range(everything)]
        assert everything > 10


def test_a_journalist_checks_49_3_percent_without_a_script(
    browser: Browser, base: str, releases: list[Made], tmp_path: Path
) -> None:
    with opened(browser, base, scripts=False) as seen:
        page = seen.page
        seen.go("/")
        card = page.locator(".card", has_text="49.3%")
        card.get_by_role("link", name="취업률").click()
        assert page.get_by_text("(취업자 ÷ 구직등록자) × 100").is_visible()

        page.get_by_role("link", name="English").click()
        assert page.get_by_role("heading", name="Placement rate").is_visible()
        page.get_by_role("link", name="Registered job seekers").first.click()
        assert page.get_by_text("Whoever comes back is not counted again").first.is_visible()

        page.get_by_role("link", name="Figures up to 31 December 2010").click()
        assert page.locator(".card", has_text="Registered job seekers").get_by_text("35,939").is_visible()
        assert page.locator(".card", has_text="Persons placed").get_by_text("17,714").is_visible()
        assert round(100 * 17_714 / 35_939, 1) == 49.3

        with page.expect_download() as coming:
            page.get_by_role("link", name="The release as one file (JSON)").click()
        saved = tmp_path / coming.value.suggested_filename
        coming.value.save_as(saved)
        assert saved.name == "release-2010-12-31.json"
        said = page.locator("code.hash").first.inner_text()
        assert hashlib.sha256(saved.read_bytes()).hexdigest() == said == releases[-1].hash
        assert seen.outside == []
