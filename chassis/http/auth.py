"""Tokens: signed by a key of the JWKS that the settings name, with a role that each interface asks for.

What is wrong with a token is said in the log. Who sent it is told that it isn't valid and no more: neither where keys
come from, nor which check it failed.
"""

import time
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import jwt
import structlog

from chassis.batch.decisions import Actor
from chassis.http.keys import KeyRing, UnknownKey, source_of
from chassis.http.revocations import Revoked
from chassis.running.settings import ServiceSettings
from chassis.texts import TextRefused, check

log = structlog.get_logger()

ALGORITHMS = ("EdDSA", "ES256", "RS256")
LEEWAY_SECONDS = 5
MOST_REMEMBERED = 10_000
LONGEST_TOKEN = 8_000
LONGEST_CLAIM = 100


class NotAuthenticated(Exception):
    """There is no token, or it isn't valid. `why` is for the log, `kind` for the count."""

    def __init__(self, why: str, told: str = "the token is not valid", kind: str = "invalid") -> None:
        super().__init__(told)
        self.why = why
        self.kind = kind


class NotAllowed(Exception):
    """The token's role may not do this."""

    def __init__(self, actor: Actor, allowed: Sequence[str]) -> None:
        super().__init__(f"role {actor.role!r} may not do this; it takes one of: {', '.join(allowed)}")
        self.actor = actor


class _Verified(NamedTuple):
    actor: Actor
    expires: float


class Verifier:
    """Verifies tokens. A token is checked once and remembered until it ends or the keys are read anew; whether its
    subject is revoked is asked each time."""

    def __init__(self, settings: ServiceSettings, revoked: Revoked | None = None) -> None:
        self._revoked = revoked or Revoked()
        self._issuer = settings.token_issuer
        self._audience = settings.token_audience
        self._longest_life = 60.0 * settings.token_life_minutes
        self._types = frozenset(_type(name) for name in settings.token_types.split(","))
        self._keys = KeyRing(source_of(settings.jwks), 60.0 * settings.keys_good_minutes, self._forget)
        self._own_claims = dict(pair.strip().split("=") for pair in settings.token_own_claims.split(","))
        self._joining_claim = settings.token_joining_claim
        self._remembered: dict[str, _Verified] = {}

    def knows(self, authorization: str | None) -> bool:
        """Tell whether a token was verified before and has not ended since; whether it is taken, `actor` tells."""
        known = self._remembered.get(authorization) if authorization else None
        return known is not None and known.expires > time.time()

    async def actor(self, authorization: str | None) -> Actor:
        """Tell who sends this Authorization header (raises NotAuthenticated, KeysAway)."""
        actor = await self._verified(authorization)
        if reason := self._revoked.why(actor.id):
            raise NotAuthenticated(f"the subject {actor.id} is revoked: {reason}", kind="revoked")
        return actor

    async def _verified(self, authorization: str | None) -> Actor:
        if authorization is None:
            raise NotAuthenticated("no token", "there is no Authorization header")
        known = self._remembered.get(authorization)
        if known is not None and known.expires > time.time() and self._keys.good():
            return known.actor
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotAuthenticated("no bearer", "the Authorization header must be: Bearer TOKEN")
        if len(token) > LONGEST_TOKEN:
            raise NotAuthenticated("longer than any token")
        claims = await self._claims(token)
        role = _text(claims, "role")
        actor = Actor(role, _text(claims, "sub"), self._own(role, claims), self._joining(claims))
        if len(self._remembered) >= MOST_REMEMBERED:
            self._remembered.clear()
        self._remembered[authorization] = _Verified(actor, float(claims["exp"]))
        return actor

    async def _claims(self, token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            if _type(header.get("typ", "JWT")) not in self._types:
                raise NotAuthenticated("another type of token")
            claims: dict[str, Any] = jwt.decode(
                token,
                await self._keys.key(header.get("kid", "")),
                algorithms=ALGORITHMS,
                issuer=self._issuer,
                audience=self._audience,
                options={"require": ["exp", "iat", "sub", "iss", "aud"]},
                leeway=LEEWAY_SECONDS,
            )
        except jwt.ExpiredSignatureError as error:  # the signature is good: its bearer may know
            raise NotAuthenticated("expired", "the token has expired") from error
        except UnknownKey:
            raise NotAuthenticated("signed by a key that is not known") from None
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise NotAuthenticated(f"{type(error).__name__}: {error}") from error
        if claims["exp"] - claims["iat"] > self._longest_life:
            raise NotAuthenticated("its life is longer than the setting allows")
        return claims

    def _own(self, role: str, claims: dict[str, Any]) -> UUID | None:
        """Give the record that a role's claim says its bearer is, where there is one."""
        name = self._own_claims.get(role, "")
        if claims.get(name) is None:
            return None
        try:
            return UUID(_text(claims, name))
        except ValueError:
            raise NotAuthenticated(f"the claim {name!r} is no id") from None

    def _joining(self, claims: dict[str, Any]) -> str | None:
        return None if claims.get(self._joining_claim) is None else _text(claims, self._joining_claim)

    def _forget(self) -> None:
        self._remembered.clear()


def _type(name: object) -> str:
    """Give a type of tokens as RFC 7515 (4.1.9) compares it: without case, and without what all have before it."""
    return str(name).strip().lower().removeprefix("application/")


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value or len(value) > LONGEST_CLAIM:
        raise NotAuthenticated(f"no usable claim {name!r}")
    try:
        check(value)
    except TextRefused as refused:
        raise NotAuthenticated(f"the claim {name!r} {refused}") from None
    return value
