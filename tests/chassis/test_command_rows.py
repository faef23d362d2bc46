"""A row of `POST /commands/bulk` is decided in its turn, as whoever its token names, and does no more than its request
alone may."""

from pathlib import Path
from typing import Any

import pytest

from chassis.batch.group_commit import LARGEST_BATCH
from tests.chassis.asking import ask
from tests.chassis.texts_service import NDJSON, OWN, Texts, kinds, text


@pytest.fixture
def texts(keys: Path) -> Texts:
    return Texts(keys)


async def test_rows_are_decided_together_in_their_order_and_each_is_answered(texts: Texts) -> None:
    answers = await texts.answers(text("a"), text("b"), text("c"))
    assert [[one.command for one in batch] for batch in texts.decides.batches] == [["a", "b", "c"]]
    assert answers[1] == {"row": 2, "status": 201, "body": {"asked": "'b'", "version": 2}}
    assert [one.key and one.key.named[-1] for one in texts.decides.asked] == ["k-1:1", "k-1:2", "k-1:3"]
    assert not any(one.imported for one in texts.decides.asked)
    assert len({one.causation_id for one in texts.decides.asked}) == 3


async def test_a_row_that_is_refused_stops_no_other(texts: Texts) -> None:
    await texts.answers(text("taken"))
    rows = [
        text("taken"), b"no json", text("a", path="/nowhere"), {"path": "/texts", "body": {}}, text("b", method="PUT"),
        text("a", unknown=1), b'{"path": "/texts", "body": {' + b",".join(b'"%d": 1' % n for n in range(1002)) + b"}}",
        text("broken", "/texts/1", method="PUT"), text("a", idempotency_key="x" * 201), text("last"),
    ]  # fmt: skip
    answers = await texts.answers(*rows)
    assert kinds(answers) == [
        "taken", "invalid-request", "not-found", "invalid-request", "method-not-allowed", "invalid-request",
        "too-many-values", "internal", "idempotency-key-missing", 201,
    ]  # fmt: skip
    assert answers[0]["body"]["errors"] == [{"field": "text", "reason": "it was taken"}]
    assert answers[3]["body"]["errors"] == [{"field": "text", "reason": "Field required"}]
    assert answers[5]["body"]["errors"][0]["field"] == "unknown"


async def test_each_row_acts_as_its_token_says_and_without_one_as_who_sends(texts: Texts) -> None:
    manager, firm = texts.token("manager", "m-1"), texts.token("employer", "e-1")
    rows = [text("a"), text("b", token=manager), text("c", token=firm), text("d", "/own-texts", token=firm)]
    assert kinds(await texts.answers(*rows)) == [201, 201, "not-allowed", 200]
    assert [str(one.actor) for one in texts.decides.asked] == ["counsellor/c-1", "manager/m-1", "employer/e-1"]
    assert [one.owner for one in texts.decides.asked] == [None, None, OWN]


async def test_a_token_that_is_not_valid_is_refused_in_its_rows_alone(texts: Texts) -> None:
    answers = await texts.answers(text("a", token="none"), text("b", token=""), text("c"))
    assert kinds(answers) == ["not-authenticated", "not-authenticated", 201]
    assert [one.command for one in texts.decides.asked] == ["c"]


