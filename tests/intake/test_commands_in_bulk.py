"""Commands of several people in one request: each is theirs, in order, and once."""

import uuid
from typing import Any

import orjson

from jobplus.stack.keys import Bearer
from tests.kit import forms
from tests.kit.client import Reply, StackClient

SUBJECT = "SELECT type, actor_role, actor_id FROM ledger WHERE key = $1 ORDER BY sequence"


def _row(calling: StackClient, path: str, body: Any = None, who: Bearer | None = None, **more: Any) -> dict[str, Any]:
    token = {} if who is None else {"token": calling.bearing(who)["Authorization"].removeprefix("Bearer ")}
    return {"path": path, "body": {} if body is None else body, **token, **more}


def _send(calling: StackClient, rows: list[dict[str, Any]], key: str | None = None) -> list[Any]:
    headers = {
        **calling.bearing("manager"),
        "Content-Type": "application/x-ndjson",
        "Idempotency-Key": key or str(uuid.uuid4()),
    }
    reply: Reply = calling.send("intake", "POST", "/commands/bulk", b"\n".join(map(orjson.dumps, rows)), headers)
    assert reply.status == 200, reply
    return reply.json["rows"]


def _kinds(answers: list[Any]) -> list[Any]:
    return [
        answer["body"]["type"].rpartition(":")[2] if answer["status"] >= 400 else answer["status"] for answer in answers
    ]


def _counsellors(calling: StackClient) -> tuple[Bearer, Bearer]:
    first, second = (calling.made("intake", "/counsellors", forms.counsellor())["counsellor_id"] for _ in range(2))
    return Bearer("counsellor", first), Bearer("counsellor", second)


def test_rows_are_done_once_however_often_they_are_sent(calling: StackClient) -> None:
    first, second = _counsellors(calling)
    person = forms.seeker()
    rows = [
        _row(calling, "/seekers", person, first),
        _row(calling, "/seekers", person, second),
        _row(calling, "/seekers", forms.seeker(gender="none"), second),
        _row(calling, "/counsellors", forms.counsellor(), first),
        _row(calling, "/seekers", forms.seeker(), second, idempotency_key=str(uuid.uuid4())),
    ]
    key = str(uuid.uuid4())
    answers = _send(calling, rows, key)
    assert _kinds(answers) == [201, "already-registered", "invalid-request", "not-allowed", 201]
    again = _send(calling, rows, key)
    assert [again[row]["body"] for row in (0, 4)] == [answers[row]["body"] for row in (0, 4)]
    assert len(calling.find(name=person["name"])) == 1

    alone = calling.send(
        "intake", "POST", "/seekers", orjson.dumps(rows[4]["body"]),
        {"Authorization": f"Bearer {rows[4]['token']}", "Content-Type": "application/json",
         "Idempotency-Key": rows[4]["idempotency_key"]},
    )  # fmt: skip
    assert alone.json == answers[4]["body"]


def test_whose_a_seeker_is_holds_from_the_row_that_says_so(calling: StackClient) -> None:
    first, second = _counsellors(calling)
    seeker = calling.made("intake", "/seekers", forms.seeker())["seeker_id"]
    give, consent = f"/seekers/{seeker}/counsellor", f"/seekers/{seeker}/consents"
    form = {"purpose": "employers", "given": True, "text_version": "t2026-01"}
    calling.made("intake", give, {"counsellor_id": first.own})
    answers = _send(
        calling,
        [
            _row(calling, consent, form, first),
            _row(calling, consent, form, second),
            _row(calling, give, {"counsellor_id": second.own}),
            _row(calling, consent, form, first),
            _row(calling, consent, {**form, "given": False}, second),
        ],
    )
    assert _kinds(answers) == [201, "seeker-of-another", 200, "seeker-of-another", 201]


def test_a_record_is_changed_under_the_version_that_the_row_names(calling: StackClient) -> None:
    form = forms.seeker()
    seeker = calling.made("intake", "/seekers", form)["seeker_id"]
    change = {**form, "desired_wage": 2_500_000}
    rows = [
        _row(calling, f"/seekers/{seeker}", change, method="PUT"),
        _row(calling, f"/seekers/{seeker}", change, method="PUT", if_match='"1"'),
        _row(calling, f"/seekers/{seeker}", form, method="PUT", if_match='"1"'),
    ]
    assert _kinds(_send(calling, rows)) == ["version-missing", 200, "version-changed"]


def test_whom_a_row_revokes_is_taken_at_no_row_after_it(calling: StackClient) -> None:
    first, _ = _counsellors(calling)
    token = calling.stack.token("counsellor", own=first.own, subject=(subject := f"c-{uuid.uuid4()}"))
    mine = {"path": "/seekers", "token": token}
    rows = [
        {**mine, "body": forms.seeker()},
        _row(calling, "/revocations", {"subject": subject, "reason": "stolen"}),
        {**mine, "body": forms.seeker()},
    ]
    assert _kinds(_send(calling, rows)) == [201, 201, "not-authenticated"]
