"""What a replay asks at the same time goes together in one request, and each gets its row's answer."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import orjson
import pytest

from jobplus.client import Answer, Client, Refusal, Unanswered
from jobplus.replay.driving import rows as driving_rows
from jobplus.replay.driving.rows import Rows

Told = Callable[[dict[str, Any]], tuple[int, object]]
REFUSED = {"type": "urn:jobplus:problem:seeker-of-another"}


class _Service:
    """Takes requests of rows, after a moment, and answers each row as it is told."""

    token = "manager"

    def __init__(self, told: Told = lambda row: (201, {"path": row["path"]})) -> None:
        self.requests: list[list[dict[str, Any]]] = []
        self.status = 200
        self._told = told

    async def once(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        assert (method, path) == ("POST", "/commands/bulk")
        rows = [orjson.loads(line) for line in body.split(b"\n")]
        self.requests.append(rows)
        await asyncio.sleep(0)
        if self.status == 0:
            raise ConnectionError("it is gone")
        told = [dict(zip(("status", "body"), self._told(row), strict=True)) for row in rows]
        return Answer(self.status, orjson.dumps({"rows": told}))

    def client(self) -> Client:
        return Client("http://127.0.0.1:1", "manager").asking(Rows(cast(Client, self)).ask)


async def _posted(client: Client, paths: Sequence[str], **given: Any) -> list[Any]:
    asked = (client.post(path, b'{"a":1}', f"k-{path}", **given) for path in paths)
    return await asyncio.gather(*asked, return_exceptions=True)


async def test_what_is_asked_at_the_same_time_goes_together_those_held_to_their_own_before_the_others() -> None:
    service = _Service()
    client, paths = service.client(), ["/seekers/1/merge", "/seekers"]
    held = [client.bearing("counsellor").post(path, b"{}", path) for path in ("/seekers", "/sessions")]
    change = client.bearing("counsellor").put("/seekers/1", b"{}", "put", 1)
    await asyncio.gather(_posted(client, paths), change, *held)
    (rows,) = service.requests
    assert [(row["token"], row["path"]) for row in rows] == [
        ("counsellor", "/sessions"), ("counsellor", "/seekers"), ("manager", "/seekers/1/merge"),
        ("manager", "/seekers"), ("counsellor", "/seekers/1"),
    ]  # fmt: skip


async def test_a_row_says_what_its_request_would() -> None:
    service = _Service()
    await service.client().bearing("firm").put("/employers/1", b'{"name":"\xed\x95\x9c"}', "k-1", 3)
    assert service.requests == [[{
        "method": "PUT", "path": "/employers/1", "token": "firm", "idempotency_key": "k-1", "if_match": '"3"',
        "body": {"name": "한"},
    }]]  # fmt: skip


async def test_what_is_refused_is_refused_alone() -> None:
    service = _Service(lambda row: (403, REFUSED) if row["path"] == "/b" else (200, {}))
    first, second, third = await _posted(service.client(), ["/a", "/b", "/c"])
    assert (first, third) == ({}, {})
    assert isinstance(second, Refusal)
    assert (second.answer.status, second.answer.json()) == (403, REFUSED)


async def test_what_may_pass_is_asked_again_under_its_key() -> None:
    answers = iter([(429, {}), (201, {"id": 1})])
    service = _Service(lambda _: next(answers))
    assert await _posted(service.client(), ["/a"]) == [{"id": 1}]
    assert [row["idempotency_key"] for rows in service.requests for row in rows] == ["k-/a", "k-/a"]


@pytest.mark.parametrize("status", [0, 503])
async def test_where_a_request_of_rows_fails_each_of_them_is_asked_again(status: int) -> None:
    service = _Service()
    service.status = status
    failed = await _posted(service.client(), ["/a", "/b"], patience=0.01)
    assert [type(each) for each in failed] == [Unanswered, Unanswered]
    service.status = 200
    assert await _posted(service.client(), ["/a", "/b"]) == [{"path": "/a"}, {"path": "/b"}]


async def test_rows_are_parted_into_requests_that_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    service = _Service()
    monkeypatch.setattr(driving_rows, "MOST_ROWS", 3)
    await _posted(service.client(), [f"/{n}" for n in range(7)])
    assert [len(rows) for rows in service.requests] == [3, 3, 1]

    monkeypatch.setattr(driving_rows, "MOST_BYTES", 100)
    await _posted(service.client(), ["/a", "/b"])
    assert [len(rows) for rows in service.requests[3:]] == [1, 1]
