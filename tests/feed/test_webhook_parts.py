"""What webhooks are made of, without a feed: signatures, addresses, what a message comes to, how long it is tried."""

import socket
import ssl
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from chassis.http.addresses import networks_of
from services.feed.settings import FeedSettings
from services.feed.webhooks import posting
from services.feed.webhooks.addresses import is_inside, leads_inside, wrong_url
from services.feed.webhooks.model import DELAYS, TRIED_FOR, Webhook, next_attempt
from services.feed.webhooks.posting import INSIDE, Answer, Poster
from services.feed.webhooks.signing import secret_of, signed, told
from tests.certificates import write_certificates

HERE = networks_of("127.0.0.1/32")
AT = datetime(2026, 3, 2, tzinfo=UTC)


def test_a_signature_is_that_of_the_published_example() -> None:
    secret = b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    assert told(secret) == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    headers = signed("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', [secret, b"another"])
    one, other = headers.pop("webhook-signature").split()
    assert one == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert other != one
    assert headers == {"webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330"}


INSIDE_V4 = """10.0.0.1 172.16.3.4 192.168.0.1 127.0.0.1 0.0.0.0 100.64.0.1 100.100.100.200 169.254.169.254 192.0.0.192
    198.18.0.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 203.0.113.9 168.63.129.16 192.88.99.1"""
INSIDE_V6 = """::1 :: fe80::1%lo fc00::1 fd00:ec2::254 ff02::1 fec0::1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::10.0.0.1
    64:ff9b::a00:1 64:ff9b:1::1 2002:a00:1::1 2001:0:1::1 2001:db8::1 3fff::1 100::1"""


@pytest.mark.parametrize("address", f"{INSIDE_V4} {INSIDE_V6}".split())
def test_what_is_not_reached_from_everywhere_is_inside(address: str) -> None:
    assert is_inside(address, ())


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "168.126.63.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_what_is_reached_from_everywhere_is_not(address: str) -> None:
    assert not is_inside(address, ())


def test_a_network_is_allowed_in_whatever_form_its_addresses_come() -> None:
    allowed = networks_of("10.20.0.0/16, fd00:1::/32")
    assert [is_inside(one, allowed) for one in ("10.20.3.4", "::ffff:10.20.3.4", "fd00:1::5")] == [False] * 3
    assert [is_inside(one, allowed) for one in ("10.21.3.4", "fd00:2::5", "127.0.0.1")] == [True] * 3


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://hooks.example.org/", "https://"),
        ("hooks.example.org", "https://"),
        ("https://", "no host"),
        ("https://hooks.example.org:0/", "no host"),
        ("https://hooks.example.org:99999/", "no address"),
        ("https://[::1/", "no address"),
        ("https://me:word@hooks.example.org/", "signed instead"),
        ("https://hooks.example.org/#part", "#"),
        ("https://hooks.example.org/a b", "spaces"),
        ("https://hooks.example.org\\@10.0.0.1/", "backslashes"),
        ("https://허브.example.org/", "punycode"),
    ],
)
def test_a_url_that_cannot_be_says_why(url: str, says: str) -> None:
    assert says in (wrong_url(url, http=False) or "")


def test_a_url_without_tls_is_taken_only_where_that_is_set() -> None:
    assert wrong_url("http://hooks.example.org/", http=True) is None
    assert wrong_url("https://hooks.example.org:8443/jobplus?of=centre", http=False) is None


async def posted(url: str, allowed: Any = HERE, authority: Path | None = None) -> Answer:
    async with Poster(allowed, authority) as poster:
        return await poster.post(url, {"webhook-id": "1"}, b"{}")


