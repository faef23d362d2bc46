"""Who reads a page: by the session of a browser, or by a token as everywhere; every refusal is a page in words."""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

import structlog
from starlette.requests import Request
from starlette.responses import Response

from chassis.batch.decisions import Actor
from chassis.http.auth import NotAuthenticated, Verifier
from chassis.http.keys import KeysAway
from chassis.http.limits import Limits
from chassis.words import LANGUAGES, Language
from services.reporting.pages.rendered import Pages
from services.reporting.signin.signing import SignIn

log = structlog.get_logger()

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with no-referrer a browser would hide where a form was sent from
    "Cache-Control": "no-store",
}
"""Of every page that tells who reads it."""


class Refused(Exception):
    """A page that isn't shown: its status, and why, by the name of what is said about it in `staff_error.html`."""

    def __init__(self, status: int, why: str, *, roles: Sequence[str] = (), retry_after: int | None = None) -> None:
        super().__init__(why)
        self.status = status
        self.why = why
        self.roles = roles
        self.retry_after = retry_after


class Reader(NamedTuple):
    """Who reads a page, the name that their provider tells, and the token that they are known by."""

    actor: Actor
    name: str
    token: str


def sign_in_of(request: Request) -> SignIn:
    """Give sign-in as it is set up (raises Refused where it isn't)."""
    sign_in: SignIn | None = request.app.state.sign_in
    if sign_in is None:
        raise Refused(404, "not set up")
    return sign_in


async def reader_of(request: Request, roles: Sequence[str] = ()) -> Reader:
    """Tell who reads a page that is for roles, for all if none is named (raises Refused)."""
    reader = await _known(request)
    limits: Limits | None = request.app.state.limits
    if limits and "actor" not in request.scope and (too_many := limits.subject(reader.actor, bulk=False)):
        raise Refused(429, "too many", retry_after=too_many.retry_after)
    if roles and reader.actor.role not in roles:
        raise Refused(403, "other role", roles=roles)
    return reader


async def _known(request: Request) -> Reader:
    verifier: Verifier = request.app.state.verifier
    shown = request.headers.get("authorization")
    if shown is not None:  # the guard has looked at it where a path isn't open
        try:
            return Reader(await verifier.actor(shown), "", shown.partition(" ")[2])
        except NotAuthenticated:
            raise Refused(401, "ended") from None
        except KeysAway:
            raise Refused(503, "keys away", retry_after=2) from None
    sign_in = sign_in_of(request)
    session = sign_in.session(request)
    if session is None:
        raise Refused(401, "ended" if sign_in.shows_session(request) else "sign in")
    try:
        return Reader(await verifier.actor(f"Bearer {session.token}"), session.name, session.token)
    except NotAuthenticated as error:
        log.info("session_ended", why=error.why, kind=error.kind)
        raise Refused(401, "ended") from None
    except KeysAway:
        raise Refused(503, "keys away", retry_after=2) from None


def said(request: Request, language: str, refused: Refused) -> Response:
    """Say in words why a page isn't shown, and how to come back to it."""
    spoken: Language = language if language in LANGUAGES else "en"
    pages: Pages = request.app.state.pages
    if refused.status == 401:  # who signs in is to find all that was asked for, in either language
        rest = below(request, language)
    else:
        rest = request.scope["path"].partition(f"/{language}/")[2] if request.method != "POST" else ""
    page = pages.write(
        "staff_error",
        spoken,
        rest,
        status=refused.status,
        why=refused.why,
        roles=refused.roles,
        here=quote(own_address(request), safe=""),
    )
    headers = {**HEADERS, "Content-Language": spoken}
    if refused.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if refused.retry_after is not None:
        headers["Retry-After"] = str(refused.retry_after)
    return Response(page.body, refused.status, headers, page.media_type)


def below(request: Request, language: str) -> str:
    """Give what was asked for below a language, so that the other one can be asked the same."""
    return own_address(request).partition(f"/{language}/")[2]


def own_address(request: Request) -> str:
    """Give the path and query that were asked for, to come back to."""
    query = request.scope["query_string"].decode("latin-1")
    return request.scope["path"] + (f"?{query}" if query else "")
