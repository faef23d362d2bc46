"""Someone who was erased: nobody follows them up, and nothing is kept of their jobs."""

from datetime import timedelta
from uuid import UUID

from chassis.batch.decisions import Accepted
from chassis.batch.taken_rows import ErasedPerson
from contracts.followups import FollowUpDue, FollowUpMade
from services.followup.contacts import policies, rules
from services.followup.contacts.commands import AnnounceContacts, ForgetEmployments, PlanContacts
from services.followup.contacts.model import ForgottenEmployments
from services.followup.contacts.working_days import due_on
from services.followup.surveys.model import ServedPerson
from tests.followup.care import Care
from tests.followup.states import unmerged
from tests.followup.test_rules import PLACED_ON, on
from tests.kit.events import corrected, erased, placed, somebody


def test_erasure_forgets_the_employments_and_a_placement_heard_of_later_plans_nothing() -> None:
    placement = placed(somebody(), PLACED_ON)
    (forget,) = policies.forget(erased(placement.seeker_id, PLACED_ON))
    assert forget == ForgetEmployments(placement.seeker_id)
    forgotten = (ForgottenEmployments(placement.seeker_id), ErasedPerson(placement.seeker_id))
    assert rules.forget(None, None, forget, on(PLACED_ON)) == Accepted(effects=forgotten)
    gone, there = ServedPerson(placement.seeker_id, erased=True), ServedPerson(placement.seeker_id)
    plan = PlanContacts(placement, ("1w",))
    assert rules.plan(None, gone, unmerged(placement), plan, on(PLACED_ON)) == Accepted()
    planned = rules.plan(None, there, unmerged(placement), plan, on(PLACED_ON))
    assert isinstance(planned, Accepted)
    assert planned.states
    assert rules.announce(None, AnnounceContacts(placement.placement_id), on(PLACED_ON)) == Accepted()


def test_nobody_is_followed_up_after_their_erasure_and_everyone_else_is(care: Care) -> None:
    gone, staying = care.place(care.today()), care.place(care.today())
    care.move_to(due_on(gone.occurred_on, "1w"))
    care.is_now(gone, _1w="due", _1m="planned")
    contact = care.contacts_of(gone)["1w"][0]
    assert care.outcome(contact, outcome="still_employed", satisfaction=2).status == 200

    care.apply([erased(gone.seeker_id, care.today())])
    assert care.contacts_of(gone) == {}
    assert care.outcome(contact, outcome="not_reached").problem == (404, "unknown-id", ["contact_id"])
    assert care.calling.get("followup", f"/contacts/{contact}").status == 404
    assert care.calling.get("followup", f"/placements/{gone.placement_id}/employment").status == 404
    assert care.calling.get("followup", f"/seekers/{gone.seeker_id}/employments").json["employments"] == []
    assert care.calling.query("followup", "SELECT 1 FROM contact_try WHERE contact_id = $1", UUID(contact)) == []
    for table in ("employment", "contact", "served"):
        column = "person_id" if table == "served" else "seeker_id"
        sql = f"SELECT 1 FROM {table} WHERE {column} = $1"
        assert care.calling.query("followup", sql, gone.seeker_id) == []

    # Another placement of theirs arrives late, by another topic, and so does a correction.
    late = placed(gone.seeker_id, care.today() - timedelta(days=60))
    care.apply([late, corrected(gone, care.today())])
    care.move_to(due_on(gone.occurred_on, "1m"))
    care.is_now(staying, _1m="due")
    assert [type(event) for event in care.events_of(gone)] == [FollowUpDue, FollowUpMade]
    assert care.events_of(late) == []
