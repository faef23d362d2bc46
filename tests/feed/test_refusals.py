"""What staff is refused at the feed: bad grants and links, each with its field and what to do."""

from typing import Any

import pytest

from tests.feed.partners import DAY, SOS_CARE, Feed
from tests.kit.events import erased, merged, somebody

GRANT: dict[str, Any] = {"partner": "welfare", "ground": "consent", "types": SOS_CARE}


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"types": {"jobplus.SeekerErased": []}}, (422, "type-not-grantable", ["types"])),
        (
            {"types": {"jobplus.SosCareGranted": ["seeker_id"]}},
            (422, "field-not-grantable", ["types.jobplus.SosCareGranted"]),
        ),
        ({"ground": "law"}, (422, "ground-without-law", ["law"])),
        ({"law": "welfare act"}, (422, "ground-without-law", ["law"])),
        ({"until": "2011-03-01"}, (422, "grant-in-past", ["until"])),
        ({"types": {}}, (422, "invalid-request", ["types"])),
    ],
)
def test_a_grant_that_cannot_be_is_refused(feed: Feed, changed: Any, problem: Any) -> None:
    assert feed.refused("/grants", {**GRANT, **changed}) == problem
    assert feed.calling.get("feed", "/grants?partner=welfare").json["grants"] == []


def test_a_link_without_a_ground_is_refused_and_says_why(feed: Feed) -> None:
    partner, seeker = feed.partner(), feed.seeker()
    number = feed.link(partner, seeker)

    def refused(**changed: Any) -> Any:
        form = {"partner": partner.name, "client_number": "W-0", "seeker_id": str(seeker), **changed}
        return feed.refused("/links", form)

    silent, given_up, gone, free = feed.seeker(consents=False), feed.seeker(), feed.seeker(), feed.seeker()
    feed.hears(merged(seeker, given_up, DAY), erased(gone, DAY))
    assert refused(seeker_id=str(silent)) == (409, "no-ground", ["seeker_id"])
    assert refused(seeker_id=str(given_up)) == (409, "seeker-merged", ["seeker_id"])
    assert refused(seeker_id=str(gone)) == (410, "seeker-erased", ["seeker_id"])
    assert refused() == (409, "already-linked", ["seeker_id"])
    assert refused(seeker_id=str(free), client_number=number) == (409, "client-number-taken", ["client_number"])
    assert refused(partner="nobody") == (404, "unknown-partner", ["partner"])
    assert refused(client_number="a b") == (422, "invalid-request", ["client_number"])
    unknown = feed.refused("/links/end", {"partner": partner.name, "client_number": "W-0"})
    assert unknown == (404, "unknown-client", ["client_number"])


def test_an_erasure_waits_for_nothing_that_could_not_be_read(feed: Feed) -> None:
    partner, seeker = feed.partner(), feed.seeker()
    number = feed.link(partner, seeker)
    feed.topics.write([feed.topics.sources.record(erased(seeker, DAY))._replace(value=b"{")])
    feed.hears(erased(seeker, DAY))
    assert partner.told() == [("PassingOnEnded", number, {"reason": "erased", "occurred_on": "2011-03-02"})]


def test_a_seeker_of_whom_nothing_was_heard_may_yet_come(feed: Feed) -> None:
    form = {"partner": feed.partner().name, "client_number": "W-0", "seeker_id": str(somebody())}
    assert feed.calling.post("feed", "/links", form).refusal == (409, "not-yet-known")
