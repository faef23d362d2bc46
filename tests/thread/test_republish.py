"""Kafka loses what consumers hadn't read: their services stop, the owners publish it again, and all is as if nothing
had been."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from contracts.notices import NoticeTopic
from contracts.topics import COUNSELLORS, FIRMS, PROFILES, SEEKERS, Topic
from jobplus.republishing import Healed, republish
from jobplus.stack.ports import FEED, SERVICES
from tests.contracts.samples import HOME
from tests.importing.front import Front, a_front
from tests.kit import forms
from tests.kit.client import StackClient
from tests.kit.records import UNWRITTEN, Record
from tests.kit.topics import Topics
from tests.kit.waiting import PATIENCE, until
from tests.stacks import MISSED_SOON, Stacks

WORKERS = [f"{service}-worker" for service in (*SERVICES, FEED)]
OF_SCHOOL = NoticeTopic("school", "trainings")

Command = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def calling(stacks: Stacks) -> Iterator[StackClient]:
    given = {**MISSED_SOON, "FEED_NOTICE_TOPICS": OF_SCHOOL.name}
    own = stacks.new("republish", durable=False, settings=given, feed=True)
    try:
        own.up(services=False)
        own.make_topics([OF_SCHOOL])  # a worker reads nothing before each of its topics is there
        own.up()
        yield StackClient(own)
    finally:
        own.down(wipe=True)


@pytest.fixture
def topics(calling: StackClient) -> Iterator[Topics]:
    with Topics(calling.stack) as reading:
        yield reading


def _status(calling: StackClient, service: str) -> Any:
    return calling.get(service, "/status", role="operator").json


def _lost(calling: StackClient) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for service in calling.stack.services:
        for at in _status(calling, service)["consumers"]:
            if at["lost"]:
                found.setdefault(service, set()).add(at["topic"])
    return found


def _ledger(calling: StackClient, topic: Topic) -> list[tuple[str, int, str]]:
    rows = calling.query(
        "reporting",
        "SELECT key, sequence, event_id::text FROM ledger WHERE topic = $1 ORDER BY key, sequence",
        topic.name,
    )
    return [(row["key"], row["sequence"], row["event_id"]) for row in rows]


def _heal(calling: StackClient, *, incomplete: bool = False) -> Healed:
    return republish(calling.stack, lambda _: None, incomplete=incomplete)


def _starting(calling: StackClient, *names: str) -> list[Thread]:
    """Start processes that aren't ready before what was lost is healed: each has a thread that waits until it is."""
    threads = [Thread(target=calling.stack.start, args=[name]) for name in names]
    for thread in threads:
        thread.start()
    return threads


def _cut_while_nobody_reads(calling: StackClient, topics: Topics) -> tuple[list[str], list[str]]:
    """Register seekers and firms whose events Kafka loses while no worker runs; gives their ids."""
    for name in WORKERS:
        calling.stack.stop(name)
    seekers = [calling.made("intake", "/seekers", forms.seeker())["seeker_id"] for _ in range(20)]
    firms = [calling.made("intake", "/employers", forms.employer())["employer_id"] for _ in range(10)]
    changed = {"name": "한빛물산", "size": "large", "district": "11680"}
    assert calling.put("intake", f"/employers/{firms[0]}", changed, version='"1"').status == 200
    until(lambda: _status(calling, "intake")["outbox"], "all is sent", lambda left: left == 0)
    topics.cut(SEEKERS)
    topics.cut(FIRMS)
    return seekers, firms


def test_what_kafka_lost_is_published_again_once_with_its_ids_and_numbers(calling: StackClient, topics: Topics) -> None:
    first = calling.made("intake", "/seekers", forms.seeker())["seeker_id"]
    calling.settle()
    seekers, firms = _cut_while_nobody_reads(calling, topics)
    starting = _starting(calling, *WORKERS)
    until(
        lambda: _lost(calling),
        "who reads them stops",
        lambda lost: lost.get("reporting") == {SEEKERS.name, FIRMS.name} and FIRMS.name in lost.get("matching", set()),
        seconds=90,
    )
    assert not calling.stack.status().healthy
    sent = {row["event_id"] for row in calling.query("intake", "SELECT event_id::text FROM published_event")}

    healed = _heal(calling)
    assert healed.missing == ()
    assert healed.not_kept == ()
    assert _lost(calling) == {}
    for thread in starting:
        thread.join(60)
    calling.settle()
    until(lambda: calling.stack.status().healthy, "all is well", bool, seconds=30)
    entered = _ledger(calling, SEEKERS)
    assert {key for key, *_ in entered} >= {first, *seekers}
    of_firms = _ledger(calling, FIRMS)
    assert [number for key, number, _ in of_firms if key == firms[0]] == [1, 2]
    assert {event_id for *_, event_id in entered + of_firms} <= sent
    assert calling.get("reporting", "/ledger/gaps", role="operator").json["in_all"] == 0
    known = calling.query("matching", "SELECT count(*) AS n FROM employer WHERE employer_id = ANY($1::uuid[])", firms)
    assert known[0]["n"] == len(firms)

    # and afterwards the stream goes on as before
    later = calling.made("intake", "/seekers", forms.seeker())["seeker_id"]
    calling.settle()
    assert later in {key for key, *_ in _ledger(calling, SEEKERS)}
    again = calling.post(
        "reporting", "/positions", {"topic": SEEKERS.name, "partition": 0, "offset": 0}, role="operator"
    )
    assert again.refusal == (409, "history-not-lost")


