"""`python -m tests.pages.screenshots`: two years of the centre at 1/20 on a stack of its own, released, and pictures of
the pages by Debian's Chromium, into docs/pictures/."""

import shutil
import sys
import tempfile
from datetime import date
from fractions import Fraction
from pathlib import Path

from playwright.sync_api import sync_playwright

from jobplus.releasing import release
from jobplus.replay import run
from jobplus.stack.local import Stack
from jobplus.stack.ports import free_base_port

ROOT = Path(__file__).parents[2]
TO = ROOT / "docs" / "pictures"
RELEASED = (date(2009, 12, 31), date(2010, 12, 31))
PICTURES = {
    "front": "/ko/",
    "table": f"/en/releases/{RELEASED[-1]}/tables/placed-by-age-band",
}
WIDTH, HEIGHT = 1000, 760
MOST_BYTES = 150_000


def main() -> int:
    """Write the pictures; 1 where one is too large to be committed, or there is no Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("no chromium: apt-get install chromium fonts-noto-cjk", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="jobplus-pictures-") as folder:
        stack = Stack(Path(folder) / "home", free_base_port())
        try:
            stack.up()
            run.replay(run.planned(ROOT / "plans" / "two-years.json", Fraction(1, 20)), stack, seed=1, scaled=True)
            for day in RELEASED:
                release(stack, day)
            _take(chromium, stack.url("reporting").rstrip("/"))
        finally:
            stack.down(wipe=True)
    sizes = {name: (TO / f"{name}.png").stat().st_size for name in PICTURES}
    print(", ".join(f"{name}: {size / 1000:.0f} kB" for name, size in sizes.items()))
    return int(max(sizes.values()) > MOST_BYTES)


def _take(chromium: str, base: str) -> None:
    TO.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for name, path in PICTURES.items():
            page.goto(base + path)
            page.screenshot(path=TO / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    raise SystemExit(main())