@contextmanager
def answering(answer: bytes, *, seconds: float = 0.0, folder: Path | None = None) -> Iterator[tuple[str, list[str]]]:
    """A server that gives an answer of any form; gives its address, and the Host of each request."""
    hosts: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            hosts.append(self.headers["host"])
            time.sleep(seconds)  # a slow receiver: time is the matter here
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            return

    class Server(HTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            return

    with Server(("127.0.0.1", 0), Handler) as server:
        if folder is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(folder / "server.pem")
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"{'http' if folder is None else 'https'}://127.0.0.1:{server.server_port}/", hosts
        finally:
            server.shutdown()
            thread.join()


GOOD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


async def test_nothing_is_connected_to_that_is_inside() -> None:
    with answering(GOOD) as (url, hosts):
        for each in (url, url.replace("127.0.0.1", "localhost"), url.replace("127.0.0.1", "0x7f.1")):
            refused = await posted(each, ())
            assert refused.failure == INSIDE
            assert refused.for_good
        assert hosts == []
        assert (await posted(url)).failure is None


async def test_a_name_is_checked_by_what_it_leads_to_as_it_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(GOOD) as (url, hosts):
        port = int(url.rsplit(":", 1)[1].rstrip("/"))
        led_to = iter(["1.1.1.1", "127.0.0.1"])

        def look(host: str, *_: Any, **__: Any) -> Any:
            assert host == "hooks.example.org"
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(led_to), port))]

        monkeypatch.setattr(socket, "getaddrinfo", look)
        assert await leads_inside("hooks.example.org", (), 1) is False, "as it is registered"
        sent = await posted(f"http://hooks.example.org:{port}/", ())
        assert (sent.failure, sent.address) == (INSIDE, "127.0.0.1"), "as it is sent to"
        assert hosts == []


async def test_the_name_stays_the_host_and_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    with answering(GOOD) as (url, hosts):
        named = url.replace("127.0.0.1", "localhost")
        assert (await posted(named, networks_of("127.0.0.1/32,::1/128"))).failure is None
        assert hosts == [named.removeprefix("http://").rstrip("/")]


async def test_a_certificate_must_be_good(tmp_path: Path) -> None:
    write_certificates(tmp_path)
    with answering(GOOD, folder=tmp_path) as (url, _):
        assert (await posted(url, authority=tmp_path / "ca.pem")).failure is None
        assert "the certificate isn't good" in ((await posted(url)).failure or "")
        allowed = networks_of("127.0.0.1/32,::1/128")
        named = await posted(url.replace("127.0.0.1", "localhost"), allowed, tmp_path / "ca.pem")
        assert "the certificate isn't good" in (named.failure or ""), "it is of another name"


