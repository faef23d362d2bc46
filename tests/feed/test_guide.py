"""What the guide tells a partner to type for its first event of the feed, typed."""

from datetime import timedelta
from pathlib import Path

import orjson

from tests.feed.partners import DAY, Feed
from tests.kit.events import care_ended, care_granted
from tests.kit.guide import commands_of, run


def test_every_command_on_the_way_to_the_first_event_of_the_feed_does_what_is_said(feed: Feed, tmp_path: Path) -> None:
    snapshot, read, again = (block for block in commands_of("first-event.md") if "$FEED" in block)
    partner, seeker = feed.partner(), feed.seeker()
    number = feed.link(partner, seeker)
    feed.hears(care_granted(seeker, DAY))
    (tmp_path / "feed.token").write_text(feed.calling.stack.token("partner", subject=partner.name))
    address = {"FEED": feed.calling.stack.url("feed")}

    assert orjson.loads(run(snapshot, tmp_path, address))["clients"] == [{"client_number": number, "since": str(DAY)}]
    feed.hears(care_ended(seeker, DAY + timedelta(days=1)))
    (event,) = orjson.loads(run(read, tmp_path, address))
    assert (event["type"], event["subject"]) == ("jobplus.SosCareEnded", number)
    assert orjson.loads(run(again, tmp_path, address)) == []


def test_a_client_is_linked_and_a_stream_read_by_what_the_guide_says(feed: Feed, tmp_path: Path) -> None:
    snapshot = commands_of("first-event.md")[2]
    claim, stream = commands_of("feed.md")
    partner, seeker = feed.partner(), feed.seeker()
    feed.hears(care_granted(seeker, DAY))
    (tmp_path / "feed.token").write_text(feed.calling.stack.token("partner", subject=partner.name))
    (tmp_path / "client.code").write_text(feed.code(partner, seeker))
    address = {"FEED": feed.calling.stack.url("feed")}

    number = orjson.loads(run(claim, tmp_path, address))["client_number"]
    assert orjson.loads(run(snapshot, tmp_path, address))["clients"] == [{"client_number": number, "since": str(DAY)}]
    feed.hears(care_ended(seeker, DAY + timedelta(days=1)))
    assert f'"subject":"{number}"' in run(stream, tmp_path, address)
