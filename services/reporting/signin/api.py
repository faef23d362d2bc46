"""Signing in and out over HTTP: sent to the provider, back from it, and out; every refusal is a page in words."""

import hmac
import re
from collections.abc import Awaitable, Callable

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from chassis.http.addresses import address_of
from chassis.http.auth import NotAuthenticated, Verifier
from chassis.http.keys import KeysAway
from chassis.http.limits import Limits
from chassis.words import LANGUAGES
from services.reporting.pages import languages as languages
from services.reporting.pages.rendered import Pages
from services.reporting.signin.provider import ProviderAway, SignedIn, SignInRefused
from services.reporting.signin.readers import HEADERS, Refused, said, sign_in_of
from services.reporting.signin.signing import BACK, SignIn, TokenTooLong, Underway

log = structlog.get_logger()

_OWN_PATH = re.compile(rf"/(?:{'|'.join(LANGUAGES)})/[!-\[\]-~]*")
"""Where somebody may be led to afterwards: a page of ours, by printable characters without a backslash."""
LONGEST_NEXT = 1_500
LONGEST_ANSWER = 4_000
AWAY_SECONDS = 5

router = APIRouter(include_in_schema=False)


async def _in_words(request: Request, language: str, answer: Callable[[], Awaitable[Response]]) -> Response:
    try:
        if language not in LANGUAGES:
            raise Refused(404, "no page")
        return await answer()
    except Refused as refused:
        return said(request, language, refused)


@router.get("/{language:two}/sign-in")
async def sign_in(request: Request, language: str) -> Response:
    """Send somebody to the provider; `next` is the page to come back to."""

    async def answer() -> Response:
        signing = sign_in_of(request)
        ahead = _only(request, "next", LONGEST_NEXT) or f"/{language}/staff/"
        if _OWN_PATH.fullmatch(ahead) is None:
            raise Refused(400, "bad next")
        _count(request)
        try:
            address, begun = await signing.provider.begin()
        except ProviderAway as away:
            raise _away(away) from away
        sent = RedirectResponse(address, 303, HEADERS)
        signing.keep_underway(sent, Underway(begun, ahead, language))
        return sent

    return await _in_words(request, language, answer)


@router.get(BACK)
async def signed_in(request: Request) -> Response:
    """Take back who was sent to the provider, and begin their session."""
    spoken = "ko"

    async def answer() -> Response:
        nonlocal spoken
        signing = sign_in_of(request)
        underway = signing.underway(request)
        if underway is None:
            raise Refused(400, "not begun")
        spoken = underway.language
        state = _only(request, "state", LONGEST_ANSWER)
        if not hmac.compare_digest(state.encode(), underway.begun.state.encode()):
            raise Refused(400, "other sign-in")
        _count(request)
        person = await _person(request, signing, underway)
        led = RedirectResponse(signing.address + underway.next, 303, HEADERS)
        try:
            signing.keep_session(led, person)
        except TokenTooLong:
            log.error("sign_in_refused", why="the provider's token is too long for a cookie")
            raise Refused(502, "token too long") from None
        signing.end_underway(led)
        return led

    try:
        return await answer()
    except Refused as refused:
        page = said(request, spoken, refused)
        if refused.why in _OVER:
            sign_in_of(request).end_underway(page)
        return page


_OVER = {"not proven", "cancelled", "not taken", "token too long"}
"""Of these ends the sign-in that was begun is over: its code is used."""


async def _person(request: Request, signing: SignIn, underway: Underway) -> SignedIn:
    """Give who signed in, by the code that came back, once their token is one that is taken here (raises Refused)."""
    issuer = _only(request, "iss", LONGEST_ANSWER)
    if issuer and issuer != signing.issuer:  # RFC 9207
        log.warning("sign_in_refused", why=f"the answer is of another issuer, {issuer!r}")
        raise Refused(400, "not proven")
    code = _only(request, "code", LONGEST_ANSWER)
    if not code:
        log.info("sign_in_refused", why="the provider gave no code")
        raise Refused(400, "cancelled")
    verifier: Verifier = request.app.state.verifier
    try:
        person = await signing.provider.finish(code, underway.begun)
        actor = await verifier.actor(f"Bearer {person.token}")
    except ProviderAway as away:
        raise _away(away) from away
    except KeysAway:
        raise Refused(503, "keys away", retry_after=AWAY_SECONDS) from None
    except SignInRefused as refused:
        log.warning("sign_in_refused", why=str(refused))
        raise Refused(400, "not proven") from None
    except NotAuthenticated as error:
        log.warning("sign_in_refused", why=f"the access token is not taken: {error.why}")
        raise Refused(403, "not taken") from None
    if actor.id != person.subject:
        log.warning("sign_in_refused", why="the ID token is of another subject than the access token")
        raise Refused(400, "not proven")
    return person


@router.post("/{language:two}/sign-out")
async def sign_out(request: Request, language: str) -> Response:
    """End the session of a browser; only a page of ours may ask for it."""

    async def answer() -> Response:
        signing = sign_in_of(request)
        if not signing.is_own(request):
            raise Refused(403, "other origin")
        led = RedirectResponse(f"{signing.address}/{language}/signed-out", 303, HEADERS)
        signing.end_session(led)
        signing.end_underway(led)
        return led

    return await _in_words(request, language, answer)


@router.get("/{language:two}/signed-out")
async def signed_out(request: Request, language: str) -> Response:
    """Say that the session is over here, and where it may go on."""

    async def answer() -> Response:
        signing = sign_in_of(request)
        pages: Pages = request.app.state.pages
        rest, spoken = "signed-out", "ko" if language == "ko" else "en"
        page = pages.write("signed_out", spoken, rest, end_session=signing.provider.end_session)
        return Response(page.body, 200, {**HEADERS, "Content-Language": spoken}, page.media_type)

    return await _in_words(request, language, answer)


def _only(request: Request, name: str, longest: int) -> str:
    """Give a parameter that is given once, "" where it isn't there (raises Refused for several, and for a long one)."""
    given = request.query_params.getlist(name)
    if len(given) > 1 or any(len(one) > longest for one in given):
        raise Refused(400, "bad next" if name == "next" else "other sign-in")
    return given[0] if given else ""


def _count(request: Request) -> None:
    """Count a request that has the provider asked, by its address (raises Refused for one too many)."""
    limits: Limits | None = request.app.state.limits
    if limits and (too_many := limits.address(address_of(request.scope, request.app.state.trusted))):
        raise Refused(429, "too many", retry_after=too_many.retry_after)


def _away(error: ProviderAway) -> Refused:
    log.warning("provider_away", why=str(error))
    return Refused(503, "provider away", retry_after=AWAY_SECONDS)
