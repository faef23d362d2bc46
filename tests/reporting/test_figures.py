"""Figures at any day, as known at any moment, are what a plain count of the events gives, however they arrive."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
import uuid_utils.compat as uuids

from chassis.batch.clock import SEOUL
from contracts import Event
from contracts.cases import InternshipConverted, Placed, PlacementCorrected, ReferralMade
from contracts.counselling import SessionHeld
from contracts.followups import EmploymentEnded, FollowUpDue, FollowUpMade
from contracts.seekers import SeekerRegistered
from services.reporting import figures
from services.reporting.figures.measures import Dimension, Measure
from services.reporting.figures.parts import parts
from services.reporting.figures.period import Period
from services.reporting.figures.rows import MEASURES
from services.reporting.ledger.store import stand_still
from services.reporting.rebuild import rebuild
from tests.kit.client import LOCKED_OUT
from tests.kit.events import (
    NINE,
    corrected,
    counsellor_joined,
    counsellor_left,
    internship_completed,
    internship_converted,
    internship_started,
    placed,
    registered,
    session,
    survey_answered,
    survey_drawn,
)
from tests.kit.waiting import until_async
from tests.reporting.histories import a_history, shuffled
from tests.reporting.ledgers import TODAY, Ledger

PERIODS: list[tuple[date, date | None, date | datetime | None]] = [
    (date.max, None, None),
    (date(2009, 7, 1), None, None),
    (date(2009, 12, 31), date(2009, 1, 1), None),
    (date(2010, 3, 1), date(2010, 1, 1), None),
    (date(2009, 9, 30), date(2009, 4, 1), None),
    (date(2010, 6, 1), date(2008, 12, 15), None),
    (date(2009, 7, 1), None, date(2009, 7, 1)),
    (date(2009, 12, 31), date(2009, 1, 1), date(2009, 12, 31)),
    (date(2009, 9, 30), date(2009, 4, 1), date(2009, 10, 15)),
    (date(2009, 9, 30), date(2009, 4, 1), datetime(2009, 10, 15, 3, 20, tzinfo=UTC)),
    (date.max, None, datetime(2009, 8, 4, 18, 30, tzinfo=UTC)),
    (date(2009, 12, 31), date(2009, 1, 1), datetime(2009, 8, 4, 5, 0, tzinfo=UTC)),
]


MIGRATIONS = Path(figures.__file__).parents[1] / "migrations"

TOGETHER: tuple[tuple[Dimension, ...], ...] = (("gender", "age_band"), ("district", "income_band", "age_band"))


def known_of(events: Sequence[Event], known_at: date | datetime | None) -> list[Event]:
    until = known_at or datetime.max.replace(tzinfo=UTC)
    if not isinstance(until, datetime):
        until = datetime(until.year, until.month, until.day, tzinfo=SEOUL) + timedelta(days=1, microseconds=-1)
    return [event for event in events if event.recorded_at <= until]


def first_placements(
    events: Sequence[Event], as_of: date, first: date | None, known_at: date | datetime | None
) -> list[Placed]:
    """Give each person's first valid placement through the centre in a period."""
    known = known_of(events, known_at)
    void = {event.placement_id for event in known if isinstance(event, PlacementCorrected)}
    jobs = [
        event
        for event in known
        if isinstance(event, Placed)
        and event.source != "self_found"
        and event.placement_id not in void
        and (first or date.min) <= event.occurred_on <= as_of
    ]
    firsts: dict[Any, Placed] = {}
    for event in sorted(jobs, key=lambda event: (event.occurred_on, event.recorded_at)):
        firsts.setdefault(event.seeker_id, event)
    return list(firsts.values())


