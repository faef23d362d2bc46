"""Two records of one person: what came under the one that was given up is the other's."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
import uuid_utils.compat as uuids

from chassis.batch.decisions import Accepted, Actor, Now
from contracts.followups import FollowUpDue, FollowUpMade
from contracts.ids import SeekerId
from services.followup.contacts.working_days import due_on
from services.followup.support.commands import EndSupportWithCare
from services.followup.support.policies import end_with_merge
from services.followup.surveys import policies, rules
from services.followup.surveys.commands import NoteMerged
from services.followup.surveys.model import MergedPerson, ServedPerson
from tests.followup.care import Care
from tests.kit.client import LOCKED_OUT
from tests.kit.events import (
    assigned,
    erased,
    internship_completed,
    internship_started,
    merged,
    placed,
    placed_in_public_works,
    referral,
    referral_answered,
    session,
)
from tests.kit.pages import all_of
from tests.kit.threads import begin
from tests.kit.waiting import until

DAY = date(2010, 3, 2)
NOW = Now(datetime(2010, 3, 2, 1, tzinfo=UTC), DAY, Actor("system", "test"))
_years = itertools.count(1960)


def _ids(count: int) -> list[SeekerId]:
    return [SeekerId(uuids.uuid7()) for _ in range(count)]


def test_a_record_that_was_given_up_leads_to_the_one_that_stays() -> None:
    kept, given_up, third = _ids(3)
    (command,) = policies.note_merged(merged(kept, given_up, DAY))
    assert command == NoteMerged(kept, given_up)
    assert rules.note_merged(None, None, command, NOW) == Accepted((MergedPerson(given_up, kept),))
    onward = MergedPerson(kept, third)
    assert rules.note_merged(None, onward, command, NOW) == Accepted((MergedPerson(given_up, third),))
    assert rules.note_merged(ServedPerson(kept, erased=True), None, command, NOW) == Accepted()


def test_no_support_falls_due_under_a_record_that_was_given_up() -> None:
    kept, given_up = _ids(2)
    event = merged(kept, given_up, DAY)
    assert end_with_merge(event) == (EndSupportWithCare(given_up, event.recorded_at),)


def _tasks(care: Care, counsellor: UUID) -> list[tuple[str, str, str]]:
    reply = care.calling.get("followup", f"/counsellors/{counsellor}/work-list")
    assert reply.status == 200, reply.json
    return [(one["task"], one["seeker_id"], one["about"]) for one in reply.json["entries"]]


def test_a_contact_after_a_placement_of_the_other_record_is_the_persons(care: Care) -> None:
    """Placed as B; merged into A while the contact is still to come. Another placement of B's is heard of later."""
    a, b, counsellor, other = *_ids(2), uuids.uuid7(), uuids.uuid7()
    start = care.today()
    job = placed(b, start)
    care.apply([assigned(a, counsellor, start), assigned(b, other, start), job])
    care.apply([merged(a, b, start)])
    late = placed(b, start)
    care.apply([late])
    care.move_to(due_on(start, "1w"))
    contacts = [care.contacts_of(one)["1w"][0] for one in (job, late)]
    for one in (job, late):
        care.is_now(one, _1w="due")

    expected = {("make_contact", str(a), contact) for contact in contacts}
    assert set(_tasks(care, counsellor)) == expected
    assert _tasks(care, other) == []
    for contact in contacts:
        assert care.calling.get("followup", f"/contacts/{contact}").json["seeker_id"] == str(a)
        assert care.outcome(contact, outcome="still_employed").status == 200
    for record in (a, b):
        told = all_of(care.calling, "followup", f"/seekers/{record}/employments", "employments")
        assert len(told) == 2
        assert {(one["placement_id"], one["seeker_id"]) for one in told} == {
            (str(one.placement_id), str(a)) for one in (job, late)
        }
    for one in (job, late):
        events = care.events_of(one)
        assert [(type(event), event.seeker_id) for event in events] == [(FollowUpDue, a), (FollowUpMade, a)]


def test_a_contact_that_is_due_when_its_placement_is_heard_of_is_announced_of_the_record_that_stays(
    care: Care,
) -> None:
    a, b = _ids(2)
    today = care.today()
    care.apply([merged(a, b, today)])
    late = placed(b, today - timedelta(days=20))
    care.apply([late])
    (due,) = care.events_of(late)
    assert (type(due), due.seeker_id, due.step) == (FollowUpDue, a, "1w")
    # It is kept under the record that it came with, so that it goes whichever of the two is forgotten last.
    for table in ("employment", "contact"):
        kept = care.calling.query(
            "followup", f"SELECT seeker_id FROM {table} WHERE placement_id = $1", late.placement_id
        )
        assert {row["seeker_id"] for row in kept} == {b}
    care.apply([erased(a, today), erased(b, today)])
    assert care.contacts_of(late) == {}


