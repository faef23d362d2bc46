"""Faults of what Kafka and PostgreSQL hold and allow: what operators, other programs and accidents do to them."""

import os
import secrets
import signal
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import uuid_utils.compat as uuids

from chassis.stream.cloudevents import Attributes, to_headers
from contracts.topics import FIRMS, PROFILES, SEEKERS
from jobplus.stack.home import write_private
from jobplus.stack.local import Stack
from jobplus.stack.ports import FEED
from jobplus.stack.processes import service_command
from tests.faults import documented, kinds
from tests.faults.fault import fault
from tests.faults.ground import Ground, NotInjected, NotSurvived
from tests.faults.kafka_admin import set_topic
from tests.kit import forms
from tests.kit.records import UNWRITTEN, Record
from tests.kit.topics import Topics

READERS = ("matching", "followup", "reporting")
COMPACTED_SECONDS = 50.0
"""Kafka looks for what it can take away every 15 s."""
SENT_SECONDS = 2.0
"""For what is on its way to Kafka to be refused or taken."""
DAY_MILLISECONDS = 24 * 3600 * 1000


@fault("PostgreSQL turned read-only", (3.0, 8.0))
def read_only(ground: Ground) -> Iterator[str]:
    service = ground.service()
    ground.sql("postgres", f"ALTER DATABASE {service} SET default_transaction_read_only = on")
    try:
        ground.end_connections(service)
        yield service
    finally:
        ground.sql("postgres", f"ALTER DATABASE {service} RESET default_transaction_read_only")


@fault("a password rotated", (2.0, 8.0))
def password(ground: Ground) -> Iterator[str]:
    service, another = ground.service(), secrets.token_urlsafe(24)
    ground.sql("postgres", f"ALTER ROLE {service} PASSWORD '{another}'")
    try:
        ground.end_connections(service)
        yield service
    finally:
        write_private(ground.stack.home.password_file(service), another.encode())


@fault("connections cut", (0.0, 1.0))
def connections(ground: Ground) -> Iterator[str]:
    service = ground.service()
    ground.end_connections(service)
    yield service


@fault("an event that Kafka refuses", (3.0, 8.0))
def refused(ground: Ground) -> Iterator[str]:
    servers = ground.stack.kafka_servers
    set_topic(servers, FIRMS, max_message_bytes="100")
    try:
        ground.ask(kinds.EMPLOYER, "/employers", forms.employer())
        ground.arrives("seekers behind a firm's event that is refused", lambda kind: kind.topic == SEEKERS.name)
        yield FIRMS.name
    finally:
        set_topic(servers, FIRMS)
    time.sleep(SENT_SECONDS)
    documented.redrive(ground.stack)


@fault("a row lock that somebody keeps", (10.0, 20.0))
def row_lock(ground: Ground) -> Iterator[str]:
    service = ground.chance.choice(READERS)
    with psycopg.connect(ground.stack.database_url(service)) as conn:
        conn.execute("SELECT * FROM consumer_offset FOR UPDATE")
        yield f"consumer_offset of {service}"
        conn.close()


@fault("a log cut under running consumers", (0.0, 1.0))
def log_cut(ground: Ground) -> Iterator[str]:
    readers = (*READERS, FEED)
    with ground.stopped(*(f"{service}-worker" for service in readers)), Topics(ground.stack) as topics:
        time.sleep(4.0)  # what is sent meanwhile is what is cut
        for topic in (SEEKERS, FIRMS):
            topics.cut(topic)
    ground.comes("that history is lost, in the status of reporting", lambda: not _tells_of_lost(ground, "reporting"))
    yield f"{SEEKERS.name}, {FIRMS.name}"
    for _ in readers:  # one may notice after the others
        if any(_tells_of_lost(ground, service) for service in readers):
            documented.republish(ground.stack)


def _tells_of_lost(ground: Ground, service: str) -> bool:
    consumers = ground.calling.get(service, "/status", role="operator").json["consumers"]
    return any(at["lost"] for at in consumers)


@fault("a locked row in the way of retention", (0.0, 1.0))
def retention(ground: Ground) -> Iterator[str]:
    service, old = ground.chance.choice(READERS[:2]), "old-" + uuid.uuid4().hex
    long_ago = datetime.now(UTC) - timedelta(days=400)
    ground.sql(service, "INSERT INTO idempotency VALUES ('a', %s, '', '', %s)", old, long_ago)
    ground.sql(service, "INSERT INTO inbox VALUES (%s, %s)", uuid.uuid4(), long_ago)
    with psycopg.connect(ground.stack.database_url(service)) as conn:
        conn.execute("SELECT * FROM idempotency WHERE key = %s FOR UPDATE", (old,))
        ground.stack.stop(f"{service}-relay")  # the next one begins with retention
        ground.comes(
            f"old rows of {service}'s inbox taken away, a row of another table locked",
            lambda: ground.sql(service, "SELECT count(*) FROM inbox WHERE kept_at < now() - interval '399 days'")[0][0],
        )
        yield service
        conn.close()


