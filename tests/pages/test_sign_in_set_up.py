"""Sign-in as settings have it: none, half of it, or with pages that are for whoever signs in alone."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from chassis.running.service import interface
from services.reporting.bootstrap import blueprint
from services.reporting.sealed import Sealed, secrets_in
from services.reporting.settings import ReportingSettings
from tests.chassis.asking import ask
from tests.pages.test_words import _Strict

NEEDED = {
    "environment": "production", "database_host": "d", "database_name": "d", "database_user": "d",
    "database_password_file": "/dev/null", "database_tls": True, "jwks": "https://provider.example/jwks",
    "kafka_servers": "k:1", "kafka_security": "SSL",
}  # fmt: skip


@pytest.fixture
def sign_in(tmp_path: Path) -> dict[str, Any]:
    """Settings by which staff can sign in."""
    (tmp_path / "key").write_text("a" * 32 + "\n" + "b" * 40 + "\n")
    return {
        "pages_address": "https://statistics.example", "oidc_issuer": "https://provider.example",
        "oidc_client_id": "pages", "session_key_file": tmp_path / "key",
    }  # fmt: skip


def settings(**given: Any) -> ReportingSettings:
    return ReportingSettings(**{**NEEDED, **given})


@pytest.mark.parametrize("path", ["/ko/staff/", "/ko/staff/state", "/ko/live", "/ko/sign-in", "/ko/signed-in"])
async def test_without_a_provider_pages_of_staff_say_so(path: str) -> None:
    bare = interface(blueprint(ReportingSettings.model_construct()), verifier=_Strict(), limits=None)
    answer = await ask(bare, "GET", path)
    assert answer.status == 404
    assert "로그인이 설정되어 있지 않습니다" in answer.body.decode()
    front = await ask(bare, "POST", "/ko/sign-out")
    assert front.status == 404


async def test_pages_that_are_not_public_ask_to_sign_in_where_one_can(sign_in: dict[str, Any]) -> None:
    closed = interface(blueprint(settings(**sign_in, pages_public=False)), verifier=_Strict(), limits=None, pool=None)
    for path in ("/ko/", "/en/releases/2010-12-31", "/ko/figures/"):
        answer = await ask(closed, "GET", path)
        assert answer.status == 401, path
        assert b"/sign-in?next=%2F" in answer.body
    assert (await ask(closed, "GET", "/figures")).status == 401
    assert (await ask(closed, "GET", "/assets/pages.css")).status == 200


def test_by_tls_a_cookie_is_one_that_no_neighbour_can_plant(sign_in: dict[str, Any]) -> None:
    from starlette.responses import Response

    from services.reporting.signin import SignIn
    from services.reporting.signin.provider import SignedIn

    answer = Response()
    SignIn(settings(**sign_in)).keep_session(answer, SignedIn("token", "one", "name"))
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-jobplus-session=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize("missing", ["pages_address", "oidc_client_id", "session_key_file"])
def test_half_of_it_is_refused(sign_in: dict[str, Any], missing: str) -> None:
    assert settings(**sign_in).has_sign_in
    with pytest.raises(ValidationError, match=f"JOBPLUS_OIDC_ISSUER needs JOBPLUS_{missing.upper()}"):
        settings(**{name: value for name, value in sign_in.items() if name != missing})


@pytest.mark.parametrize(
    "change",
    [
        {"oidc_issuer": "http://provider.example"}, {"pages_address": "http://statistics.example"},
        {"pages_address": "https://statistics.example/ko"}, {"pages_address": "statistics.example"},
        {"oidc_issuer": "https://one@provider.example"}, {"oidc_scope": "profile"}, {"oidc_issuer": ""},
        {"state_of": "intake=http://intake:8000/"}, {"state_of": "intake"},
    ],
)  # fmt: skip
def test_what_could_not_be_safe_is_refused(sign_in: dict[str, Any], change: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        settings(**{**sign_in, **change})


def test_a_short_secret_is_refused(tmp_path: Path, sign_in: dict[str, Any]) -> None:
    for content in ("", "short", "a" * 32 + "\nshort"):
        (tmp_path / "key").write_text(content)
        with pytest.raises(ValidationError, match="32 characters"):
            settings(**sign_in)


def test_what_an_older_secret_sealed_is_opened_until_it_is_taken_away(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("a" * 32)
    old = Sealed(secrets_in(file)).seal("session", {"token": "t"})
    file.write_text("b" * 32 + "\n" + "a" * 32)
    assert Sealed(secrets_in(file)).opened("session", old, 60) == {"token": "t"}
    file.write_text("b" * 32)
    assert Sealed(secrets_in(file)).opened("session", old, 60) is None
    assert Sealed([b"a" * 32]).opened("sign-in", old, 60) is None
