"""Whatever arrives is an event, or is refused with the reason and the field."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.stream.subscriptions import Subscription, types_of
from contracts import EVENTS, Undecodable, UnknownType, decode
from contracts.cases import Placed
from contracts.counselling import SessionHeld
from contracts.counsellors import CounsellorLeft
from contracts.profiles import ProfileRemoved
from contracts.reports import TargetSet
from contracts.upcasters import former_types
from tests.contracts.samples import data, sample

KEY = sample("jobplus.Placed")["subject"]


def test_a_field_that_is_not_known_yet_is_ignored() -> None:
    told = decode("jobplus.Placed", "jobplus.cases", KEY, data("jobplus.Placed", commute_minutes=20))
    assert told == decode("jobplus.Placed", "jobplus.cases", KEY, data("jobplus.Placed"))


def test_an_optional_field_may_be_absent_and_is_then_not_written() -> None:
    event = decode("jobplus.Placed", "jobplus.cases", KEY, data("jobplus.Placed", wage=None, referral_id=None))
    assert isinstance(event, Placed)
    assert event.wage is None
    assert b"wage" not in (event.encode() or b"")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"occupation": "no such work"}, "occupation: "),
        ({"wage": -1}, "wage: "),
        ({"person": {"age_band": "30-39"}}, "person.gender: "),
        ({"occurred_on": None}, "occurred_on: "),
        ({"occurred_on": "2009-02-30"}, "occurred_on: "),
        ({"recorded_at": "2009-02-23T05:00:00"}, "recorded_at: "),
        ({"placement_id": "\0"}, "placement_id: "),
    ],
)
def test_a_field_that_is_wrong_is_named(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Undecodable) as refused:
        decode("jobplus.Placed", "jobplus.cases", KEY, data("jobplus.Placed", **changed))
    assert str(refused.value).startswith(f"jobplus.Placed: {field}")
    assert "\0" not in str(refused.value)


def test_a_persons_own_words_are_no_reason_code() -> None:
    changed = data("jobplus.PlacementCorrected", reason="김보람 님이 출근하지 않음")
    with pytest.raises(Undecodable, match="reason: "):
        decode("jobplus.PlacementCorrected", "jobplus.cases", KEY, changed)


@pytest.mark.parametrize("text", [None, b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_what_is_no_json_object_is_refused(text: bytes | None) -> None:
    with pytest.raises(Undecodable, match=r"^jobplus\.Placed: data: "):
        decode("jobplus.Placed", "jobplus.cases", KEY, text)


def test_an_event_under_another_key_or_on_another_topic_is_refused() -> None:
    with pytest.raises(Undecodable, match="differs from the record's key"):
        decode("jobplus.Placed", "jobplus.cases", "", data("jobplus.Placed"))
    with pytest.raises(Undecodable, match=r"belongs on jobplus\.cases"):
        decode("jobplus.Placed", "jobplus.seekers", KEY, data("jobplus.Placed"))


def test_a_type_that_is_not_known_is_told_apart_from_one_that_is_broken() -> None:
    with pytest.raises(UnknownType):
        decode("jobplus.Promoted", "jobplus.cases", KEY, b"{}")


def test_a_profile_without_a_value_is_its_removal() -> None:
    gone = decode("jobplus.ProfileRemoved", "jobplus.profiles", KEY, None)
    assert isinstance(gone, ProfileRemoved)
    assert (gone.key, gone.encode()) == (KEY, None)
    with pytest.raises(Undecodable, match="no UUID"):
        decode("jobplus.ProfileRemoved", "jobplus.profiles", "someone", None)
    with pytest.raises(Undecodable):
        decode("jobplus.SeekerProfile", "jobplus.profiles", KEY, None)


def test_a_figure_is_never_infinite_or_no_number() -> None:
    fields = {**sample("jobplus.TargetSet")["data"], "value": float("nan")}
    with pytest.raises(ValueError, match="finite"):
        TargetSet.model_validate(fields)


def _in_hours(old: dict[str, Any]) -> dict[str, Any]:
    return {**old, "minutes": round(old["hours"] * 60)}


def _with_channel(old: dict[str, Any]) -> dict[str, Any]:
    return {"channel": "visit", **old}


OLD = {
    "jobplus.SessionHeld.v0": ("jobplus.SessionHeld.v1", _with_channel),
    "jobplus.SessionHeld.v1": ("jobplus.SessionHeld", _in_hours),
}


def test_an_event_of_an_old_version_is_read_as_the_newest() -> None:
    old = data("jobplus.SessionHeld", minutes=None, channel=None, hours=0.5)
    event = decode("jobplus.SessionHeld.v0", "jobplus.counselling", KEY, old, OLD)
    assert isinstance(event, SessionHeld)
    assert (event.minutes, event.channel) == (30, "visit")


@pytest.mark.parametrize("text", [None, b"{", b"[]", b"{}", b'{"hours": "long"}'])
def test_an_old_event_that_can_not_be_brought_up_to_date_is_refused(text: bytes | None) -> None:
    with pytest.raises(Undecodable, match=r"SessionHeld\.v1 can't be read as"):
        decode("jobplus.SessionHeld.v1", "jobplus.counselling", KEY, text, OLD)


def test_whoever_listens_to_an_event_is_given_its_old_versions_too() -> None:
    former = former_types("jobplus.SessionHeld", OLD)
    assert former == ("jobplus.SessionHeld.v1", "jobplus.SessionHeld.v0")

    class WithFormer:
        type = "jobplus.SessionHeld"
        former_types = former

    assert types_of([Subscription(WithFormer, lambda _: [])]) == {"jobplus.SessionHeld", *former}
    assert types_of([Subscription(CounsellorLeft, lambda _: [])]) == {"jobplus.CounsellorLeft"}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.sampled_from(sorted(set(EVENTS) - {"jobplus.ProfileRemoved"})), st.data())
def test_a_sample_with_any_field_replaced_is_an_event_or_refused(type_name: str, draw: st.DataObject) -> None:
    cloud_event = sample(type_name)
    field = draw.draw(st.sampled_from(sorted(cloud_event["data"])))
    fields = {**cloud_event["data"], field: draw.draw(_JSON)}
    topic, text = EVENTS[type_name].topic.name, json.dumps(fields).encode()
    try:
        event = decode(type_name, topic, cloud_event["subject"], text)
    except Undecodable as refused:
        told = str(refused)
    else:
        assert decode(type_name, topic, event.key, event.encode()) == event
        told = ""
    assert "\0" not in told
