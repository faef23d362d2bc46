"""Every error leaves as a problem document (RFC 9457) that names the field and the reason."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, cast

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from chassis.database.db import AWAY, OUT_OF_REACH, ReadTooLong, Unavailable
from chassis.http.addresses import address_of
from chassis.http.auth import NotAllowed, NotAuthenticated
from chassis.http.keys import KeysAway
from chassis.problems import (
    INTERNAL,
    INVALID_REQUEST,
    METHOD_NOT_ALLOWED,
    NOT_ALLOWED,
    NOT_AUTHENTICATED,
    NOT_FOUND,
    NOT_YET_KNOWN,
    READ_TOO_LONG,
    UNAVAILABLE,
    ProblemType,
)
from chassis.running import telemetry
from chassis.texts import masked

log = structlog.get_logger()

RETRY_AFTER_SECONDS = 1
KEYS_RETRY_AFTER_SECONDS = 10


class Problem(HTTPException):
    """A refusal on its way out. FastAPI lets only its own exceptions through where it reads a body."""

    def __init__(
        self,
        problem: ProblemType,
        detail: str,
        field: str | None = None,
        *,
        errors: Sequence[Mapping[str, Any]] = (),
        facts: Mapping[str, Any] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(problem.status, detail)
        self.problem = problem
        self.errors = list(errors) or ([{"field": field, "reason": detail}] if field else [])
        self.facts = facts or {}
        self.retry_after = RETRY_AFTER_SECONDS if problem is NOT_YET_KNOWN else retry_after


def out_of_reach() -> Problem:
    """Say that the database is away, or that a race in it was lost more than once."""
    return Problem(UNAVAILABLE, OUT_OF_REACH, retry_after=Unavailable.RETRY_AFTER_SECONDS)


def not_handled() -> Problem:
    """Say that something broke, and not what."""
    return Problem(INTERNAL, "the request could not be handled")


def respond(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Write a problem document."""
    kind = problem.problem
    body: dict[str, Any] = {
        "type": kind.uri,
        "title": kind.title,
        "status": kind.status,
        "detail": problem.detail,
    }
    if problem.errors:
        body["errors"] = problem.errors
    if problem.facts:
        body["facts"] = problem.facts
    all_headers = dict(headers or {})
    if problem.retry_after is not None:
        all_headers["Retry-After"] = str(problem.retry_after)
    written = masked(orjson.dumps(body, default=str).decode())
    return Response(written, kind.status, all_headers, "application/problem+json")


def _field(error: Mapping[str, Any]) -> str:
    parts = [str(part) for part in error["loc"]]
    if parts and parts[0] in {"body", "query", "path", "header"}:
        parts = parts[1:]
    return "body" if error["type"] == "json_invalid" else ".".join(parts) or "body"


def field_errors(errors: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Turn pydantic's errors into field and reason."""
    return [{"field": masked(_field(e)), "reason": str(e["msg"]).removeprefix("Value error, ")} for e in errors]


def _invalid(request: Request, error: Exception) -> Response:
    errors = field_errors(cast(RequestValidationError, error).errors())
    detail = "; ".join(f"{e['field']}: {e['reason']}" for e in errors)
    return respond(Problem(INVALID_REQUEST, detail, errors=errors))


def _http(request: Request, error: Exception) -> Response:
    status = cast(HTTPException, error).status_code
    kinds = {404: NOT_FOUND, 405: METHOD_NOT_ALLOWED}
    kind = kinds.get(status, INVALID_REQUEST if status < 500 else INTERNAL)
    if kind is INVALID_REQUEST:  # FastAPI's word for a body that isn't UTF-8, or is nested deeper than it reads
        return respond(Problem(kind, "the body can't be read: send JSON in UTF-8", "body"))
    return respond(Problem(kind, f"{request.method} {request.url.path}: {cast(HTTPException, error).detail}"))


def _unavailable(request: Request, error: Exception) -> Response:
    if isinstance(error, ValueError):
        log.warning("value_out_of_range", kind=type(error).__name__, **_who(request))
        return respond(Problem(INVALID_REQUEST, "a value is out of the range that can be kept or looked for"))
    if isinstance(error, Unavailable):
        return respond(Problem(error.problem, error.reason, retry_after=error.retry_after))
    log.warning("unavailable", kind=type(error).__name__, **_who(request))
    return respond(out_of_reach())


def _too_long(request: Request, error: Exception) -> Response:
    log.warning("read_too_long", **_who(request))
    return respond(Problem(READ_TOO_LONG, str(error), retry_after=RETRY_AFTER_SECONDS))


def token_refused(request: Request, error: Exception) -> Response:
    """Answer whoever has no valid token, or whose token can't be verified for now."""
    if isinstance(error, KeysAway):
        detail = "tokens can't be verified at the moment"
        return respond(Problem(UNAVAILABLE, detail, retry_after=KEYS_RETRY_AFTER_SECONDS))
    refused = cast(NotAuthenticated, error)
    telemetry.TOKENS_REFUSED.labels(refused.kind).inc()
    log.warning("not_authenticated", why=refused.why, **_who(request))
    return respond(Problem(NOT_AUTHENTICATED, str(refused), "Authorization"), {"WWW-Authenticate": "Bearer"})


def _not_allowed(request: Request, error: Exception) -> Response:
    refused = cast(NotAllowed, error)
    log.warning("not_allowed", actor=str(refused.actor), **_who(request))
    return respond(Problem(NOT_ALLOWED, str(refused), "Authorization"))


def _who(request: Request) -> dict[str, str | None]:
    """Tell in the log from where something was asked for, and what: by its route, for its path may hold a name."""
    route = request.scope.get("route")
    return {
        "method": request.method,
        "route": getattr(route, "path", None),
        "client": address_of(request.scope, request.app.state.trusted),
    }


def _broken(request: Request, error: Exception) -> Response:
    log.exception("request_broke", path=request.url.path, exc_info=error)
    return respond(not_handled())


def install(app: FastAPI) -> None:
    """Have every error of an app leave as a problem document."""
    answers: dict[type[Exception], _Answer] = {
        Problem: lambda _, error: respond(cast(Problem, error)),
        NotAllowed: _not_allowed,
        RequestValidationError: _invalid,
        HTTPException: _http,
        ReadTooLong: _too_long,
        **dict.fromkeys((Unavailable, *AWAY), _unavailable),
        Exception: _broken,
    }
    for error, answer in answers.items():
        app.add_exception_handler(error, _at_once(answer))


_Answer = Callable[[Request, Exception], Response]


def _at_once(answer: _Answer) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Have an error answered where it is raised: a plain function would wait for a thread of its own."""

    async def answered(request: Request, error: Exception) -> Response:
        return answer(request, error)

    return answered
