"""What the events of a service tell beside their data: by which schema, in which centre, and in whose trace."""

from collections.abc import Sequence
from datetime import timedelta

from contracts.followups import FollowUpDue, FollowUpMade
from contracts.topics import FOLLOWUPS
from jobplus.stack.local import Stack
from tests.contracts.samples import data
from tests.followup.care import Care
from tests.kit.client import StackClient
from tests.kit.events import placed, somebody
from tests.kit.topics import Published, Topics
from tests.kit.waiting import until

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
OTHER_TRACE = "00-0af7651916cd43dd8448eb211c80319d-b7ad6b7169203332-00"


def _wrote_down(care: Care, contact_id: str, trace: str | None) -> int:
    calling = StackClient(care.stack)
    headers = {**calling.bearing(), "Idempotency-Key": contact_id, "Content-Type": "application/json"}
    if trace:
        headers["traceparent"] = trace
    body = b'{"outcome": "still_employed"}'
    return calling.send("followup", "POST", f"/contacts/{contact_id}/outcome", body, headers).status


def test_an_event_names_schema_and_centre_and_goes_on_in_the_trace_that_it_came_from(stack: Stack, care: Care) -> None:
    told, untold, none = (placed(somebody(), care.today() - timedelta(days=10)) for _ in range(3))
    with Topics(stack) as topics:
        sources = topics.sources
        topics.write([sources.record(told, traceparent=TRACE), sources.record(untold), sources.record(none)])

        def published() -> Sequence[Published]:
            ours = {told.placement_id, untold.placement_id, none.placement_id}
            return [one for one in topics.read(FOLLOWUPS) if one.event.placement_id in ours]

        until(published, "each first contact is due", lambda found: len(found) == 3)
        dues = {one.event.placement_id: one.event.contact_id for one in published()}
        assert _wrote_down(care, str(dues[told.placement_id]), OTHER_TRACE) == 200
        assert _wrote_down(care, str(dues[untold.placement_id]), None) == 200
        assert _wrote_down(care, str(dues[none.placement_id]), "00-somebody-else-01") == 200
        found = until(published, "each outcome is published", lambda found: len(found) == 6)

    traces = {(one.event.placement_id, one.type): one.attributes.traceparent for one in found}
    assert traces == {
        (told.placement_id, FollowUpDue.type): TRACE,
        (told.placement_id, FollowUpMade.type): OTHER_TRACE,
        (untold.placement_id, FollowUpDue.type): "",
        (untold.placement_id, FollowUpMade.type): "",
        (none.placement_id, FollowUpDue.type): "",
        (none.placement_id, FollowUpMade.type): "",
    }
    assert {one.attributes.centre for one in found} == {"main"}
    assert {one.attributes.dataschema for one in found} == {
        "urn:jobplus:schema:FollowUpDue:1",
        "urn:jobplus:schema:FollowUpMade:1",
    }


def test_what_a_process_from_before_left_in_the_outbox_is_sent_without_them(stack: Stack, care: Care) -> None:
    placement = care.place(care.today())
    column = "topic, key, type, sequence, time, correlation_id, causation_id, value"
    (left,) = care.calling.query(
        "followup",
        f"""INSERT INTO outbox (event_id, {column})
            SELECT gen_random_uuid(), 'jobplus.followups', $1, 'jobplus.SupportGiven', 1, now(), '', '',
                   convert_to($2, 'UTF8')
            RETURNING event_id""",
        str(placement.seeker_id),
        data("jobplus.SupportGiven", seeker_id=str(placement.seeker_id)).decode(),
    )
    with Topics(stack) as topics:
        (sent,) = until(
            lambda: [one for one in topics.read(FOLLOWUPS) if one.event_id == left["event_id"]],
            "it is sent",
            lambda found: found,
        )
    assert (sent.attributes.dataschema, sent.attributes.traceparent) == ("", "")
