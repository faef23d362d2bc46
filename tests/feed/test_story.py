"""What a partner hears of whom it is linked to, and when it hears no more; on a real stack."""

from datetime import timedelta

from tests.feed.partners import DAY, SOS_CARE, Feed
from tests.kit.events import (
    care_ended,
    care_granted,
    consented,
    corrected,
    erased,
    merged,
    placed,
    registered,
    somebody,
)
from tests.kit.waiting import until

DAY_LONG = timedelta(days=1)
NEXT_DAY = DAY + DAY_LONG


def test_a_partner_hears_what_was_granted_by_its_own_client_number(feed: Feed) -> None:
    partner, seeker = feed.partner(), feed.seeker()
    number = feed.link(partner, seeker)
    feed.hears(care_granted(seeker, DAY, district="11440"), placed(seeker, DAY), care_granted(feed.seeker(), DAY))
    (event,) = partner.read()
    assert event.pop("id")
    assert event == {
        "specversion": "1.0",
        "source": "/jobplus/intake",
        "type": "jobplus.SosCareGranted",
        "time": "2011-03-02T00:00:00+00:00",
        "subject": number,
        "datacontenttype": "application/json",
        "data": {"occurred_on": "2011-03-02", "person": {"district": "11440"}},
    }
    assert partner.read() == []

    feed.hears(care_ended(seeker, NEXT_DAY))
    assert partner.told() == [("SosCareEnded", number, {"reason": "private_job"})]


def test_what_was_passed_on_is_printed_for_the_seeker(feed: Feed) -> None:
    partner, seeker = feed.partner(), feed.seeker()
    number = feed.link(partner, seeker)
    feed.hears(care_granted(seeker, DAY))
    assert feed.printed(seeker) == [], "nobody has read it yet"
    partner.read()
    partner.position = None
    partner.read()
    (printed,) = feed.printed(seeker)
    assert printed.pop("passed_at")
    assert printed.pop("id")
    assert printed == {
        "partner": partner.name,
        "client_number": number,
        "type": "jobplus.SosCareGranted",
        "fields": SOS_CARE["jobplus.SosCareGranted"],
        "ground": "consent",
        "law": None,
        "occurred_on": "2011-03-02",
        "snapshot_on": None,
    }


def test_ids_are_a_partners_own(feed: Feed) -> None:
    types = {"jobplus.Placed": ["placement_id"], "jobplus.PlacementCorrected": ["placement_id"]}
    one, other, seeker = feed.partner(types=types), feed.partner(types=types), feed.seeker()
    feed.link(one, seeker)
    feed.link(other, seeker)
    job = placed(seeker, DAY)
    feed.hears(job, corrected(job, DAY))
    of_one, of_other = one.read(), other.read()
    assert len({event["data"]["placement_id"] for event in of_one}) == 1
    ids = {of_one[0]["data"]["placement_id"], of_other[0]["data"]["placement_id"], str(job.placement_id)}
    assert len(ids) == 3
    assert not {event["id"] for event in of_one} & {event["id"] for event in of_other}


def test_a_consent_that_is_withdrawn_ends_it_at_once(feed: Feed) -> None:
    partner, seeker = feed.partner(), feed.seeker()
    number = feed.link(partner, seeker)
    feed.hears(care_granted(seeker, DAY))
    feed.hears(consented(seeker, NEXT_DAY, given=False, purpose="care_partners"), care_ended(seeker, NEXT_DAY))
    end = ("PassingOnEnded", number, {"reason": "consent_withdrawn", "occurred_on": "2011-03-02"})
    assert partner.told() == [end], "also what was entered before isn't passed on any more"

    feed.hears(consented(seeker, NEXT_DAY, given=True, purpose="care_partners"), care_granted(seeker, NEXT_DAY))
    assert partner.told() == [], "who agrees again is linked anew"


def test_a_grant_on_the_ground_of_law_goes_on_without_consent(feed: Feed) -> None:
    partner = feed.partner()
    law = {"jobplus.SosCareEnded": ["occurred_on"]}
    feed.grant(partner, ground="law", law="emergency welfare act, art. 7", types=law)
    seeker = feed.seeker()
    number = feed.link(partner, seeker)
    feed.hears(care_granted(seeker, DAY))
    feed.hears(consented(seeker, NEXT_DAY, given=False, purpose="care_partners"))
    feed.hears(care_ended(seeker, NEXT_DAY))
    types = sorted(SOS_CARE)
    assert partner.told() == [
        ("PassingOnEnded", number, {"reason": "consent_withdrawn", "occurred_on": "2011-03-02", "types": types}),
        ("SosCareEnded", number, {"occurred_on": "2011-03-03"}),
    ]


