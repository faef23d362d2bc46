"""Whom a year left unplaced is published once by itself, when the year has ended and is known, and anew on demand."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import uuid_utils.compat as uuids

from chassis.batch.clock import SimulatedClock
from chassis.batch.command_batch import CommandHandler
from chassis.batch.decisions import Accepted, Actor, Asked, Decision, Now, Refused
from chassis.database import db
from contracts import Event
from contracts.cases import Placed, PlacementCorrected
from contracts.firms import HiringPlanAsked, HiringPlanFiled
from contracts.reports import UnplacedOccupationsPublished
from contracts.seekers import SeekerRegistered, SeekersMerged
from contracts.vacancies import VacancyChanged, VacancyClosed
from contracts.visits import VisitDue, VisitMade
from services.reporting.figures import queries
from services.reporting.figures.measures import Dimension
from services.reporting.figures.period import Period
from services.reporting.figures.unplaced import month_ends
from services.reporting.unplaced import due, rules
from services.reporting.unplaced.commands import PublishAnew, PublishUnplaced, YearForm
from services.reporting.unplaced.model import ByOccupation, EndedYear, Publication
from services.reporting.unplaced.store import EndedYearStore
from tests.kit.events import corrected, event_of, merged, placed, registered, vacancy_opened
from tests.reporting.histories import a_history, shuffled
from tests.reporting.ledgers import Ledger
from tests.reporting.test_figures import known_of

NEW_YEAR = date(2011, 1, 1)
NOW = Now(datetime(2011, 1, 1, tzinfo=UTC), NEW_YEAR, Actor("system", "due"))


def test_the_first_five_are_published_with_their_persons() -> None:
    unplaced: ByOccupation = (("02", 9), ("11", 7), ("10", 5), ("07", 3), ("08", 2), ("01", 1))
    decision = rules.publish_unplaced(EndedYear(2010, unplaced), PublishUnplaced(2010), NOW)
    assert isinstance(decision, Accepted)
    (event,) = decision.events
    assert isinstance(event, UnplacedOccupationsPublished)
    assert (event.year, event.occurred_on, event.key) == (2010, NEW_YEAR, "unplaced_top_occupations")
    assert (event.occupations, event.unplaced) == (("02", "11", "10", "07", "08"), (9, 7, 5, 3, 2))
    assert decision.states[0].published_on == NEW_YEAR


def test_a_year_is_published_once() -> None:
    known = EndedYear(2010, version=1, published_on=NEW_YEAR)
    assert rules.publish_unplaced(known, PublishUnplaced(2010), NOW) == Accepted()


LAST = Publication(2010, 1, NEW_YEAR, NOW.at, "system/due", 9, (("02", 9), ("11", 7)))
KNOWN_BETTER = EndedYear(2010, (("11", 8), ("02", 8)), 1, NEW_YEAR, LAST)


def decided(year: EndedYear, day: date = NEW_YEAR) -> Decision:
    command = PublishAnew(YearForm(year=year.year))
    return rules.publish_anew(year, command, Now(NOW.at, day, Actor("manager", "m-1")))


def refused(year: EndedYear) -> Refused:
    decision = decided(year)
    assert isinstance(decision, Refused)
    return decision


def anew(year: EndedYear, day: date = NEW_YEAR) -> Accepted | str:
    decision = decided(year, day)
    if isinstance(decision, Refused):
        assert decision.field == "year"
        return decision.problem.code
    assert isinstance(decision, Accepted)
    return decision


def test_a_year_that_is_known_better_is_published_anew_under_the_next_version() -> None:
    decision = anew(KNOWN_BETTER)
    assert isinstance(decision, Accepted)
    (event,), (state,) = decision.events, decision.states
    assert isinstance(event, UnplacedOccupationsPublished)
    assert (event.version, event.occupations, event.unplaced) == (2, ("11", "02"), (8, 8))
    assert decision.answer == {"year": 2010, "version": 2, "occupations": ("11", "02"), "unplaced": (8, 8)}
    assert anew(state) == "still-counting"
    assert refused(state).detail == "version 2 is on its way into the ledger"


@pytest.mark.parametrize(
    ("year", "day", "problem"),
    [
        (KNOWN_BETTER, date(2010, 12, 31), "year-not-over"),
        (KNOWN_BETTER, date(2012, 1, 1), "visits-over"),
        (EndedYear(2010, KNOWN_BETTER.unplaced), NEW_YEAR, "unplaced-not-published"),
        (replace(KNOWN_BETTER, is_behind=True), NEW_YEAR, "still-counting"),
        (replace(KNOWN_BETTER, unplaced=LAST.unplaced), NEW_YEAR, "unplaced-unchanged"),
    ],
)
def test_a_year_is_published_anew_only_where_visits_still_go_by_it(year: EndedYear, day: date, problem: str) -> None:
    assert anew(year, day) == problem


async def _is_due(pool: db.Pool, day: date) -> list[int]:
    async with pool.acquire() as conn:
        return [command.year for command in await due.ended_year(conn, day, 10)]


async def test_the_year_is_due_when_it_ends_and_is_counted_at_its_end(pool: db.Pool, ledger: Ledger) -> None:
    one, other, late = (uuids.uuid7() for _ in range(3))
    await ledger.publish(
        registered(one, date(2010, 3, 2), wanted_occupations=("02",)),
        registered(other, date(2010, 3, 2), wanted_occupations=("11",)),
        registered(late, date(2010, 4, 2), wanted_occupations=("02",)),
        placed(other, date(2010, 6, 1)),
        placed(one, date(2011, 1, 3)),
    )
    assert await _is_due(pool, date(2010, 12, 31)) == []
    assert await _is_due(pool, NEW_YEAR) == [2010]
    clock = SimulatedClock()
    async with pool.acquire() as conn:
        await clock.move(conn, NEW_YEAR)
    handler = CommandHandler({EndedYear: EndedYearStore()}, rules.DECIDERS, clock, pool)
    asked = Asked(PublishUnplaced(2010), Actor("system", "due"), "test", "test")
    assert all(isinstance(outcome, Accepted) for outcome in await handler.run([asked, asked]))
    ((topic, value),) = await ledger.query("SELECT topic, value FROM outbox")
    event = UnplacedOccupationsPublished.model_validate_json(value)
    assert (topic, event.occupations, event.unplaced) == ("jobplus.reports", ("02",), (2,))
    assert await _is_due(pool, date(2011, 1, 2)) == []
    assert await _is_due(pool, date(2012, 1, 1)) == [2011]


async def test_a_history_that_was_brought_in_today_is_published_tomorrow(pool: db.Pool, ledger: Ledger) -> None:
    assert await _is_due(pool, date(2026, 5, 4)) == []
    brought_in = datetime(2026, 5, 4, 3, tzinfo=UTC)
    await ledger.publish(registered(uuids.uuid7(), date(2009, 3, 2), brought_in))
    assert await _is_due(pool, date(2026, 5, 4)) == []
    assert await _is_due(pool, date(2026, 5, 5)) == [2025]


async def test_a_year_waits_for_events_that_have_arrived_or_may_have(pool: db.Pool, ledger: Ledger) -> None:
    await ledger.publish(registered(uuids.uuid7(), date(2010, 3, 2)))
    assert await _is_due(pool, NEW_YEAR) == [2010]
    for unknown in (
        "end_offset = next_offset + 1",
        "end_offset = NULL, checked_at = NULL",
        "end_offset = next_offset, checked_at = clock_timestamp() - interval '31 seconds'",
    ):
        await pool.execute(f"UPDATE consumer_offset SET {unknown}")
        assert await _is_due(pool, NEW_YEAR) == [], unknown
    await ledger.look()
    assert await _is_due(pool, NEW_YEAR) == [2010]
    await pool.execute("INSERT INTO consumer_offset (topic, partition, next_offset) VALUES ('jobplus.gone', 0, 0)")
    assert await _is_due(pool, NEW_YEAR) == [2010], "a topic that no worker reads any more holds nothing up"


TOLD_APART: dict[Dimension, Callable[[SeekerRegistered], str]] = {
    "wanted_occupation": lambda event: event.person.wanted_occupations[0],
    "age_band": lambda event: event.person.age_band,
    "income_band": lambda event: event.person.income_band or "unknown",
}


def unplaced_by_hand(
    events: Sequence[Event], day: date, known_at: date | datetime | None, told: Callable[[SeekerRegistered], str]
) -> list[tuple[str, int]]:
    """Count who had registered and was not placed at a day's end, as known at a moment."""
    known = known_of(events, known_at)
    into: dict[UUID, UUID] = {event.merged_id: event.seeker_id for event in known if isinstance(event, SeekersMerged)}

    def one(person: UUID) -> UUID:
        return one(into[person]) if person in into else person

    void = {event.placement_id for event in known if isinstance(event, PlacementCorrected)}
    placed_by_then = {
        one(event.seeker_id)
        for event in known
        if isinstance(event, Placed)
        and event.source != "self_found"
        and event.placement_id not in void
        and event.occurred_on <= day
    }
    registrations = [event for event in known if isinstance(event, SeekerRegistered) and event.occurred_on <= day]
    firsts: dict[UUID, SeekerRegistered] = {}
    for event in sorted(registrations, key=lambda event: (event.occurred_on, event.recorded_at)):
        firsts.setdefault(one(event.seeker_id), event)
    counts = Counter(told(event) for person, event in firsts.items() if person not in placed_by_then)
    return sorted(counts.items(), key=lambda counted: (-counted[1], counted[0]))


