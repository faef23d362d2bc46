"""Sessions one by one and in bulk, and the launches that need them."""

import uuid
from typing import Any

import orjson
import pytest

from tests.kit import forms
from tests.kit.client import Reply, StackClient


@pytest.fixture(scope="module")
def counsellor(calling: StackClient) -> str:
    return calling.made("intake", "/counsellors", forms.counsellor())["counsellor_id"]


def _seeker(calling: StackClient) -> str:
    return calling.post("intake", "/seekers", forms.seeker()).json["seeker_id"]


def _bulk(calling: StackClient, rows: list[Any], key: str) -> Reply:
    body = b"\n".join(row if isinstance(row, bytes) else orjson.dumps(row) for row in rows)
    kind = "application/x-ndjson"
    return calling.post("intake", "/sessions/bulk", body, key=key, content_type=kind)


def _held(calling: StackClient, client: str) -> int:
    rows = calling.query("intake", "SELECT count(*) AS n FROM session WHERE client_id = $1", uuid.UUID(client))
    return rows[0]["n"]


def test_a_job_session_needs_a_registered_seeker(calling: StackClient, counsellor: str) -> None:
    nobody = str(uuid.uuid4())
    assert calling.post("intake", "/sessions", forms.session(nobody, counsellor)).fields == ["client_id"]
    reply = calling.post("intake", "/sessions", forms.session(nobody, counsellor, registered=False))
    assert (reply.status, reply.fields) == (422, ["registered"])


def test_a_session_before_the_registration_is_refused(calling: StackClient, counsellor: str) -> None:
    reply = calling.post("intake", "/sessions", forms.session(_seeker(calling), counsellor, occurred_on="2001-01-01"))
    assert reply.status == 409


def test_a_counsellor_who_has_left_holds_no_session(calling: StackClient) -> None:
    left = calling.post("intake", "/counsellors", forms.counsellor("senior", name="박")).json["counsellor_id"]
    assert calling.post("intake", f"/counsellors/{left}/departure", {}).status == 200
    reply = calling.post("intake", "/sessions", forms.session(_seeker(calling), left))
    assert (reply.status, reply.fields) == (409, ["counsellor_id"])


def test_someone_unregistered_is_counselled_and_then_launches_a_business(calling: StackClient, counsellor: str) -> None:
    client = str(uuid.uuid4())
    assert calling.post("intake", "/launches", {"client_id": client}).fields == ["client_id"]
    startup = forms.session(client, counsellor, kind="startup", registered=False)
    assert calling.post("intake", "/sessions", startup).status == 201
    assert calling.post("intake", "/launches", {"client_id": client}).status == 201
    (launch,) = calling.get("intake", f"/launches?client_id={client}").json["launches"]
    assert launch["occupation"] is None
    assert calling.post("intake", "/launches", {"client_id": client, "occupation": "99"}).fields == ["occupation"]


def test_a_clients_sessions_are_listed_in_pages_and_the_look_is_on_record(calling: StackClient) -> None:
    form = forms.counsellor(occurred_on="2010-01-04")
    counsellor = calling.post("intake", "/counsellors", form).json["counsellor_id"]
    seeker = calling.post("intake", "/seekers", forms.seeker(occurred_on="2010-01-04")).json["seeker_id"]
    for day in ("2010-03-02", "2010-03-01", "2010-03-03"):
        assert calling.post("intake", "/sessions", forms.session(seeker, counsellor, occurred_on=day)).status == 201
    path = f"/sessions?client_id={seeker}&limit=2"
    whose = calling.whose(seeker)
    page = calling.get("intake", path, role=whose).json
    rest = calling.get("intake", f"{path}&after={page['next']}", role=whose).json
    assert [one["occurred_on"] for one in page["sessions"]] == ["2010-03-01", "2010-03-02"]
    ((last,), end) = rest["sessions"], rest["next"]
    assert (last["occurred_on"], last["kind"], end) == ("2010-03-03", "job", None)
    reads = calling.get("intake", f"/seekers/{seeker}/reads").json["reads"]
    assert [(read["what"], read["reader_role"]) for read in reads] == [("sessions", "counsellor")] * 2
    nobody = calling.get("intake", f"/sessions?client_id={uuid.uuid4()}")
    assert (nobody.status, nobody.fields) == (404, ["client_id"])


def test_a_bulk_request_names_every_bad_row_and_records_nothing(calling: StackClient, counsellor: str) -> None:
    seeker = _seeker(calling)
    rows = [
        forms.session(seeker, counsellor),
        forms.session(seeker, counsellor, minutes=0),
        b"{",
        forms.session(seeker, "x"),
    ]
    reply = _bulk(calling, rows, str(uuid.uuid4()))
    assert reply.status == 422
    assert reply.fields == ["row 2: minutes", "row 3: body", "row 4: counsellor_id"]
    assert _held(calling, seeker) == 0


def test_a_bulk_request_sent_again_records_no_row_twice(calling: StackClient, counsellor: str) -> None:
    seeker, key = _seeker(calling), str(uuid.uuid4())
    rows = [forms.session(seeker, counsellor, minutes=1 + number % 60) for number in range(100)]
    rows[40] = forms.session(str(uuid.uuid4()), counsellor)
    replies = [_bulk(calling, rows, key) for _ in range(2)]
    assert [reply.json["accepted"] for reply in replies] == [99, 99]
    assert [refused["row"] for refused in replies[0].json["refused"]] == [41]
    assert _held(calling, seeker) == 99
