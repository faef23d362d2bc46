"""Who is registered can't be found out by trying: what is told of somebody is a look, and has a quota of the day."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import orjson
import pytest

from jobplus.stack.keys import Bearer
from tests.kit import forms
from tests.kit.client import Reply, StackClient
from tests.stacks import Stacks

MOST, MOST_BY_MANAGERS = 20, 50
BORN = date(1979, 5, 14)
DATES = [str(date(1960, 1, 1) + timedelta(number)) for number in range(14_609)]


@pytest.fixture(scope="module")
def calling(stacks: Stacks) -> Iterator[StackClient]:
    quotas = {"OTHERS_SEEN": str(MOST), "OTHERS_SEEN_BY_MANAGERS": str(MOST_BY_MANAGERS), "REGISTRATIONS": str(MOST)}
    with stacks.running("probing", ["intake"], durable=False, settings=quotas) as running:
        yield StackClient(running)


@pytest.fixture
def victim(calling: StackClient) -> dict[str, Any]:
    """Somebody whom a counsellor has, who asks nothing here."""
    form = forms.seeker(birth_date=str(BORN))
    seeker_id = calling.made("intake", "/seekers", form)["seeker_id"]
    calling.whose(seeker_id)
    return {**form, "seeker_id": seeker_id}


@pytest.fixture
def prober(calling: StackClient) -> Bearer:
    return Bearer("counsellor", calling.made("intake", "/counsellors", forms.counsellor())["counsellor_id"])


def _form(victim: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**{name: value for name, value in victim.items() if name != "seeker_id"}, **changes}


def _try_out(calling: StackClient, victim: dict[str, Any], dates: list[str], who: Any) -> Reply:
    body = b"\n".join(orjson.dumps(_form(victim, birth_date=day)) for day in dates)
    kind = "application/x-ndjson"
    return calling.post("intake", "/seekers/bulk?dry_run=true", body, role=who, content_type=kind)


def _looks(calling: StackClient, victim: dict[str, Any], who: Any) -> list[str]:
    name = who.own if isinstance(who, Bearer) else f"local-{who}"
    reads = calling.get("intake", f"/seekers/{victim['seeker_id']}/reads?limit=500").json["reads"]
    return [read["what"] for read in reads if read["reader_id"] == name]


def test_a_counsellor_is_told_that_somebody_may_be_registered_and_it_is_a_look_at_them(
    calling: StackClient, victim: dict[str, Any], prober: Bearer
) -> None:
    refused = calling.post("intake", "/seekers", _form(victim), role=prober)
    assert refused.refusal == (409, "already-registered")
    assert victim["seeker_id"] not in refused.body.decode()
    assert "facts" not in refused.json
    assert _looks(calling, victim, prober) == ["registered"]
    tried = _try_out(calling, victim, [str(BORN)], prober)
    assert victim["seeker_id"] not in tried.body.decode()
    assert _looks(calling, victim, prober) == ["registered"] * 2


def test_a_manager_is_told_whose_record_it_is_and_that_is_a_look_too(
    calling: StackClient, victim: dict[str, Any]
) -> None:
    refused = calling.post("intake", "/seekers", _form(victim))
    assert refused.json["facts"]["seeker_id"] == victim["seeker_id"]
    assert _looks(calling, victim, "manager") == ["registered"]


def test_ones_own_record_changed_into_anothers_is_a_look_at_them(
    calling: StackClient, victim: dict[str, Any], prober: Bearer
) -> None:
    own = calling.made("intake", "/seekers", forms.seeker())["seeker_id"]
    calling.made("intake", f"/seekers/{own}/counsellor", {"counsellor_id": prober.own})
    refused = calling.put("intake", f"/seekers/{own}", _form(victim), version='"1"', role=prober)
    assert refused.refusal == (409, "already-registered")
    assert victim["seeker_id"] not in refused.body.decode()
    assert _looks(calling, victim, prober) == ["registered"]


def test_who_ones_own_seeker_is_cannot_be_changed_as_often_as_one_likes(
    calling: StackClient, victim: dict[str, Any], prober: Bearer
) -> None:
    form = forms.seeker()
    own = calling.made("intake", "/seekers", form)["seeker_id"]
    calling.made("intake", f"/seekers/{own}/counsellor", {"counsellor_id": prober.own})

    def change(version: int, **changes: Any) -> Reply:
        return calling.put("intake", f"/seekers/{own}", {**form, **changes}, version=f'"{version}"', role=prober)

    tries = [change(number, birth_date=day) for number, day in enumerate(DATES[:MOST], 1)]
    assert {reply.status for reply in tries} == {200}
    told = change(MOST + 1, **{name: victim[name] for name in ("name", "birth_date", "phone")})
    assert told.refusal == (403, "quota-used-up")
    assert change(MOST + 1, birth_date=DATES[MOST - 1], district="11110").status == 200


@pytest.mark.parametrize("role", ["counsellor", "manager"])
def test_fourteen_thousand_birth_dates_tell_nothing(calling: StackClient, victim: dict[str, Any], role: str) -> None:
    who: Any = Bearer("counsellor", str(uuid.uuid4())) if role == "counsellor" else "manager"
    told: list[Reply] = []
    for start in range(0, len(DATES), 5_000):
        told.append(_try_out(calling, victim, DATES[start : start + 5_000], who))
    assert {reply.refusal for reply in told} == {(403, "quota-used-up")}
    assert not any(str(BORN).encode() in reply.body or b"already" in reply.body for reply in told)
    # what was tried is on record, also of whom it would have told
    rows = calling.query("intake", "SELECT sum(rows)::int AS n FROM tried_out WHERE reader_role = $1", role)
    assert rows[0]["n"] >= len(DATES)
    assert "registered" in _looks(calling, victim, who)


def test_within_the_quota_some_are_tried_out_and_no_more(calling: StackClient, victim: dict[str, Any]) -> None:
    who = Bearer("counsellor", str(uuid.uuid4()))
    assert _try_out(calling, victim, DATES[:MOST], who).status == 200
    assert _try_out(calling, victim, DATES[:1], who).refusal == (403, "quota-used-up")


def test_no_more_persons_of_others_are_found_on_a_day_than_the_quota(calling: StackClient) -> None:
    who, names = Bearer("counsellor", str(uuid.uuid4())), []
    for _ in range(MOST + 1):
        form = forms.seeker()
        calling.whose(calling.made("intake", "/seekers", form)["seeker_id"])
        names.append(form["name"])
    replies = [calling.post("intake", "/seekers/search", {"name": name}, role=who) for name in names]
    assert [reply.status for reply in replies] == [200] * MOST + [403]
    assert replies[-1].code == "quota-used-up"
    # one who was seen today is seen again, and whom nobody has can be looked up by anybody
    assert calling.post("intake", "/seekers/search", {"name": names[0]}, role=who).status == 200
    assert calling.post("intake", "/seekers/search", {"name": "아무도"}, role=who).json["seekers"] == []


def test_a_list_is_ones_own_and_a_managers_goes_no_further_than_their_quota(
    calling: StackClient, victim: dict[str, Any], prober: Bearer
) -> None:
    listed = calling.get("intake", "/seekers?limit=500", role=prober)
    assert listed.status == 200
    assert victim["seeker_id"] not in listed.body.decode()


def test_a_change_of_a_record_that_is_not_there_tells_nothing_of_anybody(
    calling: StackClient, victim: dict[str, Any], prober: Bearer
) -> None:
    erased = calling.made("intake", "/seekers", forms.seeker())["seeker_id"]
    calling.made("intake", f"/seekers/{erased}/erasure", {})
    for seeker_id, refusal in ((uuid.uuid4(), (404, "unknown-id")), (erased, (410, "seeker-erased"))):
        bodies = (_form(victim), _form(victim, birth_date="1979-05-15"))
        asked = [calling.put("intake", f"/seekers/{seeker_id}", form, version='"1"', role=prober) for form in bodies]
        assert [reply.refusal for reply in asked] == [refusal] * 2
    assert _looks(calling, victim, prober) == []


def test_after_a_days_quota_of_searches_in_vain_none_is_answered(
    calling: StackClient, victim: dict[str, Any], prober: Bearer
) -> None:
    known = {"name": victim["name"], "birth_date": str(BORN)}

    def search(**changes: Any) -> Reply:
        return calling.post("intake", "/seekers/search", {**known, **changes}, role=prober)

    assert [search(birth_date=day).json["seekers"] for day in DATES[:MOST]] == [[]] * MOST
    assert [found["seeker_id"] for found in search().json["seekers"]] == [victim["seeker_id"]]

    # One guess more: from now on neither a yes nor a no is told, and each is on record.
    over = (403, "quota-used-up", ["name"])
    assert [search(birth_date=DATES[MOST]).problem, search().problem] == [over] * 2
    assert calling.post("intake", "/seekers/search", {"phone": "010-9999-9999"}, role=prober).fields == ["phone"]
    rows = calling.query("intake", "SELECT rows FROM tried_out WHERE reader_id = $1", prober.own)
    assert [row["rows"] for row in rows] == [MOST + 2]


def test_a_counsellor_registers_no_more_persons_than_on_a_day_somebody_comes(
    calling: StackClient, victim: dict[str, Any], prober: Bearer
) -> None:
    one_by_one = [calling.post("intake", "/seekers", _form(victim, birth_date=day), role=prober) for day in DATES[:5]]
    assert {reply.status for reply in one_by_one} == {201}
    rows = b"\n".join(orjson.dumps(_form(victim, birth_date=day)) for day in DATES[5:1_000])
    kind = "application/x-ndjson"
    before = calling.query("intake", "SELECT count(*) AS n FROM seeker")
    over = calling.post("intake", "/seekers/bulk", rows, role=prober, content_type=kind)
    assert over.refusal == (429, "too-many-registrations")
    assert int(over.headers["retry-after"]) > 60
    assert calling.query("intake", "SELECT count(*) AS n FROM seeker") == before
    told = calling.post("intake", "/seekers", _form(victim), role=prober)
    assert told.refusal == (429, "too-many-registrations")
    assert _looks(calling, victim, prober) == []
    # it is the counsellor's own bound, and none of a manager's
    assert calling.post("intake", "/seekers", _form(victim)).refusal == (409, "already-registered")