def test_who_is_told_to_ask_again_needs_no_page_that_only_operators_see() -> None:
    assert "/status" not in (refused(replace(KNOWN_BETTER, is_behind=True)).detail or "")


def test_months_end_on_their_last_day_and_the_last_one_when_asked() -> None:
    ends = month_ends(date(2009, 12, 15), date(2010, 3, 3))
    assert ends == [date(2009, 12, 31), date(2010, 1, 31), date(2010, 2, 28), date(2010, 3, 3)]
    assert month_ends(date(2009, 2, 1), date(2009, 1, 31)) == []


@pytest.mark.parametrize("seed", [1, 2])
async def test_the_unplaced_are_those_counted_by_hand_whoever_was_merged_or_corrected(
    ledger: Ledger, seed: int
) -> None:
    rnd = random.Random(seed)
    events = a_history(rnd, 60)
    people = sorted(event.seeker_id for event in events if isinstance(event, SeekerRegistered))
    for number, (kept, gone, last) in enumerate(zip(people[::3], people[1::3], people[2::3], strict=True)):
        at = datetime(2009, 6, 1, 5, tzinfo=UTC) + timedelta(days=rnd.randrange(200), minutes=number)
        events.append(merged(kept, gone, at.date(), at))
        if number % 2:
            events.append(merged(last, kept, at.date(), at + timedelta(days=90)))
    await ledger.receive(shuffled(ledger.sources.records(events), rnd), rnd)
    days = (*month_ends(date(2009, 2, 1), date(2009, 12, 31)), date(2011, 1, 27))
    async with db.reading(ledger.pool) as conn:
        for known_at in (None, date(2009, 8, 1), datetime(2009, 11, 3, 3, 20, tzinfo=UTC)):
            for by, told in TOLD_APART.items():
                found = await queries.unplaced_on(conn, Period(days[-1], known_at=known_at), days[::-1], by)
                for day in days:
                    assert list(found[day].items()) == unplaced_by_hand(events, day, known_at, told), (known_at, day)


