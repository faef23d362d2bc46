"""The unplaced on any day, summed from the days on which they change, are those that a count of everyone finds, however
events arrive, whatever was merged, corrected or erased, and also after a rebuild and an upgrade."""

import asyncio
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import uuid_utils.compat as uuids

from chassis.database import db
from contracts import Event
from contracts.cases import PlacementCorrected
from contracts.seekers import SeekerErased, SeekerRegistered, SeekersMerged
from services.reporting.figures import queries, store
from services.reporting.figures.again import UNITED
from services.reporting.figures.measures import Dimension
from services.reporting.figures.period import Period
from services.reporting.figures.rows import MEASURES
from services.reporting.figures.sources import UNKNOWN
from services.reporting.ledger.model import Entry
from services.reporting.rebuild import rebuild
from tests.kit.client import LOCKED_OUT
from tests.kit.events import corrected, event_of, merged, placed, registered
from tests.kit.waiting import until_async
from tests.reporting.histories import a_history, shuffled
from tests.reporting.ledgers import Ledger
from tests.reporting.test_figures import MIGRATIONS

DAYS = [date(2008, 12, 31), *(date(2009, month, 15) for month in range(1, 13)), date(2010, 6, 30), date(2011, 1, 27)]
KNOWN: list[date | datetime | None] = [
    None,
    date(2009, 8, 1),
    date(2010, 3, 31),
    datetime(2009, 11, 3, 3, 20, tzinfo=UTC),
    datetime(2010, 1, 31, 16, 0, tzinfo=UTC),
]

COUNTED = f"""WITH RECURSIVE {UNITED.format(known="$2")}, registered AS (
     SELECT DISTINCT ON (coalesce(one, person_id)) coalesce(one, person_id) AS person, occurred_on, dimensions
     FROM person_event LEFT JOIN united USING (person_id)
     WHERE history = 'registered' AND ($2::timestamptz IS NULL OR recorded_at <= $2)
     ORDER BY coalesce(one, person_id), occurred_on, recorded_at, event_id
   ), placed AS (
     SELECT coalesce(one, person_id) AS person, min(occurred_on) AS occurred_on
     FROM person_event p LEFT JOIN united USING (person_id)
     WHERE history = 'placed' AND counts AND ($2::timestamptz IS NULL OR recorded_at <= $2) AND NOT EXISTS (
       SELECT 1 FROM person_event c
       WHERE c.history = 'placed' AND NOT c.counts AND c.subject = p.subject
         AND ($2::timestamptz IS NULL OR c.recorded_at <= $2))
     GROUP BY person
   )
   SELECT last, coalesce(dimensions::jsonb ->> $3, '{UNKNOWN}') AS code, count(*) AS persons
   FROM unnest($1::date[]) AS last
   JOIN (registered r LEFT JOIN (SELECT person, occurred_on AS placed_on FROM placed) p USING (person))
     ON occurred_on <= last AND (placed_on IS NULL OR placed_on > last)
   GROUP BY last, code ORDER BY last, persons DESC, code"""
"""The count of everyone that the sums replace: what is known of all who registered and were placed, at a moment."""


async def counted(conn: db.Connection, period: Period, by: Dimension) -> dict[date, dict[str, int]]:
    found: dict[date, dict[str, int]] = {day: {} for day in DAYS}
    for row in await conn.fetch(COUNTED, DAYS, period.known_until, by):
        found[row["last"]][row["code"]] = row["persons"]
    return found


async def agree(ledger: Ledger) -> int:
    """See that both ways agree on every day, as known at every moment, by every dimension; gives how many they found on
    all days by now."""
    async with db.reading(ledger.pool) as conn:
        for by in MEASURES["registered"].by:
            for known_at in KNOWN:
                period = Period(DAYS[-1], known_at=known_at)
                summed = await queries.unplaced_on(conn, period, DAYS[::-1], by)
                expected = await counted(conn, period, by)
                assert [(day, [*codes.items()]) for day, codes in summed.items()] == [
                    (day, [*codes.items()]) for day, codes in expected.items()
                ], (by, known_at)
        now = await queries.unplaced_on(conn, Period(DAYS[-1]), DAYS)
    return sum(sum(codes.values()) for codes in now.values())


def told_of_who_stayed(event: Event, stayed: dict[UUID, SeekersMerged]) -> Event:
    """Tell a correction of the record that stays, if it comes after the merge."""
    while isinstance(event, PlacementCorrected) and (merge := stayed.get(event.seeker_id)):
        if event.recorded_at < merge.recorded_at:
            break
        event = event.model_copy(update={"seeker_id": merge.seeker_id})
    return event


