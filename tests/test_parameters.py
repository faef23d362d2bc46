"""A parameter that an address doesn't take is refused by its name: it never gives the whole in place of a part, nor
does what was only to be tried (`dryrun` for `dry_run`). A whole number that it takes can be kept."""

from collections.abc import Iterator
from typing import Any, NamedTuple, get_args

import orjson
import pytest
from fastapi import FastAPI

from chassis.batch.decisions import Actor
from chassis.running.service import interface
from jobplus.stack.keys import Role
from services.followup.bootstrap import blueprint as followup
from services.followup.settings import FollowupSettings
from services.intake.bootstrap import blueprint as intake
from services.intake.settings import IntakeSettings
from services.matching.bootstrap import blueprint as matching
from services.matching.settings import MatchingSettings
from services.reporting.bootstrap import blueprint as reporting
from services.reporting.settings import ReportingSettings


class Address(NamedTuple):
    """What an app's OpenAPI says of an operation."""

    service: str
    method: str
    path: str
    parameters: tuple[str, ...]


def _query_parameters(operation: dict[str, Any]) -> tuple[str, ...]:
    return tuple(parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "query")


class _Named:
    """Takes the role that a request names, without a token."""

    def knows(self, authorization: str) -> bool:
        return True

    async def actor(self, authorization: str) -> Actor:
        return Actor(authorization, "test")


BLUEPRINTS = (
    intake(IntakeSettings.model_construct()),
    matching(MatchingSettings.model_construct()),
    followup(FollowupSettings.model_construct()),
    reporting(ReportingSettings.model_construct()),
)
APPS = {each.name: interface(each, verifier=_Named()) for each in BLUEPRINTS}
ADDRESSES = [
    Address(service, method.upper(), path, _query_parameters(operation))
    for service, app in APPS.items()
    for path, methods in app.openapi()["paths"].items()
    for method, operation in methods.items()
]


async def send_to(
    app: FastAPI, address: Address, query: str, role: str, key: bytes = b""
) -> tuple[int, dict[str, Any]]:
    """Ask an app, as a role, without a body; gives the status and the problem."""
    sent: list[Any] = []
    scope = {
        "type": "http", "method": address.method, "path": address.path, "raw_path": address.path.encode(),
        "query_string": query.encode(),
        "headers": [(b"authorization", role.encode()), (b"idempotency-key", key)],
        "http_version": "1.1", "scheme": "http", "root_path": "",
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"], orjson.loads(sent[1]["body"])


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: f"{address.method} {address.service}{address.path}")
async def test_what_an_address_does_not_take_is_refused_with_what_it_takes(address: Address) -> None:
    # As of a day, so that nobody looks at the clock first.
    query = "occupatoin=02" + ("&as_of=2010-12-31" if "as_of" in address.parameters else "")
    answers = [await send_to(APPS[address.service], address, query, role) for role in get_args(Role)]
    refused = [problem for status, problem in answers if status != 403]
    assert refused
    taken = ", ".join(sorted(address.parameters)) or "none"
    for problem in refused:
        assert problem["type"] == "urn:jobplus:problem:unknown-parameter"
        (error,) = problem["errors"]
        assert error == {"field": "occupatoin", "reason": f"no parameter of this address; it takes {taken}"}


LARGEST_KEPT = 2**63 - 1
"""The largest whole number that PostgreSQL keeps."""


def _boundless(schema: Any, where: str) -> Iterator[str]:
    """Tell where a schema takes a whole number of any size."""
    if isinstance(schema, dict):
        if schema.get("type") == "integer" and not (
            "minimum" in schema and schema.get("maximum", 2**99) <= LARGEST_KEPT
        ):
            yield where
        for name, part in schema.items():
            yield from _boundless(part, f"{where}.{name}")
    elif isinstance(schema, list):
        for part in schema:
            yield from _boundless(part, where)


@pytest.mark.parametrize("service", APPS)
def test_every_whole_number_that_is_taken_has_bounds(service: str) -> None:
    described = APPS[service].openapi()
    found: list[str] = []
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            found += _boundless(operation.get("parameters"), f"{method} {path}")
            for content in operation.get("requestBody", {}).get("content", {}).values():
                form = content["schema"].get("$ref", "").rpartition("/")[2]
                found += _boundless(described["components"]["schemas"].get(form), form)
    assert found == []