def test_what_its_owner_keeps_no_more_is_told_and_comes_from_the_ledger(
    calling: StackClient, topics: Topics, tmp_path: Path
) -> None:
    calling.settle()
    calling.stack.stop("matching-worker")  # reporting reads them, matching doesn't
    firms = [calling.made("intake", "/employers", forms.employer())["employer_id"] for _ in range(12)]
    until(lambda: _ledger(calling, FIRMS), "they are in the ledger", lambda rows: {*firms} <= {key for key, *_ in rows})
    topics.cut(FIRMS)
    with psycopg.connect(calling.stack.database_url(), dbname="intake", autocommit=True) as conn:
        conn.execute("DELETE FROM published_event WHERE topic = %s", [FIRMS.name])
    (starting,) = _starting(calling, "matching-worker")
    until(lambda: _lost(calling), "matching stops", lambda lost: "matching" in lost, seconds=90)

    told = _heal(calling)
    assert told.lost == ()
    assert [(one.topic, "matching" in one.services) for one in told.not_kept] == [(FIRMS, True)]

    file = tmp_path / "firms.ndjson"
    exported = _module(calling, "reporting", "services.reporting.export", FIRMS.name)
    file.write_bytes(exported.stdout)
    foreign = tmp_path / "foreign.ndjson"
    foreign.write_bytes(exported.stdout.replace(b"/jobplus/intake", b"/jobplus/matching"))
    refused = _module(calling, "intake", "services.intake", "restore", str(foreign))
    assert refused.returncode == 1
    assert b"line 1: it is an event of /jobplus/matching" in refused.stderr
    assert _module(calling, "intake", "services.intake", "restore", str(file)).returncode == 0

    healed = _heal(calling)
    assert {one.topic for one in healed.lost} == {FIRMS.name}
    assert (healed.not_kept, healed.missing) == ((), ())
    starting.join(60)
    calling.settle()
    known = calling.query("matching", "SELECT count(*) AS n FROM employer WHERE employer_id = ANY($1::uuid[])", firms)
    assert known[0]["n"] == len(firms)


def test_profiles_are_told_anew_as_they_are_and_nothing_of_who_was_erased(calling: StackClient, topics: Topics) -> None:
    stays = calling.made("intake", "/seekers", forms.seeker())["seeker_id"]
    goes = calling.made("intake", "/seekers", forms.seeker())["seeker_id"]
    calling.settle()
    calling.stack.stop("matching-worker")
    calling.made("intake", f"/seekers/{goes}/erasure", {})
    with psycopg.connect(calling.stack.database_url(), dbname="matching", autocommit=True) as conn:
        conn.execute("UPDATE consumer_offset SET checked_at = now() - interval '40 days'")
    (starting,) = _starting(calling, "matching-worker")
    until(lambda: _lost(calling), "matching stops", lambda lost: lost.get("matching") == {PROFILES.name}, seconds=90)
    before = len(topics.read(PROFILES))

    healed = _heal(calling)
    assert {one.topic for one in healed.lost} == {PROFILES.name}
    starting.join(60)
    calling.settle()
    anew = list(topics.read(PROFILES))[before:]
    assert {published.name for published in anew if published.key == stays} == {"SeekerProfile"}
    assert {published.name for published in anew if published.key == goes} == {"ProfileRemoved"}
    of_both = "FROM seeker WHERE seeker_id = ANY($1::uuid[]) AND birth_year IS NOT NULL"
    pool = calling.query("matching", f"SELECT seeker_id::text {of_both}", [stays, goes])
    assert [row["seeker_id"] for row in pool] == [stays]


@pytest.fixture
def front(calling: StackClient, tmp_path: Path) -> Iterator[Front]:
    with a_front(calling, tmp_path / "tls") as front:
        yield front


@pytest.fixture
def jobplus(front: Front, calling: StackClient, tmp_path: Path) -> Command:
    """Runs the command as an operator does who has a deployment's address and a token; gives its exit code and what it
    prints."""
    token = tmp_path / "operator.jwt"
    token.write_text(calling.stack.token("operator"))
    at = ["--at", front.address, "--ca", str(front.authority), "--token", f"operator={token}"]

    def run(*arguments: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "jobplus.cli", *arguments, *at]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout

    return run


