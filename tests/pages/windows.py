"""Windows of a browser, which wait as patiently as everything here."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page

from tests.kit.waiting import PATIENCE


@contextmanager
def window(browser: Browser, width: int = 1280, *, scripts: bool = True, **settings: Any) -> Iterator[Page]:
    """Open a window that shares nothing with others, so wide; `settings` are the browser context's."""
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=scripts, **settings)
    context.set_default_timeout(PATIENCE * 1000)
    try:
        yield context.new_page()
    finally:
        context.close()
