"""Reporting without its processes: a database of its own, filled as a worker fills it and read as the api reads it."""

import os
import random
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Any
from unittest.mock import patch

import asyncpg

from chassis.batch.clock import SimulatedClock
from chassis.batch.command_batch import CommandHandler
from chassis.batch.decisions import Accepted, Asked
from chassis.batch.due import SYSTEM
from chassis.batch.wiring import wired
from chassis.database import db
from chassis.stream.history import Log
from chassis.stream.record import Partition
from chassis.stream.record_batch import RecordBatches
from contracts import Event
from jobplus.stack.local import Stack
from services.reporting.bootstrap import blueprint
from services.reporting.figures import queries, summed
from services.reporting.figures.made import BEGUN, visit_years
from services.reporting.figures.period import Period
from services.reporting.figures.publish import publish
from services.reporting.figures.surveys import surveys_until
from services.reporting.settings import ReportingSettings
from services.reporting.summing.commands import SumUp
from tests.kit.databases import Databases
from tests.kit.records import Partitions, Record, Sources

TODAY = date(2011, 1, 27)


def settings_with(stack: Stack, database: str) -> ReportingSettings:
    """Give the settings of the stack's reporting, with another database."""
    environment = {**stack.environment("reporting", "worker"), "JOBPLUS_DATABASE_NAME": database}
    with patch.dict(os.environ, environment):
        return ReportingSettings()  # pyright: ignore[reportCallIssue]


def databases(stack: Stack) -> Databases:
    """Databases for reportings of their own, empty, and read by no worker."""

    async def make_tables(conn: asyncpg.Connection) -> None:
        folders = (db.CHASSIS_MIGRATIONS, blueprint(ReportingSettings.model_construct()).migrations)
        for file in [file for folder in folders for file in sorted(folder.glob("*.sql"))]:
            await conn.execute(file.read_text())

    return Databases(stack, "reporting_alone", "reporting", make_tables)


@asynccontextmanager
async def a_database(stack: Stack, made: Databases) -> AsyncGenerator[db.Pool]:
    """Make one of these databases, and connect to it."""
    async with db.pool(settings_with(stack, await made.another()), "test") as pool:
        yield pool


class Ledger:
    """One reporting, with its partitions."""

    def __init__(self, pool: db.Pool) -> None:
        self.pool = pool
        self.sources = Sources()
        self._partitions = Partitions()
        made = blueprint(ReportingSettings.model_construct())
        apply = made.apply or _never
        self._batches = RecordBatches(pool, made.name, made.decode, apply, None, made.sources, inbox=made.inbox)

    async def publish(self, *events: Event) -> None:
        """Have events come in, one batch."""
        await self.receive(self.sources.records(events))

    async def receive(self, records: Sequence[Record], rnd: random.Random | None = None) -> None:
        """Have records come in, one batch, or batches of odd sizes where chance is given."""
        left = self._partitions.append(records)
        await self._batches.positions.begin({Partition(r.topic, r.partition): Log(0, 0) for r in left})
        while left:
            size = rnd.randint(1, 40) if rnd else len(left)
            await self._batches.apply(left[:size])
            left = left[size:]
        await self.look()

    async def look(self) -> None:
        """Have the partitions looked at, as a worker that has caught up does."""
        await self._batches.positions.looked(
            {
                Partition(topic, number): 0
                for topic, number in await self.query("SELECT topic, partition FROM consumer_offset")
            },
            0,
        )

    async def figures(
        self, as_of: date = date.max, first: date | None = None, known_at: date | datetime | None = None
    ) -> dict[str, Any]:
        period = Period(as_of, first, known_at)
        async with db.reading(self.pool) as conn:
            sums = await queries.sums(conn, period)
            unplaced, mismatches = await queries.unplaced_and_mismatches(conn, period, TODAY, visit_years(sums))
            surveys, by_year = await surveys_until(conn, period), await queries.by_year(conn, BEGUN, period)
            return publish(sums, period, unplaced, mismatches, surveys=surveys, by_year=by_year)

    async def query(self, sql: str, *arguments: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await self.pool.fetch(sql, *arguments)]


class Sums:
    """The due work of a reporting, done when a test says so."""

    def __init__(self, pool: db.Pool) -> None:
        made = blueprint(ReportingSettings.model_construct())
        deciders = wired(made.deciders, made.stores, made.doers)
        self._pool = pool
        self._handler = CommandHandler(made.stores, deciders, SimulatedClock(), pool, doers=made.doers)

    async def portion(self) -> None:
        """Have the next portion of both kinds summed up."""
        outcomes = await self._handler.run([Asked(SumUp(what), SYSTEM, "test", "test") for what in summed.MADE_OF])
        assert [type(one) for one in outcomes] == [Accepted] * len(summed.MADE_OF)

    async def all(self) -> None:
        """Have all summed up that there is."""
        async with self._pool.acquire() as conn:
            while any([await summed.last(conn, what) > await summed.through(conn, what) for what in summed.MADE_OF]):
                await self.portion()


async def _never(*_: Any) -> None:
    raise AssertionError
