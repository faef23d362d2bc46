"""The walls of the compose file's Kafka: the topics job makes the users and their rights, services work by them, and
whatever isn't in the table is refused."""

import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    KafkaAdminClient,
    ResourcePattern,
    ResourceType,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from kafka.errors import ClusterAuthorizationFailedError

from chassis.running.settings import KafkaSettings
from chassis.stream import kafka
from chassis.stream.republishing import ends_of
from contracts.topics import LISTENS, TOPICS
from jobplus.stack.local import Stack
from jobplus.stack.ports import FEED, SERVICES, free_base_port
from jobplus.stack.rights import Right, group_of, rights_of
from jobplus.stack.users import EVERY_RIGHT
from tests.deploy.secured_kafka import Secured, secured_kafka
from tests.kit import forms
from tests.kit.client import StackClient
from tests.stacks import Stacks

RIGHTS = rights_of(TOPICS, LISTENS)
USERS = (*SERVICES, FEED)
NAMES = [topic.name for topic in TOPICS]
TRIED = [
    *(Right(user, operation, "TOPIC", name) for user, operation, name in product(USERS, ("READ", "WRITE"), NAMES)),
    *(Right(user, "READ", "GROUP", group_of(other)) for user, other in product(USERS, USERS)),
]
"""Every right that a service might have: those of the table, and the others."""
REFUSED = (TopicAuthorizationFailedError, GroupAuthorizationFailedError, UnknownTopicOrPartitionError)
"""The last of a topic that a client isn't even told of."""


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory, stacks: Stacks) -> Iterator[Secured]:
    with secured_kafka(tmp_path_factory.mktemp("kafka"), free_base_port()) as kafka:
        made = topics_job(kafka, "--users", str(kafka.secrets.parents[1] / "passwords"))
        assert made.returncode == 0, made.stderr + made.stdout
        assert '"event": "rights_given"' in made.stdout
        yield kafka


def topics_job(secured: Secured, *more: str, **changed: str | None) -> "subprocess.CompletedProcess[str]":
    """Run the job as the admin, with more options and other variables."""
    command = [sys.executable, "-m", "jobplus.cli", "topics", "--json", *more]
    given = {name: value for name, value in {**secured.settings(), **changed}.items() if value is not None}
    return subprocess.run(command, env=given, capture_output=True, text=True, timeout=180, check=False)


def _settings(secured: Secured, user: str) -> KafkaSettings:
    told = {name.removeprefix("JOBPLUS_").lower(): value for name, value in secured.settings(user).items()}
    return KafkaSettings(**told)  # pyright: ignore[reportArgumentType]


def connection(secured: Secured, user: str) -> dict[str, Any]:
    """Give what a client needs to come as a user."""
    return kafka.connection(_settings(secured, user))


async def test_every_right_of_the_table_works_and_every_other_is_refused(secured: Secured) -> None:
    assert {*TRIED} >= RIGHTS
    worked = {right async for right in _working(secured)}
    assert worked == RIGHTS
    assert len(worked) < len(TRIED)


async def _working(secured: Secured) -> AsyncIterator[Right]:
    """Try all of TRIED, what is written before what is read; gives what passed."""
    for user in USERS:
        # who writes nothing may not even begin to send idempotently
        owns = any(topic.owner == user for topic in TOPICS)
        async with AIOKafkaProducer(**connection(secured, user), enable_idempotence=owns, acks="all") as producer:
            for name in NAMES:
                if await _passes(producer.send_and_wait(name, b"{}", key=b"a", partition=0)):
                    yield Right(user, "WRITE", "TOPIC", name)
    for user in USERS:
        for name in NAMES:
            if await _passes(_read(secured, user, name, None)):
                yield Right(user, "READ", "TOPIC", name)
        for other in USERS:
            if await _passes(_read(secured, user, LISTENS[user][0].name, group_of(other))):
                yield Right(user, "READ", "GROUP", group_of(other))


async def _read(secured: Secured, user: str, topic: str, group: str | None) -> None:
    """Read what is in a topic, as a member of a group or of none."""
    given = {**connection(secured, user), "enable_auto_commit": False, "auto_offset_reset": "earliest"}
    consumer = AIOKafkaConsumer(topic, **given, group_id=group)
    try:
        await consumer.start()
        assert await consumer.getmany(timeout_ms=20_000)
    finally:
        await consumer.stop()


async def _passes(doing: Any) -> bool:
    try:
        await doing
    except REFUSED:
        return False
    return True


