"""The interface's own pages load nothing from elsewhere, and are closed where the setting says so."""

import re

import pytest
from fastapi import FastAPI

from chassis.http import app as http
from chassis.http import operations
from tests.chassis.asking import ask
from tests.chassis.test_tokens import settings_with
from tests.test_parameters import _Named

FILES = ("docs/swagger-ui-bundle.js", "docs/swagger-ui.css", "docs/favicon-32x32.png")


def interface(docs: bool) -> FastAPI:
    return http.app("pages", "", [operations.router], verifier=_Named(), docs=docs)


async def test_the_page_and_all_that_it_loads_come_from_the_service() -> None:
    app = interface(docs=True)
    page = await ask(app, "GET", "/docs")
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.body.decode())
    assert (page.status, sorted(loaded)) == (200, sorted(FILES))
    assert b"//" not in re.sub(rb"(?m)^\s*//.*$", b"", page.body).replace(b"<!--", b"")
    assert b"default-src 'self'" in page.headers[b"content-security-policy"]
    for name in FILES:
        assert (await ask(app, "GET", f"/{name}")).status == 200, name
    assert (await ask(app, "GET", "/openapi.json")).status == 200
    assert (await ask(app, "GET", "/docs/..%2f__init__.py")).status in {404, 422}


async def test_where_they_are_closed_there_is_nothing() -> None:
    app = interface(docs=False)
    assert {(await ask(app, "GET", path)).status for path in ("/docs", f"/{FILES[0]}", "/openapi.json")} == {404}


@pytest.mark.parametrize(
    ("environment", "docs", "has"),
    [("production", None, False), ("production", True, True), ("test", None, True), ("local", False, False)],
)
def test_production_has_none_unless_it_is_told_to(environment: str, docs: bool | None, has: bool) -> None:
    assert settings_with("", environment=environment, docs=docs).has_docs is has
