"""The HTTP side of a service: one FastAPI app from its slices' routers, the same manners everywhere."""

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog
from fastapi import APIRouter, FastAPI, Response
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.database.db import CONFLICTS
from chassis.http.access import door_of, method_of, put_doors
from chassis.http.addresses import Network
from chassis.http.askers import who_asks
from chassis.http.bodies import BULK, Body, drop, refused_body
from chassis.http.calls import changes
from chassis.http.docs import docs_router
from chassis.http.limits import Limits
from chassis.http.problem_responses import RETRY_AFTER_SECONDS, Problem, install, out_of_reach, respond
from chassis.http.rows import Rows
from chassis.http.slots import Slots
from chassis.http.ways import Ways
from chassis.problems import BODY_TOO_SLOW, REQUEST_TOO_LONG
from chassis.running import telemetry

log = structlog.get_logger()

OPEN = ("/health/", "/metrics", "/docs", "/openapi.json")
"""Where the paths begin that nobody needs a token for; of the first two there is nothing on this port."""


class RequestGuard:
    """Looks at the token before anything is read, refuses who asks too often and bodies that are too large or of the
    wrong type, keeping nothing of them, has no answer kept on its way, and counts requests.

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
            telemetry.REQUESTS.labels("refused", method, refusal.problem.status).inc()
            await drop(receive)
            await respond(refusal)(scope, receive, send)
            return
        begun = False
        bulk = scope["path"].endswith(BULK)
        body = Body(receive, bulk)

        async def counted(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                telemetry.REQUESTS.labels(_route(scope) or "none", method, message["status"]).inc()
                if not scope["path"].startswith(OPEN):
                    message["headers"] = [*message["headers"], (b"cache-control", b"no-store")]
            await send(message)

        limits: Limits | None = scope["app"].state.limits
        seconds = limits and limits.seconds(bulk)
        time = asyncio.timeout(seconds)
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


def _route(scope: Scope) -> str | None:
    return getattr(scope.get("route"), "path", None)


async def _stranger(scope: Scope) -> Response | None:
    """Take down who asks, for the endpoints; give the answer to whoever has no valid token, or sends from an address
    that showed too many that are not known: nothing of what they send is read."""
    if scope["path"].startswith(OPEN):
        return None
    asker = await who_asks(scope, Headers(scope=scope).get("authorization"))
    if isinstance(asker, Response):
        return _cut_off(asker)
    scope["actor"] = asker
    return None


def _too_slow(scope: Scope, awaiting_body: bool, seconds: float | None) -> Problem:
    """Tell what a request's time was over for want of: its body, or an answer to it."""
    if awaiting_body:
        return Problem(BODY_TOO_SLOW, f"the body did not come within {seconds:g} s", "body")
    log.warning("request_too_long", method=scope["method"], route=_route(scope))
    return Problem(REQUEST_TOO_LONG, f"no answer within {seconds:g} s", retry_after=RETRY_AFTER_SECONDS)


def _cut_off(answer: Response) -> Response:
    answer.headers["Connection"] = "close"
    return answer


def _refusal(scope: Scope) -> Problem | None:
    """Tell why nothing is made of a request: its sender asks too often, or its body is none that is taken here."""
    limits: Limits | None = scope["app"].state.limits
    if limits and "actor" in scope:
        too_many = limits.subject(scope["actor"], scope["path"].endswith(BULK))
        if too_many:
            return too_many
    return refused_body(scope)


def app(
    title: str,
    description: str,
    routers: Sequence[APIRouter],
    *,
    limits: Limits | None = None,
    slots: Slots | None = None,
    trusted: Sequence[Network] = (),
    docs: bool = True,
    **state: Any,
) -> FastAPI:
    """Make a service's app, each of whose routes declares its door (raises LookupError where one doesn't). `state` is
    what its endpoints find in `request.app.state`.

    Without `limits` and `slots` anybody may ask as often, for as long and for as much at once as they like; `trusted`
    are the proxies' networks; without `docs` there is neither /docs nor /openapi.json.
    """
    described = "/openapi.json" if docs else None
    made = FastAPI(
        title=title,
        description=description,
        version="1",
        openapi_url=described,
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False},
    )
    for router in [*routers, docs_router(title)] if docs else routers:
        # include_router would match each request twice, by the router and again inside it: 5 to 15 % of a small answer.
        made.router.routes.extend(router.routes)
    put_doors(made.router.routes)
    made.router.middleware_stack = ways = Ways(made.router)
    for name, value in {"limits": limits, "slots": slots, "trusted": trusted, **state}.items():
        setattr(made.state, name, value)
    install(made)
    made.state.rows = Rows(ways, made.exception_handlers)
    made.add_middleware(RequestGuard)
    made.openapi = lambda: _described(made)
    return made


def _described(made: FastAPI) -> dict[str, Any]:
    """Add to the generated OpenAPI what every call shares: the token, the Idempotency-Key, the problem document."""
    if made.openapi_schema:
        return made.openapi_schema
    schema = FastAPI.openapi(made)
    components = schema.setdefault("components", {})
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    components.setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "schema": {"type": "string", "minLength": 1, "maxLength": 200},
        "description": "Names this request: sent again under the same key, it gets the same answer and is done once.",
    }
    problem = {
        "description": "Refused: a problem document (RFC 9457) that names the field and the reason",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for route in made.routes:
        if not isinstance(route, APIRoute) or not route.include_in_schema:
            continue
        operation, door = schema["paths"][route.path][method_of(route).lower()], door_of(route)
        operation["x-roles"], operation["x-owner"] = list(door.roles), door.owner.name
        operation["security"] = [{"token": []}]
        operation["responses"].pop("422", None)
        operation["responses"]["4XX"] = operation["responses"]["5XX"] = problem
        if changes(route):
            operation.setdefault("parameters", []).append(key)
    made.openapi_schema = schema
    return schema


PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri", "examples": ["urn:jobplus:problem:invalid-request"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "reason"],
                "properties": {"field": {"type": "string"}, "reason": {"type": "string"}},
            },
        },
        "facts": {"type": "object"},
    },
}
