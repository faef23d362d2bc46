"""The client's kept connections: used again, but not one that the service is about to end. And TLS."""

import ssl
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from chassis.running.lifecycle import KEEP_ALIVE_SECONDS
from jobplus import client
from jobplus.client import Client
from tests.certificates import write_certificates

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


@contextmanager
def served(secured: ssl.SSLContext | None = None) -> Iterator[int]:
    """Give the port of a server that runs meanwhile."""
    Handler.connections = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if secured:
            server.socket = secured.wrap_socket(server.socket, server_side=True)
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            serving.join()


@pytest.fixture
async def asked() -> AsyncIterator[Client]:
    with served() as port:
        asked = Client(f"http://127.0.0.1:{port}", "token")
        yield asked
        await asked.close()


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


async def test_a_server_with_tls_is_asked_over_kept_connections_and_only_if_its_authority_is_trusted(
    tmp_path: Path,
) -> None:
    write_certificates(tmp_path)
    secured = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    secured.load_cert_chain(tmp_path / "server.pem")
    with served(secured) as port:
        address = f"https://127.0.0.1:{port}"
        trusting = Client(address, "token", trust=ssl.create_default_context(cafile=tmp_path / "ca.pem"))
        assert [await trusting.get("/") for _ in range(3)] == [{}, {}, {}]
        assert Handler.connections == 1
        await trusting.close()
        with pytest.raises(ssl.SSLCertVerificationError):
            await Client(address, "token").get("/")