def test_of_who_is_erased_nothing_stays_but_the_end(feed: Feed) -> None:
    partner, seeker = feed.partner(), feed.seeker()
    number = feed.link(partner, seeker)
    feed.hears(care_granted(seeker, DAY))
    partner.read()
    feed.hears(erased(seeker, NEXT_DAY), care_ended(seeker, NEXT_DAY))
    assert partner.told() == [("PassingOnEnded", number, {"reason": "erased", "occurred_on": "2011-03-02"})]
    partner.position = None
    assert len(partner.read()) == 1, "what was read once isn't there any more"
    assert feed.calling.get("feed", f"/seekers/{seeker}/passed-on").refusal == (404, "unknown-id")
    assert feed.calling.query("feed", "SELECT 1 FROM link WHERE seeker_id = $1", seeker) == []
    assert feed.calling.query("feed", "SELECT 1 FROM passed_on WHERE partner = $1", partner.name) == []


def test_a_grant_that_has_ended_passes_on_nothing_that_was_entered_before(feed: Feed) -> None:
    partner = feed.stranger()
    grant_id = feed.grant(partner)
    seeker = feed.seeker()
    feed.link(partner, seeker)
    feed.hears(care_granted(seeker, DAY))
    feed.calling.made("feed", f"/grants/{grant_id}/end", {})
    ended = {"reason": "grant_ended", "occurred_on": "2011-03-02", "types": sorted(SOS_CARE)}
    assert partner.told() == [("PassingOnEnded", None, ended)]
    assert feed.refused(f"/grants/{grant_id}/end", {})[:2] == (409, "grant-ended")


def test_a_grant_whose_last_day_is_over_ends_by_itself(feed: Feed) -> None:
    partner = feed.stranger()
    grant_id = feed.grant(partner, until=str(DAY))
    feed.calling.query("feed", "UPDATE passing_grant SET until = $1 WHERE grant_id = $2", DAY - DAY_LONG, grant_id)
    ended = {"reason": "grant_ended", "occurred_on": "2011-03-01", "types": sorted(SOS_CARE)}
    told = until(partner.told, "the partner is told that the grant has ended", bool)
    assert told == [("PassingOnEnded", None, ended)]


def test_two_records_of_one_person_are_one_client(feed: Feed) -> None:
    partner, given_up, stays = feed.partner(), feed.seeker(), feed.seeker(consents=False)
    number = feed.link(partner, given_up)
    feed.hears(merged(stays, given_up, DAY))
    feed.hears(care_granted(stays, DAY, district="11110"))
    assert partner.told() == [
        ("SosCareGranted", number, {"occurred_on": "2011-03-02", "person": {"district": "11110"}})
    ]
    partner.read()
    assert len(feed.printed(stays)) == len(feed.printed(given_up)) == 1


def test_who_was_linked_under_both_records_keeps_the_number_of_the_one_that_stays(feed: Feed) -> None:
    partner, given_up, stays = feed.partner(), feed.seeker(), feed.seeker()
    former, number = feed.link(partner, given_up), feed.link(partner, stays)
    feed.hears(merged(stays, given_up, DAY))
    feed.hears(care_ended(stays, DAY))
    assert partner.told() == [
        ("PassingOnEnded", former, {"reason": "merged", "occurred_on": "2011-03-02"}),
        ("SosCareEnded", number, {"reason": "private_job"}),
    ]


def test_a_link_that_staff_ends_says_so(feed: Feed) -> None:
    partner, seeker = feed.partner(), feed.seeker()
    number = feed.link(partner, seeker)
    feed.hears(care_granted(seeker, DAY))
    feed.calling.made("feed", "/links/end", {"partner": partner.name, "client_number": number})
    assert partner.told() == [("PassingOnEnded", number, {"reason": "unlinked", "occurred_on": "2011-03-02"})]


def test_nothing_is_heard_of_what_was_before_the_link(feed: Feed) -> None:
    partner, seeker = feed.partner(), somebody()
    feed.hears(*feed.registration(seeker), care_granted(seeker, DAY))
    feed.link(partner, seeker)
    assert partner.read() == []
    feed.hears(registered(somebody(), DAY))
    assert partner.read() == []
