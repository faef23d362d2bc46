"""What becomes of events within one batch: whose they are by then, by which grant, and in which order."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import orjson
from jsonschema import Draft202012Validator

from chassis.batch.clock import Instant
from chassis.stream.cloudevents import Attributes
from chassis.stream.record import Partition
from chassis.stream.record_batch import Received
from contracts.event import Event
from contracts.ids import SeekerId
from services.feed.entries import EmptiedByConsent, EmptiedLinks, Entry, Partner
from services.feed.grants.model import Grant, GrantsOf, Ground
from services.feed.links.model import ForgottenPerson, Link
from services.feed.log.passing import Heard
from services.feed.persons.model import Care, Person
from tests.kit.events import care_ended, care_granted, consented, erased, merged, placed, somebody

DAY = date(2011, 3, 2)
AT = datetime(2011, 3, 2, tzinfo=UTC)
CONTRACTS = Path(__file__).parents[2] / "contracts"
WELFARE = "welfare"


def grant(ground: Ground = "consent", until: date | None = None, **types: Sequence[str]) -> Grant:
    named = {f"jobplus.{name}": fields for name, fields in types.items()}
    law = "welfare act" if ground == "law" else None
    return Grant(uuid4(), WELFARE, ground, law, named, until, AT, "m-1")


def linked(seeker: SeekerId, number: str = "W-1") -> Link:
    return Link(uuid4(), WELFARE, number, seeker, AT, "m-1")


def received(event: Event, offset: int = 7) -> Received:
    attributes = Attributes(uuid4(), "/jobplus/intake", event.type, event.recorded_at, event.key, 1, "", "")
    return Received(Partition(event.topic.name, 3), offset, attributes, event.encode(), event)


def hear(events: Sequence[Event], grants: Sequence[Grant], links: Sequence[Link], *persons: Person) -> Heard:
    known = {person.seeker_id: person for person in persons}
    leads: dict[UUID, SeekerId] = {one.seeker_id: one.stays for one in persons if one.stays}
    partners = {WELFARE: Partner.new(WELFARE, b"secret")}
    heard = Heard(known, links, leads, partners, {WELFARE: GrantsOf(WELFARE, tuple(grants))}, Instant(AT, DAY))
    for offset, event in enumerate(events):
        heard.hear(received(event, offset))
    return heard


def told(heard: Heard) -> list[tuple[str, str | None, Any]]:
    bodies = [orjson.loads(one.body) for one in heard.effects if isinstance(one, Entry)]
    return [(body["type"].removeprefix("jobplus."), body.get("subject"), body["data"]) for body in bodies]


def test_only_the_granted_fields_that_an_event_has_are_told() -> None:
    seeker = somebody()
    fields = ["occurred_on", "person.district", "person.income_band", "reasons"]
    heard = hear([care_granted(seeker, DAY)], [grant(SosCareGranted=fields)], [linked(seeker)], Person(seeker, True))
    data = {"occurred_on": "2011-03-02", "person": {"district": "11440"}, "reasons": ["job_lost"]}
    assert told(heard) == [("SosCareGranted", "W-1", data)]
    (entry,) = (one for one in heard.effects if isinstance(one, Entry))
    assert entry.origin == ("jobplus.seekers", 3, 0)


def test_each_event_is_passed_on_by_the_first_grant_that_names_it_and_has_a_ground() -> None:
    seeker = somebody()
    grants = [
        grant(until=DAY - timedelta(days=1), Placed=["wage"]),
        grant(Placed=["sector"]),
        grant("law", Placed=["employment"]),
    ]
    for consents, data in ((True, {"sector": "private"}), (False, {"employment": "permanent"})):
        heard = hear([placed(seeker, DAY)], grants, [linked(seeker)], Person(seeker, consents))
        assert told(heard) == [("Placed", "W-1", data)]


def test_what_a_person_said_holds_for_what_comes_after_it() -> None:
    seeker = somebody()
    events = [
        placed(seeker, DAY),
        consented(seeker, DAY, given=False, purpose="care_partners"),
        placed(seeker, DAY),
    ]
    heard = hear(events, [grant(Placed=[])], [linked(seeker)], Person(seeker, True))
    assert [kind for kind, _, _ in told(heard)] == ["Placed", "PassingOnEnded"]
    assert [type(one) for one in heard.effects] == [Entry, EmptiedLinks, Entry]
    (link,) = heard.changed_links.values()
    assert link.ended_at == AT


def test_another_use_of_data_is_none_of_the_feeds() -> None:
    seeker = somebody()
    event = consented(seeker, DAY, given=False, purpose="surveys")
    heard = hear([event], [grant(Placed=[])], [linked(seeker)], Person(seeker, True))
    assert heard.effects == []
    assert heard.changed_persons == {}


def test_what_was_said_before_and_heard_late_changes_nothing() -> None:
    seeker = somebody()
    person = Person(seeker, False, said_at=AT + timedelta(days=1))
    heard = hear([consented(seeker, DAY, given=True, purpose="care_partners")], [], [], person)
    assert heard.changed_persons == {}


def test_with_another_ground_what_was_entered_by_consent_is_emptied_up_to_then() -> None:
    seeker = somebody()
    events = [
        placed(seeker, DAY),
        consented(seeker, DAY, given=False, purpose="care_partners"),
        consented(seeker, DAY, given=True, purpose="care_partners"),
        placed(seeker, DAY),
    ]
    grants = [grant(Placed=[]), grant("law", SosCareEnded=[])]
    heard = hear(events, grants, [linked(seeker)], Person(seeker, True))
    assert [one.through for one in heard.effects if isinstance(one, EmptiedByConsent)] == [1]
    assert [kind for kind, _, _ in told(heard)] == ["Placed", "PassingOnEnded", "Placed"]
    assert heard.changed_links == {}


def test_a_record_that_was_given_up_leads_to_the_one_that_stays() -> None:
    stays, given_up = somebody(), somebody()
    events = [merged(stays, given_up, DAY), placed(given_up, DAY), placed(stays, DAY)]
    heard = hear(events, [grant(Placed=[])], [linked(given_up)], Person(stays), Person(given_up, True))
    assert [(kind, number) for kind, number, _ in told(heard)] == [("Placed", "W-1")] * 2
    assert [link.seeker_id for link in heard.changed_links.values()] == [stays]
    assert heard.changed_persons[given_up].stays == stays

    late = hear([placed(given_up, DAY)], [grant(Placed=[])], [linked(stays)], *heard.persons.values())
    assert [number for _, number, _ in told(late)] == ["W-1"], "also what comes by another topic, later"


def test_a_record_that_stays_and_declined_ends_the_link_of_the_one_that_was_given_up() -> None:
    stays, given_up = somebody(), somebody()
    heard = hear(
        [merged(stays, given_up, DAY)],
        [grant(Placed=[])],
        [linked(given_up)],
        Person(stays, False),
        Person(given_up, True),
    )
    assert [data["reason"] for _, _, data in told(heard)] == ["consent_withdrawn"]


def test_of_who_is_erased_only_the_end_is_told() -> None:
    seeker = somebody()
    events = [erased(seeker, DAY), placed(seeker, DAY), consented(seeker, DAY, given=True, purpose="care_partners")]
    heard = hear(events, [grant(Placed=[])], [linked(seeker)], Person(seeker, True, cares=(Care(DAY),)))
    assert told(heard) == [("PassingOnEnded", "W-1", {"reason": "erased", "occurred_on": "2011-03-02"})]
    assert heard.changed_persons[seeker] == Person(seeker, erased=True)
    assert ForgottenPerson(seeker) in heard.effects
    assert [one.link_id for one in heard.effects if isinstance(one, Entry)] == [None]


def test_the_times_in_sos_care_are_those_of_both_records() -> None:
    stays, given_up = somebody(), somebody()
    begun, over = DAY - timedelta(days=9), DAY - timedelta(days=2)
    events = [care_granted(given_up, begun), care_ended(given_up, over), care_granted(stays, DAY)]
    heard = hear([*events, merged(stays, given_up, DAY)], [], [])
    assert heard.persons[stays].cares == (Care(begun, over), Care(DAY))
    assert hear([care_granted(stays, DAY), care_ended(stays, DAY)], [], []).persons[stays].cares == ()


def test_a_position_names_all_that_was_entered_up_to_it() -> None:
    one, two = uuid4(), uuid4()
    partner = Partner.new(WELFARE, b"secret")
    assert partner.after(one).after(two).end == partner.after(one).after(two).end
    assert partner.after(one).after(two).end != partner.after(two).after(one).after(two).end
    assert partner.after(one).after(two).end.mark != partner.after(two).after(two).end.mark
    assert Partner.new("other", b"another secret").after(one).end.mark != partner.after(one).end.mark


def test_that_passing_on_has_ended_is_told_as_its_schema_says() -> None:
    seeker = somebody()
    silent = consented(seeker, DAY, given=False, purpose="care_partners")
    heard = [
        hear([silent], [grant(Placed=[])], [linked(seeker)], Person(seeker, True)),
        hear([silent], [grant(Placed=[]), grant("law", SosCareEnded=[])], [linked(seeker)], Person(seeker, True)),
        hear([erased(seeker, DAY)], [grant(Placed=[])], [linked(seeker)], Person(seeker, True)),
    ]
    schema = json.loads((CONTRACTS / "schemas/jobplus.PassingOnEnded.json").read_text())
    ends = [data for one in heard for kind, _, data in told(one) if kind == "PassingOnEnded"]
    assert [end["reason"] for end in ends] == ["consent_withdrawn", "consent_withdrawn", "erased"]
    for end in ends:
        Draft202012Validator({**schema, "additionalProperties": False}).validate(end)
