"""The parts of sign-in of one process, by its settings: the provider, the seals and the cookies."""

from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from services.reporting.sealed import Sealed, secrets_in
from services.reporting.settings import ReportingSettings
from services.reporting.signin.provider import Begun, Provider, SignedIn

BACK = "/ko/signed-in"
"""Where the provider sends people back to; one address for both languages, as each is registered with it."""
BEGUN_SECONDS = 600
LONGEST_SESSION_SECONDS = 86_400
"""A token's own end comes before; it is what tells."""
LONGEST_COOKIE = 3_900
"""Browsers drop what is over 4,096 bytes with its name and attributes."""

_SESSION, _BEGUN = "session", "sign-in"


class TokenTooLong(Exception):
    """The provider's token doesn't fit into a cookie."""


class Session(NamedTuple):
    """What a browser keeps of who signed in."""

    token: str
    name: str


class Underway(NamedTuple):
    """A sign-in that was begun in a browser, and where it is to lead."""

    begun: Begun
    next: str
    language: str


class SignIn:
    """Sign-in as the settings have it. `address` is the pages' own, as browsers see it."""

    def __init__(self, settings: ReportingSettings) -> None:
        assert settings.session_key_file is not None
        secret_file = settings.oidc_client_secret_file
        self.address = settings.pages_address
        self.provider = Provider(
            settings.oidc_issuer,
            settings.oidc_client_id,
            secret_file.read_text().strip() if secret_file else None,
            settings.oidc_scope,
            self.address + BACK,
        )
        self.issuer = settings.oidc_issuer
        self._sealed = Sealed(secrets_in(settings.session_key_file))
        self._secure = self.address.startswith("https://")

    def session(self, request: Request) -> Session | None:
        """Give the session that a browser shows, whether it has ended or not; None where it shows none that is ours."""
        kept = self._opened(request, _SESSION, LONGEST_SESSION_SECONDS)
        return Session(**kept) if kept else None

    def shows_session(self, request: Request) -> bool:
        """Whether a browser shows what may have been a session."""
        return self._name(_SESSION) in request.cookies

    def keep_session(self, answer: Response, signed_in: SignedIn) -> None:
        """Have the browser keep who signed in until it is closed (raises TokenTooLong)."""
        sealed = self._sealed.seal(_SESSION, Session(signed_in.token, signed_in.name)._asdict())
        if len(sealed) > LONGEST_COOKIE:
            raise TokenTooLong
        self._set(answer, _SESSION, sealed)

    def end_session(self, answer: Response) -> None:
        """Have the browser forget who signed in."""
        self._forget(answer, _SESSION)

    def underway(self, request: Request) -> Underway | None:
        """Give the sign-in that was begun in a browser, if it was within BEGUN_SECONDS."""
        kept = self._opened(request, _BEGUN, BEGUN_SECONDS)
        return Underway(Begun(*kept["begun"]), kept["next"], kept["language"]) if kept else None

    def keep_underway(self, answer: Response, underway: Underway) -> None:
        """Have the browser keep what the end of its sign-in is known by."""
        self._set(
            answer,
            _BEGUN,
            self._sealed.seal(_BEGUN, {**underway._asdict(), "begun": list(underway.begun)}),
            BEGUN_SECONDS,
        )

    def end_underway(self, answer: Response) -> None:
        """Have the browser forget a sign-in that is over."""
        self._forget(answer, _BEGUN)

    def is_own(self, request: Request) -> bool:
        """Whether a request that changes something was sent by a page of ours."""
        origin = request.headers.get("origin")
        if origin is None:
            return request.headers.get("sec-fetch-site") == "same-origin"
        return origin == self.address

    def _name(self, what: str) -> str:
        # With __Host- a browser takes a cookie from this host alone, by TLS alone: no neighbour can plant one.
        return f"{'__Host-' if self._secure else ''}jobplus-{what}"

    def _opened(self, request: Request, what: str, seconds: int) -> dict[str, Any] | None:
        text = request.cookies.get(self._name(what), "")
        return self._sealed.opened(what, text, seconds) if 0 < len(text) <= LONGEST_COOKIE else None

    def _set(self, answer: Response, what: str, value: str, seconds: int | None = None) -> None:
        answer.set_cookie(
            self._name(what), value, max_age=seconds, path="/", secure=self._secure, httponly=True, samesite="lax"
        )

    def _forget(self, answer: Response, what: str) -> None:
        answer.delete_cookie(self._name(what), path="/", secure=self._secure, httponly=True, samesite="lax")
