"""A token is taken when every check holds, and whoever sends another is told nothing but that it isn't valid."""

import asyncio
import base64
import hmac
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.batch.decisions import Actor
from chassis.http import auth
from chassis.http.auth import NotAuthenticated, Verifier
from chassis.http.revocations import Revoked
from chassis.running.settings import ServiceSettings
from jobplus.stack.keys import jwks_file, sign_token

Claims = dict[str, Any]


@pytest.fixture
def verifier(keys: Path) -> Verifier:
    return Verifier(settings_with(str(jwks_file(keys))))


def settings_with(jwks: str, **changes: Any) -> ServiceSettings:
    given = {"jwks": jwks, "token_issuer": "jobplus", "token_audience": "jobplus", "token_types": "JWT,at+jwt"}
    return ServiceSettings.model_construct(**{**given, "token_life_minutes": 60, "keys_good_minutes": 60, **changes})


def key_of(keys: Path) -> tuple[Ed25519PrivateKey, str]:
    key = serialization.load_pem_private_key((keys / "signing-key.pem").read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    return key, json.loads(jwks_file(keys).read_bytes())["keys"][0]["kid"]


def claims(**changes: Any) -> Claims:
    now = int(time.time())
    good = {"iss": "jobplus", "aud": "jobplus", "sub": "c-1", "role": "counsellor", "iat": now, "exp": now + 900}
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def signed(keys: Path, made: Claims, **header: Any) -> str:
    key, kid = key_of(keys)
    return jwt.encode(made, key, "EdDSA", headers={"kid": kid, **header})


def in_parts(header: Claims, made: Claims, signature: bytes) -> str:
    parts = (json.dumps(header).encode(), json.dumps(made).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def by_hmac_with_the_public_key(keys: Path) -> str:
    """Sign as if the public key, which everybody has, were a shared secret."""
    _, kid = key_of(keys)
    public = jwks_file(keys).read_bytes()
    unsigned = in_parts({"alg": "HS256", "typ": "JWT", "kid": kid}, claims(), b"").rstrip(".")
    return f"{unsigned}.{base64.urlsafe_b64encode(hmac.digest(public, unsigned.encode(), 'sha256')).decode()}"


def with_another_body(keys: Path) -> str:
    head, _, signature = signed(keys, claims()).split(".")
    return ".".join((head, in_parts({}, claims(role="manager"), b"").split(".")[1], signature))


def at(seconds: int) -> int:
    """The moment so many seconds from now, as a test runs: the file may have been read long before."""
    return int(time.time()) + seconds


BAD: dict[str, Callable[[Path], str]] = {
    "no token": lambda _: "",
    "no JWT": lambda _: "counsellor",
    "two parts": lambda keys: signed(keys, claims()).rpartition(".")[0],
    "no signature": lambda keys: signed(keys, claims()).rpartition(".")[0] + ".",
    "algorithm none": lambda keys: in_parts({"alg": "none", "typ": "JWT", "kid": key_of(keys)[1]}, claims(), b""),
    "signed with the public key": by_hmac_with_the_public_key,
    "signed by a stranger under a known id": lambda keys: jwt.encode(
        claims(), Ed25519PrivateKey.generate(), "EdDSA", headers={"kid": key_of(keys)[1]}
    ),
    "another algorithm than the key's": lambda keys: jwt.encode(
        claims(), ec.generate_private_key(ec.SECP256R1()), "ES256", headers={"kid": key_of(keys)[1]}
    ),
    "a key that is not known": lambda keys: signed(keys, claims(), kid="unknown"),
    "no key id": lambda keys: jwt.encode(claims(), key_of(keys)[0], "EdDSA"),
    "a key that it brings itself": lambda keys: jwt.encode(
        claims(), Ed25519PrivateKey.generate(), "EdDSA", headers={"jwk": {"kty": "OKP"}, "jku": "https://example.org"}
    ),
    "changed after it was signed": with_another_body,
    "ended": lambda keys: signed(keys, claims(iat=at(-1000), exp=at(-100))),
    "without an end": lambda keys: signed(keys, claims(exp=None)),
    "an end that is no number": lambda keys: signed(keys, claims(exp="soon")),
    "longer than an hour": lambda keys: signed(keys, claims(exp=at(2 * 3600))),
    "without its beginning": lambda keys: signed(keys, claims(iat=None)),
    "from tomorrow": lambda keys: signed(keys, claims(iat=at(86_400), exp=at(87_000))),
    "not yet valid": lambda keys: signed(keys, claims(nbf=at(600))),
    "of another issuer": lambda keys: signed(keys, claims(iss="elsewhere")),
    "for another audience": lambda keys: signed(keys, claims(aud="elsewhere")),
    "for a list without this audience": lambda keys: signed(keys, claims(aud=["a", "b"])),
    "without an audience": lambda keys: signed(keys, claims(aud=None)),
    "an identity and no access token": lambda keys: signed(keys, claims(), typ="id+jwt"),
    "without a subject": lambda keys: signed(keys, claims(sub=None)),
    "a subject that is a list": lambda keys: signed(keys, {**claims(), "sub": ["c-1"]}),
    "without a role": lambda keys: signed(keys, claims(role=None)),
    "a role that is a list": lambda keys: signed(keys, claims(role=["manager"])),
    "a role of 101 characters": lambda keys: signed(keys, claims(role="m" * 101)),
    "a subject that is a resident registration number": lambda keys: signed(keys, claims(sub="800101-1234567")),
    "larger than any token": lambda keys: signed(keys, claims(more="x" * 10_000)),
}


@pytest.mark.parametrize("made", BAD.values(), ids=BAD.keys())
async def test_a_bad_token_is_refused_without_a_word_about_why(
    keys: Path, verifier: Verifier, made: Callable[[Path], str]
) -> None:
    token = made(keys)
    with pytest.raises(NotAuthenticated) as refused:
        await verifier.actor(f"Bearer {token}")
    told = {"the token is not valid", "the token has expired", "the Authorization header must be: Bearer TOKEN"}
    assert str(refused.value) in told
    assert refused.value.why
    assert "800101" not in refused.value.why


@pytest.mark.parametrize(
    ("changes", "header"),
    [
        ({}, {}),
        ({"aud": ["other", "jobplus"]}, {}),
        ({}, {"typ": "at+jwt"}),
        ({}, {"typ": "application/at+JWT"}),
        ({"nbf": -1}, {}),
        ({"exp": 3600, "iat": 0}, {}),
    ],
)
async def test_a_good_one_is_taken(keys: Path, verifier: Verifier, changes: Claims, header: Claims) -> None:
    """Moments are told in seconds from now."""
    moments = {name: at(value) for name, value in changes.items() if isinstance(value, int)}
    token = signed(keys, claims(**{**changes, **moments}), **header)
    assert await verifier.actor(f"Bearer {token}") == Actor("counsellor", "c-1")
    assert await verifier.actor(f"bearer {token}") == Actor("counsellor", "c-1")


async def test_a_token_that_is_remembered_ends_when_it_ends(
    keys: Path, verifier: Verifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "LEEWAY_SECONDS", 0)
    ends = int(time.time()) + 2
    token = f"Bearer {signed(keys, claims(exp=ends))}"
    await verifier.actor(token)
    await asyncio.sleep(ends - time.time() + 0.01)
    with pytest.raises(NotAuthenticated):
        await verifier.actor(token)


class _TurnsAway(Revoked):
    def __init__(self) -> None:
        self.subjects: set[str] = set()

    def why(self, subject: str) -> str | None:
        return "stolen" if subject in self.subjects else None


async def test_a_token_that_is_remembered_is_refused_once_its_subject_is_revoked_and_taken_again(keys: Path) -> None:
    revoked = _TurnsAway()
    verifier = Verifier(settings_with(str(jwks_file(keys))), revoked)
    token = f"Bearer {signed(keys, claims())}"
    await verifier.actor(token)
    revoked.subjects.add("c-1")
    for sent in (token, f"Bearer {signed(keys, claims(jti='another'))}"):
        with pytest.raises(NotAuthenticated) as refused:
            await verifier.actor(sent)
        assert (str(refused.value), refused.value.kind) == ("the token is not valid", "revoked")
        assert refused.value.why == "the subject c-1 is revoked: stolen"
    assert await verifier.actor(f"Bearer {signed(keys, claims(sub='c-2'))}") == Actor("counsellor", "c-2")
    revoked.subjects.clear()
    assert await verifier.actor(token) == Actor("counsellor", "c-1")


async def test_the_local_tools_tokens_live_no_longer_than_services_allow(keys: Path, verifier: Verifier) -> None:
    assert await verifier.actor(f"Bearer {sign_token(keys, 'manager')}") == Actor("manager", "local-manager")
