"""How a partner reads its feed: in batches, waiting, as a stream, from a snapshot on; and what it is refused."""

import time
from datetime import timedelta

import psycopg

from tests.feed.partners import DAY, Feed, Partner
from tests.kit.events import care_ended, care_granted
from tests.kit.threads import begin
from tests.kit.waiting import until

NEXT_DAY = DAY + timedelta(days=1)


def refused(partner: Partner, path: str) -> tuple[int, str, list[str]]:
    return partner.get(path).problem


def test_a_batch_goes_on_where_the_one_before_it_ended(feed: Feed) -> None:
    partner, seekers = feed.partner(), [feed.seeker() for _ in range(2)]
    numbers = [feed.link(partner, seeker) for seeker in seekers]
    feed.hears(
        *(care_granted(seeker, DAY) for seeker in seekers), *(care_ended(seeker, NEXT_DAY) for seeker in seekers)
    )
    heard = [event for _ in range(5) for event in partner.read("limit=1")]
    assert len({event["id"] for event in heard}) == len(heard) == 4
    for number in numbers:
        of_one = [event["type"] for event in heard if event["subject"] == number]
        assert of_one == ["jobplus.SosCareGranted", "jobplus.SosCareEnded"], "a client's events come in order"


def test_types_and_clients_can_be_chosen_among_what_is_granted(feed: Feed) -> None:
    partner, seekers = feed.partner(), [feed.seeker() for _ in range(2)]
    numbers = [feed.link(partner, seeker) for seeker in seekers]
    feed.hears(*(care_granted(seeker, DAY) for seeker in seekers), care_ended(seekers[0], NEXT_DAY))
    ended = partner.get("/feed?type=jobplus.SosCareEnded").json
    assert [event["subject"] for event in ended] == [numbers[0]]
    assert [event["subject"] for event in partner.get(f"/feed?client_number={numbers[1]}").json] == [numbers[1]]
    assert refused(partner, "/feed?type=jobplus.Placed") == (403, "type-not-granted", ["type"])
    assert refused(partner, "/feed?type=nothing") == (403, "type-not-granted", ["type"]), (
        "it tells no more of what isn't"
    )


def test_what_one_reading_passed_over_is_noted_by_the_next(feed: Feed) -> None:
    partner, seekers = feed.partner(), [feed.seeker() for _ in range(2)]
    numbers = [feed.link(partner, seeker) for seeker in seekers]
    feed.hears(care_granted(seekers[0], DAY))
    feed.hears(care_granted(seekers[1], DAY))
    assert len(partner.get(f"/feed?client_number={numbers[1]}").json) == 1
    assert [len(feed.printed(seeker)) for seeker in seekers] == [0, 1]
    assert len(partner.read()) == 2
    assert [len(feed.printed(seeker)) for seeker in seekers] == [1, 1]


def test_two_readings_at_the_same_moment_are_noted_once(feed: Feed) -> None:
    partner, seeker = feed.partner(), feed.seeker()
    feed.link(partner, seeker)
    feed.hears(care_granted(seeker, DAY), care_ended(seeker, NEXT_DAY))
    with psycopg.connect(feed.calling.stack.database_url("feed")) as other:
        other.execute(
            """INSERT INTO passed_on (partner, number, link_id, grant_id, type, occurred_on)
               SELECT partner, number, link_id, grant_id, type, occurred_on FROM entry
               WHERE partner = %s ORDER BY number LIMIT 1""",
            [partner.name],
        )
        reading = begin(partner.read)
        waiting = (
            "SELECT count(*) AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%passed_on%'"
        )
        until(lambda: feed.calling.query("feed", waiting)[0]["n"], "the reading waits for the other", holds=bool)
    assert len(reading.result()) == 2
    assert len(feed.printed(seeker)) == 2


def test_who_waits_hears_as_soon_as_it_is_there(feed: Feed) -> None:
    partner, seeker = feed.partner(), feed.seeker()
    feed.link(partner, seeker)
    waiting = begin(lambda: partner.read("timeout=15000"))
    feed.hears(care_granted(seeker, DAY))
    assert [event["type"] for event in waiting.result()] == ["jobplus.SosCareGranted"]

    begun = time.monotonic()
    assert partner.read("timeout=300") == []
    assert time.monotonic() - begun > 0.3


