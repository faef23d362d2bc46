"""Counsellors share those whom they counsel, as the feed has heard it; managers share anybody."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from jobplus.stack.keys import Bearer
from tests.feed.partners import DAY, Feed, Partner
from tests.kit.client import Reply
from tests.kit.events import assigned, consented, counsellor_left, erased, merged, opened

OF_ANOTHER = (403, "seeker-of-another", ["seeker_id"])


class Desk:
    """A counsellor, who asks the feed."""

    def __init__(self, feed: Feed) -> None:
        self.id = uuid4()
        self.bearer = Bearer("counsellor", str(self.id))
        self._feed = feed

    def has(self, *seekers: UUID) -> None:
        self._feed.hears(*(assigned(seeker, self.id, DAY) for seeker in seekers))

    def links(self, partner: Partner, seeker: UUID, number: str = "D-1") -> Reply:
        form = {"partner": partner.name, "client_number": number, "seeker_id": str(seeker)}
        return self._feed.calling.ask("feed", "/links", form, role=self.bearer)

    def asks(self, path: str, **form: Any) -> Reply:
        return self._feed.calling.ask("feed", path, form, role=self.bearer)

    def prints(self, seeker: UUID) -> Reply:
        return self._feed.calling.get("feed", f"/seekers/{seeker}/passed-on", role=self.bearer)


@pytest.fixture
def desk(feed: Feed) -> Desk:
    return Desk(feed)


@pytest.fixture
def other(feed: Feed) -> Desk:
    return Desk(feed)


def test_a_counsellor_shares_whom_they_counsel_and_nobody_elses(feed: Feed, desk: Desk, other: Desk) -> None:
    partner, own, nobodys = feed.partner(), feed.seeker(), feed.seeker()
    desk.has(own)
    refused = other.links(partner, own)
    assert refused.problem == OF_ANOTHER
    assert refused.json["facts"] == {"counsellor_id": str(desk.id)}
    assert other.asks("/codes", partner=partner.name, seeker_id=str(own)).problem == OF_ANOTHER
    assert other.prints(own).refusal == (403, "seeker-of-another")

    assert desk.asks("/codes", partner=partner.name, seeker_id=str(own)).status == 201
    assert desk.links(partner, own).status == 201
    assert desk.prints(own).json["passed_on"] == []
    assert other.links(partner, nobodys, "D-2").status == 201, "whom nobody counsels is anybody's"
    assert desk.asks("/grants", partner=partner.name).refusal == (403, "not-allowed"), "what is granted, managers say"

    number = {"partner": partner.name, "client_number": "D-1"}
    assert other.asks("/links/end", **number).problem == OF_ANOTHER
    assert desk.asks("/links/end", **number).status == 200


def test_a_seeker_is_whose_they_were_assigned_to_last_and_open_by_a_stated_reason(
    feed: Feed, desk: Desk, other: Desk
) -> None:
    partner, moved, looked_at, left_alone = feed.partner(), feed.seeker(), feed.seeker(), feed.seeker()
    desk.has(moved, looked_at, left_alone)
    other.has(moved)
    assert desk.links(partner, moved, "D-3").problem == OF_ANOTHER
    assert other.links(partner, moved, "D-3").status == 201

    feed.hears(opened(looked_at, other.id, DAY))
    assert other.links(partner, looked_at, "D-4").status == 201

    assert other.links(partner, left_alone, "D-5").problem == OF_ANOTHER
    feed.hears(counsellor_left(desk.id, DAY))
    assert other.links(partner, left_alone, "D-5").status == 201


def test_a_record_that_stays_is_its_own_counsellors_and_of_who_is_erased_nobody_is_named(
    feed: Feed, desk: Desk, other: Desk
) -> None:
    partner, stays, given_up, alone, gone = feed.partner(), *(feed.seeker() for _ in range(4))
    desk.has(stays, gone)
    other.has(given_up)
    feed.hears(merged(stays, given_up, DAY), merged(alone, feed.seeker(), DAY))
    feed.hears(consented(stays, DAY, given=True, purpose="care_partners"))
    assert other.links(partner, given_up, "D-6").problem == OF_ANOTHER
    assert desk.links(partner, stays, "D-6").status == 201

    feed.hears(erased(gone, DAY))
    assert other.links(partner, gone, "D-7").refusal == (410, "seeker-erased")
    kept = feed.calling.query("feed", "SELECT counsellor_id FROM person WHERE seeker_id = $1", gone)
    assert kept == [{"counsellor_id": None}]
