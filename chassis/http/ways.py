"""The way of each route from a request to its endpoint, worked out once, as the app is made.

FastAPI works out at every request what an endpoint takes and where each of it comes from. Here that is read from the
declarations beforehand; which route a path is of is looked up; and a form is made from the bytes of its body at once,
without a dict between. Only what is good goes this way: where anything of a request is missing or wrong, FastAPI's own
route is asked, from the beginning, and says so. Until then nothing was done, so a refusal is FastAPI's to the last
byte, as is the OpenAPI.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from operator import attrgetter
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Request, Response
from fastapi._compat import ModelField
from fastapi.datastructures import DefaultPlaceholder
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute, serialize_response
from fastapi.utils import is_body_allowed_for_status_code
from pydantic import TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute, Match
from starlette.types import Message, Receive, Scope, Send


class Declined(Exception):
    """Something of a request is missing or wrong: FastAPI's own route says what."""


class _Source(NamedTuple):
    """Fields of one kind that a step takes, and where a request has them."""

    fields: Sequence[ModelField]
    received: Callable[[Request], Mapping[str, Any]]


class _Step:
    """A dependency, or the endpoint itself: what it takes of a request, and what it is called with."""

    def __init__(self, declared: Dependant) -> None:
        assert declared.call is not None
        self.name = declared.name
        self.call = declared.call
        self.inner = [_Step(inner) for inner in declared.dependencies]
        self.holds = inspect.isasyncgenfunction(self.call)
        """Whether what it gives is given back once the endpoint is through."""
        self._enter = asynccontextmanager(self.call) if self.holds else None
        self._request = declared.request_param_name
        sources = (
            _Source(declared.path_params, attrgetter("path_params")),
            _Source(declared.query_params, attrgetter("query_params")),
            _Source(declared.header_params, attrgetter("headers")),
        )
        self._sources = [source for source in sources if source.fields]

    def any_holds(self) -> bool:
        return self.holds or any(inner.any_holds() for inner in self.inner)

    async def arguments(self, request: Request, held: AsyncExitStack | None) -> dict[str, Any]:
        """Give what the call takes (raises Declined, and what a dependency raises)."""
        arguments: dict[str, Any] = {}
        for inner in self.inner:
            given = await inner.given(request, held)
            if inner.name is not None:
                arguments[inner.name] = given
        for fields, received in self._sources:
            found, errors = request_params_to_args(fields, received(request))
            if errors:
                raise Declined
            arguments.update(found)
        if self._request is not None:
            arguments[self._request] = request
        return arguments

    async def given(self, request: Request, held: AsyncExitStack | None) -> Any:
        """Give what a dependency comes to."""
        arguments = await self.arguments(request, held)
        if self._enter is None:
            return await self.call(**arguments)
        assert held is not None
        return await held.enter_async_context(self._enter(**arguments))


class Way:
    """From a request to the answer of a route's endpoint."""

    def __init__(self, route: APIRoute) -> None:
        self.route = route
        self._endpoint = _Step(route.dependant)
        self._holds = self._endpoint.any_holds()
        self._response = route.dependant.response_param_name
        self._form, self._form_name = None, ""
        if (field := route.body_field) is not None:
            taken: Any = Annotated[field.field_info.annotation, field.field_info]
            self._form = TypeAdapter[Any](taken)
            self._form_name = field.name

    async def answer(self, request: Request) -> Response:
        """Give the endpoint's answer (raises Declined before the endpoint was called, and what it raises)."""
        form = None if self._form is None else await self._read(self._form, request)
        if not self._holds:
            return await self._called(request, form, None)
        async with AsyncExitStack() as held:
            return await self._called(request, form, held)

    async def _called(self, request: Request, form: Any, held: AsyncExitStack | None) -> Response:
        arguments = await self._endpoint.arguments(request, held)
        if self._form is not None:
            arguments[self._form_name] = form
        beside = None
        if self._response is not None:
            beside = arguments[self._response] = Response()
        answered = await self._endpoint.call(**arguments)
        return answered if isinstance(answered, Response) else await self._written(answered, beside)

    async def _read(self, form: TypeAdapter[Any], request: Request) -> Any:
        try:
            body = await request.body()
        except ClientDisconnect as gone:
            raise HTTPException(400, "There was an error parsing the body") from gone
        kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
        if kind != "application/json":
            raise Declined
        try:
            return form.validate_json(body)
        except ValidationError as error:
            raise Declined from error

    async def _written(self, answered: Any, beside: Response | None) -> Response:
        """Write what is no response yet as FastAPI does: by the model that the route declares, with the headers that
        the endpoint put into the response beside it."""
        route = self.route
        content = await serialize_response(
            field=route.response_field,
            response_content=answered,
            include=route.response_model_include,
            exclude=route.response_model_exclude,
            by_alias=route.response_model_by_alias,
            exclude_unset=route.response_model_exclude_unset,
            exclude_defaults=route.response_model_exclude_defaults,
            exclude_none=route.response_model_exclude_none,
            is_coroutine=True,
            dump_json=route.response_field is not None,
        )
        kind = JSONResponse if route.response_field is None else Response
        response = kind(content, route.status_code or 200, media_type="application/json")
        if beside is not None:
            response.raw_headers.extend(header for header in beside.raw_headers if header[0] != b"content-length")
        return response


