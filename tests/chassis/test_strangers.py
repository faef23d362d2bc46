"""Whoever has no valid token is answered before a byte of what they send is read, and answers about people are kept
nowhere on their way."""

from pathlib import Path

import pytest

from chassis.http.auth import Verifier
from chassis.running.service import interface
from jobplus.stack.keys import jwks_file, sign_token
from services.intake.bootstrap import blueprint
from services.intake.settings import IntakeSettings
from tests.chassis import asking
from tests.chassis.asking import Answer
from tests.chassis.test_tokens import settings_with

INTAKE = blueprint(IntakeSettings.model_construct())


async def ask(jwks: str, path: str, token: str | None) -> Answer:
    """Ask intake, with a large body."""
    app = interface(INTAKE, verifier=Verifier(settings_with(jwks)))
    return await asking.ask(app, "POST", path, token, body=b"{}", headers={"content-length": "900000"})


@pytest.mark.parametrize("path", ["/seekers", "/seekers/bulk", "/sessions", "/nowhere"])
@pytest.mark.parametrize("token", [None, "stranger"])
async def test_a_stranger_is_refused_before_the_body_is_read(keys: Path, path: str, token: str | None) -> None:
    answer = await ask(str(jwks_file(keys)), path, token)
    assert (answer.status, answer.headers[b"www-authenticate"], answer.read) == (401, b"Bearer", False)
    assert str(keys) not in str(answer.problem)


async def test_with_a_token_the_body_is_read(keys: Path) -> None:
    answer = await ask(str(jwks_file(keys)), "/seekers", sign_token(keys, "counsellor"))
    assert answer.read
    assert answer.status not in {401, 403}


async def test_without_keys_the_answer_is_to_come_again_and_tells_no_address(tmp_path: Path, keys: Path) -> None:
    missing = tmp_path / "jwks.json"
    answer = await ask(str(missing), "/seekers", sign_token(keys, "counsellor"))
    assert (answer.status, int(answer.headers[b"retry-after"]) > 0, answer.read) == (503, True, False)
    assert str(tmp_path) not in str(answer.problem)


async def test_no_answer_is_kept_on_its_way(keys: Path) -> None:
    token = sign_token(keys, "counsellor")
    answer = await ask(str(jwks_file(keys)), "/nowhere", token)
    assert (answer.status, answer.headers[b"cache-control"]) == (404, b"no-store")