async def test_an_answer_is_read_in_part_and_for_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(b"HTTP/1.1 200 OK\r\ncontent-length: 9000000\r\n\r\n" + b"x" * 9_000_000) as (url, _):
        long = await posted(url)
        assert (long.failure, len(long.body)) == (None, posting.MOST_ANSWERED)
    with answering(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n") as (url, hosts):
        assert "redirects aren't followed" in ((await posted(url)).failure or "")
        assert len(hosts) == 1
    monkeypatch.setattr(posting, "ANSWER_SECONDS", 0.2)
    with answering(GOOD, seconds=0.6) as (url, _):
        assert "there was no answer within" in ((await posted(url)).failure or "")
    with answering(b"no HTTP") as (url, _):
        assert "there was no whole answer" in ((await posted(url)).failure or "")
    assert "there was no whole answer" in ((await posted("http://127.0.0.1:9/")).failure or "")


def test_it_is_tried_for_three_days_with_growing_delays() -> None:
    at, times = AT, [AT]
    for attempts in range(1, 100):
        following = next_attempt(attempts, AT, at)
        if following is None:
            break
        at = following
        times.append(at)
    delays = [after - before for before, after in pairwise(times)]
    assert times[-1] == AT + TRIED_FOR
    assert 10 <= len(times) <= 13
    assert all(0.89 * meant < delay < 1.11 * meant for meant, delay in zip(DELAYS, delays[:9], strict=False))


def webhook(**given: Any) -> Webhook:
    fields: dict[str, Any] = {
        "partner": "welfare",
        "url": "https://hooks.example.org/",
        "seed": b"1",
        "former_seed": None,
        "former_until": None,
        "state": "active",
        "position": 0,
        "failures": 0,
        "tries": 0,
        "failing_since": None,
        "failure": None,
        "next_at": None,
        "lost": 0,
        "delivered_at": None,
        "registered_at": AT,
    }
    return Webhook(**{**fields, **given})


def test_a_secret_is_made_of_the_key_the_partner_and_the_seed_and_of_all_three() -> None:
    key, later = 32 * b"k", AT + timedelta(hours=1)
    (one,) = webhook().secrets(key, AT)
    assert (len(one), one) == (32, secret_of(key, "welfare", b"1"))
    others = [secret_of(32 * b"x", "welfare", b"1"), secret_of(key, "pension", b"1"), secret_of(key, "welfare", b"2")]
    assert len({one, *others}) == 4
    rotated = webhook(seed=b"2", former_seed=b"1", former_until=later)
    assert rotated.secrets(key, AT) == (others[2], one)
    assert rotated.secrets(key, later) == (others[2],)


def test_a_webhook_is_paused_after_failures_in_a_row_and_by_longer_each_time() -> None:
    seen, waits = webhook(), []
    for _ in range(2):
        seen = seen.failed("no", AT, 3, for_good=False)
        assert seen.state == "active"
    assert seen.taken(AT).failed("no", AT, 3, for_good=False).state == "active", "not in a row"
    for _ in range(3):
        seen = seen.failed("no", AT, 3, for_good=False)
        assert (seen.state, seen.failing_since) == ("paused", AT)
        assert seen.next_at
        waits.append(seen.next_at - AT)
        seen = seen.shaken()
        assert seen.state == "active"
    assert waits == sorted(waits)
    assert waits[-1] > timedelta(minutes=4)
    assert seen.taken(AT).failures == 0


def test_a_webhook_is_asked_for_three_days_and_then_when_its_partner_says_so() -> None:
    seen = webhook(state="unverified", next_at=AT).refused("no", AT, for_good=False)
    assert seen.next_at
    seen = seen.refused("no", AT + TRIED_FOR, for_good=False)
    assert (seen.state, seen.next_at) == ("unverified", None)
    asked = seen.unproven(AT + 2 * TRIED_FOR)
    assert (asked.state, asked.next_at) == ("unverified", AT + 2 * TRIED_FOR)
    assert webhook().failed("gone", AT, 10, for_good=True).next_at is None


def test_what_webhooks_are_set_to_is_checked_as_the_feed_starts(tmp_path: Path) -> None:
    given: dict[str, Any] = {
        **dict.fromkeys(("database_host", "database_name", "database_user", "kafka_servers", "jwks"), "any"),
        "database_password_file": "any",
        "kafka_security": "SSL",
        "database_tls": True,
        "environment": "production",
        "webhook_key_file": tmp_path / "key",
    }
    (tmp_path / "key").write_text(32 * "k" + "\n")
    assert FeedSettings(**given).webhook_key() == 32 * b"k"
    (tmp_path / "ca.pem").write_text("none")
    (tmp_path / "short").write_text(31 * "k")
    for wrong, said in {
        "webhook_http": (True, "JOBPLUS_WEBHOOK_HTTP=true is refused where JOBPLUS_ENVIRONMENT=production"),
        "webhook_networks": ("10.1.2.3/8", "has host bits set"),
        "webhook_key_file": (tmp_path / "short", "fewer than 32 characters"),
        "webhook_ca_file": (tmp_path / "ca.pem", "holds no certificate authority"),
    }.items():
        with pytest.raises(ValidationError, match=said[1]):
            FeedSettings(**{**given, wrong: said[0]})


def test_the_guide_shows_the_check_of_the_example() -> None:
    root = Path(__file__).parents[2]
    program = (root / "examples/webhook_receiver/receiver.py").read_text()
    check = program[program.index("def wrong(") : program.index("class Receiver")].rstrip()
    for language in ("ko", "en"):
        assert check in (root / f"jobplus/site/guide/{language}/webhooks.md").read_text()