def counted(events: Sequence[Event], as_of: date, first: date | None, known_at: date | datetime | None) -> Any:
    """Count events by hand."""
    known = known_of(events, known_at)
    within = [event for event in known if (first or date.min) <= event.occurred_on <= as_of]
    void = {event.placement_id for event in known if isinstance(event, PlacementCorrected)}
    jobs = [event for event in within if isinstance(event, Placed) and event.placement_id not in void]
    placements = [event for event in jobs if event.source != "self_found"]
    conversions = [e for e in within if isinstance(e, InternshipConverted) and e.placement_id not in void]
    firsts = first_placements(events, as_of, first, known_at)
    sessions = [event for event in within if isinstance(event, SessionHeld)]
    referrals = [event for event in within if isinstance(event, ReferralMade)]
    return {
        "registered": len({event.seeker_id for event in within if isinstance(event, SeekerRegistered)}),
        "referred": len({event.seeker_id for event in referrals}),
        "referrals": len(referrals),
        "placements": len(placements),
        "converted": Counter(str(event.occurred_on.year) for event in conversions),
        "self_found": len({event.seeker_id for event in jobs if event.source == "self_found"}),
        "unplaced": unplaced(known, void, min(as_of, TODAY), first),
        "placed": len(firsts),
        "by_occupation": {o: sum(e.occupation == o for e in firsts) for o in ("01", "02", "11")},
        "by_age": {b: sum(e.person.age_band == b for e in firsts) for b in ("-29", "30-39", "40-54", "55-")},
        "retention": retention(known, void, as_of, first),
        "wanted": sum(event.wanted for event in firsts),
        "by_source": {s: sum(e.source == s for e in firsts) for s in ("referral", "internship")},
        "by_sector": {"private": len(firsts), "public": 0},
        "job": sum(event.kind == "job" for event in sessions),
        "by_channel": {c: sum(e.channel == c for e in sessions) for c in ("visit", "call", "online")},
    }


def unplaced(known: Sequence[Event], void: set[Any], last: date, first: date | None) -> dict[str, list[str]]:
    """Count at each year's end who had registered and was not placed, by the occupation wanted first."""
    registrations = [event for event in known if isinstance(event, SeekerRegistered)]
    placements = [
        event
        for event in known
        if isinstance(event, Placed) and event.source != "self_found" and event.placement_id not in void
    ]
    started = min((event.occurred_on for event in registrations), default=date.max).year
    found: dict[str, list[str]] = {}
    for year in range(max(started, first.year if first else 0), last.year + 1):
        end = date(year, 12, 31)
        placed_by_then = {event.seeker_id for event in placements if event.occurred_on <= end}
        counts = Counter(
            event.person.wanted_occupations[0]
            for event in registrations
            if event.occurred_on <= end and event.seeker_id not in placed_by_then
        )
        if end <= last and counts:
            found[str(year)] = sorted(counts, key=lambda code: (-counts[code], code))
    return found


def retention(
    known: Sequence[Event], void: set[Any], as_of: date, first: date | None
) -> dict[str, tuple[int, int, int]]:
    """Count by step who is due, reached and still employed, a placement and step after the other."""
    cared = [
        event
        for event in known
        if isinstance(event, FollowUpDue | FollowUpMade | EmploymentEnded) and event.placement_id not in void
    ]
    through_the_centre = {
        event.placement_id for event in cared if not isinstance(event, FollowUpMade) and event.source != "self_found"
    }
    ends = {event.placement_id: event for event in cared if isinstance(event, EmploymentEnded)}
    days = {(e.placement_id, e.step): e.due_on for e in cared if isinstance(e, FollowUpDue)}
    days |= {(e.placement_id, one.step): one.due_on for e in ends.values() for one in e.unasked}
    reached = {
        (event.placement_id, event.step): event
        for event in cared
        if isinstance(event, FollowUpMade) and event.outcome != "not_reached"
    }
    found = {months: [0, 0, 0] for months in ("1", "3", "6", "12")}
    for (placement, step), due_on in days.items():
        if placement not in through_the_centre or not (first or date.min) <= due_on <= as_of:
            continue
        counts, answer, end = found[step.removesuffix("m")], reached.get((placement, step)), ends.get(placement)
        counts[0] += 1
        if answer is not None:
            counts[1] += answer.occurred_on <= as_of
            counts[2] += answer.occurred_on <= as_of and answer.outcome == "still_employed"
        elif end is not None and end.occurred_on < due_on:
            counts[1] += 1
    return {months: (due, told, still) for months, (due, told, still) in found.items()}


