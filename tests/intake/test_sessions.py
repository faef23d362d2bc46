"""Sessions one by one and in bulk, and the launches that need them."""

import uuid
from typing import Any

import orjson
import pytest

from tests.calling import Calling, Reply, person


@pytest.fixture(scope="module")
def counsellor(calling: Calling) -> str:
    return calling.post("intake", "/counsellors", {"name": "이한결", "groups": ["youth"]}).json["counsellor_id"]


def _session(client: str, counsellor: str, **changes: Any) -> dict[str, Any]:
    form = {"client_id": client, "counsellor_id": counsellor, "kind": "job", "channel": "visit", "minutes": 30}
    return {**form, **changes}


def _seeker(calling: Calling) -> str:
    return calling.post("intake", "/seekers", person()).json["seeker_id"]


def _bulk(calling: Calling, rows: list[Any], key: str) -> Reply:
    headers = {
        "Authorization": f"Bearer {calling.stack.token('counsellor')}",
        "Content-Type": "application/x-ndjson",
        "Idempotency-Key": key,
    }
    body = b"\n".join(row if isinstance(row, bytes) else orjson.dumps(row) for row in rows)
    return calling.send("intake", "POST", "/sessions/bulk", body, headers)


async def _held(calling: Calling, client: str) -> int:
    rows = await calling.query("intake", "SELECT count(*) AS n FROM session WHERE client_id = $1", uuid.UUID(client))
    return rows[0]["n"]


def test_a_job_session_needs_a_registered_seeker(calling: Calling, counsellor: str) -> None:
    nobody = str(uuid.uuid4())
    assert calling.post("intake", "/sessions", _session(nobody, counsellor)).fields == ["client_id"]
    reply = calling.post("intake", "/sessions", _session(nobody, counsellor, registered=False))
    assert (reply.status, reply.fields) == (422, ["registered"])


def test_a_session_before_the_registration_is_refused(calling: Calling, counsellor: str) -> None:
    reply = calling.post("intake", "/sessions", _session(_seeker(calling), counsellor, occurred_on="2001-01-01"))
    assert reply.status == 409


def test_a_counsellor_who_has_left_holds_no_session(calling: Calling) -> None:
    left = calling.post("intake", "/counsellors", {"name": "박", "groups": ["senior"]}).json["counsellor_id"]
    assert calling.post("intake", f"/counsellors/{left}/departure", {}).status == 200
    reply = calling.post("intake", "/sessions", _session(_seeker(calling), left))
    assert (reply.status, reply.fields) == (409, ["counsellor_id"])


def test_someone_unregistered_is_counselled_and_then_launches_a_business(calling: Calling, counsellor: str) -> None:
    client = str(uuid.uuid4())
    assert calling.post("intake", "/launches", {"client_id": client}).fields == ["client_id"]
    startup = _session(client, counsellor, kind="startup", registered=False)
    assert calling.post("intake", "/sessions", startup).status == 201
    assert calling.post("intake", "/launches", {"client_id": client}).status == 201
    (launch,) = calling.get("intake", f"/launches?client_id={client}").json["launches"]
    assert launch["occupation"] is None
    assert calling.post("intake", "/launches", {"client_id": client, "occupation": "99"}).fields == ["occupation"]


def test_a_clients_sessions_are_listed_in_pages_and_the_look_is_on_record(calling: Calling) -> None:
    form = {"name": "이한결", "groups": ["youth"], "occurred_on": "2010-01-04"}
    counsellor = calling.post("intake", "/counsellors", form).json["counsellor_id"]
    seeker = calling.post("intake", "/seekers", person(occurred_on="2010-01-04")).json["seeker_id"]
    for day in ("2010-03-02", "2010-03-01", "2010-03-03"):
        assert calling.post("intake", "/sessions", _session(seeker, counsellor, occurred_on=day)).status == 201
    path = f"/sessions?client_id={seeker}&limit=2"
    page = calling.get("intake", path, role="counsellor").json
    rest = calling.get("intake", f"{path}&after={page['next']}", role="counsellor").json
    assert [one["occurred_on"] for one in page["sessions"]] == ["2010-03-01", "2010-03-02"]
    ((last,), end) = rest["sessions"], rest["next"]
    assert (last["occurred_on"], last["kind"], end) == ("2010-03-03", "job", None)
    reads = calling.get("intake", f"/seekers/{seeker}/reads").json["reads"]
    assert [(read["what"], read["reader_role"]) for read in reads] == [("sessions", "counsellor")] * 2
    nobody = calling.get("intake", f"/sessions?client_id={uuid.uuid4()}")
    assert (nobody.status, nobody.fields) == (404, ["client_id"])


async def test_a_bulk_request_names_every_bad_row_and_records_nothing(calling: Calling, counsellor: str) -> None:
    seeker = _seeker(calling)
    rows = [_session(seeker, counsellor), _session(seeker, counsellor, minutes=0), b"{", _session(seeker, "x")]
    reply = _bulk(calling, rows, str(uuid.uuid4()))
    assert reply.status == 422
    assert reply.fields == ["row 2: minutes", "row 3: body", "row 4: counsellor_id"]
    assert await _held(calling, seeker) == 0


async def test_a_bulk_request_sent_again_records_no_row_twice(calling: Calling, counsellor: str) -> None:
    seeker, key = _seeker(calling), str(uuid.uuid4())
    rows = [_session(seeker, counsellor, minutes=1 + number % 60) for number in range(100)]
    rows[40] = _session(str(uuid.uuid4()), counsellor)
    replies = [_bulk(calling, rows, key) for _ in range(2)]
    assert [reply.json["accepted"] for reply in replies] == [99, 99]
    assert [refused["row"] for refused in replies[0].json["refused"]] == [41]
    assert await _held(calling, seeker) == 99
