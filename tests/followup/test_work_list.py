"""A counsellor's work list on the real stack: from events to what is to be done."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, get_args
from uuid import UUID

import uuid_utils.compat as uuids

from jobplus.stack.keys import Bearer
from services.followup.contacts.working_days import due_on
from services.followup.support.model import due_on as support_due_on
from services.followup.work_list.model import Task
from tests.followup.care import Care
from tests.kit.events import (
    assigned,
    corrected,
    counsellor_left,
    erased,
    internship_broken_off,
    internship_completed,
    internship_started,
    merged,
    placed,
    placed_in_public_works,
    referral,
    referral_answered,
    referral_ended,
    returned,
    session,
    withdrawn,
)

SILENT, ANSWER = 60, 14
"""The settings' defaults, in days."""


def _read(care: Care, counsellor: UUID, query: str = "") -> dict[str, Any]:
    reply = care.calling.get("followup", f"/counsellors/{counsellor}/work-list{query}")
    assert reply.status == 200, reply.json
    return reply.json


def _tasks(care: Care, counsellor: UUID) -> list[tuple[str, str, int]]:
    return [(one["task"], one["about"], one["days"]) for one in _read(care, counsellor)["entries"]]


def _counts(care: Care, counsellor: UUID) -> dict[str, int]:
    """How much there is to do, by the tasks that there are."""
    counts: dict[str, int] = _read(care, counsellor)["counts"]
    assert counts.keys() == set(get_args(Task))
    return {task: count for task, count in counts.items() if count}


def _move(care: Care, day: date) -> date:
    care.move_to(day)
    return day


def _persons(count: int) -> Sequence[UUID]:
    return [uuids.uuid7() for _ in range(count)]


def test_a_client_who_falls_silent_stands_in_the_list_until_heard_of_or_off_the_register(care: Care) -> None:
    counsellor, other = _persons(2)
    seeker, never_served = _persons(2)
    start = care.today()
    care.apply([assigned(seeker, counsellor, start), assigned(never_served, counsellor, start)])
    care.apply([session(seeker, start + timedelta(days=10))])
    _move(care, start + timedelta(days=SILENT))
    assert _tasks(care, counsellor) == []
    _move(care, start + timedelta(days=SILENT + 1))
    assert _tasks(care, counsellor) == [("get_in_touch", str(never_served), SILENT + 1)]
    day = _move(care, start + timedelta(days=SILENT + 11))
    both = [
        ("get_in_touch", str(never_served), SILENT + 11),
        ("get_in_touch", str(seeker), SILENT + 1),
    ]
    assert _tasks(care, counsellor) == both
    care.apply([session(never_served, day)])
    assert _tasks(care, counsellor) == both[1:]
    care.apply([withdrawn(seeker, day)])
    assert _tasks(care, counsellor) == []
    care.apply([returned(seeker, day)])
    assert _tasks(care, counsellor) == both[1:]
    care.apply([assigned(seeker, other, day)])
    assert _tasks(care, counsellor) == []
    assert _tasks(care, other) == both[1:]


def test_nobody_asks_after_who_is_in_work_but_their_contacts_are_made(care: Care) -> None:
    counsellor, seeker = _persons(2)
    start = care.today()
    job = placed(seeker, start)
    care.apply([assigned(seeker, counsellor, start), job])
    _move(care, start + timedelta(days=SILENT + 10))
    care.settled()
    contacts = care.contacts_of(job)
    due = {contact for contact, status in contacts.values() if status == "due"}
    assert due
    assert {(task, about) for task, about, _ in _tasks(care, counsellor)} == {("make_contact", one) for one in due}
    care.apply([withdrawn(seeker, care.today())])
    assert _counts(care, counsellor) == {"make_contact": len(due)}
    assert care.outcome(contacts["1w"][0], outcome="left", reason="resigned").status == 200
    care.settled()
    assert contacts["1w"][0] not in {about for _, about, _ in _tasks(care, counsellor)}


def test_whose_employment_ended_is_back_with_their_counsellor_until_served_placed_or_withdrawn(
    care: Care,
) -> None:
    counsellor, by_session, by_job, by_leaving, changer = _persons(5)
    start = care.today()
    people = (by_session, by_job, by_leaving, changer)
    jobs = {one: placed(one, start) for one in people}
    care.apply([*(assigned(one, counsellor, start) for one in people), *jobs.values()])
    # As a rule it is the contact by which the end is learned, and it is told some days later.
    day = _move(care, due_on(start, "1w"))
    for one in people:
        care.is_now(jobs[one], _1w="due")
        contact = care.contacts_of(jobs[one])["1w"][0]
        if one == changer:
            assert care.outcome(contact, outcome="changed_job").status == 200
        else:
            last_day = day - timedelta(days=2)
            assert care.outcome(contact, outcome="left", reason="resigned", ended_on=last_day).status == 200
    care.settled()

    def out_of_work() -> set[tuple[str, int]]:
        return {(about, days) for task, about, days in _tasks(care, counsellor) if task == "find_new_job"}

    def entry(one: UUID, days: int) -> tuple[str, int]:
        return str(jobs[one].placement_id), days

    assert out_of_work() == {entry(one, 2) for one in (by_session, by_job, by_leaving)}
    assert _counts(care, counsellor) == {"find_new_job": 3}
    day = _move(care, day + timedelta(days=1))
    care.apply([session(by_session, day), placed(by_job, day), withdrawn(by_leaving, day)])
    assert out_of_work() == set()
    assert care.ending(jobs[changer].placement_id, reason="firm_closed").status == 200
    assert out_of_work() == {entry(changer, 0)}
    care.apply([corrected(jobs[changer], day)])
    assert out_of_work() == set()


