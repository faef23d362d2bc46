"""Who asks for pages too often is told so in words, by their address; nobody else is."""

from pathlib import Path

import pytest
from fastapi import FastAPI

from chassis.http.addresses import networks_of
from chassis.http.auth import Verifier
from chassis.http.limits import Limits
from chassis.running.service import interface
from jobplus.stack.keys import jwks_file, make_keys
from services.reporting.bootstrap import blueprint
from services.reporting.settings import ReportingSettings
from tests.chassis.asking import ask
from tests.chassis.test_tokens import settings_with

pytestmark = pytest.mark.usefixtures("rates_clock")

PAGE = "/ko"
"""It leads on to another, which takes no time."""


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    make_keys(folder)
    return folder


def limited(keys: Path, **given: str) -> FastAPI:
    """Reporting, of whose pages an address may ask for 1 a second and 2 at once."""
    settings = settings_with(str(jwks_file(keys)), **{"address_limit": "1/1", "open_limit": "1/2", **given})
    return interface(
        blueprint(ReportingSettings.model_construct()),
        verifier=Verifier(settings),
        limits=Limits(settings),
        trusted=networks_of(settings.trusted_proxies),
    )


@pytest.mark.parametrize(
    ("path", "language", "said"),
    [("/en/figures/", "en", "These were too many requests"), ("/ko/", "ko", "요청이 너무 많습니다")],
)
async def test_one_page_too_many_is_refused_in_words_with_when_to_come_again(
    keys: Path, path: str, language: str, said: str
) -> None:
    app = limited(keys)
    assert [(await ask(app, "GET", PAGE, peer="192.0.2.1")).status for _ in range(2)] == [308, 308]
    refused = await ask(app, "GET", path, peer="192.0.2.1")
    assert (refused.status, refused.headers[b"retry-after"]) == (429, b"1")
    assert refused.headers[b"content-language"] == language.encode()
    assert refused.headers[b"content-type"] == b"text/html; charset=utf-8"
    assert refused.headers[b"cache-control"] == b"no-store"
    assert said in refused.body.decode()
    assert (await ask(app, "GET", PAGE, peer="192.0.2.2")).status == 308


async def test_readers_behind_a_proxy_are_counted_by_where_they_are(keys: Path) -> None:
    app = limited(keys, trusted_proxies="10.0.0.0/8")
    asked = [
        (await ask(app, "GET", PAGE, peer="10.0.0.1", headers={"x-forwarded-for": f"203.0.113.{reader}"})).status
        for reader in (1, 1, 1, 2)
    ]
    assert asked == [308, 308, 429, 308]


async def test_readers_keep_nobody_of_their_address_from_showing_a_token(keys: Path) -> None:
    app = limited(keys)
    pages = [(await ask(app, "GET", PAGE, peer="192.0.2.1")).status for _ in range(3)]
    assert pages == [308, 308, 429]
    assert (await ask(app, "GET", "/nowhere", peer="192.0.2.1")).status == 401
    assert (await ask(app, "GET", "/nowhere", peer="192.0.2.1")).status == 429


async def test_where_there_is_no_limit_no_reader_is_refused(keys: Path) -> None:
    app = limited(keys, open_limit="none")
    assert {(await ask(app, "GET", PAGE, peer="192.0.2.1")).status for _ in range(50)} == {308}
