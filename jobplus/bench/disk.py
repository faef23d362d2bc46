"""`disk`: bytes of 1,000 events in PostgreSQL and Kafka, once the history has been driven and everything is vacuumed.

PostgreSQL's are of all tables of all services, with their indexes, less what an empty stack has. Some tables keep a row
for days only: a year's are so many days' of them. Kafka's are what its topics take up on the disk. There are no
copies of either, and no write-ahead log, whose size is a setting.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import psycopg

from chassis.running.settings import ServiceSettings
from jobplus.bench.history import PLANNED_EVENTS, YEARS, fill
from jobplus.bench.result import Result
from jobplus.stack.kafka_node import log_folder
from jobplus.stack.local import Stack
from jobplus.stack.ports import SERVICES

EVENTS = 60_000
DAYS = 365
MIB = 1024 * 1024
GOAL = "say"

CLOCK: Literal["system", "simulated"] = "simulated"

Say = Callable[[str], None]

KEPT_DAYS = {
    table: int(ServiceSettings.model_fields[setting].default)
    for table, setting in (
        ("published_event", "published_days"),
        ("inbox", "inbox_days"),
        ("idempotency", "idempotency_days"),
    )
}
"""The tables whose rows are deleted after days; what grows little is counted as kept for ever."""

_SIZES = """
SELECT coalesce(i.inhparent, c.oid)::regclass::text AS name, sum(pg_total_relation_size(c.oid))::bigint AS bytes
FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace GROUP BY 1
"""


def run(stack: Stack, say: Say, events: int = EVENTS) -> Result:
    """Measure on a stack of its own."""
    stack.up()
    tables_before, kafka_before = _tables(stack), _kafka(stack)
    published = fill(stack, events, say)
    tables = {name: size - tables_before.get(name, 0) for name, size in _tables(stack).items()}
    kafka = _kafka(stack) - kafka_before
    thousands = published / 1000
    postgres = sum(tables.values())
    a_year = PLANNED_EVENTS / YEARS
    year = {name: size / published * a_year * year_share(name) for name, size in tables.items()}
    year_kafka = kafka / published * a_year
    measured = (postgres + kafka) / thousands / 1024
    said = (sum(year.values()) + year_kafka) / MIB
    say(f"{measured:.0f} KiB for 1,000 events; a year of {a_year:.0f} events: {said:.0f} MiB")
    detail = {
        "events": published,
        "kib_for_1000_events": {
            "postgresql": round(postgres / thousands / 1024, 1),
            "kafka": round(kafka / thousands / 1024, 1),
            **{f"postgresql {service}": round(_of(tables, service) / thousands / 1024, 1) for service in SERVICES},
        },
        "largest_tables_kib_for_1000_events": {
            name: round(size / thousands / 1024, 1)
            for name, size in sorted(tables.items(), key=lambda one: -one[1])[:12]
        },
        "a_year": {
            "events": round(a_year),
            "mib_in_postgresql": round(sum(year.values()) / MIB),
            "mib_in_kafka": round(year_kafka / MIB),
            "days_kept": KEPT_DAYS,
        },
    }
    return Result("disk", measured, "KiB for 1,000 events", GOAL, True, [], detail=detail)


def year_share(name: str) -> float:
    """Give how much of a year's rows a table holds at the most."""
    return min(1.0, KEPT_DAYS.get(name.partition(".")[2], DAYS) / DAYS)


def _of(tables: dict[str, int], service: str) -> int:
    return sum(size for name, size in tables.items() if name.startswith(f"{service}."))


def _tables(stack: Stack) -> dict[str, int]:
    """Give the bytes of each table with its indexes, vacuumed, as `service.table`, its partitions together."""
    sizes: dict[str, int] = {}
    for service in SERVICES:
        with psycopg.connect(stack.database_url(service), autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")
            for name, size in connection.execute(_SIZES):
                sizes[f"{service}.{name}"] = size
    return sizes


def _kafka(stack: Stack) -> int:
    """Give the bytes that the project's topics take up on the disk."""
    folders = log_folder(stack.home.data / "kafka").glob("jobplus.*")
    return sum(_blocks(file) for folder in folders for file in folder.iterdir())


def _blocks(file: Path) -> int:
    return file.stat().st_blocks * 512  # an index is a sparse file of 10 MB