def test_who_left_the_register_for_a_job_is_back_with_their_counsellor_when_it_ends(care: Care) -> None:
    counsellor, seeker = _persons(2)
    start = care.today()
    job = placed(seeker, start)
    care.apply([assigned(seeker, counsellor, start), job, withdrawn(seeker, start)])
    day = _move(care, start + timedelta(days=3))
    assert care.ending(job.placement_id, reason="contract_ended").status == 200
    assert _tasks(care, counsellor) == [("find_new_job", str(job.placement_id), 0)]
    care.apply([returned(seeker, day)])
    assert _tasks(care, counsellor) == [("find_new_job", str(job.placement_id), 0)]
    care.apply([withdrawn(seeker, day)])
    assert _tasks(care, counsellor) == []


def test_the_support_that_is_due_is_in_the_list_of_the_counsellor_whose_client_it_is_for(care: Care) -> None:
    counsellor, other, seeker, others = _persons(4)
    start = care.today()
    care.apply([assigned(seeker, counsellor, start), assigned(others, other, start)])
    care.apply([placed_in_public_works(one, start) for one in (seeker, others)])
    _move(care, support_due_on(start, 1))
    care.settled()

    def supports(query: str) -> list[dict[str, Any]]:
        return care.calling.get("followup", f"/supports?{query}").json["supports"]

    (due,) = supports(f"seeker_id={seeker}")
    assert due["seeker_id"] == str(seeker)
    assert supports(f"counsellor_id={counsellor}") == [due]
    assert supports(f"counsellor_id={other}&seeker_id={seeker}") == []
    assert [one for one in _tasks(care, counsellor) if one[0] == "give_support"] == [
        ("give_support", due["support_id"], 0)
    ]
    given = care.calling.post(
        "followup", f"/supports/{due['support_id']}", {"kind": "training"}, role=Bearer("counsellor", str(counsellor))
    )
    assert given.status == 200, given.json
    assert supports(f"seeker_id={seeker}") == []
    assert supports(f"seeker_id={seeker}&status=given") == [{**due, "status": "given", "kind": "training"}]
    assert _counts(care, counsellor).keys() == {"make_contact"}


def test_who_is_at_an_internship_is_not_silent_and_the_days_count_from_its_end(care: Care) -> None:
    counsellor, served_to_its_end, broke_off = _persons(3)
    start = care.today()
    both = [internship_started(served_to_its_end, start), internship_started(broke_off, start)]
    care.apply([assigned(one, counsellor, start) for one in (served_to_its_end, broke_off)] + both)
    day = _move(care, start + timedelta(days=SILENT + 5))
    assert _tasks(care, counsellor) == []
    care.apply([internship_completed(both[0], day), internship_broken_off(both[1], day - timedelta(days=1))])
    _move(care, day + timedelta(days=SILENT))
    assert _tasks(care, counsellor) == [("get_in_touch", str(broke_off), SILENT + 1)]
    _move(care, day + timedelta(days=SILENT + 1))
    assert {about for _, about, _ in _tasks(care, counsellor)} == {str(served_to_its_end), str(broke_off)}


def _nobodys(care: Care) -> set[tuple[str, str, str]]:
    """What stands on nobody's list: the task, whose it is, and what it is about."""
    listed, after = set[tuple[str, str, str]](), ""
    while True:
        reply = care.calling.get("followup", f"/work-list?limit=500{after}")
        assert reply.status == 200, reply.json
        listed |= {(one["task"], one["seeker_id"], one["about"]) for one in reply.json["entries"]}
        if reply.json["next"] is None:
            return listed
        after = f"&after={reply.json['next']}"