def test_a_position_that_is_lost_says_how_to_begin_again(feed: Feed) -> None:
    partner, seeker = feed.partner(), feed.seeker()
    assert partner.get("/snapshot").json["clients"] == []
    feed.link(partner, seeker)
    feed.hears(care_granted(seeker, DAY), care_ended(seeker, NEXT_DAY))
    first, last = (event["id"] for event in partner.read())

    number, _, mark = first.partition("-")
    another = f"{number}-{mark[:-1]}{'0' if mark[-1] != '0' else '1'}"
    assert refused(partner, f"/feed?lastEventId={another}") == (410, "position-lost", ["lastEventId"]), (
        "another history"
    )
    assert refused(partner, "/feed?lastEventId=last%20week") == (422, "invalid-request", ["lastEventId"])

    # the first has outlived its days, and what came after it is deleted before it or after it
    feed.calling.query("feed", "UPDATE entry SET kept_at = now() - interval '31 days' WHERE partner = $1", partner.name)
    reply = partner.get(f"/feed?lastEventId={first}")
    assert reply.refusal == (410, "position-lost")
    assert "GET /snapshot" in reply.json["detail"]
    feed.calling.query("feed", "DELETE FROM entry WHERE partner = $1", partner.name)
    assert partner.get(f"/feed?lastEventId={first}").refusal == (410, "position-lost")

    assert partner.get(f"/feed?lastEventId={last}").json == [], "who had read all has lost nothing"
    feed.hears(care_granted(seeker, NEXT_DAY))
    partner.position = last
    assert len(partner.read()) == 1, "also when something comes after a month"


def test_who_begins_with_a_snapshot_misses_nothing(feed: Feed) -> None:
    partner, here, gone = feed.partner(), feed.seeker(), feed.seeker()
    feed.hears(care_granted(here, DAY - timedelta(days=9)), care_granted(gone, DAY - timedelta(days=5)))
    feed.hears(care_ended(gone, DAY - timedelta(days=2)), care_granted(feed.seeker(), DAY))
    numbers = {feed.link(partner, one): one for one in (here, gone)}
    (of_here, of_gone) = numbers
    snapshot = partner.get("/snapshot").json
    assert snapshot["on"] == "2011-03-02"
    assert snapshot["clients"] == [{"client_number": of_here, "since": "2011-02-21"}]
    before = partner.get("/snapshot?on=2011-02-27").json["clients"]
    assert sorted(client["client_number"] for client in before) == sorted([of_here, of_gone])
    assert [(one["type"], one["snapshot_on"]) for one in feed.printed(gone)] == [
        ("jobplus.SosCareGranted", "2011-02-27")
    ]
    assert refused(partner, "/snapshot?on=2011-03-03") == (422, "date-in-future", ["on"])

    feed.hears(care_ended(here, DAY))
    partner.position = snapshot["lastEventId"]
    assert [event["subject"] for event in partner.read()] == [of_here]
    other = feed.partner(types={"jobplus.Placed": ["occurred_on"]})
    assert refused(other, "/snapshot") == (403, "type-not-granted", [])


def test_a_stream_gives_events_as_they_come_and_begins_after_the_last(feed: Feed) -> None:
    partner, seeker = feed.partner(), feed.seeker()
    number = feed.link(partner, seeker)
    feed.hears(care_granted(seeker, DAY))
    (first,) = partner.read()
    streaming = begin(lambda: partner.get(f"/feed?lastEventId={first['id']}", accept="text/event-stream"))
    feed.hears(care_ended(seeker, NEXT_DAY))
    reply = streaming.result()
    assert reply.headers["Content-Type"].startswith("text/event-stream")
    event, end, rest = reply.body.decode().split("\n\n")
    (as_read,) = partner.read()
    assert event.split("\n")[:2] == [f"id: {as_read['id']}", "event: jobplus.SosCareEnded"]
    assert f'"subject":"{number}"' in event
    assert (end, rest) == (": end of this stream, come again", "")


def test_who_lost_a_stream_goes_on_at_the_same_address_by_the_id_in_the_header(feed: Feed) -> None:
    partner, seeker = feed.partner(), feed.seeker()
    feed.link(partner, seeker)
    feed.hears(care_granted(seeker, DAY), care_ended(seeker, DAY))
    begun, heard = partner.read()
    again = partner.get(f"/feed?lastEventId={begun['id']}", accept="text/event-stream", last=heard["id"])
    assert again.body == b": end of this stream, come again\n\n"
    batch = partner.get(f"/feed?lastEventId={begun['id']}", last=heard["id"]).json
    assert batch == [heard], "only a stream is gone on with by the header"


def test_nobody_learns_who_is_known_here(feed: Feed) -> None:
    partner, stranger, seeker = feed.partner(), feed.stranger(), feed.seeker()
    number = feed.link(feed.partner(), seeker)
    unlinked = refused(partner, "/feed?client_number=nobody")
    assert unlinked == refused(partner, f"/feed?client_number={number}") == (404, "unknown-client", ["client_number"])
    assert refused(stranger, "/feed") == (403, "nothing-granted", [])
    assert feed.calling.get("feed", "/feed").refusal == (403, "not-allowed"), "staff reads no partner's feed"
    assert partner.get(f"/seekers/{seeker}/passed-on").refusal == (403, "not-allowed")
