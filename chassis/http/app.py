"""The HTTP side of a service: one FastAPI app from its slices' routers, the same manners everywhere."""

import re
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from chassis.http.access import door_of, method_of, put_doors
from chassis.http.addresses import Network
from chassis.http.admission import Admission
from chassis.http.calls import changes
from chassis.http.docs import docs_router
from chassis.http.guard import OpenRefusal, RequestGuard
from chassis.http.limits import Limits
from chassis.http.problem_responses import install
from chassis.http.rows import Rows
from chassis.http.slots import Slots
from chassis.http.ways import Ways


def app(
    title: str,
    description: str,
    routers: Sequence[APIRouter],
    *,
    limits: Limits | None = None,
    admission: Admission | None = None,
    slots: Slots | None = None,
    bulk_slots: Slots | None = None,
    trusted: Sequence[Network] = (),
    docs: bool = True,
    open_paths: str = "",
    open_refusal: OpenRefusal | None = None,
    **state: Any,
) -> FastAPI:
    """Make a service's app, each of whose routes declares its door (raises LookupError where one doesn't). `state` is
    what its endpoints find in `request.app.state`.

    Without `limits`, `admission` and slots anybody may ask as often, for as long and for as much at once as they like;
    `slots` are for costly reads, `bulk_slots` for bulk requests. `trusted` are the proxies' networks; without `docs`
    there is neither /docs nor /openapi.json. Nobody needs a token for the paths that `open_paths`, a regular
    expression, matches whole: what is served there is for everybody, and says itself how long it may be kept. Who asks
    too often there is answered by `open_refusal`, or as everywhere.
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
    kept = {
        "limits": limits,
        "admission": admission,
        "slots": slots,
        "bulk_slots": bulk_slots,
        "trusted": trusted,
        "open_paths": re.compile(open_paths) if open_paths else None,
        "open_refusal": open_refusal,
    }
    for name, value in {**kept, "ways": ways, **state}.items():
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