def test_who_withdrew_for_a_job_and_lost_it_stands_on_nobodys_list_if_their_counsellor_has_left(
    care: Care,
) -> None:
    counsellor, seeker, other_record = _persons(3)
    start = care.today()
    job = placed(other_record, start)
    care.apply([assigned(seeker, counsellor, start), job])
    care.apply([merged(seeker, other_record, start), withdrawn(seeker, start)])
    care.apply([counsellor_left(counsellor, start)])
    day = _move(care, due_on(start, "1w"))
    care.is_now(job, _1w="due")
    contact = care.contacts_of(job)["1w"][0]

    def tasks() -> set[tuple[str, str]]:
        return {(task, about) for task, whose, about in _nobodys(care) if whose == str(seeker)}

    assert tasks() == {("make_contact", contact)}
    assert care.outcome(contact, outcome="left", reason="resigned", ended_on=day).status == 200
    assert tasks() == {("find_new_job", str(job.placement_id))}
    successor = uuids.uuid7()
    care.apply([returned(seeker, day), assigned(seeker, successor, day)])
    assert tasks() == set()
    assert [(task, about) for task, about, _ in _tasks(care, successor)] == [("find_new_job", str(job.placement_id))]


def test_the_contacts_of_who_withdrew_are_nobodys_once_their_counsellor_has_left(care: Care) -> None:
    counsellor, successor, handed_over, gone, never_had = _persons(5)
    start = care.today()
    of_gone, of_handed_over, of_never = (placed(one, start) for one in (gone, handed_over, never_had))
    care.apply([assigned(gone, counsellor, start), assigned(handed_over, counsellor, start)])
    care.apply([of_gone, of_handed_over, of_never, withdrawn(gone, start)])
    _move(care, start + timedelta(days=14))
    first = {str(one.seeker_id): care.contacts_of(one)["1w"][0] for one in (of_gone, of_handed_over, of_never)}
    for one in (of_gone, of_handed_over, of_never):
        care.is_now(one, _1w="due")

    def nobodys() -> set[str]:
        return {about for _, _, about in _nobodys(care)} & set(first.values())

    assert nobodys() == {first[str(never_had)]}
    assert {about for _, about, _ in _tasks(care, counsellor)} == {first[str(gone)], first[str(handed_over)]}
    care.apply([counsellor_left(counsellor, care.today()), assigned(handed_over, successor, care.today())])
    assert _tasks(care, counsellor) == []
    assert {about for _, about, _ in _tasks(care, successor)} == {first[str(handed_over)]}
    assert nobodys() == {first[str(never_had)], first[str(gone)]}
    assert care.outcome(first[str(gone)], outcome="still_employed").status == 200
    assert nobodys() == {first[str(never_had)]}


def test_a_referral_waits_for_its_answer(care: Care) -> None:
    counsellor, seeker = _persons(2)
    start = care.today()
    made = [referral(seeker, start) for _ in range(4)]
    care.apply([assigned(seeker, counsellor, start), *made])
    _move(care, start + timedelta(days=ANSWER))
    assert _tasks(care, counsellor) == []
    day = _move(care, start + timedelta(days=ANSWER + 1))
    waiting = sorted(("ask_for_answer", str(one.referral_id), ANSWER + 1) for one in made)
    assert _tasks(care, counsellor) == waiting
    care.apply(
        [
            referral_answered(made[0], day, "accepted"),
            referral_answered(made[1], day, "refused_by_employer"),
            referral_answered(made[2], day, "postponed"),
            referral_ended(made[3], day),
        ]
    )
    assert _tasks(care, counsellor) == [("ask_for_answer", str(made[2].referral_id), ANSWER + 1)]


def test_nothing_is_kept_of_who_was_erased_even_when_an_old_event_comes_late(care: Care) -> None:
    counsellor, seeker = _persons(2)
    start = care.today()
    care.apply([assigned(seeker, counsellor, start), referral(seeker, start)])
    care.apply([erased(seeker, start)])
    care.apply([assigned(seeker, counsellor, start), referral(seeker, start), withdrawn(seeker, start)])
    for table in ("client", "waiting_referral"):
        assert not care.calling.query("followup", f"SELECT FROM {table} WHERE seeker_id = $1", seeker)


def test_what_has_been_urgent_longest_comes_first_in_pages(care: Care) -> None:
    counsellor, silent, referred = _persons(3)
    start = care.today()
    made = referral(referred, start + timedelta(days=SILENT - ANSWER - 1))
    care.apply([assigned(silent, counsellor, start), assigned(referred, counsellor, start), made])
    _move(care, start + timedelta(days=SILENT + 5))
    first = _read(care, counsellor, "?limit=1")
    second = _read(care, counsellor, f"?limit=1&after={first['next']}")
    assert [page["entries"][0]["about"] for page in (first, second)] == [str(made.referral_id), str(silent)]
    assert _counts(care, counsellor) == {"ask_for_answer": 1, "get_in_touch": 1}
    assert _read(care, counsellor, f"?after={second['next']}")["entries"] == []


def test_a_counsellor_reads_their_own_list_and_nobody_elses(care: Care) -> None:
    own, other = _persons(2)

    def status(counsellor: UUID) -> int:
        path = f"/counsellors/{counsellor}/work-list"
        return care.calling.get("followup", path, role=Bearer("counsellor", str(own))).status

    assert (status(own), status(other)) == (200, 403)
    reply = care.calling.get("followup", f"/counsellors/{own}/work-list?after=soon")
    assert (reply.status, reply.fields) == (422, ["after"])
