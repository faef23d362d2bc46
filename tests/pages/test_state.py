"""The state of the services as operators see it, whatever the services are like."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from jobplus.stack.local import Stack
from jobplus.stack.ports import HOST
from services.reporting.staff import state
from tests.kit.client import StackClient
from tests.pages.signing import Browser, text_of

PAGE = "/ko/staff/state"
GOOD = {
    "clock": {"mode": "system", "day": "2011-02-01"}, "outbox": 3, "outbox_percent": 1, "outbox_seconds": 31.0,
    "unsent_events": {"dead": 1, "parked": 2}, "dead_letters": {"dead": 1, "parked": 4}, "due_through": None,
    "consumers": [{"topic": "t", "partition": 0, "lag": 7, "lost": "gone", "not_looked_seconds": 99.0}],
}  # fmt: skip
LETTER = {"id": 1, "type": "x", "topic": "t", "error": "<b>", "attempts": 1, "kept_at": "2011-02-01T00:00:00Z",
          "parked": 4}  # fmt: skip


@pytest.fixture
def browser(stack: Stack) -> Iterator[Browser]:
    with Browser(stack) as opened:
        opened.sign_in("operator")
        yield opened


def test_an_operator_sees_each_service_also_one_that_is_away(
    stack: Stack, browser: Browser, calling: StackClient
) -> None:
    page = browser.get(PAGE)
    assert page.status_code == 200
    said = text_of(page.text)
    assert "reporting 응답함 읽는 중" in said
    for away in ("intake", "matching", "followup"):  # this stack has reporting alone
        assert f"{away} 연결할 수 없습니다" in said
    assert "2010. 12. 31. 기준 통계" in said
    assert "빠진 이벤트가 없습니다" in said
    english = text_of(browser.get("/en/staff/state").text)
    assert "intake can't be reached" in english
    assert "<script" not in page.text


def test_a_dead_letter_is_shown_with_what_it_says(calling: StackClient, browser: Browser) -> None:
    calling.query(
        "reporting",
        """INSERT INTO dead_letter (topic, partition, "offset", key, value, headers, state, type, error, attempts)
           VALUES ('jobplus.cases', 0, 987654, 'k', '{}', '[]', 'dead', 'jobplus.Placed', '<b> is no number', 1)""",
    )
    try:
        page = browser.get(PAGE)
        assert "jobplus.Placed" in page.text
        assert "&lt;b&gt; is no number" in page.text
        assert '<a href="#letters-reporting">1</a>' in page.text
    finally:
        calling.query("reporting", 'DELETE FROM dead_letter WHERE "offset" = 987654')


@pytest.mark.parametrize("role", ["manager", "analyst", "counsellor", "partner"])
def test_nobody_else_sees_it(stack: Stack, role: str) -> None:
    with Browser(stack) as other:
        other.sign_in(role)  # pyright: ignore[reportArgumentType]
        refused = other.get(PAGE)
        assert refused.status_code == 403
        assert "볼 수 있는 권한: 운영 담당자." in text_of(refused.text)
        assert "reporting" not in text_of(refused.text)


class _Service(BaseHTTPRequestHandler):
    """Answers as it is told to: a status, a body, or never."""

    answer: tuple[int, object] | None = None
    tokens: list[str | None]
    asked: Event

    def do_GET(self) -> None:
        self.tokens.append(self.headers.get("Authorization"))
        if self.answer is None:
            self.asked.wait(5)
            return
        status, told = self.answer
        body = json.dumps(told if self.path.startswith("/status") else {"letters": [LETTER]}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        ((200, GOOD), ""), (None, "slow"), ((500, {}), "error"), ((401, {}), "refused"), ((403, {}), "refused"),
        ((200, {}), "unreadable"), ((200, []), "unreadable"), ((302, {}), "error"),
        ((200, {**GOOD, "outbox": "many"}), "unreadable"),
    ],
)  # fmt: skip
async def test_whatever_a_service_answers_is_told(answer: tuple[int, object] | None, trouble: str) -> None:
    class Service(_Service):
        tokens: list[str | None] = []
        asked = Event()

    Service.answer = answer
    with ThreadingHTTPServer((HOST, 0), Service) as server:
        server.daemon_threads = True
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        serving.start()
        told = await state.Others(f"intake=http://{HOST}:{server.server_address[1]}").ask("intake", "mine")
        Service.asked.set()
        server.shutdown()
        serving.join()
    assert told.trouble == trouble
    assert set(Service.tokens) == {"Bearer mine"}
    if not trouble:
        assert (told.lag, told.lost, told.worker_is_away, told.relay_is_away) == ({"t": 7}, ["gone"], True, True)
        assert told.letters[0].error == "<b>"
