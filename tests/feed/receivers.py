"""A webhook's receiver on this machine, which answers as a test has it."""

import hmac
import json
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.feed.partners import Partner
from tests.kit.waiting import until

HANDSHAKE = "jobplus.WebhookHandshake"
Event = dict[str, Any]
Told = tuple[str, str | None]
"""What an event is to most tests: its type without `jobplus.`, its client number."""


@dataclass
class Message:
    """What was received: when it came (seconds), with which headers."""

    at: float
    headers: Mapping[str, str]
    body: bytes

    @property
    def event(self) -> Event:
        return json.loads(self.body)

    def signed_by(self, secret: str) -> bool:
        """Whether one of its signatures is by a secret; as a receiver would look, by no code of the service."""
        content = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        made = hmac.digest(b64decode(secret.removeprefix("whsec_")), content, "sha256")
        return f"v1,{b64encode(made).decode()}" in self.headers["webhook-signature"].split()


@dataclass
class Receiver:
    """`status` gives what an event is answered by; `proves` whether it answers handshakes as it should."""

    url: str
    status: Callable[[Event], int] = lambda _: 200
    proves: bool = True
    messages: list[Message] = field(default_factory=list[Message])
    slow: Callable[[Event], float] = lambda _: 0.0

    @property
    def events(self) -> list[Event]:
        """The events that were taken, in the order in which they came."""
        return [message.event for message in self.messages if message.event["type"] != HANDSHAKE]

    @property
    def told(self) -> list[Told]:
        return [(event["type"].removeprefix("jobplus."), event.get("subject")) for event in self.events]

    def hears(self, *told: Told) -> None:
        """Wait until just these were taken, in whatever order."""
        until(lambda: self.told, f"{told} is received", lambda seen: sorted(map(str, seen)) == sorted(map(str, told)))


def _handler(receiver: Receiver, refused: list[Message]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            message = Message(time.time(), {name.lower(): value for name, value in self.headers.items()}, body)
            event, answered = message.event, b"{}"
            if event["type"] == HANDSHAKE:
                status = 200
                if receiver.proves:
                    answered = json.dumps({"challenge": event["data"]["challenge"]}).encode()
            else:
                time.sleep(receiver.slow(event))
                status = receiver.status(event)
            (receiver.messages if 200 <= status < 300 else refused).append(message)
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("location", receiver.url)
            self.send_header("content-length", str(len(answered)))
            self.end_headers()
            self.wfile.write(answered)

        def log_message(self, format: str, *args: Any) -> None:
            return

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        return  # who was killed answers nobody


@contextmanager
def receiving(**given: Any) -> Iterator[Receiver]:
    """A receiver that answers until it is left."""
    receiver = Receiver("", **given)
    with _Server(("127.0.0.1", 0), _handler(receiver, [])) as server:
        receiver.url = f"http://127.0.0.1:{server.server_port}/jobplus"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


def registered(partner: Partner, url: str, **given: Any) -> str:
    """Register a partner's webhook; gives the secret."""
    reply = partner.put("/webhook", {"url": url, **given})
    assert reply.status == 200, reply
    return reply.json["secret"]


def state_of(partner: Partner, state: str, **also: Any) -> dict[str, Any]:
    """Wait until a partner's webhook is in a state, and whatever else is said of it; gives how it is."""

    def holds(seen: dict[str, Any]) -> bool:
        return seen["state"] == state and all(seen[name] == value for name, value in also.items())

    return until(lambda: partner.get("/webhook").json, f"the webhook is {state} {also or ''}", holds)
