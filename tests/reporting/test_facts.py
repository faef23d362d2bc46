"""Every figure opens into the facts behind it: over any period these add up to it, whatever it is split by."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
import pytest
import uuid_utils.compat as uuids

from chassis.database import db
from contracts import Event, decode
from jobplus.stack.local import Stack
from services.reporting.figures import queries
from services.reporting.figures.facts import behind
from services.reporting.figures.flows import FLOWS
from services.reporting.figures.measures import Dimension, Measure
from services.reporting.figures.parts import parts
from services.reporting.figures.period import Period
from services.reporting.figures.persons import FIRST_IN_YEAR
from services.reporting.figures.rows import MEASURES
from services.reporting.figures.sources import UNKNOWN
from tests.contracts.samples import SAMPLES, envelope
from tests.kit.databases import Databases
from tests.kit.events import (
    NINE,
    WOMAN,
    corrected,
    counsellor_joined,
    counsellor_left,
    follow_up_due,
    follow_up_made,
    merged,
    placed,
    referral,
)
from tests.reporting.histories import a_history, shuffled
from tests.reporting.ledgers import Ledger, a_database

LATER = NINE + timedelta(days=250)

PERIODS = [
    Period(date.max),
    Period(date(2010, 12, 31), date(2010, 1, 1)),
    Period(date(2009, 9, 30), date(2009, 5, 1)),
    Period(date(2010, 6, 1), date(2008, 12, 15), date(2010, 1, 15)),
    Period(date(2009, 12, 31), date(2009, 3, 3), datetime(2009, 10, 15, 3, 20, tzinfo=UTC)),
]


def everything(rnd: random.Random) -> list[Event]:
    """Give events of all kinds that are counted, some of them told late, corrected, or of two records of one person."""
    events = a_history(rnd, 40)
    people = sorted({event.seeker_id for event in events if event.type == "jobplus.SeekerRegistered"})  # pyright: ignore[reportAttributeAccessIssue]
    events += [merged(kept, gone, date(2009, 9, 1)) for kept, gone in zip(people[::4], people[1::4], strict=False)]
    topics = {kind.type: kind.topic.name for kind in FLOWS}
    events += [
        decode(told["type"], topics[told["type"]], told["subject"], orjson.dumps(told["data"]))
        for told in map(envelope, SAMPLES)
        if told["type"] in topics
    ]
    # A placement of one record, corrected under the other.
    undone = placed(people[1], date(2009, 6, 15))
    events += [undone, corrected(undone, date(2009, 6, 15), LATER).model_copy(update={"seeker_id": people[0]})]
    in_care = {**WOMAN, "programme": "sos_care"}
    for day in (date(2009, 3, 2), date(2009, 6, 1), date(2010, 2, 1)):
        counsellor = uuids.uuid7()
        events += [placed(people[0], day, sector="public", person=in_care), counsellor_joined(counsellor, day)]
        events.append(counsellor_left(counsellor, day.replace(day=28)))
    # Due in April and reached in May.
    due = follow_up_due(placed(people[0], date(2009, 3, 30)), date(2009, 4, 30), step="1m")
    return [
        *events,
        counsellor_joined(uuids.uuid7(), date(2009, 2, 2)),
        referral(people[2], date(2009, 5, 4), override="employer_asked"),
        due,
        follow_up_made(due, date(2009, 5, 4), outcome="still_employed"),
    ]


@pytest.fixture(scope="module")
async def full(stack: Stack, databases_alone: Databases) -> AsyncIterator[Ledger]:
    async with a_database(stack, databases_alone) as pool:
        ledger, rnd = Ledger(pool), random.Random(9)
        await ledger.receive(shuffled(ledger.sources.records(everything(rnd)), rnd), rnd)
        yield ledger


@pytest.fixture(scope="module")
async def figures(full: Ledger) -> Mapping[Period, queries.Sums]:
    async with full.pool.acquire() as conn:
        return {period: await queries.sums(conn, period) for period in PERIODS}


async def all_behind(conn: db.Connection, measure: Measure, period: Period) -> list[dict[str, Any]]:
    """Read the facts of a figure page by page."""
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = await behind(conn, measure, period, after, 100)
        found, after = found + page.facts, page.next
    return found


def by(names: Sequence[Dimension], facts: Sequence[Mapping[str, Any]]) -> Counter[tuple[str, ...]]:
    """Add facts up by some dimensions."""
    sums: Counter[tuple[str, ...]] = Counter()
    for fact in facts:
        told = [fact["dimensions"].get(name, UNKNOWN) for name in names]
        sums[tuple(value if isinstance(value, str) else str(value).lower() for value in told)] += fact["amount"]
    return Counter({values: amount for values, amount in sums.items() if amount})


@pytest.mark.parametrize("measure", MEASURES)
async def test_the_facts_of_a_figure_add_up_to_it_and_to_its_parts(
    full: Ledger, figures: Mapping[Period, queries.Sums], measure: Measure
) -> None:
    in_year = measure in FIRST_IN_YEAR.values()
    rolled: tuple[Dimension, ...] = ("step",) if measure.startswith("retention") else MEASURES[measure].rolled
    async with full.pool.acquire() as conn:
        assert await all_behind(conn, measure, PERIODS[0])
        for period in PERIODS:
            facts = await all_behind(conn, measure, period)
            if not in_year:  # what is published of persons stands under their own measure
                figure = figures[period][measure]
                assert by(rolled, facts) == {values: amount for values, amount in figure.items() if amount}, period
            for dimension in () if measure == "counsellors" else MEASURES[measure].by:
                split = await parts(conn, measure, (dimension,), period)
                assert by((dimension,), facts) == {values: n for (_, values), n in split.items()}, (period, dimension)


async def test_a_fact_of_a_person_of_an_odd_period_names_the_event_that_counts(full: Ledger) -> None:
    period = PERIODS[2]
    async with full.pool.acquire() as conn:
        facts = await all_behind(conn, "referred", period)
    assert facts
    for fact in facts:
        assert fact["fact_id"] is None
        ((kind, occurred_on),) = await full.query(
            "SELECT type, occurred_on FROM ledger WHERE position = $1", fact["position"]
        )
        assert (kind, occurred_on) == ("jobplus.ReferralMade", fact["occurred_on"])
