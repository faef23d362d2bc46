"""A proxy with TLS before a stack's services, as a city's own would be: one address, /intake/... and so on below it."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.certificates import write_certificates
from tests.kit.client import StackClient

PASSED_ON = ("Authorization", "Content-Type", "Idempotency-Key")


class Front:
    """Where it is, its authority's certificate, and what it was asked. `then` is called with each path before it is
    answered."""

    def __init__(self, calling: StackClient, authority: Path) -> None:
        self.calling = calling
        self.authority = authority
        self.address = ""
        self.asked: list[str] = []
        self.then: Callable[[str], object] = lambda _: None


@contextmanager
def a_front(calling: StackClient, folder: Path) -> Iterator[Front]:
    folder.mkdir()
    write_certificates(folder)
    front = Front(calling, folder / "ca.pem")
    secured = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    secured.load_cert_chain(folder / "server.pem")
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(front)) as server:
        server.socket = secured.wrap_socket(server.socket, server_side=True)
        front.address = f"https://127.0.0.1:{server.server_address[1]}"
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield front
        finally:
            server.shutdown()
            serving.join()


def _handler(front: Front) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            front.asked.append(self.path)
            service, _, path = self.path.removeprefix("/").partition("/")
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name: self.headers[name] for name in PASSED_ON if name in self.headers}
            reply = front.calling.send(service, self.command, f"/{path}", body or None, headers)
            front.then(self.path)
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.headers["Content-Type"])
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            """Keep the tests' output clean."""

    return Handler
