"""A real reporting with a sample of releases, and a browser, for the tests of this folder."""

import os
import shutil
from collections.abc import Iterator
from datetime import date

import orjson
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from jobplus.stack.local import Stack
from services.reporting.releases.document import ReleaseDocument
from tests.kit.client import StackClient
from tests.kit.waiting import PATIENCE
from tests.pages.sample import Made, corrections, made
from tests.stacks import Stacks

CONTACT = "statistics@centre.example"
LICENCE = "공공누리 제1유형"
KEEP = """WITH kept AS (
            INSERT INTO release (day, published_on, position, hash, previous, document, published_by)
            VALUES ($1, $2, $3, $4, $5, $6, 'test') RETURNING day)
          INSERT INTO release_compared (release, newest) SELECT day, '9999-12-31' FROM kept"""
"""They are made of no events: compared with what is known, all of them would be corrected."""
CORRECT = """INSERT INTO release_correction (release, number, corrected_on, corrected_by, position, reason, figures)
             VALUES ($1, 1, $2, 'test', 250000, 'recorded_late', to_jsonb($3::text))"""
CORRECTED_ON = date(2011, 1, 27)
SETTINGS = {"CONTACT": CONTACT, "LICENCE": LICENCE}


@pytest.fixture(scope="package")
def releases() -> list[Made]:
    """Three releases, the oldest first."""
    return made()


@pytest.fixture(scope="package")
def stack(stacks: Stacks, releases: list[Made]) -> Iterator[Stack]:
    with stacks.running("pages", ["reporting", "provider"], durable=False, settings=SETTINGS) as running:
        keep(StackClient(running), releases)
        yield running


@pytest.fixture(scope="package")
def calling(stack: Stack) -> StackClient:
    return StackClient(stack)


def keep(calling: StackClient, releases: list[Made]) -> None:
    """Store releases as reporting does, with a correction beside each but the first and the last."""
    for one in releases:
        calling.query("reporting", KEEP, *one)
    for one in releases[1:-1]:
        figures = orjson.dumps(corrections(ReleaseDocument.model_validate_json(one.body))).decode()
        calling.query("reporting", CORRECT, one.day, CORRECTED_ON, figures)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Where it isn't, tests are skipped, but not where everything has to pass.

    Of a module: while it is there no test of this process can be async."""
    chromium = shutil.which("chromium")
    if chromium is None:
        assert not os.environ.get("CI"), "no chromium: apt-get install chromium fonts-noto-cjk"
        pytest.skip("no chromium: apt-get install chromium fonts-noto-cjk")
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()
