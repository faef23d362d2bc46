"""The site as it is written: its links lead somewhere, and it asks no other machine for anything."""

import json
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zipfile import ZipFile

import pytest

from contracts import EVENTS
from contracts.notices import NOTICES
from contracts.topics import GRANTED_TOPICS
from jobplus.site.build import WHEEL
from jobplus.site.events import PUBLISHED

RESOURCES = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src"}


class Page(HTMLParser):
    """What a page leads to, what it loads, and the places in it that can be led to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.places: set[str] = set()
        self.feed(path.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.places |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in RESOURCES and RESOURCES[tag] in given:
            self.loaded.append(given[RESOURCES[tag]])


@pytest.fixture(scope="module")
def written_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, written by the command as a partner's operator has it written."""
    folder = tmp_path_factory.mktemp("site") / "out"
    done = subprocess.run(
        [sys.executable, "-m", "jobplus.cli", "site", "--out", str(folder)], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert f"written: open {folder / 'index.html'}" in done.stderr
    return folder


def _pages(folder: Path) -> Iterator[tuple[Path, Page]]:
    for path in sorted(folder.rglob("*.html")):
        yield path, Page(path)


def test_every_link_leads_somewhere(written_site: Path) -> None:
    pages = dict(_pages(written_site))
    broken: list[str] = []
    for path, page in pages.items():
        for link in (*page.links, *page.loaded):
            to = urlsplit(link)
            if to.scheme in {"http", "https", "mailto", "data"}:
                continue
            target = (path.parent / unquote(to.path)).resolve() if to.path else path
            places = pages[target].places if target in pages else {to.fragment}
            if not target.exists() or to.fragment not in {"", *places}:
                broken.append(f"{path.relative_to(written_site)}: {link}")
    assert broken == []
    assert len(pages) > 2 * len(PUBLISHED)


def test_the_examples_and_the_package_that_the_pages_lead_to_are_handed_out(written_site: Path) -> None:
    for example, file in (("welfare_office", "subscriber.py"), ("open_vacancies", "main.go")):
        assert f"{example}/{file}" in ZipFile(written_site / "examples" / f"{example}.zip").namelist()
    assert ZipFile(written_site / "examples/webhook_receiver.zip").namelist() == ["webhook_receiver/receiver.py"]
    assert "jobplus_contracts/notices/__init__.py" in ZipFile(written_site / "package" / WHEEL).namelist()
    for language in ("ko", "en"):
        assert f"pip install {WHEEL}" in (written_site / language / "examples.html").read_text()


def test_nothing_is_loaded_from_another_machine(written_site: Path) -> None:
    loaded = [one for _, page in _pages(written_site) for one in page.loaded]
    assert loaded
    assert [one for one in loaded if urlsplit(one).netloc] == []
    styles = "".join(path.read_text() for path in written_site.rglob("*.css"))
    assert "@import" not in styles
    assert "url(http" not in styles.replace('"', "").replace("'", "")


def test_all_that_others_may_read_or_write_has_a_page_in_both_languages(written_site: Path) -> None:
    expected = {kind.__name__ for kind in EVENTS.values() if kind.topic in GRANTED_TOPICS}
    for language in ("ko", "en"):
        found = {path.stem for path in (written_site / language / "events").glob("*.html")} - {"index"}
        assert found == expected
        notices = {path.stem for path in (written_site / language / "notices").glob("*.html")}
        assert notices == {notice.__name__ for notice in NOTICES.values()}
        assert f'lang="{language}"' in (written_site / language / "index.html").read_text()


def test_the_asyncapi_document_and_what_shows_it_are_in_the_folder(written_site: Path) -> None:
    document = json.loads((written_site / "asyncapi" / "asyncapi.json").read_text())
    assert {*NOTICES} <= {message["name"] for message in document["components"]["messages"].values()}
    assert {*NOTICES} <= {path.stem for path in (written_site / "schemas").glob("*.json")}
    assert document["asyncapi"].startswith("3.")
    assert (written_site / "asyncapi" / "asyncapi.js").stat().st_size > 1_000_000
    assert '"asyncapi": "3.' in (written_site / "asyncapi" / "show.js").read_text()
