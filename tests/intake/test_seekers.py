"""A person is registered once, changed, withdrawn."""

import uuid
from functools import partial

from jobplus.stack.keys import Bearer
from tests.kit import forms
from tests.kit.client import StackClient
from tests.kit.threads import at_once


def _events(calling: StackClient, seeker_id: str) -> int:
    """Count what was published of a seeker, apart from the counsellor whom they are given by itself."""
    topics = ["jobplus.seekers", "jobplus.profiles"]
    rows = calling.query(
        "intake", "SELECT last FROM outbox_sequence WHERE key = $1 AND topic = ANY($2)", seeker_id, topics
    )
    return sum(row["last"] for row in rows)


def test_the_same_person_is_refused_with_a_pointer_to_the_record(calling: StackClient) -> None:
    form = forms.seeker()
    first = calling.post("intake", "/seekers", form)
    again = calling.post("intake", "/seekers", {**form, "district": "11110"})
    assert (first.status, again.status) == (201, 409)
    assert again.json["type"] == "urn:jobplus:problem:already-registered"
    assert again.json["facts"]["seeker_id"] == first.json["seeker_id"]
    assert first.json["seeker_id"] in again.json["detail"]


def test_a_request_repeated_under_its_key_gets_the_same_answer_and_is_done_once(calling: StackClient) -> None:
    form = forms.seeker()
    key = str(uuid.uuid4())
    replies = [calling.post("intake", "/seekers", form, key=key) for _ in range(3)]
    assert {reply.status for reply in replies} == {201}
    (seeker_id,) = {reply.json["seeker_id"] for reply in replies}
    assert _events(calling, seeker_id) == 2  # SeekerRegistered and the profile


def test_a_key_that_belongs_to_another_request_is_refused(calling: StackClient) -> None:
    form = forms.seeker()
    key = str(uuid.uuid4())
    assert calling.post("intake", "/seekers", form, key=key).status == 201
    reply = calling.post("intake", "/seekers", forms.seeker(), key=key)
    assert (reply.status, reply.fields) == (422, ["Idempotency-Key"])


def test_of_twenty_who_register_the_same_person_at_once_one_succeeds(calling: StackClient) -> None:
    form = forms.seeker()
    replies = at_once(*[lambda: calling.post("intake", "/seekers", form)] * 20)
    assert sorted(reply.status for reply in replies) == [201] + [409] * 19


def test_of_twenty_repeats_under_one_key_at_once_all_get_the_same_answer(calling: StackClient) -> None:
    form, key = forms.seeker(), str(uuid.uuid4())
    replies = at_once(*[lambda: calling.post("intake", "/seekers", form, key=key)] * 20)
    assert {reply.status for reply in replies} == {201}
    assert len({reply.json["seeker_id"] for reply in replies}) == 1


def test_a_neighbour_in_the_same_batch_is_not_failed_by_one_who_is_refused(calling: StackClient) -> None:
    taken = forms.seeker()
    assert calling.post("intake", "/seekers", taken).status == 201
    asked = [taken if number % 2 else forms.seeker() for number in range(20)]
    replies = at_once(*(partial(calling.post, "intake", "/seekers", form) for form in asked))
    assert [reply.status for reply in replies] == [409 if number % 2 else 201 for number in range(20)]


def test_someone_who_moves_and_then_withdraws(calling: StackClient) -> None:
    form = forms.seeker()
    seeker_id = calling.post("intake", "/seekers", form).json["seeker_id"]
    version = calling.get("intake", f"/seekers/{seeker_id}").headers["ETag"]
    changed_form = {**form, "district": "11110", "phone": "010-0000-9999"}
    moved = calling.put("intake", f"/seekers/{seeker_id}", changed_form, version=version)
    assert (sorted(moved.json["changed"]), moved.json["version"]) == (["district", "phone"], 2)
    assert calling.get("intake", f"/seekers/{seeker_id}").json["district"] == "11110"
    assert calling.post("intake", f"/seekers/{seeker_id}/withdrawal", {"reason": "moved_away"}).status == 200
    again = calling.post("intake", f"/seekers/{seeker_id}/withdrawal", {"reason": "moved_away"})
    assert (again.status, again.json["type"]) == (409, "urn:jobplus:problem:seeker-withdrawn")
    assert _events(calling, seeker_id) == 6  # registered, changed, withdrawn, each with a profile


