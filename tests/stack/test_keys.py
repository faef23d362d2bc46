"""Local tokens are those that a service verifies by the JWKS."""

import json
import time
from pathlib import Path

import jwt
import pytest

from jobplus.stack.errors import StackFailed
from jobplus.stack.keys import jwks_file, make_keys, sign_token


def _verified(keys: Path, token: str) -> dict[str, object]:
    key = jwt.PyJWKSet.from_dict(json.loads(jwks_file(keys).read_text()))[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(token, key.key, algorithms=["EdDSA"], audience="jobplus", issuer="jobplus")


def test_a_token_is_verified_by_the_jwks_and_says_who_for_how_long(tmp_path: Path) -> None:
    make_keys(tmp_path)
    claims = _verified(tmp_path, sign_token(tmp_path, "counsellor", subject="c-1", ttl_seconds=60))
    assert (claims["role"], claims["sub"]) == ("counsellor", "c-1")
    assert claims["exp"] == pytest.approx(time.time() + 60, abs=5)


def test_the_key_stays_the_same_and_is_its_owners(tmp_path: Path) -> None:
    make_keys(tmp_path)
    token = sign_token(tmp_path, "manager")
    make_keys(tmp_path)
    assert _verified(tmp_path, token)["role"] == "manager"
    assert (tmp_path / "signing-key.pem").stat().st_mode & 0o777 == 0o600
    assert "d" not in json.loads(jwks_file(tmp_path).read_text())["keys"][0], "the JWKS holds the private key"


def test_without_a_key_one_is_told_to_start_the_stack(tmp_path: Path) -> None:
    with pytest.raises(StackFailed, match="start the stack first with jobplus up"):
        sign_token(tmp_path, "manager")