def published(figures: dict[str, Any]) -> Any:
    """Give of the published figures what `counted` gives."""
    by_occupation = figures["placed"]["by_occupation"]
    assert sum(by_occupation.values()) == figures["placed"]["total"]
    return {
        **{name: figures[name] for name in ("registered", "referred", "referrals", "placements")},
        "converted": Counter({year: of["converted"] for year, of in figures["internships"].items()}),
        "self_found": figures["self_found"]["total"],
        "unplaced": figures["unplaced_top_occupations"],
        "placed": figures["placed"]["total"],
        "by_occupation": {code: by_occupation[code] for code in ("01", "02", "11")},
        "by_age": figures["placed"]["by_age"],
        "retention": {m: (r["due"], r["reached"], r["still_employed"]) for m, r in figures["retention"].items()},
        **{name: figures["placed"][name] for name in ("wanted", "by_source", "by_sector")},
        "job": figures["sessions"]["job"],
        "by_channel": figures["sessions"]["by_channel"],
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_topics_shuffled_against_each_other_give_the_figures_counted_by_hand(ledger: Ledger, seed: int) -> None:
    rnd = random.Random(seed)
    events = a_history(rnd, 60)
    records = shuffled(ledger.sources.records(events), rnd)
    again = rnd.sample(records, 40)
    await ledger.receive(records, rnd)
    await ledger.receive(again, rnd)
    for period in PERIODS:
        assert published(await ledger.figures(*period)) == counted(events, *period), period


@pytest.mark.parametrize(
    "measure", ["registered", "referred", "placed", "self_found", "placements", "sessions", "referrals"]
)
async def test_the_months_of_a_series_add_up_to_its_figure_by_whatever_they_are_split(
    ledger: Ledger, measure: Measure
) -> None:
    rnd = random.Random(6)
    events = a_history(rnd, 60)
    await ledger.receive(ledger.sources.records(events), rnd)
    has: tuple[tuple[Dimension, ...], ...] = ((), *((one,) for one in MEASURES[measure].by), *TOGETHER)
    for as_of, first, known_at in PERIODS:
        period = Period(as_of, first, known_at)
        figure = (await ledger.figures(as_of, first, known_at))[measure]
        total = figure["total"] if isinstance(figure, dict) else figure
        series: list[Counter[date | None]] = []
        async with ledger.pool.acquire() as conn:
            for by in has:
                assert (await parts(conn, measure, by, period)).total() == total, (period, by)
                months: Counter[date | None] = Counter()
                for (month, _), amount in (await parts(conn, measure, by, period, monthly=True)).items():
                    months[month] += amount
                series.append(months)
        assert all(months == series[0] for months in series), period
        assert series[0].total() == total, period
        assert {month.day for month in series[0] if month} <= {1}


async def test_a_split_over_any_period_is_the_count_by_hand(ledger: Ledger) -> None:
    rnd = random.Random(8)
    events = a_history(rnd, 60)
    await ledger.receive(shuffled(ledger.sources.records(events), rnd), rnd)
    for as_of, first, known_at in PERIODS:
        period = Period(as_of, first, known_at)
        async with ledger.pool.acquire() as conn:
            found = await parts(conn, "placed", ("occupation", "age_band", "source"), period)
        by_hand = Counter(
            (None, (event.occupation, event.person.age_band, event.source))
            for event in first_placements(events, as_of, first, known_at)
        )
        assert found == by_hand, period


async def test_internships_count_by_the_year_in_which_they_were_completed(ledger: Ledger) -> None:
    interns = [internship_started(uuids.uuid7(), date(2009, 6, 1)) for _ in range(4)]
    completed = [date(2009, 12, 30), date(2010, 3, 2), date(2010, 12, 31), date(2010, 6, 1)]
    for intern, day in zip(interns, completed, strict=True):
        await ledger.publish(internship_completed(intern, day))
    await ledger.publish(internship_converted(interns[0], date(2010, 1, 4), completed[0]))
    await ledger.publish(internship_converted(interns[2], date(2011, 1, 3), completed[2]))
    figures = await ledger.figures()
    assert figures["internships"] == {
        "2009": {"started": 0, "broken_off": 0, "completed": 1, "converted": 1, "percent": 100.0},
        "2010": {"started": 0, "broken_off": 0, "completed": 3, "converted": 1, "percent": 33.3},
    }
    assert (await ledger.figures(date(2010, 12, 31)))["internships"]["2010"]["converted"] == 0


async def test_a_survey_is_scored_and_compared_with_the_one_before(ledger: Ledger) -> None:
    first, second = uuids.uuid7(), uuids.uuid7()
    await ledger.publish(survey_drawn(second, date(2010, 7, 15), 4))
    await ledger.publish(survey_drawn(first, date(2009, 12, 15), 5))
    for answer in (1, 3, 4, 5):
        await ledger.publish(survey_answered(first, date(2009, 12, 20), answer))
    for answer in (4, 5, 5):
        await ledger.publish(survey_answered(second, date(2010, 7, 20), answer))
    surveys = (await ledger.figures())["surveys"]
    assert [survey.pop("survey_id") for survey in surveys] == [str(first), str(second)]
    assert surveys == [
        {"on": "2009-12-15", "asked": 5, "answered": 4, "score": 56.3, "percent_satisfied": 50.0, "change": None},
        {"on": "2010-07-15", "asked": 4, "answered": 3, "score": 91.7, "percent_satisfied": 100.0, "change": 35.4},
    ]
    (july,) = (await ledger.figures(date(2010, 12, 31), date(2010, 1, 1)))["surveys"]
    assert (july["on"], july["change"]) == ("2010-07-15", 35.4)
    (unanswered,) = (await ledger.figures(date(2009, 12, 19)))["surveys"]
    assert (unanswered["answered"], unanswered["score"], unanswered["percent_satisfied"]) == (0, None, None)


async def test_facts_of_a_figure_add_up_to_it_and_name_their_events(ledger: Ledger) -> None:
    rnd = random.Random(4)
    await ledger.receive(ledger.sources.records(a_history(rnd, 60)), rnd)
    figures = await ledger.figures()
    for measure, figure in (("placed", figures["placed"]["total"]), ("registered", figures["registered"])):
        assert await ledger.query("SELECT sum(amount) FROM fact WHERE measure = $1", measure) == [(figure,)]
    assert await ledger.query(
        "SELECT count(*) FROM fact f LEFT JOIN ledger l USING (position) WHERE l.position IS NULL"
    ) == [(0,)]


async def test_a_rebuild_from_the_ledger_gives_the_same_figures(ledger: Ledger) -> None:
    rnd = random.Random(5)
    events = a_history(rnd, 60)
    await ledger.receive(shuffled(ledger.sources.records(events), rnd), rnd)
    before = [await ledger.figures(*period) for period in PERIODS]
    await ledger.pool.execute("INSERT INTO daily VALUES ('registered', '2009-03-02', '2009-03-02', '{}', 1000)")
    await ledger.pool.execute("DELETE FROM person_event WHERE history = 'placed'")
    assert await rebuild(ledger.pool) == len(events)
    assert [await ledger.figures(*period) for period in PERIODS] == before
    late = registered(uuids.uuid7(), date(2009, 3, 2))
    await ledger.publish(late)
    assert (await ledger.figures())["registered"] == before[0]["registered"] + 1


async def test_the_upgrade_gives_the_placed_the_rollup_that_a_rebuild_would(ledger: Ledger) -> None:
    rnd = random.Random(7)
    await ledger.receive(ledger.sources.records(a_history(rnd, 40)), rnd)
    rows = (
        "SELECT measure, occurred_on, recorded_on, dimensions, amount FROM daily WHERE amount <> 0 ORDER BY 1, 2, 3, 4"
    )
    before = await ledger.query(rows)
    await ledger.pool.execute(
        """UPDATE daily SET dimensions = dimensions - 'source' - 'sector' - 'employment' || '{"wanted": "?"}'
           WHERE measure = 'placed' AND dimensions ->> 'source' = 'internship'"""
    )
    assert (await ledger.figures())["placed"]["by_source"]["unknown"]
    await ledger.pool.execute((MIGRATIONS / "reporting-0003-figures.sql").read_text())
    assert await ledger.query(rows) == before


async def test_the_upgrade_knows_the_conversions_that_a_rebuild_would(ledger: Ledger) -> None:
    rnd = random.Random(9)
    await ledger.receive(ledger.sources.records(a_history(rnd, 20)), rnd)
    rows = "SELECT * FROM person_event WHERE history = 'internships_converted' AND counts ORDER BY event_id"
    before = await ledger.query(rows)
    await ledger.pool.execute("DELETE FROM person_event WHERE history = 'internships_converted' AND counts")
    async with ledger.pool.acquire() as conn, conn.transaction():
        await conn.execute((MIGRATIONS / "reporting-0007-conversions-corrected.sql").read_text())
    assert before
    assert await ledger.query(rows) == before


def as_before(follow_up: dict[str, Any], counted_by: str) -> str:
    """Write as the version before reporting-0009 did what follow-up care told, among what is counted by."""
    told = {**orjson.loads(counted_by), **follow_up}
    if "unasked" in told:
        told["unasked"] = " ".join(f"{one['step']}={one['due_on']}" for one in told["unasked"])
    return orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode()


async def test_the_upgrade_knows_of_follow_up_care_what_a_rebuild_would(ledger: Ledger) -> None:
    """One row is written beside, by a worker of the version before that still runs."""
    rnd = random.Random(10)
    events = a_history(rnd, 40)
    cared_for = [event for event in events if isinstance(event, FollowUpDue | FollowUpMade | EmploymentEnded)]
    late = cared_for[-20:]
    records = ledger.sources.records([event for event in events if event not in late])
    await ledger.receive(records, rnd)
    kept = "SELECT event_id, follow_up, dimensions FROM person_event WHERE history = 'retention' AND counts"
    told = "SELECT event_id, follow_up FROM person_event WHERE history = 'retention' ORDER BY event_id"
    before = await ledger.query(told)
    of_before = [(event_id, as_before(said, counted_by)) for event_id, said, counted_by in await ledger.query(kept)]
    assert {"due", "not_reached", "ended"} <= {said["said"] for _, said in before if said}

    async with ledger.pool.acquire() as conn, conn.transaction():
        await conn.execute("DROP TRIGGER follow_up_of_the_version_before ON person_event")
        await conn.execute("DROP FUNCTION bring_follow_up_over, follow_up_in")
        await conn.execute("ALTER TABLE person_event DROP COLUMN follow_up")
        for event_id, dimensions in of_before:
            await conn.execute(
                "UPDATE person_event SET dimensions = $2 WHERE event_id = $1 AND history = 'retention'",
                event_id, dimensions,
            )  # fmt: skip
        beside = await conn.fetchrow("DELETE FROM person_event WHERE event_id = $1 RETURNING *", of_before[0][0])
        await conn.execute((MIGRATIONS / "reporting-0009-follow-ups.sql").read_text())
        await conn.execute("INSERT INTO person_event VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", *beside.values())
    assert await ledger.query(told) == before

    await ledger.receive(ledger.sources.records(late), rnd)
    counted = """SELECT measure, occurred_on, dimensions::text, sum(amount) FROM fact WHERE measure ~ 'retention'
                 GROUP BY 1, 2, 3 HAVING sum(amount) <> 0 ORDER BY 1, 2, 3"""
    facts = await ledger.query(counted)
    await rebuild(ledger.pool)
    assert await ledger.query(counted) == facts
    assert {*await ledger.query("SELECT dimensions ~ '\"said\"' FROM person_event")} == {(False,)}


async def test_while_a_rebuild_runs_figures_are_answered_and_what_comes_in_waits(ledger: Ledger) -> None:
    day = date(2009, 3, 2)
    await ledger.publish(registered(uuids.uuid7(), day))
    async with ledger.pool.acquire() as conn, conn.transaction():
        await stand_still(conn)
        coming = asyncio.create_task(ledger.publish(registered(uuids.uuid7(), day)))
        await until_async(lambda: ledger.query(LOCKED_OUT), "what comes in waits for the rebuild")
        assert not coming.done()
        assert (await ledger.figures())["registered"] == 1
    await coming
    assert (await ledger.figures())["registered"] == 2


async def test_a_counsellor_is_in_service_whenever_the_period_starts(ledger: Ledger) -> None:
    one, other = uuids.uuid7(), uuids.uuid7()
    await ledger.publish(
        counsellor_joined(one, date(2009, 1, 28)),
        counsellor_joined(other, date(2009, 1, 28)),
        counsellor_left(one, date(2009, 6, 1)),
    )
    assert (await ledger.figures(date(2009, 1, 27)))["counsellors"] == 0
    assert (await ledger.figures(date(2009, 5, 31)))["counsellors"] == 2
    assert (await ledger.figures(date(2009, 6, 1)))["counsellors"] == 1
    assert (await ledger.figures(date(2010, 12, 31), date(2010, 1, 1)))["counsellors"] == 1


async def test_what_was_published_stays_as_it_was_known(ledger: Ledger) -> None:
    seeker, day = uuids.uuid7(), date(2009, 3, 2)
    made = placed(seeker, day)
    await ledger.publish(registered(seeker, day), made, corrected(made, day, NINE + timedelta(days=30)))
    assert (await ledger.figures())["placed"]["total"] == 0
    assert (await ledger.figures(known_at=date(2009, 3, 31)))["placed"]["total"] == 1
    assert (await ledger.figures(known_at=NINE + timedelta(days=30)))["placed"]["total"] == 0
    just_before = NINE + timedelta(days=30, microseconds=-1)
    assert (await ledger.figures(known_at=just_before))["placed"]["total"] == 1


async def test_a_session_belongs_to_its_day_whenever_it_was_recorded(ledger: Ledger) -> None:
    await ledger.publish(session(uuids.uuid7(), date(2009, 3, 2), NINE + timedelta(days=3)))
    assert (await ledger.figures(date(2009, 3, 1)))["sessions"]["total"] == 0
    assert (await ledger.figures(date(2009, 3, 2)))["sessions"]["total"] == 1
    assert (await ledger.figures(date(2009, 3, 2), known_at=date(2009, 3, 4)))["sessions"]["total"] == 0
