"""The client's kept connections: used again, but not one that the service is about to end."""

import threading
import time
from collections.abc import AsyncIterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from chassis.lifecycle import KEEP_ALIVE_SECONDS
from jobplus import client
from jobplus.client import Client

IDLE_SECONDS = 0.2
"""The server of these tests ends a connection that has had nothing to do for so long."""


class Handler(BaseHTTPRequestHandler):
    """Answers every request, and counts the connections."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    connections = 0

    def setup(self) -> None:
        super().setup()
        Handler.connections += 1

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:
        """Keep the tests' output clean."""


@pytest.fixture
async def asked() -> AsyncIterator[Client]:
    Handler.connections = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        asked = Client(f"http://127.0.0.1:{server.server_address[1]}", "token")
        yield asked
        await asked.close()
        server.shutdown()
        serving.join()


async def test_a_connection_is_used_again(asked: Client) -> None:
    assert [await asked.get("/") for _ in range(3)] == [{}, {}, {}]
    assert Handler.connections == 1


async def test_a_connection_that_waited_is_not_used_again(asked: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client is busy elsewhere while its connection's end arrives, and asks before it has seen it."""
    await asked.get("/")
    time.sleep(IDLE_SECONDS * 3)  # noqa: ASYNC251
    with pytest.raises(ConnectionError):
        await asked.get("/")

    monkeypatch.setattr(client, "KEPT_SECONDS", IDLE_SECONDS / 2)
    await asked.get("/")
    time.sleep(IDLE_SECONDS * 3)  # noqa: ASYNC251
    assert await asked.get("/") == {}
    assert Handler.connections == 3


def test_the_client_gives_a_connection_up_before_the_services_do() -> None:
    assert client.KEPT_SECONDS < KEEP_ALIVE_SECONDS
