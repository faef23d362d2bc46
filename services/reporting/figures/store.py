"""All SQL that fills the figures."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from chassis.batch.clock import SEOUL
from chassis.database.db import Connection, columns
from services.reporting.figures import flows, persons, unplaced_changes, unplaced_store
from services.reporting.figures.dimensions import Dimensions, as_json, from_json, only
from services.reporting.figures.measures import Measure
from services.reporting.figures.model import Fact, FollowUp, Happening, HistoryName, PersonHistory
from services.reporting.figures.retention import COUNTED_BY
from services.reporting.figures.rows import MEASURES
from services.reporting.figures.united import Merge, circle, difference, united_facts
from services.reporting.ledger.model import Entry

REPLACE_SECONDS = 3600.0

_TABLES = {
    "person_event": "person_id, history, recorded_at, event_id, subject, counts, occurred_on, dimensions, follow_up",
    "fact": "position, measure, occurred_on, recorded_at, dimensions, amount",
    "daily": "measure, occurred_on, recorded_on, dimensions, amount",
    "unplaced_change": "position, occurred_on, recorded_at, dimensions, amount",
    "unplaced_daily": "dimension, occurred_on, recorded_on, code, amount",
}
"""The tables that follow from the ledger, with what a rebuild gives anew."""


async def count(conn: Connection, entries: Sequence[Entry]) -> None:
    """Turn new entries of the ledger into facts, and add these to the daily rollups."""
    facts: list[tuple[int, Fact, int]] = []
    told: list[tuple[Entry, persons.PersonEvent]] = []
    for entry in entries:
        facts += [(entry.position, fact, amount) for fact, amount in flows.facts(entry.event)]
        told += [(entry, person) for person in persons.person_events(entry.event)]
    changes: list[unplaced_store.Told] = []
    if told:
        moved, changes = await _move_persons(conn, told)
        facts += moved
    await _add(conn, facts)
    await unplaced_store.add(conn, changes)


async def _move_persons(
    conn: Connection, told: Sequence[tuple[Entry, persons.PersonEvent]]
) -> tuple[list[tuple[int, Fact, int]], list[unplaced_store.Told]]:
    """Give the facts and the changes of the unplaced that events of persons add, and keep these events."""
    await _let_corrections_alone(conn, told)
    await unplaced_store.let_alone(conn, [p.person_id for _, p in told if p.history in unplaced_changes.HISTORIES])
    asked = {
        (person.person_id, history)
        for _, person in told
        for history in (person.history, persons.MERGED, *unplaced_changes.beside(person.history))
    }
    histories = await _histories(conn, sorted(asked))
    merges: list[Merge] = []
    if any(known and history == persons.MERGED for (_, history), known in histories.items()) or any(
        person.history == persons.MERGED for _, person in told
    ):
        histories = await _united_histories(conn, sorted({person.person_id for _, person in told}))
        merges = _merges(histories)
    facts: list[tuple[int, Fact, int]] = []
    changes: list[unplaced_store.Told] = []
    kept: list[tuple[object, ...]] = []
    for entry, person in told:
        new = person.happening(entry.event, entry.event_id)
        changed = unplaced_changes.moved(histories, merges, person, new)
        changes += [(entry.position, change, amount) for change, amount in changed.items()]
        moved = _moved(histories, merges, person, new)
        facts += [(entry.position, fact, amount) for fact, amount in moved.items()]
        kept.append((person.person_id, person.history, *new[:5], as_json(new.dimensions), _written(new.follow_up)))
    await conn.execute(
        """INSERT INTO person_event
               (person_id, history, recorded_at, event_id, subject, counts, occurred_on, dimensions, follow_up)
           SELECT p, h, r, e, s, c, o, d, f::jsonb
           FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::uuid[], $5::uuid[], $6::bool[], $7::date[],
                       $8::text[], $9::text[]) AS given (p, h, r, e, s, c, o, d, f)""",
        *columns(kept, 9),
    )
    return facts, changes


def _written(follow_up: FollowUp | None) -> str | None:
    return orjson.dumps(follow_up.to_json()).decode() if follow_up else None


async def _let_corrections_alone(conn: Connection, told: Sequence[tuple[Entry, persons.PersonEvent]]) -> None:
    """Let no correction of a placement be counted at the same time as what follow-up care tells.

    The two come on different topics, perhaps to different workers, and change the same person's retention. Corrections
    are few: they have the lock alone, follow-ups share it. It is taken before any row of `daily`.
    """
    kinds = {person.counts for _, person in told if person.history == "retention"}
    if False in kinds:
        await conn.execute("SELECT pg_advisory_xact_lock(hashtext('retention'))")
    elif kinds:
        await conn.execute("SELECT pg_advisory_xact_lock_shared(hashtext('retention'))")


def _moved(
    histories: dict[PersonHistory, list[Happening]], merges: list[Merge], person: persons.PersonEvent, new: Happening
) -> Counter[Fact]:
    """Give the facts that an event of a person adds, and note the event among what is known."""
    known = histories[person.person_id, person.history]
    if person.history != persons.MERGED:
        whole = circle(person.person_id, merges)
        if len(whole) == 1 or person.history == "retention":
            moved = persons.move(person.history, _of_all(histories, whole, person.history), new)
            known.append(new)
            return moved
        happenings = {one: histories[one, person.history] for one in whole}
        before = united_facts(person.history, happenings, merges)
        known.append(new)
        return difference(united_facts(person.history, happenings, merges), before)
    known.append(new)
    moved = Counter[Fact]()
    if new.counts:
        merge = Merge(new.recorded_at, new.event_id, person.person_id, new.subject)
        whole = circle(person.person_id, [*merges, merge])
        for history in persons.FOLDED:
            happenings = {one: histories[one, history] for one in whole}
            before = united_facts(history, happenings, merges)
            moved.update(difference(united_facts(history, happenings, [*merges, merge]), before))
        moved.update(_retention_moved(histories, merges, merge))
        merges.append(merge)
    return moved


def _retention_moved(
    histories: Mapping[PersonHistory, Sequence[Happening]], merges: Sequence[Merge], merge: Merge
) -> Counter[Fact]:
    """Give what a merge adds to retention. That is of placements, so it is one set of events whenever the merge was: a
    correction may be told of the record that stayed, of a placement that all else was told of under the other."""
    parts = {circle(one, merges) for one in (merge.merged_id, merge.person_id)}
    before = Counter[Fact]()
    for part in parts:
        before.update(persons.facts_of("retention", _of_all(histories, part, "retention")))
    whole = frozenset[UUID]().union(*parts)
    return difference(persons.facts_of("retention", _of_all(histories, whole, "retention")), before)


def _of_all(
    histories: Mapping[PersonHistory, Sequence[Happening]], whole: Iterable[UUID], history: HistoryName
) -> list[Happening]:
    return [happening for one in whole for happening in histories.get((one, history), ())]


async def _united_histories(conn: Connection, asked: Sequence[UUID]) -> dict[PersonHistory, list[Happening]]:
    """Read all that is known of persons and of everyone whom merges unite with them.

    Their events are in several partitions, so one transaction after the other moves such persons; a merge itself is
    counted while nobody else counts (see the bootstrap).
    """
    await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended('united persons', 0))")
    rows = await conn.fetch(
        """WITH RECURSIVE united AS (
             SELECT unnest($1::uuid[]) AS person_id
             UNION
             SELECT e.subject FROM united u JOIN person_event e ON e.person_id = u.person_id AND e.history = $2
           )
           SELECT person_id FROM united""",
        asked,
        persons.MERGED,
    )
    whole = {*asked, *(row["person_id"] for row in rows)}
    kept = (*persons.FOLDED, "retention", persons.MERGED)
    return await _histories(conn, sorted((one, history) for one in whole for history in kept))


def _merges(histories: dict[PersonHistory, list[Happening]]) -> list[Merge]:
    return [
        Merge(told.recorded_at, told.event_id, person_id, told.subject)
        for (person_id, history), known in histories.items()
        if history == persons.MERGED
        for told in known
        if told.counts
    ]


async def _histories(conn: Connection, asked: Sequence[PersonHistory]) -> dict[PersonHistory, list[Happening]]:
    """Read what is known of persons. Their events share a partition, so that nobody else moves them meanwhile.

    Only what is known of a retention comes from two topics; see `_let_corrections_alone`.
    """
    histories: dict[PersonHistory, list[Happening]] = defaultdict(list)
    rows = await conn.fetch(
        """SELECT person_id, history, recorded_at, event_id, subject, counts, occurred_on, dimensions, follow_up
           FROM person_event JOIN unnest($1::uuid[], $2::text[]) AS asked (person_id, history)
           USING (person_id, history)""",
        *columns(asked, 2),
    )
    for row in rows:
        histories[row["person_id"], row["history"]].append(happening_of(row))
    return histories


def happening_of(row: Any) -> Happening:
    """Read a row of person_event. One of follow-up care from before migration 0009 tells in its dimensions, too, what
    was said."""
    told, follow_up = from_json(row["dimensions"]), row["follow_up"]
    return Happening(
        row["recorded_at"],
        row["event_id"],
        row["subject"],
        row["counts"],
        row["occurred_on"],
        only(told, COUNTED_BY) if follow_up else told,
        FollowUp.from_json(follow_up) if follow_up else None,
    )


async def _add(conn: Connection, facts: Sequence[tuple[int, Fact, int]]) -> None:
    if not facts:
        return
    await conn.execute(
        """INSERT INTO fact (position, measure, occurred_on, recorded_at, dimensions, amount)
           SELECT p, m, o, r, d::jsonb, a
           FROM unnest($1::bigint[], $2::text[], $3::date[], $4::timestamptz[], $5::text[], $6::int[])
                AS given (p, m, o, r, d, a)""",
        *columns([(position, *fact[:3], as_json(fact.dimensions), amount) for position, fact, amount in facts], 6),
    )
    sums: Counter[tuple[Measure, date, date, Dimensions]] = Counter()
    for _, (measure, occurred_on, recorded_at, told), amount in facts:
        rolled = only(told, MEASURES[measure].rolled)
        sums[measure, occurred_on, recorded_at.astimezone(SEOUL).date(), rolled] += amount
    await conn.execute(
        """INSERT INTO daily AS t (measure, occurred_on, recorded_on, dimensions, amount)
           SELECT m, o, r, d::jsonb, a
           FROM unnest($1::text[], $2::date[], $3::date[], $4::text[], $5::bigint[]) AS given (m, o, r, d, a)
           ON CONFLICT (measure, occurred_on, recorded_on, dimensions)
           DO UPDATE SET amount = t.amount + excluded.amount""",
        *columns([(*key[:3], as_json(key[3]), amount) for key, amount in sorted(sums.items()) if amount], 5),
    )


async def count_anew(conn: Connection, batches: AsyncIterable[Sequence[Entry]]) -> None:
    """Replace all facts by those that the whole ledger gives, handed over in `batches` in its order.

    They are made in temporary tables that stand before the real ones, which can be read until these are replaced.
    """
    for table in _TABLES:
        await conn.execute(f"CREATE TEMP TABLE {table} (LIKE public.{table} INCLUDING ALL) ON COMMIT DROP")
    async for entries in batches:
        await count(conn, entries)
    # What is summed behind them begins anew. Its lock comes before those of the tables, as where they are summed.
    await conn.execute("UPDATE summed SET through = 0, complete = 0")
    emptied = ", ".join(f"public.{table}" for table in ("split_daily", "person_again", *_TABLES))
    await conn.execute(f"TRUNCATE {emptied} RESTART IDENTITY")
    for table, names in _TABLES.items():
        await conn.execute(
            f"INSERT INTO public.{table} ({names}) SELECT {names} FROM pg_temp.{table} ORDER BY {names}",
            timeout=REPLACE_SECONDS,
        )
