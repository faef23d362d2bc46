"""Tokens: signed by a key of the JWKS that the settings name, with a role that each interface asks for."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import jwt
from starlette.concurrency import run_in_threadpool

from chassis.decisions import Actor
from chassis.settings import ServiceSettings

ALGORITHMS = ("EdDSA", "ES256", "RS256")
REFRESH_SECONDS = 300.0
RETRY_SECONDS = 10.0
MOST_REMEMBERED = 10_000


class NotAuthenticated(Exception):
    """There is no token, or it isn't valid: says why."""


class NotAllowed(Exception):
    """The token's role may not do this."""

    def __init__(self, role: str, allowed: Sequence[str]) -> None:
        super().__init__(f"role {role!r} may not do this; it takes one of: {', '.join(allowed)}")


class _Verified(NamedTuple):
    actor: Actor
    expires: float


class Verifier:
    """Verifies tokens. A token is checked once and remembered until it ends or the keys are read anew."""

    def __init__(self, settings: ServiceSettings) -> None:
        self._source = settings.jwks
        self._issuer = settings.token_issuer
        self._audience = settings.token_audience
        self._keys: dict[str, jwt.PyJWK] = {}
        self._read_at = float("-inf")
        self._remembered: dict[str, _Verified] = {}

    async def actor(self, authorization: str | None) -> Actor:
        """Tell who sends this Authorization header (raises NotAuthenticated)."""
        if authorization is None:
            raise NotAuthenticated("there is no Authorization header")
        known = self._remembered.get(authorization)
        now = time.time()
        if known is not None and known.expires > now and time.monotonic() - self._read_at < REFRESH_SECONDS:
            return known.actor
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotAuthenticated("the Authorization header must be: Bearer TOKEN")
        claims = await self._claims(token)
        actor = Actor(_text(claims, "role"), _text(claims, "sub"))
        if len(self._remembered) >= MOST_REMEMBERED:
            self._remembered.clear()
        self._remembered[authorization] = _Verified(actor, float(claims["exp"]))
        return actor

    async def _claims(self, token: str) -> dict[str, Any]:
        try:
            key_id = jwt.get_unverified_header(token).get("kid", "")
            key = await self._key(key_id)
            return jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                issuer=self._issuer,
                audience=self._audience,
                options={"require": ["exp", "iat", "sub", "iss", "aud"]},
                leeway=5,
            )
        except jwt.PyJWTError as error:
            raise NotAuthenticated(f"the token is not valid: {error}") from error

    async def _key(self, key_id: str) -> jwt.PyJWK:
        age = time.monotonic() - self._read_at
        if age > REFRESH_SECONDS or (key_id not in self._keys and age > RETRY_SECONDS):
            try:
                self._keys = await run_in_threadpool(_read_keys, self._source)
                self._read_at = time.monotonic()
                self._remembered.clear()
            except NotAuthenticated:
                if not self._keys:
                    raise
                # the keys that are known stay good while their source is away; it is asked again soon
                self._read_at = time.monotonic() - REFRESH_SECONDS + RETRY_SECONDS
        try:
            return self._keys[key_id]
        except KeyError:
            raise NotAuthenticated(f"the token is signed by a key that is not known: {key_id!r}") from None


def _read_keys(source: str) -> dict[str, jwt.PyJWK]:
    try:
        if source.startswith("https://"):
            keys = jwt.PyJWKClient(source, cache_jwk_set=False, timeout=5).get_jwk_set().keys
        else:
            keys = jwt.PyJWKSet.from_json(Path(source).read_text()).keys
    except (OSError, ValueError) as error:
        raise NotAuthenticated(f"the keys can't be read: {error}") from error
    return {key.key_id: key for key in keys if key.key_id}


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value or len(value) > 100:
        raise NotAuthenticated(f"the token has no usable claim {name!r}")
    return value
