"""The identity provider: where somebody is sent to sign in, and what it tells of them afterwards (OpenID Connect Core,
the authorization code flow, with PKCE)."""

import ssl
import time
import warnings
from typing import Any, NamedTuple

import httpx2
import structlog
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

log = structlog.get_logger()

ALGORITHMS = ["Ed25519", "EdDSA", "ES256", "PS256", "RS256"]
"""That an ID token may be signed by."""
warnings.filterwarnings("ignore", "EdDSA is deprecated")  # a provider names its algorithm, not we
ANSWER_SECONDS = 5.0
KNOWN_SECONDS = 3600.0
"""So long what the provider told of itself holds, with its keys."""
AGAIN_SECONDS = 10.0
"""For a key that isn't known its keys are asked for at most so often."""
LEEWAY_SECONDS = 5
LONGEST_NAME = 100


class ProviderAway(Exception):
    """The provider can't be reached, or answers with what nobody can use: it may pass."""


class SignInRefused(Exception):
    """What came back is no proof that somebody signed in; the reason is for the log."""


class Begun(NamedTuple):
    """A sign-in that was begun: what its end is known by, in the browser that began it alone."""

    state: str
    nonce: str
    verifier: str


class SignedIn(NamedTuple):
    """Who signed in: the token that services take, and the subject and the name that the provider tells."""

    token: str
    subject: str
    name: str


class _Known(NamedTuple):
    metadata: dict[str, Any]
    keys: KeySet
    at: float


class Provider:
    """One provider, by its issuer; what it tells of itself is asked for when first needed."""

    def __init__(self, issuer: str, client_id: str, secret: str | None, scope: str, back: str) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._secret = secret
        self._scope = scope
        self._back = back
        self._known: _Known | None = None
        self._trust = ssl.create_default_context()

    @property
    def end_session(self) -> str | None:
        """Where one ends the session at the provider itself, if it is known to have such an address."""
        told = self._known.metadata.get("end_session_endpoint") if self._known else None
        return told if isinstance(told, str) and self._is_safe(told) else None

    async def begin(self) -> tuple[str, Begun]:
        """Give the address to go to for signing in, and what its end is known by (raises ProviderAway)."""
        metadata = (await self._told()).metadata
        begun = Begun(generate_token(32), generate_token(32), generate_token(64))
        async with self._client() as client:
            address, _ = client.create_authorization_url(
                metadata["authorization_endpoint"], begun.state, begun.verifier, nonce=begun.nonce
            )
        return address, begun

    async def finish(self, code: str, begun: Begun) -> SignedIn:
        """Give who signed in, for the code that came back (raises ProviderAway, SignInRefused)."""
        known = await self._told()
        try:
            async with self._client() as client:
                told = await client.fetch_token(
                    known.metadata["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=begun.verifier,
                )
        except OAuthError as error:
            raise SignInRefused(f"the provider refuses the code: {error.error}") from error
        except (httpx2.HTTPError, ValueError) as error:
            raise ProviderAway(f"token: {type(error).__name__}: {error}") from error
        token, id_token = told.get("access_token"), told.get("id_token")
        if not isinstance(token, str) or not isinstance(id_token, str):
            raise SignInRefused("the provider gave no access token, or no ID token")
        claims = await self._claims(id_token, token, begun.nonce)
        name = claims.get("name") or claims.get("preferred_username") or ""
        return SignedIn(token, str(claims["sub"]), name[:LONGEST_NAME] if isinstance(name, str) else "")

    async def _claims(self, id_token: str, token: str, nonce: str) -> CodeIDToken:
        try:
            try:
                decoded = self._decoded(id_token, await self._told())
            except InvalidKeyIdError:
                decoded = self._decoded(id_token, await self._told(anew=True))
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                {
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._client_id},
                },
                {"nonce": nonce, "client_id": self._client_id, "access_token": token},
            )
            claims.validate(leeway=LEEWAY_SECONDS)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise SignInRefused(f"ID token: {type(error).__name__}: {error}") from error
        return claims

    def _decoded(self, id_token: str, known: _Known) -> jwt.Token:
        registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        return jwt.decode(id_token, known.keys, registry=registry)

    def _client(self) -> Any:
        return AsyncOAuth2Client(
            self._client_id,
            self._secret,
            token_endpoint_auth_method="client_secret_basic" if self._secret else "none",
            scope=self._scope,
            redirect_uri=self._back,
            code_challenge_method="S256",
            timeout=ANSWER_SECONDS,
            trust_env=False,
            verify=self._trust,
        )

    async def _told(self, *, anew: bool = False) -> _Known:
        """Give what the provider tells of itself, and its keys."""
        age = time.monotonic() - self._known.at if self._known else float("inf")
        if self._known and (age < AGAIN_SECONDS or (age < KNOWN_SECONDS and not anew)):
            return self._known
        try:
            async with httpx2.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False, verify=self._trust) as client:
                address = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
                metadata = (await client.get(address)).raise_for_status().json()
                if metadata["issuer"] != self._issuer:
                    raise ValueError(f"the issuer at {address} calls itself {metadata['issuer']!r}")
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    if not self._is_safe(metadata[name]):
                        raise ValueError(f"{name} is no https address")
                keys = (await client.get(metadata["jwks_uri"])).raise_for_status().json()
                self._known = _Known(metadata, KeySet.import_key_set(keys), time.monotonic())
        except (httpx2.HTTPError, httpx2.InvalidURL, JoseError, ValueError, KeyError, TypeError) as error:
            if self._known:  # what is known serves on
                log.warning("provider_away", kind=type(error).__name__, error=str(error))
                return self._known
            raise ProviderAway(f"discovery: {type(error).__name__}: {error}") from error
        return self._known

    def _is_safe(self, address: Any) -> bool:
        """Whether an address that the provider names is one by TLS, where the provider itself is."""
        return isinstance(address, str) and address.startswith(
            "https://" if self._issuer.startswith("https://") else ("http://", "https://")
        )