async def test_what_visits_came_to_is_told_by_year_and_what_was_corrected_is_not(ledger: Ledger) -> None:
    firm, visit = uuids.uuid7(), uuids.uuid7()
    one, other = uuids.uuid7(), uuids.uuid7()
    found = vacancy_opened(date(2011, 1, 10), visit_id=visit, employer_id=firm)
    plan = {"plan_id": uuids.uuid7(), "openings": 12, "occupations": ["11"], "hire_by": date(2011, 6, 30)}
    at = {"employer_id": firm, "district": "11680"}
    undone = placed(other, date(2011, 1, 20), visit_id=visit)
    terms = found.model_dump(include={"vacancy_id", "employer_id", "occupation", "sector", "employment", "district"})
    day = date(2011, 1, 9)
    await ledger.publish(
        registered(one, date(2010, 3, 2), wanted_occupations=("11",)),
        registered(other, date(2010, 3, 2), wanted_occupations=("11",)),
        *(
            event_of(
                HiringPlanAsked, asked_on, **at, request_id=uuids.uuid7(), channel="call", size="mid", member=True
            )
            for asked_on in (date(2011, 1, 4), date(2011, 1, 7))
        ),
        event_of(HiringPlanFiled, day, **at, **plan, size="mid", member=True, asked_on=date(2011, 1, 7)),
        event_of(VisitDue, day, **at, visit_id=visit, due_on=day, openings=12, score=2),
        event_of(
            VisitMade, date(2011, 1, 10), **at, visit_id=visit, due=True, officials=1, counsellors=1,
            vacancies_found=1, plan_id=plan["plan_id"],
        ),
        found,
        event_of(
            VacancyChanged, date(2011, 1, 12), **terms, openings=5, openings_before=3, changed=["openings"]
        ),
        vacancy_opened(date(2011, 1, 11)),
        placed(one, date(2011, 1, 20), occupation="11", visit_id=visit),
        undone,
        corrected(undone, date(2011, 1, 21)),
    )  # fmt: skip
    figures = await ledger.figures(date(2011, 1, 27))
    assert figures["hiring_plans"] == {"asked": 2, "answered": 1, "total": 1, "openings": 12}
    assert figures["vacancies"] == 2
    assert figures["visits"] == {
        "2011": {
            "due": 1, "made": 1, "plans_secured": 1, "vacancies_found": 1, "placed": 1,
            "mismatch": {
                "occupations": ["11"],
                "before": {"unplaced": 2, "openings": 0, "unplaced_per_opening": None},
                "after": {"unplaced": 1, "openings": 8, "unplaced_per_opening": 0.1},
            },
        }
    }  # fmt: skip
    assert (await ledger.figures(date(2011, 1, 27), known_at=datetime(2011, 1, 10, 1, tzinfo=UTC)))["visits"]["2011"][
        "mismatch"
    ]["after"] == {"unplaced": 2, "openings": 3, "unplaced_per_opening": 0.7}
    closed = event_of(VacancyClosed, date(2011, 1, 25), **terms, reason="filled", placed=5, openings=5)
    await ledger.publish(closed)
    after = (await ledger.figures(date(2011, 1, 27)))["visits"]["2011"]["mismatch"]["after"]
    assert after["openings"] == 3


@pytest.mark.parametrize("first", [None, date(2011, 1, 1)])
async def test_without_visits_there_is_no_mismatch(ledger: Ledger, first: date | None) -> None:
    await ledger.publish(registered(uuids.uuid7(), date(2010, 3, 2)), vacancy_opened(date(2010, 3, 2)))
    assert (await ledger.figures(date(2011, 1, 27), first))["visits"] == {}
