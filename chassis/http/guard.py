"""What every request passes before FastAPI: who asks, whether it is taken now, and its time."""

import asyncio
import re
from collections.abc import Callable

import structlog
from fastapi import Request, Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.database.db import CONFLICTS
from chassis.http.addresses import address_of
from chassis.http.admission import Admission
from chassis.http.askers import who_asks
from chassis.http.bodies import BULK, Body, refuse, refused_body
from chassis.http.limits import Limits
from chassis.http.problem_responses import RETRY_AFTER_SECONDS, Problem, out_of_reach, respond
from chassis.http.slots import Slots
from chassis.problems import BODY_TOO_SLOW, REQUEST_TOO_LONG
from chassis.running import telemetry

log = structlog.get_logger()

OPEN = ("/health/", "/metrics", "/docs", "/openapi.json")
"""Where the paths begin that nobody needs a token for, in any service; of the first two there is nothing on this
port."""


OpenRefusal = Callable[[Request, Problem], Response]
"""Says to whoever reads what is open to everybody why they are refused, in a page instead of a problem document."""

LOOKS = frozenset({"GET", "HEAD", "OPTIONS"})
"""The methods that never change anything."""


class RequestGuard:
    """Looks at the token before anything is read, refuses what is too much at the moment, who asks too often, and
    bodies that are too large or of the wrong type, without reading them; gives bulk requests their lane, has no answer
    kept on its way, and counts requests.

    HEAD is answered as GET is: that nothing of its body is sent is the server's to see to. A request that lost a race
    in the database, or met a table that was changed under a plan that was kept, is handled once more from its
    beginning: its transaction was rolled back, and what it had committed before is known by its Idempotency-Key.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = scope["method"]
        if method == "HEAD":
            scope = {**scope, "method": "GET"}
        stranger = await _stranger(scope)
        if stranger is not None:
            telemetry.REQUESTS.labels("refused", method, stranger.status_code).inc()
            await stranger(scope, receive, send)
            return
        refusal = _refusal(scope)
        if refusal is not None:
            await _refuse(refusal, scope, receive, send)
            return
        lane: Slots | None = scope["app"].state.bulk_slots
        if lane is None or method != "POST" or not scope["path"].endswith(BULK):
            await self._handle(scope, receive, send, method)
            return
        try:
            with lane.one(str(scope["actor"])):
                await self._handle(scope, receive, send, method)
        except Problem as full:
            await _refuse(respond(full), scope, receive, send)

    async def _handle(self, scope: Scope, receive: Receive, send: Send, method: str) -> None:
        """Have a request answered in its time; an answer that goes on once it has begun puts off its end itself, by
        what is in the scope as `time`."""
        begun = False
        bulk = scope["path"].endswith(BULK)
        body = Body(receive, bulk)

        async def counted(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                telemetry.REQUESTS.labels(_route(scope) or "none", method, message["status"]).inc()
                if not _is_open(scope):
                    message["headers"] = [*message["headers"], (b"cache-control", b"no-store")]
            await send(message)

        limits: Limits | None = scope["app"].state.limits
        seconds = limits and limits.seconds(bulk)
        time = scope["time"] = asyncio.timeout(seconds)
        try:
            async with time:
                try:
                    await self._app(scope, body.receive, counted)
                except CONFLICTS as error:
                    if begun:
                        raise
                    log.info("request_repeated", method=method, route=_route(scope), kind=type(error).__name__)
                    body.again()
                    await self._app(scope, body.receive, counted)
        except CONFLICTS as error:
            if begun:
                raise
            log.warning("unavailable", method=method, route=_route(scope), kind=type(error).__name__)
            await respond(out_of_reach())(scope, receive, counted)
        except TimeoutError:
            if begun or not time.expired():
                raise
            await _cut_off(respond(_too_slow(scope, body.awaited, seconds)))(scope, receive, counted)


def _is_open(scope: Scope) -> bool:
    """Tell whether nobody needs a token for a path: one of every service, or one that the service's bootstrap names."""
    return scope["path"].startswith(OPEN) or _is_opened(scope)


def _is_opened(scope: Scope) -> bool:
    opened: re.Pattern[str] | None = scope["app"].state.open_paths
    return opened is not None and opened.fullmatch(scope["path"]) is not None


def _route(scope: Scope) -> str | None:
    return getattr(scope.get("route"), "path", None)


async def _stranger(scope: Scope) -> Response | None:
    """Take down who asks, for the endpoints; give the answer to whoever has no valid token, or sends from an address
    that showed too many that are not known: nothing of what they send is read."""
    if _is_open(scope):
        return _reads_too_often(scope)
    asker = await who_asks(scope, Headers(scope=scope).get("authorization"))
    if isinstance(asker, Response):
        return _cut_off(asker)
    scope["actor"] = asker
    return None


def _reads_too_often(scope: Scope) -> Response | None:
    """Give the answer to whoever asks too often for what this service has for everybody, as readers understand it."""
    state = scope["app"].state
    limits: Limits | None = state.limits
    if limits is None or not _is_opened(scope):
        return None
    too_many = limits.reader(address_of(scope, state.trusted))
    if too_many is None:
        return None
    said: OpenRefusal | None = state.open_refusal
    return said(Request(scope), too_many) if said else respond(too_many)


def _too_slow(scope: Scope, awaiting_body: bool, seconds: float | None) -> Problem:
    """Tell what a request's time was over for want of: its body, or an answer to it."""
    if awaiting_body:
        return Problem(BODY_TOO_SLOW, f"the body did not come within {seconds:g} s", "body")
    log.warning("request_too_long", method=scope["method"], route=_route(scope))
    return Problem(REQUEST_TOO_LONG, f"no answer within {seconds:g} s", retry_after=RETRY_AFTER_SECONDS)


def _cut_off(answer: Response) -> Response:
    answer.headers["Connection"] = "close"
    return answer


def _refusal(scope: Scope) -> Response | None:
    """Give the answer to a request of which nothing is made: more waits than may, its sender asks too often, or its
    body is none that is taken here."""
    state = scope["app"].state
    if "actor" in scope:
        admission: Admission | None = state.admission
        if admission and scope["method"] not in LOOKS and (busy := admission.refusal(scope, state.ways)):
            return busy
        limits: Limits | None = state.limits
        if limits and (too_many := limits.subject(scope["actor"], scope["path"].endswith(BULK))):
            return respond(too_many)
    problem = refused_body(scope)
    return problem and respond(problem)


async def _refuse(answer: Response, scope: Scope, receive: Receive, send: Send) -> None:
    telemetry.REQUESTS.labels("refused", scope["method"], answer.status_code).inc()
    await refuse(answer, scope, receive, send)
