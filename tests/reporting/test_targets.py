"""How far targets are, from events in the ledger."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import uuid_utils.compat as uuids

from chassis.database import db
from contracts.targets import TargetMeasure
from services.reporting.figures.period import Period
from services.reporting.targets import queries
from services.reporting.targets.model import Target, TargetKey, TargetValue
from services.reporting.targets.progress import Progress
from services.reporting.targets.store import TargetStore
from tests.kit.events import (
    WOMAN,
    corrected,
    follow_up_due,
    follow_up_made,
    internship_completed,
    internship_converted,
    internship_started,
    placed,
)
from tests.reporting.histories import shuffled
from tests.reporting.ledgers import Ledger, Sums
from tests.reporting.test_facts import everything

SET_ON = date(2009, 1, 28)
SET_AT = datetime(2009, 1, 28, 1, tzinfo=UTC)


async def keep(ledger: Ledger, *targets: tuple[TargetKey, float]) -> None:
    async with ledger.pool.acquire() as conn, conn.transaction():
        values = [Target(key, (TargetValue(value, SET_ON, SET_AT, "manager/m-1"),)) for key, value in targets]
        await TargetStore().save(conn, values)


async def progress(ledger: Ledger, as_of: date, known_at: date | datetime | None = None) -> dict[TargetKey, Progress]:
    async with db.reading(ledger.pool) as conn:
        found = await queries.progresses(conn, Period(as_of, None, known_at))
        return {each.target.key: each for each in found}


async def test_a_target_counts_its_own_year_programme_and_group(ledger: Ledger) -> None:
    """Four persons are placed in 2010, one in 2009 and again in 2010."""
    persons: list[dict[str, Any]] = [
        {"income_band": "low", "breadwinner": False},
        {"income_band": "middle", "breadwinner": True, "programme": "sos_care"},
        {"income_band": "low", "breadwinner": True, "district": "outside"},
        {},
        {"programme": "total_care"},
    ]
    for number, person in enumerate(persons):
        seeker = uuids.uuid7()
        await ledger.publish(placed(seeker, date(2010, 3, number + 1), person={**WOMAN, **person}))
        if number == 4:
            await ledger.publish(placed(seeker, date(2009, 12, 30), person={**WOMAN, **person}))
    all_, care = TargetKey(2010, "placed"), TargetKey(2010, "placed", "sos_care")
    groups = {
        TargetKey(2010, "placed", group=group): expected
        for group, expected in (
            ("residents", 4),
            ("low_income", 2),
            ("breadwinners", 2),
            ("breadwinners_low_income", 2),
        )
    }
    await keep(ledger, (all_, 12), (care, 3), *((key, 10) for key in groups), (TargetKey(2009, "placed"), 1))
    found = await progress(ledger, date(2010, 6, 30))
    assert {key: each.reached for key, each in found.items()} == {
        TargetKey(2009, "placed"): 1, all_: 5, care: 1, **groups,
    }  # fmt: skip
    assert found[TargetKey(2009, "placed")].on_track is True
    assert found[all_].pace == (0.8, 1.2), "5 in 181 of 365 days, 7 in the 184 left"
    assert found[all_].on_track is False


async def test_what_lasts_is_told_of_the_centres_placements_by_the_contact_half_a_year_later(ledger: Ledger) -> None:
    """Of seven placements two last, one of which is heard of when the next year has begun."""
    breadwinner, due_on = {**WOMAN, "breadwinner": True}, date(2010, 12, 30)
    jobs = [
        placed(uuids.uuid7(), date(2010, 6, 30), source=source, person=person)
        for source, person in (("referral", WOMAN), ("internship", breadwinner), *[("referral", WOMAN)] * 4)
    ]
    alone = placed(uuids.uuid7(), date(2010, 6, 30), source="self_found")
    told = (("still_employed", 0), ("still_employed", 5), ("left", 0), ("not_reached", 0), ("changed_job", 0))
    for job, (outcome, days) in zip([*jobs, alone], (*told, *[("still_employed", 0)] * 2), strict=True):
        due = follow_up_due(job, due_on, step="6m")
        early = follow_up_due(job, date(2010, 10, 1), step="3m")
        await ledger.publish(job, early, follow_up_made(early, early.occurred_on, outcome="still_employed"), due)
        await ledger.publish(follow_up_made(due, due_on + timedelta(days), outcome=outcome))
    key, group = TargetKey(2010, "still_employed"), TargetKey(2010, "still_employed", group="breadwinners")
    later = TargetKey(2011, "still_employed", group="breadwinners")
    await keep(ledger, *((each, 1) for each in (key, group, later)))

    async def reached(known_at: date | None = None) -> dict[TargetKey, float | None]:
        return {key: each.reached for key, each in (await progress(ledger, date(2011, 1, 27), known_at)).items()}

    assert await reached() == {key: 2, group: 0, later: 1}
    at = datetime(2011, 1, 20, 3, tzinfo=UTC)
    await ledger.publish(corrected(jobs[5], date(2011, 1, 20), at))
    assert await reached() == {key: 1, group: 0, later: 1}
    assert await reached(date(2011, 1, 19)) == {key: 2, group: 0, later: 1}


async def test_a_conversion_counts_for_the_year_of_completion(ledger: Ledger) -> None:
    interns = [internship_started(uuids.uuid7(), date(2010, 6, 1)) for _ in range(3)]
    for intern in interns:
        await ledger.publish(internship_completed(intern, date(2010, 12, 1)))
    await ledger.publish(internship_converted(interns[0], date(2010, 12, 20), date(2010, 12, 1)))
    await ledger.publish(internship_converted(interns[1], date(2011, 1, 20), date(2010, 12, 1)))
    keys = [TargetKey(year, "internship_conversion_percent") for year in (2010, 2011)]
    await keep(ledger, *((key, 71.0) for key in keys))
    by_new_year, later = await progress(ledger, date(2010, 12, 31)), await progress(ledger, date(2011, 1, 27))
    assert [by_new_year[keys[0]].reached, later[keys[0]].reached] == [33.3, 66.7]
    assert later[keys[1]].reached is None
    assert later[keys[1]].forecast is not None, "what the last year's interns tell"
    assert later[keys[1]].pace is None


async def test_what_is_recorded_later_is_not_known_before(ledger: Ledger) -> None:
    late = datetime(2010, 5, 4, 3, tzinfo=UTC)
    await ledger.publish(placed(uuids.uuid7(), date(2010, 3, 1)), placed(uuids.uuid7(), date(2010, 3, 2), late))
    await keep(ledger, (TargetKey(2010, "placed"), 5), (TargetKey(2010, "placed", group="residents"), 5))

    async def reached(known_at: date | datetime | None) -> set[float | None]:
        return {each.reached for each in (await progress(ledger, date(2010, 12, 31), known_at)).values()}

    assert await reached(None) == {2}
    assert await reached(date(2010, 5, 3)) == await reached(late - timedelta(microseconds=1)) == {1}
    assert await reached(date(2010, 5, 4)) == await reached(late) == {2}
    assert await reached(date(2009, 1, 27)) == set(), "the targets themselves weren't known yet"


async def test_nothing_is_forecast_before_anything_has_happened(ledger: Ledger) -> None:
    measures: list[TargetMeasure] = ["placed", "placement_rate_percent", "internship_conversion_percent"]
    await keep(ledger, *((TargetKey(2011, measure), 50) for measure in measures))
    found = await progress(ledger, date(2011, 1, 27))
    assert {(each.reached, each.forecast, each.on_track) for each in found.values()} == {
        (0, None, None),
        (None, None, None),
    }


async def test_targets_are_told_the_same_without_sums_and_with_some(ledger: Ledger) -> None:
    rnd = random.Random(5)
    await keep(ledger, *((TargetKey(year, measure), 1) for year in (2009, 2010) for measure in get_args(TargetMeasure)))
    records = shuffled(ledger.sources.records(everything(rnd)), rnd)
    periods = [(date(2010, 12, 31), None), (date(2009, 11, 20), None), (date(2010, 12, 31), date(2010, 1, 15))]

    async def told() -> list[dict[TargetKey, Progress]]:
        return [await progress(ledger, *period) for period in periods]

    await ledger.receive(records[: len(records) // 2], rnd)
    await Sums(ledger.pool).all()
    await ledger.receive(records[len(records) // 2 :], rnd)
    with_some = await told()
    assert all(with_some[0][TargetKey(2010, count)].reached for count in ("placed", "sessions"))
    await ledger.pool.execute("UPDATE summed SET made_of = 'others'")
    assert await told() == with_some
