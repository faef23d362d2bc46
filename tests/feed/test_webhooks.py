"""A partner's log is sent to where the partner wants it: signed, again until it is taken, in order for each client."""

import json
import socket
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from contracts.revocations import RevocationLifted, SubjectRevoked
from services.feed.webhooks.sender import AT_ONCE, READ_AHEAD
from tests.feed.partners import DAY, Feed, Partner
from tests.feed.receivers import Event, Told, receiving, registered, state_of
from tests.kit.events import care_ended, care_granted, consented, erased, event_of, somebody
from tests.kit.waiting import until

NEXT_DAY = DAY + timedelta(days=1)
GRANTED, ENDED, PASSING_ENDED = "SosCareGranted", "SosCareEnded", "PassingOnEnded"

EXAMPLE = Path(__file__).parents[2] / "examples/webhook_receiver/receiver.py"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def reachable(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def again_now(feed: Feed, partner: Partner) -> None:
    """Have what is to be sent again later sent now."""
    feed.calling.query(
        "feed", "UPDATE webhook_delivery SET next_at = now() WHERE partner = $1 AND next_at > now()", partner.name
    )


def tried_for_three_days(feed: Feed, partner: Partner) -> None:
    feed.calling.query(
        "feed",
        """UPDATE webhook_delivery SET first_at = first_at - interval '3 days', next_at = now()
           WHERE partner = $1 AND next_at IS NOT NULL""",
        partner.name,
    )


def refusing(number: str, status: int = 500) -> Callable[[Event], int]:
    """Answers that refuse one client's events."""
    return lambda event: status if event.get("subject") == number else 200


def test_what_is_entered_is_sent_signed_and_taken_down_when_it_was_taken(feed: Feed) -> None:
    partner, seeker = feed.partner(), feed.seeker()
    number = feed.link(partner, seeker)
    with receiving() as receiver:
        secret = registered(partner, receiver.url)
        state_of(partner, "active")
        (handshake,) = receiver.messages
        assert handshake.signed_by(secret)
        assert handshake.event["type"] == "jobplus.WebhookHandshake"
        feed.hears(care_granted(seeker, DAY, district="11440"))
        receiver.hears((GRANTED, number))
        message = receiver.messages[-1]
        assert message.signed_by(secret)
        assert abs(int(message.headers["webhook-timestamp"]) - message.at) < 10
        assert message.headers["content-type"] == "application/cloudevents+json"
        state_of(partner, "active", sent_through=1, entered_through=1, dead_letters=0, lost=0)
        assert [one["type"] for one in feed.printed(seeker)] == ["jobplus.SosCareGranted"], "before it was read"
        (as_read,) = partner.read()
        assert message.event == as_read
        assert message.headers["webhook-id"] == as_read["id"]
        assert len(feed.printed(seeker)) == 1, "once, however it was passed on"


def test_nothing_is_sent_before_the_receiver_has_proven_that_it_wants_it(feed: Feed) -> None:
    partner, seeker = feed.partner(), feed.seeker()
    number = feed.link(partner, seeker)
    with receiving(proves=False) as receiver:
        secret = registered(partner, receiver.url)
        assert partner.put("/webhook", {"url": receiver.url}).json == {"state": "unverified", "secret": None}
        feed.hears(care_granted(seeker, DAY))
        seen = until(lambda: partner.get("/webhook").json, "the handshake is tried", lambda one: one["failure"])
        assert "jobplus.WebhookHandshake" in seen["failure"]
        assert seen["next_handshake_at"] is not None
        assert receiver.events == []
        assert feed.printed(seeker) == []
        receiver.proves = True
        assert partner.post("/webhook/handshake", {}).json == {"state": "unverified"}
        receiver.hears((GRANTED, number))
        assert receiver.messages[-1].signed_by(secret)
        assert partner.post("/webhook/handshake", {}).problem == (409, "webhook-active", [])


def test_a_webhook_begins_where_its_partner_has_read_to(feed: Feed) -> None:
    partner, seeker = feed.partner(), feed.seeker()
    number = feed.link(partner, seeker)
    feed.hears(care_granted(seeker, DAY), care_ended(seeker, NEXT_DAY))
    first, _ = partner.read()
    with receiving() as receiver:
        registered(partner, receiver.url, after=first["id"])
        receiver.hears((ENDED, number))
        assert partner.put("/webhook", {"url": receiver.url, "after": "last week"}).problem == (
            422,
            "invalid-request",
            ["after"],
        )


def test_one_client_waits_while_others_go_on_and_nothing_of_it_comes_out_of_order(feed: Feed) -> None:
    partner, seekers = feed.partner(), [feed.seeker() for _ in range(3)]
    refused, *others = [feed.link(partner, seeker) for seeker in seekers]

    def status(event: Event) -> int:
        return 500 if (event["type"], event["subject"]) == ("jobplus.SosCareGranted", refused) else 200

    # what comes after is read while the one that is refused is under way, or after it
    with receiving(status=status, slow=lambda event: 0.5 if event["subject"] == refused else 0) as receiver:
        registered(partner, receiver.url)
        state_of(partner, "active")
        feed.hears(*(care_granted(seeker, DAY) for seeker in seekers), *(care_ended(seeker, DAY) for seeker in seekers))
        feed.hears(*(care_granted(seeker, NEXT_DAY) for seeker in seekers))
        receiver.hears(*((kind, other) for kind in (GRANTED, ENDED, GRANTED) for other in others))
        waits = state_of(partner, "active", sent_again=1, waiting=2, sent_through=9)
        assert waits["dead_letters"] == 0
        assert feed.printed(seekers[0]) == [], "what wasn't taken wasn't passed on"
        receiver.status = lambda _: 200
        again_now(feed, partner)
        state_of(partner, "active", sent_again=0, waiting=0)
        of_one = [kind for kind, number in receiver.told if number == refused]
        assert of_one == [GRANTED, ENDED, GRANTED]


def test_after_three_days_it_is_a_dead_letter_until_it_is_redriven_or_discarded(feed: Feed) -> None:
    partner, seekers = feed.partner(), [feed.seeker() for _ in range(2)]
    one, other = [feed.link(partner, seeker) for seeker in seekers]
    with receiving(status=lambda _: 400) as receiver:
        registered(partner, receiver.url)
        state_of(partner, "active")
        feed.hears(*(care_granted(seeker, DAY) for seeker in seekers))
        feed.hears(*(care_ended(seeker, NEXT_DAY) for seeker in seekers))
        state_of(partner, "active", sent_again=2, waiting=2)
        tried_for_three_days(feed, partner)
        until(lambda: partner.get("/webhook").json, "both are dead", lambda seen: seen["dead_letters"] == 2)
        letters = partner.get("/webhook/dead-letters").json["letters"]
        assert {(letter["client_number"], letter["waiting"]) for letter in letters} == {(one, 1), (other, 1)}
        one, other = (letter["client_number"] for letter in letters)
        assert {letter["failure"] for letter in letters} == {"it answered 400"}
        assert partner.get("/webhook/dead-letters?limit=1").json["next"] == letters[0]["number"]
        status = feed.calling.get("feed", "/status", role="operator").json["webhooks"]
        assert status["dead_letters"] >= 2

        unknown = partner.post("/webhook/dead-letters/redrive", {"numbers": [letters[0]["number"], 999]})
        assert unknown.problem == (404, "no-webhook-dead-letter", ["numbers"])
        assert "999" in unknown.json["detail"]
        receiver.status = lambda _: 200
        feed.calling.query("feed", "UPDATE webhook SET next_at = now() WHERE partner = $1", partner.name)
        state_of(partner, "active", dead_letters=2)
        assert receiver.events == [], "what waits behind a dead letter waits on"
        redriven = partner.post("/webhook/dead-letters/redrive", {"numbers": [letters[0]["number"]]})
        assert redriven.json == {"redriven": 1}
        receiver.hears((GRANTED, one), (ENDED, one))
        assert receiver.told == [(GRANTED, one), (ENDED, one)]
        discarded = partner.post("/webhook/dead-letters/discard", {"numbers": [letters[1]["number"]]})
        assert discarded.json == {"discarded": 1}
        receiver.hears((GRANTED, one), (ENDED, one), (ENDED, other))
        assert partner.get("/webhook/dead-letters").json == {"letters": [], "next": None}


def test_who_fails_again_and_again_is_paused_and_goes_on_by_a_handshake(feed: Feed) -> None:
    partner, seekers = feed.partner(), [feed.seeker() for _ in range(3)]
    numbers = [feed.link(partner, seeker) for seeker in seekers]
    with receiving(status=lambda _: 503) as receiver:
        registered(partner, receiver.url)
        state_of(partner, "active")
        receiver.proves = False
        feed.hears(*(care_granted(seeker, DAY) for seeker in seekers))
        paused = state_of(partner, "paused")
        assert paused["failure"]
        assert paused["failing_since"]
        (seen,) = [
            one for one in feed.calling.get("feed", "/webhooks").json["webhooks"] if one["partner"] == partner.name
        ]
        assert seen["state"] == "paused"
        assert partner.name in feed.calling.get("feed", "/status", role="operator").json["webhooks"]["paused_partners"]
        assert len(partner.read()) == 3, "the feed can be read all the same"

        receiver.proves, receiver.status = True, lambda _: 200
        assert partner.post("/webhook/handshake", {}).json == {"state": "paused"}
        state_of(partner, "active")
        again_now(feed, partner)
        receiver.hears(*((GRANTED, number) for number in numbers))
        assert state_of(partner, "active", sent_again=0)["failure"] is None


def test_who_answers_410_or_from_elsewhere_is_told_what_to_do(feed: Feed) -> None:
    partner, seeker = feed.partner(), feed.seeker()
    feed.link(partner, seeker)
    with receiving(status=lambda _: 302) as receiver:
        registered(partner, receiver.url)
        state_of(partner, "active")
        feed.hears(care_granted(seeker, DAY))
        moved = state_of(partner, "active", sent_again=1)
        assert "redirects aren't followed" in moved["failure"]
        assert receiver.events == []
        receiver.status = lambda _: 410
        again_now(feed, partner)
        gone = state_of(partner, "paused")
        assert gone["failure"] == "it answered 410: it wants no more"
        assert gone["next_handshake_at"] is None, "nobody asks again by itself"


def test_what_was_emptied_is_not_sent_again_and_its_end_is_told(feed: Feed) -> None:
    partner, seekers = feed.partner(), [feed.seeker() for _ in range(2)]
    withdrawn, gone = [feed.link(partner, seeker) for seeker in seekers]
    with receiving(status=lambda event: 200 if event["type"] == "jobplus.PassingOnEnded" else 500) as receiver:
        registered(partner, receiver.url)
        state_of(partner, "active")
        feed.hears(*(care_granted(seeker, DAY) for seeker in seekers))
        feed.hears(*(care_ended(seeker, NEXT_DAY) for seeker in seekers))
        state_of(partner, "active", sent_again=2, waiting=2)
        tried_for_three_days(feed, partner)
        until(lambda: partner.get("/webhook").json, "both are dead", lambda seen: seen["dead_letters"] == 2)
        receiver.proves = True
        feed.calling.query("feed", "UPDATE webhook SET next_at = now() WHERE partner = $1", partner.name)
        feed.hears(consented(seekers[0], NEXT_DAY, given=False, purpose="care_partners"), erased(seekers[1], NEXT_DAY))
        receiver.hears((PASSING_ENDED, withdrawn), (PASSING_ENDED, gone))
        left = state_of(partner, "active", sent_again=0, waiting=0, dead_letters=0)
        assert left["sent_through"] == left["entered_through"]
        assert partner.get("/webhook/dead-letters").json["letters"] == []
        kept = feed.calling.query("feed", "SELECT number FROM webhook_delivery WHERE partner = $1", partner.name)
        assert kept == []


def test_an_ended_grant_is_sent_no_more_by(feed: Feed) -> None:
    partner, seeker = feed.partner(types={"jobplus.SosCareEnded": []}), feed.seeker()
    grant = feed.grant(partner, types={"jobplus.SosCareGranted": []})
    number = feed.link(partner, seeker)
    with receiving(status=refusing(number)) as receiver:
        registered(partner, receiver.url)
        state_of(partner, "active")
        feed.hears(care_granted(seeker, DAY), care_ended(seeker, NEXT_DAY))
        state_of(partner, "active", sent_again=1, waiting=1)
        feed.calling.made("feed", f"/grants/{grant}/end", {})
        receiver.status = lambda _: 200
        again_now(feed, partner)
        receiver.hears((ENDED, number), (PASSING_ENDED, None))


def test_a_secret_is_replaced_while_both_sign(feed: Feed) -> None:
    partner, seeker = feed.partner(), feed.seeker()
    number = feed.link(partner, seeker)
    with receiving() as receiver:
        first = registered(partner, receiver.url)
        state_of(partner, "active")
        rotated = partner.post("/webhook/secret", {}).json
        second = rotated["secret"]
        assert rotated["former_until"]
        assert second != first
        feed.hears(care_granted(seeker, DAY))
        receiver.hears((GRANTED, number))
        assert receiver.messages[-1].signed_by(first)
        assert receiver.messages[-1].signed_by(second)
        assert partner.post("/webhook/secret", {}).problem == (409, "webhook-secret-rotating", ["overlap_hours"])

        third = partner.post("/webhook/secret", {"overlap_hours": 0}).json["secret"]
        feed.hears(care_ended(seeker, NEXT_DAY))
        receiver.hears((GRANTED, number), (ENDED, number))
        message = receiver.messages[-1]
        assert [message.signed_by(secret) for secret in (first, second, third)] == [False, False, True]


def test_a_secret_is_told_once_and_kept_in_no_answer(feed: Feed) -> None:
    partner = feed.partner()
    with receiving() as receiver:
        for ask in (
            lambda key: partner.put("/webhook", {"url": receiver.url}, key),
            lambda key: partner.post("/webhook/secret", {"overlap_hours": 0}, key),
        ):
            key = str(uuid4())
            given, again = ask(key).json, ask(key).json
            assert given["secret"]
            assert again == {**given, "secret": None}
            kept = feed.calling.query(
                "feed", "SELECT convert_from(answer, 'UTF8') AS said FROM idempotency WHERE key = $1", key
            )
            assert [given["secret"] in row["said"] for row in kept] == [False]
            whole = "SELECT w::text AS row, seed FROM webhook w WHERE partner = $1"
            (row,) = feed.calling.query("feed", whole, partner.name)
            secret = b64decode(given["secret"].removeprefix("whsec_"))
            assert secret != row["seed"]
            assert secret.hex() not in row["row"], "it is kept nowhere"


def test_another_address_has_to_prove_itself_and_gets_what_is_left(feed: Feed) -> None:
    partner, seeker = feed.partner(), feed.seeker()
    number = feed.link(partner, seeker)
    asked: list[Event] = []

    def slowly(event: Event) -> float:
        asked.append(event)
        return 1.0  # another address comes meanwhile

    with receiving(status=lambda _: 500, slow=slowly) as before, receiving() as receiver:
        secret = registered(partner, before.url)
        state_of(partner, "active")
        feed.topics.publish([care_granted(seeker, DAY)])
        until(lambda: asked, "it is sent to the address before", longest=0.02)
        assert partner.put("/webhook", {"url": receiver.url}).json == {"state": "unverified", "secret": None}

        def told_and_never_failed() -> list[Told]:
            assert partner.get("/webhook").json["sent_again"] == 0, "what the address before answers counts no more"
            return receiver.told

        until(told_and_never_failed, "the new one gets it", lambda told: told == [(GRANTED, number)])
        assert receiver.messages[-1].signed_by(secret)
        state_of(partner, "active", url=receiver.url, sent_through=1)
        assert partner.post("/webhook/end", {}).json == {"sent_through": 1}
        feed.hears(care_ended(seeker, NEXT_DAY))
        assert partner.get("/webhook").problem == (404, "no-webhook", [])
        for path in ("secret", "handshake", "end", "dead-letters/redrive"):
            assert partner.post(f"/webhook/{path}", {}).refusal == (404, "no-webhook")
        assert receiver.told == [(GRANTED, number)], "nothing after its end"


def test_whose_tokens_are_taken_no_more_is_sent_nothing(feed: Feed) -> None:
    partner, seekers = feed.partner(), [feed.seeker() for _ in range(2)]
    under_way, number = [feed.link(partner, seeker) for seeker in seekers]
    asked: list[Event] = []

    def slowly(event: Event) -> float:
        asked.append(event)
        return 1.5 if event["subject"] == under_way else 0.0  # the sender goes on looking meanwhile

    with receiving(slow=slowly) as receiver:
        registered(partner, receiver.url)
        state_of(partner, "active")
        feed.topics.publish([care_granted(seekers[0], DAY)])
        until(lambda: asked, "it is sent", longest=0.02)
        feed.hears(event_of(SubjectRevoked, DAY, subject=partner.name, reason="left"))
        feed.hears(care_granted(seekers[1], DAY))
        receiver.hears((GRANTED, under_way))
        (seen,) = [
            one for one in feed.calling.get("feed", "/webhooks").json["webhooks"] if one["partner"] == partner.name
        ]
        assert (seen["revoked"], seen["entered_through"]) == (True, 2)
        assert receiver.told == [(GRANTED, under_way)]
        feed.hears(event_of(RevocationLifted, DAY, subject=partner.name))
        receiver.hears((GRANTED, under_way), (GRANTED, number))


def test_entries_that_outlived_their_days_are_counted_as_lost(feed: Feed) -> None:
    partner, seeker = feed.partner(), feed.seeker()
    number = feed.link(partner, seeker)
    with receiving(proves=False) as receiver:
        registered(partner, receiver.url)
        feed.hears(care_granted(seeker, DAY), care_ended(seeker, NEXT_DAY))
        feed.calling.query("feed", "DELETE FROM entry WHERE partner = $1", partner.name)
        receiver.proves = True
        partner.post("/webhook/handshake", {})
        state_of(partner, "active", lost=2, sent_through=2)
        feed.hears(care_granted(seeker, NEXT_DAY))
        receiver.hears((GRANTED, number))


def test_an_address_that_cannot_be_is_refused_and_nothing_is_kept(feed: Feed) -> None:
    partner = feed.partner()
    inside = (422, "webhook-url-inside", ["url"])
    wrong = (422, "webhook-url", ["url"])
    for url, problem in {
        "https://10.1.2.3/hook": inside,
        "https://169.254.169.254/latest/meta-data": inside,
        "https://[::ffff:10.0.0.1]/": inside,
        "https://0x7f.2/": inside,
        "https://user:word@203.0.113.9/": wrong,
        "ftp://203.0.113.9/": wrong,
        "https://no-such-name.invalid/": wrong,
        "": (422, "invalid-request", ["url"]),
    }.items():
        assert partner.put("/webhook", {"url": url}).problem == problem, url
    assert partner.get("/webhook").problem == (404, "no-webhook", [])
    stranger = feed.stranger()
    assert stranger.put("/webhook", {"url": "https://1.1.1.1/"}).problem == (403, "nothing-granted", [])
    assert feed.calling.put("feed", "/webhook", {"url": "https://1.1.1.1/"}).refusal == (403, "not-allowed")
    assert partner.get("/webhooks").refusal == (403, "not-allowed")


def test_a_killed_sender_loses_nothing_and_keeps_each_clients_order(feed: Feed) -> None:
    partner, seekers = feed.partner(), [somebody() for _ in range(30)]
    feed.hears(*(event for seeker in seekers for event in feed.registration(seeker)))
    numbers = [feed.link(partner, seeker) for seeker in seekers]
    sent = {(kind, number) for kind in (GRANTED, ENDED) for number in numbers}
    refused, stack = numbers[7], feed.calling.stack
    with receiving(slow=lambda _: 0.1, status=refusing(refused)) as receiver:
        registered(partner, receiver.url)
        state_of(partner, "active")
        feed.topics.publish([care_granted(seeker, DAY) for seeker in seekers])
        feed.topics.publish([care_ended(seeker, NEXT_DAY) for seeker in seekers])
        until(lambda: len(receiver.events), "some were taken", lambda count: count >= 20, longest=0.02)
        stack.kill("feed-relay")
        killed_at = len(receiver.events)
        assert killed_at < len(sent) - 2, "it was killed in the middle"
        stack.start("feed-relay")
        until(lambda: set(receiver.told), "all others are taken", lambda seen: len(seen) == len(sent) - 2)
        receiver.status = lambda _: 200
        again_now(feed, partner)
        until(lambda: set(receiver.told), "all are taken", lambda seen: seen == sent)
        state_of(partner, "active", sent_through=len(sent), sent_again=0, waiting=0)
        assert len(receiver.told) - len(sent) <= AT_ONCE + READ_AHEAD, "what was taken before comes again, once"
        for number in numbers:
            of_one = [event["id"] for event in receiver.events if event["subject"] == number]
            assert [*dict.fromkeys(of_one)] == sorted(of_one[:1] + of_one[-1:], key=lambda one: int(one.split("-")[0]))
        assert all(len(feed.printed(seeker)) == 2 for seeker in seekers[:10])


def test_the_example_receives_and_refuses_what_is_signed_by_another(feed: Feed) -> None:
    partner, seeker, port = feed.partner(), feed.seeker(), free_port()
    number, url = feed.link(partner, seeker), f"http://127.0.0.1:{port}/"
    secret = registered(partner, url)
    program = [sys.executable, str(EXAMPLE), str(port), secret]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as receiver:
        try:
            assert receiver.stdout
            until(lambda: reachable(port), "it listens")
            partner.post("/webhook/handshake", {})
            state_of(partner, "active")
            feed.hears(care_granted(seeker, DAY))
            assert json.loads(receiver.stdout.readline())["subject"] == number
            partner.post("/webhook/secret", {"overlap_hours": 0})
            feed.hears(care_ended(seeker, NEXT_DAY))
            refused = state_of(partner, "active", sent_again=1)
            assert "it answered 401: see that it has the secret" in refused["failure"]
        finally:
            receiver.terminate()