def _notice(**changed: Any) -> Record:
    """A notice of the school's, as it stands on its topic."""
    told = json.loads((HOME / "notices" / "samples" / "partners.TrainingCompleted.json").read_text())
    names = ("specversion", "source", "type", "time", "subject", "sequence")
    headers = [("content-type", b"application/json"), ("ce_id", str(uuid4()).encode())]
    headers += [(f"ce_{name}", told[name].encode()) for name in names]
    value = json.dumps(told["data"] | changed).encode()
    return Record(OF_SCHOOL.name, 0, UNWRITTEN, told["subject"].encode(), value, headers)


def test_the_feeds_dead_letters_are_seen_to_in_a_deployment(
    calling: StackClient, topics: Topics, jobplus: Command
) -> None:
    topics.write([_notice(hours=0)])

    def listed() -> Any:
        code, printed = jobplus("dlq", "list", "--feed", "--json")
        assert code == 0
        return json.loads(printed)

    (letter,) = until(listed, "it is listed", lambda found: found["feed"])["feed"]
    assert letter["topic"] == OF_SCHOOL.name
    assert {*listed()} == {*SERVICES, FEED}
    local = [sys.executable, "-m", "jobplus.cli", "dlq", "list", "--json", "--home", str(calling.stack.home.path)]
    assert json.loads(subprocess.run(local, check=True, capture_output=True, text=True).stdout) == listed()
    assert "feed" not in json.loads(jobplus("dlq", "list", "--json")[1])

    number = str(letter["id"])
    code, printed = jobplus("dlq", "show", FEED, number)
    assert (code, json.loads(printed)["id"]) == (0, letter["id"])
    code, printed = jobplus("dlq", "redrive", FEED, number)
    assert (code, printed) == (1, f"failed again: {letter['error']}\n")
    assert jobplus("dlq", "discard", FEED, number) == (0, "discarded\n")
    assert listed()["feed"] == []


def test_what_the_feed_lost_is_healed_in_a_deployment_but_for_what_a_partner_wrote(
    calling: StackClient, topics: Topics, jobplus: Command
) -> None:
    calling.settle()
    calling.stack.stop("feed-worker")
    for _ in range(12):
        calling.made("intake", "/seekers", forms.seeker())
    calling.made("intake", "/counsellors", forms.counsellor())
    calling.settle(SERVICES)
    (written,) = topics.write([_notice()])
    lost_topics = (SEEKERS, COUNSELLORS, OF_SCHOOL)
    for topic in lost_topics:
        topics.cut(topic)
    with psycopg.connect(calling.stack.database_url(), dbname="intake", autocommit=True) as conn:
        conn.execute("DELETE FROM published_event WHERE topic = %s", [COUNSELLORS.name])
    (starting,) = _starting(calling, "feed-worker")
    names = {topic.name for topic in lost_topics}
    until(lambda: _lost(calling), "the feed stops", lambda lost: lost.get(FEED) == names, seconds=90)

    code, printed = jobplus("republish", "--feed", "--json")
    told = json.loads(printed)
    assert code == 1
    assert {(one["service"], one["topic"]) for one in told["healed"]} == {(FEED, SEEKERS.name)}
    left = [COUNSELLORS.name, OF_SCHOOL.name]
    assert [(one["topic"], one["services"], one["gone_on"]) for one in told["not_kept"]] == [
        (name, [FEED], False) for name in left
    ]
    code, printed = jobplus("republish", "--feed")
    assert code == 1
    assert f"{OF_SCHOOL.name}: feed has lost what the partner school wrote." in printed
    assert "jobplus republish --incomplete" in printed

    code, printed = jobplus("republish", "--feed", "--incomplete", "--json")
    told = json.loads(printed)
    assert code == 1
    assert {(one["service"], one["topic"]) for one in told["healed"]} == {(FEED, name) for name in left}
    assert [(one["topic"], one["gone_on"]) for one in told["not_kept"]] == [(name, True) for name in left]
    starting.join(60)
    anew = _notice()
    (again,) = topics.write([anew])
    assert again.offset == written.offset + 1
    calling.settle()
    taken = {row["event_id"] for row in calling.query(FEED, "SELECT event_id::text FROM inbox")}
    assert dict(anew.headers)["ce_id"].decode() in taken
    assert jobplus("republish", "--feed") == (0, "no service could be healed of anything\n")
    assert _lost(calling) == {}
    sent = calling.query("intake", "SELECT event_id::text FROM published_event WHERE topic = $1", SEEKERS.name)
    known = {row["event_id"] for row in calling.query(FEED, "SELECT event_id::text FROM inbox")}
    assert {row["event_id"] for row in sent} <= known


def _module(calling: StackClient, service: str, module: str, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=calling.stack.environment(service),
        capture_output=True,
        timeout=PATIENCE,
    )
