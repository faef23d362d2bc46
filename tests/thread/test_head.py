"""HEAD asks for what GET gives, and gets it without its body: whoever only looks whether something is there."""

from http.client import HTTPConnection

import pytest

from jobplus.stack.ports import HOST, health_port
from tests.kit.client import Reply, StackClient


@pytest.mark.parametrize(
    "path", ["/seekers?limit=1", "/employers", "/counsellors", "/status", "/docs", "/openapi.json"]
)
def test_a_read_by_head_tells_what_get_tells_but_the_body(calling: StackClient, path: str) -> None:
    role = "operator" if path == "/status" else "manager"
    got = calling.get("intake", path, role=role)
    head = calling.send("intake", "HEAD", path, None, calling.bearing(role))
    assert (head.status, head.body) == (200, b"")
    if path != "/status":  # which tells the moment
        assert _told(head) == _told(got)
    assert int(head.headers["content-length"]) > 0
    assert calling.get("intake", path, role=role).status == 200  # on the same connection: nothing was left on it


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics"])
def test_health_is_looked_at_by_head(calling: StackClient, path: str) -> None:
    calling.get("intake", "/status", role="operator")
    connection = HTTPConnection(HOST, health_port(calling.stack.base_port, "intake", "api"), timeout=10)
    for method, has_body in (("HEAD", False), ("GET", True)):
        connection.request(method, path)
        answer = connection.getresponse()
        assert (answer.status, bool(answer.read())) == (200, has_body)
        assert int(answer.headers["content-length"]) > 0
    connection.close()


def test_head_is_refused_as_get_is(calling: StackClient) -> None:
    for path, headers, status in (
        ("/seekers", {}, 401),
        ("/seekers", calling.bearing("employer"), 403),
        ("/employers/00000000-0000-7000-8000-000000000000", calling.bearing(), 404),
        ("/dead-letters/1/redrive", calling.bearing("operator"), 405),
    ):
        head, got = (calling.send("intake", method, path, None, headers) for method in ("HEAD", "GET"))
        assert (head.status, got.status, head.body) == (status, status, b"")


def _told(reply: Reply) -> dict[str, str]:
    return {name.lower(): value for name, value in reply.headers.items() if name.lower() != "date"}
