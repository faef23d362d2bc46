"""What the OpenAPI of each service promises."""

import json
from pathlib import Path
from typing import Any

import pytest

from jobplus.stack.ports import SERVICES
from tests.kit.client import StackClient

ONLY_LOOK = {"/seekers/search", "/ledger/missing"}
"""What is looked for by a POST: names don't belong into an address, and numbers of 500 keys don't fit one."""


def _operations(calling: StackClient, service: str) -> list[tuple[str, str, dict[str, Any]]]:
    paths = calling.send(service, "GET", "/openapi.json").json["paths"]
    return [(method, path, operation) for path, found in paths.items() for method, operation in found.items()]


def _schema(described: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return described["components"]["schemas"][name] if name else schema


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_serves_the_interface_that_the_repository_holds(calling: StackClient, service: str) -> None:
    held = Path(__file__).parents[2] / "openapi" / f"{service}.json"
    assert calling.send(service, "GET", "/openapi.json").json == json.loads(held.read_text())


@pytest.mark.parametrize("service", SERVICES)
def test_every_request_body_has_an_example(calling: StackClient, service: str) -> None:
    described = calling.send(service, "GET", "/openapi.json").json
    without: list[str] = []
    for method, path, operation in _operations(calling, service):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            if "example" not in content and "examples" not in _schema(described, content["schema"]):
                without.append(f"{method} {path}")
    assert without == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_change_asks_for_a_token_and_an_idempotency_key(calling: StackClient, service: str) -> None:
    for method, path, operation in _operations(calling, service):
        assert operation["security"] == [{"token": []}]
        assert "4XX" in operation["responses"]
        if method not in {"post", "put"} or path in ONLY_LOOK:
            continue
        assert "Idempotency-Key" in [parameter["name"] for parameter in operation["parameters"]]
        url = path.replace("{letter_id}", "1").replace("{unsent_id}", "1")
        for name in ("seeker_id", "counsellor_id", "vacancy_id", "referral_id", "contact_id", "placement_id"):
            url = url.replace("{" + name + "}", "0190c0de-0000-7000-8000-000000000001")
        reply = calling.send(service, method.upper(), url, b"{}", {"Content-Type": "application/json"})
        assert reply.status == 401, (method, path)
        headers = {"Content-Type": "application/json", **calling.bearing("operator")}
        assert calling.send(service, method.upper(), url, b"{}", headers).status in {400, 403}, (method, path)


@pytest.mark.parametrize("service", SERVICES)
def test_logs_are_one_json_object_a_line(calling: StackClient, service: str) -> None:
    import orjson

    assert calling.get(service, "/openapi.json").status == 200
    for role in ("api", "worker", "relay"):
        lines = (calling.stack.home.logs / f"{service}-{role}.log").read_text().splitlines()
        assert lines
        assert all(orjson.loads(line)["service"] == service for line in lines)
