"""A partner tells the centre by a topic of its own: what can't be read it finds in a list, and the rest is taken in."""

import asyncio
import json
import ssl
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import TopicAuthorizationFailedError

from jobplus.stack.local import Stack
from tests.contracts.samples import HOME
from tests.examples.centre import Centre
from tests.kit.client import StackClient
from tests.kit.waiting import until
from tests.stacks import Stacks

SCHOOL, OTHER = "a-school", "b-school"
TOPIC = f"partners.{SCHOOL}.trainings"
SAMPLE: dict[str, Any] = json.loads((HOME / "notices" / "samples" / "partners.TrainingCompleted.json").read_text())


@pytest.fixture(scope="module")
def handed(centre: Centre, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What two schools were handed."""
    folder = tmp_path_factory.mktemp("handed")
    return {
        name: json.loads(centre.let_in(name, "", folder, writes="trainings").read_text()) for name in (SCHOOL, OTHER)
    }


@pytest.fixture(scope="module")
def stack(stacks: Stacks, centre: Centre, handed: object) -> Iterator[Stack]:
    """The feed, behind the walls."""
    told = {name.removeprefix("JOBPLUS_"): value for name, value in centre.settings("feed").items()}
    topics = f"{TOPIC},partners.{OTHER}.trainings"
    stack = stacks.new("notices", environment="local", feed=True, settings={**told, "FEED_NOTICE_TOPICS": topics})
    try:
        stack.up(only=["feed"])
        yield stack
    finally:
        stack.down(wipe=True)


def _headers(**changed: str) -> list[tuple[str, bytes]]:
    """Give a notice's headers, as any library for CloudEvents writes them."""
    told = {name: str(SAMPLE[name]) for name in ("specversion", "type", "time", "subject", "sequence")}
    told |= {"id": str(uuid4()), "source": f"/partners/{SCHOOL}", **changed}
    headers = [(f"ce_{name}", text.encode()) for name, text in told.items()]
    return [("content-type", b"application/json"), *headers]


def _written(told: dict[str, Any], topic: str, *records: tuple[list[tuple[str, bytes]], bytes]) -> None:
    """Write records by the credentials alone, in their order."""

    async def write() -> None:
        async with AIOKafkaProducer(
            bootstrap_servers=told["bootstrap_servers"],
            security_protocol=told["security_protocol"],
            sasl_mechanism=told["sasl_mechanism"],
            sasl_plain_username=told["username"],
            sasl_plain_password=told["password"],
            ssl_context=ssl.create_default_context(cadata=told["ca_pem"]),
            enable_idempotence=True,
        ) as producer:
            for headers, value in records:
                key = SAMPLE["subject"].encode()
                await producer.send_and_wait(topic, value, key=key, headers=headers)

    asyncio.run(write())


def _unread(stack: Stack, partner: str) -> list[dict[str, Any]]:
    client = StackClient(stack)
    reply = client.send("feed", "GET", "/notices/unread", None, client.bearing("partner", subject=partner))
    assert reply.status == 200, reply
    return reply.json["unread"]


def test_a_partner_finds_its_own_that_could_not_be_read_and_the_rest_is_taken_in(
    stack: Stack, handed: dict[str, dict[str, Any]]
) -> None:
    assert handed[SCHOOL]["writes"] == [TOPIC]
    good = json.dumps(SAMPLE["data"]).encode()
    bad = json.dumps(SAMPLE["data"] | {"hours": 0}).encode()
    last = str(uuid4())
    _written(
        handed[SCHOOL],
        TOPIC,
        (_headers(), bad),
        (_headers(type="partners.Moved"), good),
        (_headers(source=f"/partners/{OTHER}"), good),
        (_headers(id=last), good),
    )
    found = until(lambda: _unread(stack, SCHOOL), "the school finds what couldn't be read", lambda it: len(it) == 3)
    assert {(one["topic"], one["key"]) for one in found} == {(TOPIC, SAMPLE["subject"])}
    assert [one["error"].split(":")[0] for one in found] == [
        "partners.TrainingCompleted",
        "no notice has the type 'partners.Moved'",
        f"/partners/{OTHER} doesn't own {TOPIC}",
    ]
    assert [one["type"] for one in found] == [
        "partners.TrainingCompleted",
        "partners.Moved",
        "partners.TrainingCompleted",
    ]
    assert _unread(stack, OTHER) == []
    known = "SELECT count(*) AS n FROM inbox WHERE event_id = $1"
    client = StackClient(stack)
    until(lambda: client.query("feed", known, last), "what stands behind them is taken in", lambda it: it[0]["n"] == 1)
    assert len(_unread(stack, SCHOOL)) == 3
    for role in ("manager", "counsellor", "employer"):
        assert client.send("feed", "GET", "/notices/unread", None, client.bearing(role)).status == 403


@pytest.mark.usefixtures("stack")  # which keeps both tests in one process: each of the schools is let in once
def test_nobody_writes_a_topic_of_another_partner_or_of_the_centre(handed: dict[str, dict[str, Any]]) -> None:
    for topic in (f"partners.{OTHER}.trainings", "jobplus.cases"):
        with pytest.raises(TopicAuthorizationFailedError):
            _written(handed[SCHOOL], topic, (_headers(), b"{}"))