def drawn(rnd: random.Random, persons: int) -> list[Event]:
    """Draw a history in which placements are late and corrected, records are merged, some twice, and some erased."""
    events = a_history(rnd, persons)
    people = sorted(event.seeker_id for event in events if isinstance(event, SeekerRegistered))
    merges: list[SeekersMerged] = []
    for kept, gone, last in zip(people[::4], people[1::4], people[2::4], strict=False):
        at = datetime(2009, 2, 1, 5, tzinfo=UTC) + timedelta(days=rnd.randrange(400), minutes=len(merges))
        merges.append(merged(kept, gone, at.date(), at))
        if rnd.random() < 0.5:
            later = at + timedelta(days=rnd.randrange(1, 90))
            merges.append(merged(last, kept, later.date(), later))
    erased = [
        event_of(SeekerErased, date(2010, 5, 3), seeker_id=person, recorded_at=datetime(2010, 5, 3, tzinfo=UTC))
        for person in people[3::8]
    ]
    stayed = {merge.merged_id: merge for merge in reversed(merges)}
    return [*(told_of_who_stayed(event, stayed) for event in events), *merges, *erased]


SUMS = (
    """SELECT occurred_on, recorded_at, dimensions::text, sum(amount) FROM unplaced_change
       GROUP BY 1, 2, 3 HAVING sum(amount) <> 0""",
    "SELECT dimension, occurred_on, recorded_on, code, amount FROM unplaced_daily WHERE amount <> 0",
)


async def sums(ledger: Ledger) -> list[Counter[Any]]:
    return [Counter(await ledger.query(each)) for each in SUMS]


@pytest.mark.parametrize("seed", range(4))
async def test_the_unplaced_are_those_that_a_count_of_everyone_finds(ledger: Ledger, seed: int) -> None:
    rnd = random.Random(seed)
    events = drawn(rnd, 60)
    await ledger.receive(shuffled(ledger.sources.records(events), rnd), rnd)
    assert await agree(ledger) > 100

    live = await sums(ledger)
    await rebuild(ledger.pool)
    assert await sums(ledger) == live

    async with ledger.pool.acquire() as conn, conn.transaction():
        await conn.execute("DROP TABLE unplaced_change, unplaced_daily")
        await conn.execute((MIGRATIONS / "reporting-0010-unplaced-by-day.sql").read_text())
    assert await sums(ledger) == live
    positions = (
        "SELECT count(*) FROM unplaced_change LEFT JOIN ledger USING (position, recorded_at) WHERE event_id IS NULL"
    )
    assert await ledger.query(positions) == [(0,)]


async def test_who_is_told_of_by_two_workers_at_once_is_counted_as_by_one(ledger: Ledger) -> None:
    """Registrations and placements come on different topics: neither worker knows what the other is counting."""
    person, day = uuids.uuid7(), date(2009, 3, 2)
    async with ledger.pool.acquire() as one, one.transaction():
        await store.count(one, [Entry(1, uuids.uuid7(), registered(person, day))])

        async def count_beside() -> None:
            async with ledger.pool.acquire() as other, other.transaction():
                await store.count(other, [Entry(2, uuids.uuid7(), placed(person, date(2009, 5, 4)))])

        beside = asyncio.create_task(count_beside())
        await until_async(lambda: ledger.query(LOCKED_OUT), "the placement waits for the registration")
    await beside
    async with db.reading(ledger.pool) as conn:
        found = await queries.unplaced_on(conn, Period(date.max), [date(2009, 5, 3), date(2009, 5, 4)])
    assert [sum(codes.values()) for codes in found.values()] == [1, 0]


async def test_a_placement_that_never_was_leaves_its_person_unplaced_since_the_registration(ledger: Ledger) -> None:
    person, registered_on, placed_on = uuids.uuid7(), date(2009, 3, 2), date(2009, 5, 4)
    job = placed(person, placed_on)
    known = datetime(2009, 5, 20, tzinfo=UTC)
    await ledger.publish(job, registered(person, registered_on), corrected(job, placed_on, known))
    async with db.reading(ledger.pool) as conn:
        for known_at, unplaced in ((None, 1), (known - timedelta(days=1), 0), (date(2009, 5, 20), 1)):
            found = await queries.unplaced_on(conn, Period(date.max, known_at=known_at), [date(2009, 6, 1)])
            assert sum(found[date(2009, 6, 1)].values()) == unplaced, known_at