def has_way(route: BaseRoute) -> bool:
    """Whether all that a route declares is known here; it stays with FastAPI otherwise."""
    return (
        isinstance(route, APIRoute)
        and len(route.methods or ()) == 1
        and inspect.iscoroutinefunction(route.endpoint)
        and isinstance(route.response_class, DefaultPlaceholder)
        and is_body_allowed_for_status_code(route.status_code)
        and (route.body_field is None or _is_form(route))
        and not route.dependency_overrides_provider
        and _is_plain(replace(route.dependant, response_param_name=None))
    )


def _is_form(route: APIRoute) -> bool:
    return len(route.dependant.body_params) == 1 and not route._embed_body_fields  # pyright: ignore[reportPrivateUsage]


def _is_plain(declared: Dependant) -> bool:
    strange = (
        declared.cookie_params,
        declared.websocket_param_name,
        declared.http_connection_param_name,
        declared.response_param_name,
        declared.background_tasks_param_name,
        declared.security_scopes_param_name,
    )
    asynchronous = inspect.iscoroutinefunction(declared.call) or inspect.isasyncgenfunction(declared.call)
    return asynchronous and not any(strange) and all(map(_is_plain, declared.dependencies))


class _Candidate(NamedTuple):
    """A route that a request may be of, and its way, if it has one."""

    route: BaseRoute
    way: Way | None


class Ways:
    """Stands before a router: finds the route of a request, and goes its way."""

    def __init__(self, router: APIRouter) -> None:
        self._router = router.app
        self._by_method: dict[str, list[_Candidate]] = {}
        for route in router.routes:
            candidate = _Candidate(route, Way(route) if isinstance(route, APIRoute) and has_way(route) else None)
            for method in getattr(route, "methods", None) or ():
                self._by_method.setdefault(method, []).append(candidate)
        self._plain = {
            (method, candidate.way.route.path): candidate.way
            for method, candidates in self._by_method.items()
            for candidate in candidates
            if candidate.way and "{" not in candidate.way.route.path and self._is_first(method, candidate.way.route)
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        way = None if scope["type"] != "http" or scope.get("root_path") else self.way(scope)
        if way is None:
            await self._router(scope, receive, send)
            return
        request = Request(scope, receive, send)
        try:
            answer = await way.answer(request)
        except Declined:
            await self._router(scope, _once_more(request, receive), send)
            return
        await answer(scope, receive, send)

    def way(self, scope: Scope) -> Way | None:
        """Find the way of a request, and put into its scope what a router does."""
        method = scope["method"]
        way = self._plain.get((method, scope["path"]))
        if way is not None:
            scope["path_params"], scope["endpoint"], scope["route"] = {}, way.route.endpoint, way.route
            return way
        for route, way in self._by_method.get(method, ()):
            match, found = route.matches(scope)
            if match is Match.FULL:
                scope.update(found)
                return way
        return None

    def _is_first(self, method: str, route: APIRoute) -> bool:
        """Tell whether a route is the first that its own path is of."""
        scope = {"type": "http", "method": method, "path": route.path, "root_path": ""}
        return route is next(one for one, _ in self._by_method[method] if one.matches(scope)[0] is Match.FULL)


def _once_more(request: Request, receive: Receive) -> Receive:
    """Give the body that was read, if it was, once more."""
    body: bytes | None = getattr(request, "_body", None)

    async def again() -> Message:
        nonlocal body
        if body is None:
            return await receive()
        read, body = body, None
        return {"type": "http.request", "body": read, "more_body": False}

    return again