async def test_each_distinct_token_is_verified_once(texts: Texts, monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []
    verify = texts.verifier._claims  # pyright: ignore[reportPrivateUsage]

    async def counted(token: str) -> dict[str, Any]:
        verified.append(token)
        return await verify(token)

    monkeypatch.setattr(texts.verifier, "_claims", counted)
    one, other = texts.token("manager", "m-1"), texts.token(subject="c-2")
    tokens = [one, "a.b.c", other, "a.b.c", one, other]
    await texts.answers(*(text(str(n), token=token) for n, token in enumerate(tokens)), token=texts.token())
    assert len(verified) == 4
    assert verified[1:] == [one, "a.b.c", other]


@pytest.mark.usefixtures("rates_clock")
async def test_rows_count_as_requests_of_their_askers(keys: Path) -> None:
    texts = Texts(keys, request_limits="any=1/2,manager=1/1,manager:bulk=1/9")
    other = texts.token(subject="c-2")
    rows = [text(str(n)) for n in range(3)]
    answers = await texts.answers(*rows, text("x", token=other), token=texts.token("manager", "m-1"))
    assert kinds(answers) == [201, "too-many-requests", "too-many-requests", 201]
    assert answers[1]["retry_after"] == 1


@pytest.mark.usefixtures("rates_clock")
async def test_tokens_that_are_not_known_count_for_the_address_they_come_from(keys: Path) -> None:
    texts = Texts(keys, address_limit="1/3")
    answers = await texts.answers(*(text("a", token=f"none-{n}") for n in range(4)))
    assert kinds(answers) == ["not-authenticated", "not-authenticated", "too-many-requests", "too-many-requests"]


async def test_what_may_do_more_than_decide_is_asked_after_all_before_it_and_before_all_after_it(texts: Texts) -> None:
    rows = [text("a"), text("b"), text("c", "/texts/7", method="PUT", if_match='"6"'), text("d"), text("e")]
    answers = await texts.answers(*rows)
    asked = [[one.command for one in batch] for batch in texts.decides.batches]
    assert asked == [["a", "b"], ["c after 2"], ["d", "e"]]
    assert answers[2]["etag"] == '"7"'


async def test_whoever_a_row_revokes_acts_in_none_after_it(texts: Texts) -> None:
    other, revoke = texts.token(subject="c-2"), text("revoked", "/texts/1", method="PUT")
    answers = await texts.answers(text("a", token=other), revoke, text("b", token=other))
    assert kinds(answers) == [201, 200, "not-authenticated"]


async def test_who_is_held_to_their_own_is_judged_by_what_the_rows_before_have_left(texts: Texts) -> None:
    firm = texts.token("employer", "e-1")
    mine = [text(say, "/own-texts", token=firm) for say in ("1", "2", "3", "4")]
    await texts.answers(mine[0], mine[1], text("give away"), mine[2], mine[3], text("z"))
    asked = [[one.command for one in batch] for batch in texts.decides.batches]
    assert asked == [["1", "2", "give away"], ["3", "4", "z"]]


async def test_many_rows_are_decided_in_batches(texts: Texts) -> None:
    answers = await texts.answers(*(text(str(n)) for n in range(LARGEST_BATCH + 1)))
    assert [len(batch) for batch in texts.decides.batches] == [LARGEST_BATCH, 1]
    assert {answer["status"] for answer in answers} == {201}


async def test_rows_in_rows_and_what_only_looks_are_not_taken(keys: Path) -> None:
    texts = Texts(keys)
    inner = {"path": "/commands/bulk", "body": {}}
    assert kinds(await texts.answers(inner, text("a", method="GET"))) == ["not-in-bulk", "invalid-request"]


async def test_a_request_that_is_no_rows_is_refused_whole(texts: Texts) -> None:
    assert (await texts.send(text("a"), content_type="application/json")).status == 415
    assert (await texts.send()).status == 422
    assert (await texts.send(*(text("a") for _ in range(5001)))).problem["errors"][0]["field"] == "body"
    assert (await texts.send(text("a"), idempotency_key="")).status == 400
    assert (await ask(texts.app, "POST", "/commands/bulk", "none", body=b"{}", headers=NDJSON)).status == 401
    assert not texts.decides.batches


async def test_a_row_is_asked_in_the_trace_of_its_request(texts: Texts) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    await texts.send(text("a"), text("b"), traceparent=trace)
    await texts.send(text("c"), traceparent=f"{trace}-more", idempotency_key="k-2")
    assert [one.traceparent for one in texts.decides.asked] == [trace, trace, ""]
