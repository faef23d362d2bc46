"""Who waits and how long: a day's number is that of the unplaced, and each has waited since the first registration."""

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import uuid_utils.compat as uuids

from chassis.database import db
from services.reporting.figures.measures import Dimension
from services.reporting.figures.period import Period
from services.reporting.figures.queries import unplaced_on
from services.reporting.figures.waiting import BANDS, registrations_of_waiting, waiting_on
from tests.kit.events import corrected, merged, placed, registered
from tests.reporting.histories import shuffled
from tests.reporting.ledgers import Ledger
from tests.reporting.test_unplaced_by_day import DAYS, drawn

DAY = date(2010, 6, 30)


def before(days: int) -> date:
    return DAY - timedelta(days=days)


async def by_band(ledger: Ledger, day: date = DAY) -> list[int]:
    """Give how many wait when a day ends, by band."""
    async with db.reading(ledger.pool) as conn:
        found = await waiting_on(conn, day, "age_band")
    return [sum(persons for (_, place), persons in found.items() if place == band) for band in range(len(BANDS))]


def test_bands_follow_each_other_without_a_gap() -> None:
    assert [band.code for band in BANDS] == ["0-30", "31-90", "91-180", "181-365", "366-"]


async def test_a_band_has_both_of_its_ends(ledger: Ledger) -> None:
    ends = (-1, 0, 30, 31, 90, 91, 180, 181, 365, 366, 900)
    await ledger.publish(*(registered(uuids.uuid7(), before(days)) for days in ends))
    assert await by_band(ledger) == [2, 2, 2, 2, 2], "who registers a day later is not among them"


async def test_who_is_placed_waits_until_the_day_before(ledger: Ledger) -> None:
    person = uuids.uuid7()
    await ledger.publish(registered(person, before(40)), placed(person, DAY))
    assert await by_band(ledger) == [0, 0, 0, 0, 0]
    assert await by_band(ledger, before(1)) == [0, 1, 0, 0, 0]


async def test_whose_placement_never_was_waits_since_the_registration(ledger: Ledger) -> None:
    person = uuids.uuid7()
    job = placed(person, before(100))
    await ledger.publish(registered(person, before(200)), job, corrected(job, before(10)))
    assert await by_band(ledger) == [0, 0, 0, 1, 0]


async def test_whose_records_were_merged_waits_once_since_the_first_of_them(ledger: Ledger) -> None:
    kept, gone = uuids.uuid7(), uuids.uuid7()
    await ledger.publish(registered(kept, before(20)), registered(gone, before(400)), merged(kept, gone, before(5)))
    assert await by_band(ledger) == [0, 0, 0, 0, 1]


async def test_a_days_number_is_that_of_the_unplaced_and_opens_into_as_many_registrations(ledger: Ledger) -> None:
    rnd = random.Random(3)
    await ledger.receive(shuffled(ledger.sources.records(drawn(rnd, 60)), rnd), rnd)
    counted = 0
    splits: tuple[Dimension, ...] = ("age_band", "gender", "district")
    async with db.reading(ledger.pool) as conn:
        for by in splits:
            unplaced = await unplaced_on(conn, Period(DAYS[-1]), DAYS, by)
            for day in DAYS:
                found = await waiting_on(conn, day, by)
                codes = Counter[str]()
                for (code, _), persons in found.items():
                    codes[code] += persons
                assert codes == unplaced[day], (by, day)
                counted += codes.total()
                for (code, band), persons in found.items():
                    listed = (await registrations_of_waiting(conn, day, by, code, band, 0, 1_000)).found
                    assert len({one["position"] for one in listed}) == len(listed) == persons
                    first, last = BANDS[band]
                    waited = [(day - one["occurred_on"]).days for one in listed]
                    assert all(first <= days and (last is None or days <= last) for days in waited)
    assert counted > 100


async def test_registrations_are_listed_a_page_at_a_time_each_once(ledger: Ledger) -> None:
    await ledger.publish(*(registered(uuids.uuid7(), before(days)) for days in range(25)))
    pages: list[list[dict[str, Any]]] = []
    after: int | None = 0
    async with db.reading(ledger.pool) as conn:
        while after is not None:
            page = await registrations_of_waiting(conn, DAY, "gender", None, None, after, 10)
            pages.append(page.found)
            after = page.next
    assert [len(page) for page in pages] == [10, 10, 5]
    positions = [one["position"] for page in pages for one in page]
    assert positions == sorted({*positions})
