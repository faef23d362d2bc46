"""The key that signs a local stack's tokens, its JWKS, and the tokens themselves.

In production tokens come from the city's identity provider, and services read its JWKS by URL.
"""

import base64
import hashlib
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jobplus.stack.errors import OptionRefused, StackFailed
from jobplus.stack.home import write_private

Role = Literal["counsellor", "manager", "employer", "operator", "analyst", "evaluator", "partner"]

OWN_CLAIMS = {"counsellor": "counsellor_id", "employer": "employer_id"}
"""The claim by which a token of a role names the record that its bearer is, as the services are set here."""

ISSUER = "jobplus"
AUDIENCE = "jobplus"
AN_HOUR_SECONDS = 3600
"""The longest life of a token that the services take, as they are set here."""


def jwks_file(keys: Path) -> Path:
    """Where the services find the public key."""
    return keys / "jwks.json"


def _private_key_file(keys: Path) -> Path:
    return keys / "signing-key.pem"


def make_keys(keys: Path) -> None:
    """Make the signing key, unless there is one, and write its JWKS."""
    path = _private_key_file(keys)
    if not path.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        write_private(path, pem)
    public = _public_jwk(_load(keys))
    write_private(jwks_file(keys), json.dumps({"keys": [public]}, indent=2).encode())


class Bearer(NamedTuple):
    """Whom a token is of: a role, and the counsellor or firm (`own`) that they are; of a firm that has no record yet
    the business number that it may join by."""

    role: Role
    own: str | None = None
    business_number: str | None = None


def sign_token(
    keys: Path,
    role: Role,
    *,
    subject: str | None = None,
    ttl_seconds: int = AN_HOUR_SECONDS,
    own: str | None = None,
    business_number: str | None = None,
) -> str:
    """A token for the local stack; the subject is an opaque id, that of the bearer's own record or `local-ROLE` unless
    given. `own` is the id of the counsellor or the firm who bears it (raises OptionRefused for another role)."""
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": subject or own or f"local-{role}",
        "role": role,
        **_named(role, own, business_number),
        "iat": now,
        "exp": now + ttl_seconds,
    }
    return sign_claims(keys, claims)


def sign_claims(keys: Path, claims: Mapping[str, object]) -> str:
    """A JWT of claims, signed by the local stack's key."""
    key = _load(keys)
    header = {"alg": "EdDSA", "typ": "JWT", "kid": _public_jwk(key)["kid"]}
    # RFC 7515, 3.1. PyJWT would import certificates and all other kinds of keys first, before every command.
    signed = ".".join(_base64url(json.dumps(part).encode()) for part in (header, claims))
    return f"{signed}.{_base64url(key.sign(signed.encode()))}"


def _named(role: Role, own: str | None, business_number: str | None) -> dict[str, str]:
    if own is not None and role not in OWN_CLAIMS:
        raise OptionRefused(f"only the tokens of {' and '.join(OWN_CLAIMS)} name a record of their own, not {role}'s")
    if business_number is not None and role != "employer":
        raise OptionRefused(f"only an employer's token names a business number, not {role}'s")
    claims = {OWN_CLAIMS[role]: own} if own is not None else {}
    return {**claims, "business_number": business_number} if business_number is not None else claims


def renewing(keys: Path) -> Callable[[Bearer], str]:
    """Give what tells a bearer's token: the same until half of its life is over, then another."""
    signed: dict[Bearer, tuple[float, str]] = {}

    def token(bearer: Bearer) -> str:
        until, last = signed.get(bearer, (0.0, ""))
        if time.monotonic() >= until:
            role, own, business_number = bearer
            last = sign_token(keys, role, own=own, business_number=business_number)
            signed[bearer] = (time.monotonic() + AN_HOUR_SECONDS / 2, last)
        return last

    return token


def _load(keys: Path) -> Ed25519PrivateKey:
    path = _private_key_file(keys)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError:
        raise StackFailed(f"no signing key in {keys}: start the stack first with jobplus up") from None
    except ValueError:
        raise StackFailed(f"{path} can't be read: jobplus down --wipe, then jobplus up, makes a new one") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise StackFailed(f"{path} is no Ed25519 key: jobplus down --wipe, then jobplus up, makes a new one")
    return key


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _public_jwk(key: Ed25519PrivateKey) -> dict[str, str]:
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    thumbprinted = {"crv": "Ed25519", "kty": "OKP", "x": _base64url(raw)}
    # RFC 7638: the digest of the required members, sorted, without white space.
    digest = hashlib.sha256(json.dumps(thumbprinted, sort_keys=True, separators=(",", ":")).encode()).digest()
    return {**thumbprinted, "kid": _base64url(digest), "alg": "EdDSA", "use": "sig"}
