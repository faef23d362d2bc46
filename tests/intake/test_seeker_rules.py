"""Changing, coming back, consents, duplicates, merging and erasing, decided on values alone."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import uuid_utils.compat as uuids
from hypothesis import given
from hypothesis import strategies as st

from chassis.batch.decisions import Accepted, Actor, Decision, Now, Refused, Unknown
from chassis.batch.taken_rows import ErasedPerson
from contracts.ids import SeekerId
from contracts.profiles import ProfileMerged, ProfileRemoved, SeekerProfile
from contracts.seekers import ConsentPurpose, SeekerErased, SeekerReturned, SeekersMerged
from services.intake.duplicates import rules as duplicates
from services.intake.duplicates.commands import MergeSeekers
from services.intake.duplicates.model import TakenOver
from services.intake.privacy import rules as privacy
from services.intake.privacy.commands import ConsentForm, EraseSeeker, RecordConsent
from services.intake.privacy.model import Consent
from services.intake.seekers import rules
from services.intake.seekers.commands import ChangeSeeker, RegisterSeeker, ReturnSeeker, SeekerForm
from services.intake.seekers.model import FormerSeeker, GroupInDoubt, MergedRecords, RecordGone, Seeker
from services.intake.startup.model import StartupClient
from tests.kit import forms

TODAY = date(2010, 6, 15)
NOW = Now(datetime(2010, 6, 15, 3, tzinfo=UTC), TODAY, Actor("manager", "m-1"))
MARCH, MAY = date(2009, 3, 2), date(2009, 5, 4)


def form(**changes: Any) -> SeekerForm:
    return SeekerForm.model_validate(forms.seeker(**changes))


def a_seeker(on: date = MARCH, **details: Any) -> Seeker:
    registered = rules.register(None, RegisterSeeker(SeekerId(uuids.uuid7()), form(occurred_on=on)), NOW)
    return replace(accepted(registered).states[0], **details)


def accepted(decision: Decision) -> Accepted:
    assert isinstance(decision, Accepted)
    return decision


def refusal(decision: Decision) -> tuple[str, str | None]:
    assert isinstance(decision, Refused)
    return decision.problem.code, decision.field


def test_a_record_that_has_changed_since_it_was_read_is_not_changed() -> None:
    seeker = a_seeker(version=4)
    change = ChangeSeeker(seeker.seeker_id, 3, form())
    assert refusal(rules.change(seeker, None, change, NOW)) == ("version-changed", "If-Match")
    assert accepted(rules.change(seeker, None, replace(change, version=4), NOW)).answer["version"] == 5


@pytest.mark.parametrize(
    ("last_job", "field"),
    [
        ({"last_job_ended_on": MARCH}, "last_job_end_reason"),
        ({"last_job_end_reason": "illness"}, "last_job_ended_on"),
        ({"last_job_ended_on": date(2010, 6, 16), "last_job_end_reason": "illness"}, "last_job_ended_on"),
    ],
)
def test_the_last_jobs_end_is_told_whole_and_has_come(last_job: dict[str, Any], field: str) -> None:
    seeker = a_seeker()
    register = RegisterSeeker(SeekerId(uuids.uuid7()), form(**last_job))
    change = ChangeSeeker(seeker.seeker_id, 1, form(**last_job))
    for decision in (rules.register(None, register, NOW), rules.change(seeker, None, change, NOW)):
        assert refusal(decision)[1] == field


def test_only_who_has_withdrawn_comes_back() -> None:
    seeker = a_seeker(status="withdrawn", version=2)
    back = accepted(rules.come_back(seeker, ReturnSeeker(seeker.seeker_id), NOW))
    assert back.states == (replace(seeker, status="active", version=3),)
    assert [type(event) for event in back.events] == [SeekerReturned, SeekerProfile]
    again = rules.come_back(back.states[0], ReturnSeeker(seeker.seeker_id), NOW)
    assert refusal(again) == ("seeker-not-withdrawn", "seeker_id")
    assert isinstance(rules.come_back(None, ReturnSeeker(seeker.seeker_id), NOW), Unknown)


def test_registering_someone_withdrawn_points_to_their_return() -> None:
    same = a_seeker(status="withdrawn")
    refused = rules.register(same, RegisterSeeker(SeekerId(uuids.uuid7()), form()), NOW)
    assert isinstance(refused, Refused)
    assert f"/seekers/{same.seeker_id}/return" in refused.detail
    assert refused.facts["seeker_id"] == str(same.seeker_id)


def say(given: bool, text: str = "t2010", on: date | None = None, purpose: ConsentPurpose = "employers") -> ConsentForm:
    return ConsentForm(purpose=purpose, given=given, text_version=text, occurred_on=on)


def test_consents_are_given_renewed_for_another_text_and_withdrawn() -> None:
    seeker = a_seeker()
    last: Consent | None = None
    for said in (say(True, on=MAY), say(True, "t2010-06"), say(False, "t2010-06"), say(True)):
        (last,) = accepted(privacy.record_consent(seeker, last, RecordConsent(seeker.seeker_id, said), NOW)).states
        assert isinstance(last, Consent)
        assert (last.given, last.text_version, last.by_id) == (said.given, said.text_version, "m-1")


@pytest.mark.parametrize(
    ("before", "said", "why"),
    [
        (None, say(False), ("consent-not-given", "given")),
        (say(False, purpose="surveys"), say(False, purpose="surveys"), ("consent-not-given", "given")),
        (say(True), say(True), ("consent-already-given", "text_version")),
        (say(True), say(False, on=MAY), ("before-last-consent", "occurred_on")),
        (None, say(True, on=date(2010, 6, 16)), ("date-in-future", "occurred_on")),
    ],
)
def test_a_consent_is_refused(before: ConsentForm | None, said: ConsentForm, why: tuple[str, str]) -> None:
    seeker = a_seeker()
    last: Consent | None = None
    if before:
        (last,) = accepted(privacy.record_consent(seeker, None, RecordConsent(seeker.seeker_id, before), NOW)).states
    assert refusal(privacy.record_consent(seeker, last, RecordConsent(seeker.seeker_id, said), NOW)) == why


def test_nobody_unknown_consents() -> None:
    command = RecordConsent(SeekerId(uuids.uuid7()), say(True))
    assert isinstance(privacy.record_consent(None, None, command, NOW), Unknown)


def test_erasure_leaves_a_mark_and_is_told_of_every_id_of_the_person() -> None:
    seeker, before = a_seeker(), SeekerId(uuids.uuid7())
    merged = MergedRecords(seeker.seeker_id, (before,))
    erased = accepted(privacy.erase(seeker, merged, EraseSeeker(seeker.seeker_id), NOW))
    of_both = (ErasedPerson(seeker.seeker_id), ErasedPerson(before))
    assert erased.states == (FormerSeeker(seeker.seeker_id),)
    assert erased.effects == (RecordGone(seeker.seeker_id), *of_both)
    assert [(type(event), event.key) for event in erased.events] == [
        (SeekerErased, str(seeker.seeker_id)),
        (SeekerErased, str(before)),
        (ProfileRemoved, str(seeker.seeker_id)),
        (ProfileRemoved, str(before)),
    ]
    assert isinstance(privacy.erase(None, None, EraseSeeker(seeker.seeker_id), NOW), Unknown)


def test_a_record_that_is_gone_says_whether_it_was_erased_or_merged() -> None:
    gone, other = SeekerId(uuids.uuid7()), SeekerId(uuids.uuid7())
    erased, merged = rules.refuse_former(FormerSeeker(gone)), rules.refuse_former(FormerSeeker(gone, other))
    assert (erased.problem.code, erased.problem.status) == ("seeker-erased", 410)
    assert (merged.problem.code, merged.problem.status) == ("seeker-merged", 409)
    assert merged.facts == {"seeker_id": str(other)}


@pytest.mark.parametrize(
    ("other", "reasons"),
    [
        ({"name": "김 보람"}, ("same_birth_date", "similar_name")),
        ({"name": "김보란"}, ("same_birth_date", "similar_name")),
        ({"name": "김보람이"}, ("same_birth_date", "similar_name")),
        ({"name": "보람"}, ("same_birth_date", "similar_name")),
        ({"name": "이나영"}, ()),
        ({"birth_date": date(1980, 1, 1)}, ()),
        ({"name": "이나영", "birth_date": date(1980, 1, 1), "phone": "010-0000-1111"}, ("same_phone",)),
        ({"phone": "010-0000-1111"}, ("same_birth_date", "similar_name", "same_phone")),
    ],
)
def test_likely_duplicates_say_why(other: dict[str, Any], reasons: tuple[str, ...]) -> None:
    seeker = a_seeker(name="김보람", birth_date=date(1979, 5, 14), phone="010-0000-1111")
    compared = replace(seeker, **{"phone": "010-0000-2222", **other})
    assert duplicates.alike(seeker, compared) == duplicates.alike(compared, seeker) == reasons


def test_the_likeliest_come_first() -> None:
    born, phone = date(1970, 1, 1), "010-0000-1111"
    seeker = a_seeker(name="김보람", birth_date=born, phone=phone)

    def other(name: str, birth_date: date, phone: str) -> Seeker:
        return a_seeker(name=name, birth_date=birth_date, phone=phone)

    shelter = [other("이나영", date(1980, 1, 1), phone) for _ in range(3)]
    similar, same = other("김보란", born, "010-0000-2222"), other("김 보람", born, "010-0000-3333")
    spelt = other("김보람", born, "010-0000-4444")
    surely = other("김보라", born, phone)
    stranger = other("이나영", born, "010-0000-5555")
    likely = duplicates.likeliest(seeker, [*shelter, similar, stranger, same, spelt, surely])
    assert [one.seeker for one in likely] == [surely, spelt, similar, same, *shelter]


@given(st.text("가나다", min_size=1, max_size=4), st.text("가나다", min_size=1, max_size=4))
def test_names_are_similar_when_one_edit_makes_the_one_the_other(one: str, other: str) -> None:
    edits = {one[:i] + c + one[i + cut :] for i in range(len(one) + 1) for cut in (0, 1) for c in ("", *"가나다")}
    seeker = a_seeker(name=one)
    similar = "similar_name" in duplicates.alike(seeker, replace(seeker, name=other))
    assert similar == (other in edits)


def test_a_merge_gives_up_one_record_and_keeps_the_earlier_days() -> None:
    kept, other = a_seeker(MAY, status="withdrawn"), a_seeker(MARCH)
    client = StartupClient(other.seeker_id, MAY)
    decision = duplicates.merge(kept, other, None, client, MergeSeekers(kept.seeker_id, other.seeker_id), NOW)
    merged = accepted(decision)
    assert merged.states == (
        replace(kept, registered_on=MARCH, status="active", version=2),
        FormerSeeker(other.seeker_id, kept.seeker_id),
        StartupClient(kept.seeker_id, MAY),
    )
    assert merged.effects == (
        GroupInDoubt(kept.seeker_id),
        TakenOver(other.seeker_id, kept.seeker_id),
        RecordGone(other.seeker_id),
    )
    assert [(type(event), event.key) for event in merged.events] == [
        (SeekersMerged, str(kept.seeker_id)),
        (SeekerReturned, str(kept.seeker_id)),
        (SeekerProfile, str(kept.seeker_id)),
        (ProfileMerged, str(other.seeker_id)),
    ]
    assert merged.events[-1].merged_into == kept.seeker_id


@pytest.mark.parametrize(("kept", "other"), [("active", "withdrawn"), ("withdrawn", "withdrawn"), ("active", "active")])
def test_a_merge_that_brings_nobody_back_tells_of_no_return(kept: Any, other: Any) -> None:
    one, two = a_seeker(status=kept), a_seeker(status=other)
    merged = accepted(duplicates.merge(one, two, None, None, MergeSeekers(one.seeker_id, two.seeker_id), NOW))
    assert merged.states[0].status == kept
    assert SeekerReturned not in {type(event) for event in merged.events}


def test_a_merge_is_refused_with_itself_and_with_a_record_in_care() -> None:
    kept, other = a_seeker(), a_seeker(sos_care=True)
    itself = duplicates.merge(kept, kept, None, None, MergeSeekers(kept.seeker_id, kept.seeker_id), NOW)
    assert refusal(itself) == ("merged-with-itself", "merged_id")
    command = MergeSeekers(kept.seeker_id, other.seeker_id)
    assert refusal(duplicates.merge(kept, other, None, None, command, NOW)) == ("merged-in-care", "merged_id")
    for one, two, field in ((None, other, "seeker_id"), (kept, None, "merged_id")):
        unknown = duplicates.merge(one, two, None, None, command, NOW)
        assert isinstance(unknown, Unknown)
        assert unknown.field == field