def test_of_two_counsellors_who_change_a_record_the_second_is_told_to_read_it_again(calling: StackClient) -> None:
    form = forms.seeker(
        dependants=2, other_earners=0, last_job_ended_on="2010-03-31", last_job_end_reason="firm_closed"
    )
    path = f"/seekers/{calling.post('intake', '/seekers', form).json['seeker_id']}"
    read = calling.get("intake", path)
    assert {name: read.json[name] for name in form} == form
    assert calling.put("intake", path, {**form, "district": "11110"}, version=read.headers["ETag"]).status == 200
    late = calling.put("intake", path, {**form, "desired_wage": 1}, version=read.headers["ETag"])
    assert (late.status, late.json["type"], late.fields) == (412, "urn:jobplus:problem:version-changed", ["If-Match"])
    assert late.json["facts"] == {"version": 2}
    assert calling.put("intake", path, form, version="2").status == 412
    unread = calling.put("intake", path, form, role="counsellor")
    assert (unread.status, unread.fields) == (428, ["If-Match"])
    assert calling.get("intake", path).json["district"] == "11110"


def test_someone_withdrawn_comes_back_to_the_old_record(calling: StackClient) -> None:
    form = forms.seeker()
    seeker_id = calling.post("intake", "/seekers", form).json["seeker_id"]
    path = f"/seekers/{seeker_id}"
    assert calling.post("intake", f"{path}/return", {}).json["type"] == "urn:jobplus:problem:seeker-not-withdrawn"
    calling.post("intake", f"{path}/withdrawal", {"reason": "found_work"})
    again = calling.post("intake", "/seekers", form)
    assert (again.status, again.json["facts"]["seeker_id"]) == (409, seeker_id)
    assert f"{path}/return" in again.json["detail"]
    assert calling.post("intake", f"{path}/return", {}).status == 200
    assert calling.get("intake", path).json["status"] == "active"
    assert _events(calling, seeker_id) == 6  # registered, withdrawn, returned, each with a profile


def test_seekers_are_found_page_by_page(calling: StackClient) -> None:
    name, earner = f"성{uuid.uuid4().hex[:8]}", {"dependants": 1, "other_earners": 0}
    colleague = Bearer("counsellor", str(uuid.uuid4()))
    ids: list[str] = []
    for day, district in (("1979-05-14", "11110"), ("1979-05-15", "11440"), ("1979-05-16", "11110")):
        form = forms.seeker(name=name, birth_date=day, district=district, **earner)
        ids.append(calling.post("intake", "/seekers", form).json["seeker_id"])
    first = calling.post("intake", "/seekers/search", {"name": name, "limit": 2}, role=colleague).json
    more = {"name": name, "limit": 2, "after": first["next"]}
    rest = calling.post("intake", "/seekers/search", more, role=colleague).json
    found = [*first["seekers"], *rest["seekers"]]
    assert [s["seeker_id"] for s in found] == ids
    assert rest["next"] is None
    assert not {"birth_date", "phone"} & {key for key in found[0] if "*" not in str(found[0][key])}
    assert calling.find(name=name[:-1]) == calling.find(name=f"{name}_") == []
    assert calling.post("intake", "/seekers/search", {"phone": "1"}).fields == ["phone"]
    assert calling.post("intake", "/seekers/search", {}).status == 422
    scores = {"work_habits": 3, "job_goal": 3, "vocational_skills": 1}
    calling.made("intake", f"/seekers/{ids[1]}/care-assessments", scores)
    assert calling.made("intake", f"/seekers/{ids[2]}/sos-care", {"hardship": "illness"})["granted"] is True
    queries = {
        "district=11110&wanted_occupation=10": [ids[0], ids[2]],
        "status=withdrawn": [],
        "care_stage=training": ids[1:2],
        "sos_care=true": ids[2:],
        "sos_care=false": ids[:2],
    }
    for query, expected in queries.items():
        assert [one for one in _listed(calling, query) if one in ids] == expected


def _listed(calling: StackClient, query: str) -> list[str]:
    """All seekers that a query lists, page by page."""
    listed: list[str] = []
    after = ""
    while True:
        page = calling.get("intake", f"/seekers?{query}&limit=500{after}").json
        listed += [seeker["seeker_id"] for seeker in page["seekers"]]
        if page["next"] is None:
            return listed
        after = f"&after={page['next']}"