@pytest.mark.parametrize("user", USERS)
async def test_an_owner_is_told_where_its_topics_end_which_it_has_to_know_to_publish_again(
    secured: Secured, user: str
) -> None:
    settings = _settings(secured, user)
    for topic in (topic for topic in TOPICS if topic.owner == user):
        ends = await ends_of(kafka.reader(settings), topic.name)  # pyright: ignore[reportArgumentType]
        assert len(ends) == topic.partitions


@pytest.mark.parametrize("user", USERS)
def test_no_service_makes_topics_users_or_rights(secured: Secured, user: str) -> None:
    admin = KafkaAdminClient(**connection(secured, user))
    try:
        pattern = ResourcePattern(ResourceType.TOPIC, "jobplus.cases")
        everything = ACL(f"User:{user}", "*", ACLOperation.ALL, ACLPermissionType.ALLOW, pattern)
        assert admin.create_acls([everything])["failed"] == [ClusterAuthorizationFailedError]
        another = UserScramCredentialUpsertion("admin", ScramMechanism.SCRAM_SHA_512, "another")
        assert "needs ALTER permission" in admin.alter_user_scram_credentials([another])["admin"]
        with pytest.raises(ClusterAuthorizationFailedError):
            admin.describe_acls(EVERY_RIGHT)
    finally:
        admin.close()


@pytest.mark.parametrize(
    "changed",
    [
        {"security_protocol": "PLAINTEXT"},
        {"security_protocol": "SSL"},
        {"sasl_plain_password": "another"},
        {"sasl_plain_username": "nobody"},
    ],
)
async def test_who_names_no_user_and_password_is_refused(secured: Secured, changed: dict[str, str]) -> None:
    given = {**connection(secured, "intake"), **changed}
    producer = AIOKafkaProducer(**given, request_timeout_ms=3000)
    try:
        with pytest.raises(KafkaError):
            await producer.start()
    finally:
        await producer.stop()


def test_the_job_may_run_again_and_takes_away_what_is_not_in_the_table(secured: Secured) -> None:
    users = str(secured.secrets.parents[1] / "passwords")
    admin = KafkaAdminClient(**connection(secured, "admin"))
    pattern = ResourcePattern(ResourceType.TOPIC, "*")
    foreign = ACL("User:stranger", "*", ACLOperation.ALL, ACLPermissionType.ALLOW, pattern)
    own = ResourcePattern(ResourceType.TOPIC, "jobplus.seekers")
    lost = ACL("User:intake", "*", ACLOperation.WRITE, ACLPermissionType.ALLOW, own)
    try:
        assert admin.create_acls([foreign])["failed"] == []
        admin.delete_acls([lost])
    finally:
        admin.close()
    again = topics_job(secured, "--users", users)
    assert '"added": ["ALLOW User:intake WRITE LITERAL TOPIC jobplus.seekers"]' in again.stdout, again.stderr
    assert '"removed": ["ALLOW User:stranger ALL LITERAL TOPIC *"]' in again.stdout
    third = topics_job(secured, "--users", users)
    assert '"added": [], "removed": []' in third.stdout, third.stderr


def test_without_a_password_nobody_is_made_and_the_job_says_whose_is_missing(secured: Secured, tmp_path: Path) -> None:
    refused = topics_job(secured, "--users", str(tmp_path))
    assert refused.returncode == 3
    assert "Kafka's user feed has no password" in refused.stdout


def test_events_pass_between_services_that_each_come_as_themselves(secured: Secured, stacks: Stacks) -> None:
    own = {
        service: {name.removeprefix("JOBPLUS_"): value for name, value in secured.settings(service).items()}
        for service in ("intake", "matching")
    }
    stack = stacks.new("secured", environment="local", settings=own["intake"])
    other = Stack(stack.home.path, stack.base_port, environment="local", brief=True, settings=own["matching"])
    try:
        stack.up(only=["intake"])
        other.up(only=["matching"])
        calling = StackClient(stack)
        seeker = calling.made("intake", "/seekers", forms.seeker())["seeker_id"]
        calling.settle(("intake", "matching"))
        known = calling.query("matching", "SELECT count(*) AS n FROM seeker WHERE seeker_id = $1", seeker)
        assert known == [{"n": 1}]
    finally:
        stack.down(wipe=True)


def test_without_its_settings_the_topics_job_says_what_is_wrong(secured: Secured) -> None:
    refused = topics_job(secured, JOBPLUS_KAFKA_USER=None)
    assert (refused.returncode, refused.stderr) == (
        2,
        "JOBPLUS_KAFKA_SECURITY=SASL_SSL needs JOBPLUS_KAFKA_USER and JOBPLUS_KAFKA_PASSWORD_FILE\n",
    )
