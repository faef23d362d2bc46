"""How soon a page is seen: its largest contentful paint in Chromium, whose processor is slowed down four times."""

import shutil
from collections.abc import Mapping
from statistics import median

from playwright.sync_api import Browser, sync_playwright

LOADS = 9
SLOWED = 4
PHONE = (390, 844)
_LARGEST = """() => new Promise(done => new PerformanceObserver(
    seen => done(seen.getEntries().at(-1).startTime)
  ).observe({type: 'largest-contentful-paint', buffered: true}))"""


def painted(base: str, paths: Mapping[str, str], loads: int = LOADS) -> dict[str, dict[str, float]] | None:
    """Give the median and the latest of each page's largest paint over some loads with nothing kept, in milliseconds;
    None where there is no Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            _paint(browser, base + next(iter(paths.values())))  # what Chromium itself loads once
            found = {name: [_paint(browser, base + path) for _ in range(loads)] for name, path in paths.items()}
        finally:
            browser.close()
    return {name: {"p50": round(median(of)), "latest": round(max(of))} for name, of in found.items()}


def _paint(browser: Browser, address: str) -> float:
    width, height = PHONE
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    page.goto(address, wait_until="load")
    largest: float = page.evaluate(_LARGEST)
    context.close()
    return largest