def test_what_one_record_waits_for_serves_or_came_for_counts_for_the_person(care: Care) -> None:
    a, b, counsellor = *_ids(2), uuids.uuid7()
    start = care.today()
    made = referral(b, start)
    at_internship = internship_started(b, start)
    care.apply([assigned(a, counsellor, start), made, at_internship])
    care.apply([merged(a, b, start)])
    care.move_to(start + timedelta(days=61))
    assert _tasks(care, counsellor) == [("ask_for_answer", str(a), str(made.referral_id))]

    # matching goes on under the record that stays
    day = care.today()
    renamed: dict[str, Any] = {"seeker_id": a}
    care.apply([referral_answered(made, day, "refused_by_seeker").model_copy(update=renamed)])
    assert _tasks(care, counsellor) == []
    care.apply([internship_completed(at_internship, start).model_copy(update=renamed)])
    assert _tasks(care, counsellor) == [("get_in_touch", str(a), str(a))]
    care.apply([session(b, day)])
    assert _tasks(care, counsellor) == []


@pytest.mark.parametrize("merge_is_heard", ["before", "last"])
def test_a_referral_of_one_record_that_is_heard_after_its_answer_of_the_other_does_not_wait(
    care: Care, merge_is_heard: str
) -> None:
    a, b, counsellor = *_ids(2), uuids.uuid7()
    start = care.today()
    made, open_one = referral(b, start), referral(b, start)
    merge = merged(a, b, start)
    care.apply([assigned(a, counsellor, start)] + ([merge] if merge_is_heard == "before" else []))
    care.apply([referral_answered(made, start, "refused_by_seeker").model_copy(update={"seeker_id": a})])
    care.apply([made, open_one])
    if merge_is_heard == "last":
        care.apply([merge])
    care.move_to(start + timedelta(days=15))
    assert _tasks(care, counsellor) == [("ask_for_answer", str(a), str(open_one.referral_id))]


def test_a_person_is_drawn_once_and_not_asked_twice_in_a_quarter_by_two_records(care: Care) -> None:
    year = next(_years)
    day = date(year, 2, 2)
    a, b, c, d = _ids(4)
    form: dict[str, Any] = {"period_from": day, "period_to": day}

    def drawn(asked: int, on: date) -> tuple[int, list[str]]:
        reply = care.calling.post("followup", "/surveys", {**form, "asked": asked, "occurred_on": on}, role="evaluator")
        assert reply.status == 201, reply.json
        sample = care.calling.get("followup", f"/surveys/{reply.json['survey_id']}/sample", role="evaluator").json
        return reply.json["eligible"], [one["person_id"] for one in sample["invitations"]]

    care.apply([session(b, day)])
    assert drawn(1, date(year, 4, 1)) == (1, [str(b)])
    # All are A, who was there too. C and D were merged into B, and B into A; of D's merge is heard last.
    care.apply([session(one, day) for one in (a, c, d)])
    for one in (merged(b, c, day), merged(a, b, day), merged(b, d, day)):
        care.apply([one])
    refused = care.calling.post(
        "followup", "/surveys", {**form, "asked": 1, "occurred_on": date(year, 6, 30)}, role="evaluator"
    )
    assert refused.json["facts"] == {"eligible": 0, "asked": 1}
    assert drawn(1, date(year, 7, 1)) == (1, [str(a)])


def test_who_is_erased_is_erased_under_both_records(care: Care) -> None:
    a, b = _ids(2)
    start = care.today()
    care.apply([placed(b, start), referral(b, start), internship_started(b, start), merged(a, b, start)])
    care.apply([referral_answered(referral(b, start), start, "accepted")])
    care.apply([erased(a, start), erased(b, start)])
    accepted = referral_answered(referral(b, start), start, "accepted")
    care.apply([session(b, start), internship_started(b, start), accepted])
    for table, column in (
        ("employment", "seeker_id"),
        ("contact", "seeker_id"),
        ("waiting_referral", "seeker_id"),
        ("answered_referral", "seeker_id"),
        ("internship", "seeker_id"),
        ("served", "person_id"),
        ("merged_person", "merged_id"),
    ):
        found = care.calling.query("followup", f"SELECT FROM {table} WHERE {column} = ANY($1)", [a, b])
        assert not found, table


def test_the_support_of_the_record_that_was_given_up_ends_and_is_read_as_the_persons(care: Care) -> None:
    a, b = _ids(2)
    start = care.today()
    job = placed_in_public_works(b, start)
    care.apply([job])
    care.move_to(start + timedelta(days=40))
    care.settled()
    (due,) = care.calling.query("followup", "SELECT support_id FROM support WHERE seeker_id = $1", b)
    care.apply([merged(a, b, care.today())])
    read = care.calling.get("followup", f"/supports/{due['support_id']}").json
    assert (read["seeker_id"], read["status"]) == (str(a), "cancelled")


def test_who_erases_waits_for_a_draw_before_locking_what_is_locked_after_it(care: Care) -> None:
    (seeker,) = _ids(1)
    care.apply([placed_in_public_works(seeker, care.today())])
    with psycopg.connect(care.stack.database_url("followup")) as draw:
        draw.execute("SELECT pg_advisory_xact_lock(hashtextextended('draws', 0))")
        erasing = begin(lambda: care.apply([erased(seeker, care.today())]))
        until(lambda: care.calling.query("followup", LOCKED_OUT), "the erasure waits for the draw")
        try:
            draw.execute("SELECT FROM public_job WHERE seeker_id = %s FOR UPDATE NOWAIT", [seeker])
        except psycopg.errors.LockNotAvailable:
            pytest.fail("the erasure holds the public job while it waits for the draw")
    erasing.result()