@fault("a migration beside warm connections", (2.0, 3.0))
def migration(ground: Ground) -> Iterator[str]:
    service, table = ground.chance.choice((("intake", "employer"), ("intake", "seeker"), ("matching", "vacancy")))
    before = ground.load.broken
    ground.sql(service, f"ALTER TABLE {table} ADD COLUMN fault_{uuid.uuid4().hex[:8]} int")
    yield f"{table} of {service}"
    if broken := ground.load.broken - before:
        raise NotSurvived(f"{broken} answers of 500 after it")


@fault("a migration killed", (0.0, 0.5))
def migration_killed(ground: Ground) -> Iterator[str]:
    service = ground.service()
    command, log = service_command(service, "migrate"), ground.stack.home.logs / "migrate-killed.log"
    environment = ground.stack.environment(service, "migrate")
    # It ends as the table is free again and its lock's row is there: in the middle of its work.
    with psycopg.connect(ground.stack.database_url(service)) as conn:
        conn.execute("LOCK TABLE _yoyo_migration IN ACCESS EXCLUSIVE MODE")
        pid = ground.launcher.start(command, environment, log, "-killed")
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database"
        ends = time.monotonic() + 20
        while not ground.sql(service, f"{waiting} WHERE datname = current_database())")[0][0]:
            if time.monotonic() > ends:
                raise NotSurvived("the migration never came to its work")
            time.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
        conn.rollback()
    yield service
    code = ground.launcher.run(command, environment, log, 60)
    if code != 0:
        raise NotSurvived(f"the next migration of {service} came to {code}")


@fault("an id from tomorrow", (1.0, 2.0))
def tomorrow(ground: Ground) -> Iterator[str]:
    with Topics(ground.stack) as topics:
        topics.write([_of_tomorrow(partition) for partition in range(PROFILES.partitions)])
    firm = ground.ask(kinds.EMPLOYER, "/employers", forms.employer()).json
    vacancy = ground.ask(kinds.VACANCY, "/vacancies", forms.vacancy(firm["employer_id"])).json["vacancy_id"]
    for _ in range(10):
        seeker_id = ground.ask(kinds.REGISTER, "/seekers", forms.seeker()).json["seeker_id"]
        referral = {"seeker_id": seeker_id, "vacancy_id": vacancy}
        asked = ground.ask(kinds.REFERRAL, "/referrals", referral, seeker_id)
        if asked.status == 404:
            raise NotSurvived(f"a referral of somebody just registered: {asked.refusal} instead of not-yet-known")
    yield PROFILES.name


@fault("a tombstone compacted away", (0.0, 0.5))
def tombstone(ground: Ground) -> Iterator[str]:
    servers, worker = ground.stack.kafka_servers, "matching-worker"
    set_topic(servers, PROFILES, segment_ms="1000", delete_retention_ms="100", min_cleanable_dirty_ratio="0.01")
    try:
        seeker_id = ground.ask(kinds.REGISTER, "/seekers", forms.seeker()).json["seeker_id"]
        in_pool = "SELECT 1 - count(*) FROM seeker WHERE seeker_id = %s AND status IS NOT NULL"
        ground.comes("somebody registered, in the pool", lambda: ground.sql("matching", in_pool, seeker_id)[0][0])
        with ground.supervisor.held(worker):
            ground.stack.stop(worker)
            ground.ask(kinds.ERASURE, f"/seekers/{seeker_id}/erasure", {}, seeker_id)
            ends = time.monotonic() + COMPACTED_SECONDS
            while _has_last_word(ground.stack, seeker_id):
                if time.monotonic() > ends:
                    raise NotInjected(f"Kafka kept the tombstone for {COMPACTED_SECONDS:.0f} s")
                time.sleep(1.0)
            yield PROFILES.name
    finally:
        set_topic(servers, PROFILES)


def _has_last_word(stack: Stack, seeker_id: str) -> bool:
    """Whether the topic still says anything of somebody: once their tombstone has come, Kafka takes both away."""
    with Topics(stack) as topics:
        return any(published.key == seeker_id for published in topics.read(PROFILES))


def _of_tomorrow(partition: int) -> Record:
    event_id, key = uuid.UUID(int=uuids.uuid7().int + (DAY_MILLISECONDS << 80)), str(uuid.uuid4())
    attributes = Attributes(event_id, "/jobplus/intake", "jobplus.FromTomorrow", datetime.now(UTC), key, 1, "", "")
    return Record(PROFILES.name, partition, UNWRITTEN, key.encode(), b"{}", to_headers(attributes))


FAULTS = (
    read_only,
    password,
    connections,
    refused,
    row_lock,
    log_cut,
    retention,
    migration,
    migration_killed,
    tomorrow,
    tombstone,
)
