"""Retention: who still has the job when a step comes, whatever is learned in which order."""

import asyncio
import itertools
import random
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
import uuid_utils.compat as uuids
from hypothesis import given
from hypothesis import strategies as st

from contracts import Event
from contracts.cases import Placed
from services.reporting.figures.model import Fact, Happening
from services.reporting.figures.persons import facts_of, move, person_events
from tests.kit.client import LOCKED_OUT
from tests.kit.events import NINE, corrected, employment_ended, follow_up_due, follow_up_made, placed
from tests.kit.waiting import until_async
from tests.reporting.histories import a_history
from tests.reporting.ledgers import Ledger

PLACED_ON = date(2009, 3, 2)
MONTH, QUARTER, HALF = date(2009, 4, 2), date(2009, 6, 2), date(2009, 9, 2)

NOBODY = (0, 0, 0)


def happenings(events: Sequence[Event], history: str = "retention") -> list[Happening]:
    """Give what the events tell of one history."""
    return [
        told.happening(event, uuids.uuid7())
        for event in events
        for told in person_events(event)
        if told.history == history
    ]


def of_facts(facts: Counter[Fact], as_of: date) -> dict[str, tuple[int, int, int]]:
    """Give by step who is due, reached and still employed by a day."""
    found: dict[str, Counter[str]] = {step: Counter() for step in ("1m", "3m", "6m")}
    for fact, amount in facts.items():
        if fact.occurred_on <= as_of:
            step = str(dict(fact.dimensions)["step"])
            found[step][fact.measure.removeprefix("retention_")] += amount
    return {step: (n["due"], n["reached"], n["still_employed"]) for step, n in found.items()}


def retention(*events: Event, as_of: date = date.max) -> dict[str, tuple[int, int, int]]:
    return of_facts(facts_of("retention", happenings(events)), as_of)


@pytest.fixture
def placement() -> Placed:
    return placed(uuids.uuid7(), PLACED_ON)


def test_whoever_is_due_reached_and_still_employed_is_counted_by_the_job(placement: Placed) -> None:
    due = follow_up_due(placement, MONTH, step="1m")
    made = follow_up_made(due, MONTH, outcome="still_employed")
    told = [dict(fact.dimensions) for fact in facts_of("retention", happenings([due, made]))]
    job = placement.model_dump(include={"occupation", "sector", "employment", "source"})
    assert [{name: dimensions.get(name) for name in job} for dimensions in told] == [job] * 3


def test_a_placement_is_due_from_the_day_of_the_step_on(placement: Placed) -> None:
    due = follow_up_due(placement, MONTH, step="1m")
    assert retention(due, as_of=MONTH - timedelta(days=1))["1m"] == NOBODY
    assert retention(due, as_of=MONTH)["1m"] == (1, 0, 0)


@pytest.mark.parametrize(
    ("outcome", "counts"),
    [("still_employed", (1, 1, 1)), ("changed_job", (1, 1, 0)), ("left", (1, 1, 0)), ("not_reached", (1, 0, 0))],
)
def test_the_outcome_of_a_contact_counts_on_its_day(
    placement: Placed, outcome: str, counts: tuple[int, int, int]
) -> None:
    due = follow_up_due(placement, MONTH, step="1m")
    made = follow_up_made(due, MONTH + timedelta(days=2), outcome=outcome)
    assert retention(due, made, as_of=MONTH + timedelta(days=1))["1m"] == (1, 0, 0)
    assert retention(due, made)["1m"] == counts


def test_who_is_reached_at_the_second_try_is_reached(placement: Placed) -> None:
    due = follow_up_due(placement, MONTH, step="1m")
    tries = [
        follow_up_made(due, MONTH, outcome="not_reached"),
        follow_up_made(due, MONTH + timedelta(days=4), outcome="still_employed", attempt=2),
    ]
    assert retention(due, *tries)["1m"] == (1, 1, 1)


def test_who_left_early_is_due_and_reached_at_each_step_that_nobody_asks_about_any_more(placement: Placed) -> None:
    ended = employment_ended(placement, date(2009, 5, 4), unasked={"3m": QUARTER, "6m": HALF})
    assert retention(ended, as_of=QUARTER - timedelta(days=1)) == {"1m": NOBODY, "3m": NOBODY, "6m": NOBODY}
    assert retention(ended, as_of=QUARTER) == {"1m": NOBODY, "3m": (1, 1, 0), "6m": NOBODY}
    assert retention(ended)["6m"] == (1, 1, 0)


def test_that_someone_left_before_a_step_answers_a_contact_in_vain(placement: Placed) -> None:
    due = follow_up_due(placement, MONTH, step="1m")
    in_vain = follow_up_made(due, MONTH, outcome="not_reached")
    before = employment_ended(placement, MONTH - timedelta(days=1), NINE + timedelta(days=60), unasked={})
    on_the_day = employment_ended(placement, MONTH, NINE + timedelta(days=60), unasked={})
    assert retention(due, in_vain, before)["1m"] == (1, 1, 0)
    assert retention(due, in_vain, on_the_day)["1m"] == (1, 0, 0)


def test_a_corrected_placement_is_taken_out_by_facts_of_the_other_sign(placement: Placed) -> None:
    due = follow_up_due(placement, MONTH, step="1m")
    made = follow_up_made(due, MONTH, outcome="still_employed")
    undone = corrected(placement, PLACED_ON, NINE + timedelta(days=90))
    facts = facts_of("retention", happenings([due, made, undone]))
    assert of_facts(facts, date.max)["1m"] == NOBODY
    known_before = Counter({fact: amount for fact, amount in facts.items() if fact.recorded_at < undone.recorded_at})
    assert of_facts(known_before, date.max)["1m"] == (1, 1, 1)


def test_a_job_found_alone_is_not_the_centres() -> None:
    alone = placed(uuids.uuid7(), PLACED_ON, source="self_found")
    due = follow_up_due(alone, MONTH, step="1m")
    made = follow_up_made(due, MONTH, outcome="still_employed")
    ended = employment_ended(alone, QUARTER, unasked={"6m": HALF})
    assert set(retention(due, made, ended).values()) == {NOBODY}


def test_each_placement_of_a_person_counts_by_itself() -> None:
    seeker = uuids.uuid7()
    first, second = placed(seeker, PLACED_ON), placed(seeker, QUARTER)
    events = [
        employment_ended(first, date(2009, 5, 4), unasked={"3m": QUARTER}),
        follow_up_due(second, HALF, step="3m"),
        corrected(first, PLACED_ON, NINE + timedelta(days=400)),
    ]
    assert retention(*events[:2])["3m"] == (2, 1, 0)
    assert retention(*events)["3m"] == (1, 0, 0)


@given(st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_facts(rnd: random.Random) -> None:
    told = happenings(a_history(rnd, 2))
    rnd.shuffle(told)
    moved: Counter[Fact] = Counter()
    for place, happening in enumerate(told):
        moved.update(move("retention", told[:place], happening))
    whole = facts_of("retention", told)
    assert {f: a for f, a in moved.items() if a} == {f: a for f, a in whole.items() if a}


async def test_a_correction_waits_for_what_follow_up_care_is_telling_and_takes_it_out(ledger: Ledger) -> None:
    placement = placed(uuids.uuid7(), PLACED_ON)
    due = follow_up_due(placement, MONTH, step="1m")
    await ledger.publish(placement, due, follow_up_made(due, MONTH, outcome="still_employed"))
    assert await one_month(ledger) == {"due": 1, "reached": 1, "still_employed": 1, "percent": 100.0}
    async with ledger.pool.acquire() as conn, conn.transaction():
        await conn.execute("SELECT pg_advisory_xact_lock_shared(hashtext('retention'))")
        coming = asyncio.create_task(ledger.publish(corrected(placement, PLACED_ON, NINE + timedelta(days=90))))
        await until_async(lambda: ledger.query(LOCKED_OUT), "the correction waits for follow-up care")
        assert not coming.done()
    await coming
    assert await one_month(ledger) == {"due": 0, "reached": 0, "still_employed": 0, "percent": None}
    assert (await ledger.figures(known_at=MONTH))["retention"]["1"]["still_employed"] == 1


async def test_whatever_topic_comes_first_the_correction_takes_out_the_same(ledger: Ledger) -> None:
    for order in itertools.permutations(range(4)):
        placement = placed(uuids.uuid7(), PLACED_ON)
        due = follow_up_due(placement, MONTH, step="1m")
        made = follow_up_made(due, MONTH, outcome="still_employed")
        events: list[Any] = [placement, due, made, corrected(placement, PLACED_ON, NINE + timedelta(days=90))]
        records = ledger.sources.records(events)
        for place in order:
            await ledger.receive([records[place]])
    assert await one_month(ledger) == {"due": 0, "reached": 0, "still_employed": 0, "percent": None}
    assert (await ledger.figures(known_at=MONTH))["retention"]["1"]["due"] == 24


async def test_of_a_period_those_due_in_it_count_and_those_reached_of_them(ledger: Ledger) -> None:
    placement = placed(uuids.uuid7(), PLACED_ON)
    due = follow_up_due(placement, date(2009, 4, 30), step="1m")
    await ledger.publish(placement, due, follow_up_made(due, date(2009, 5, 4), outcome="still_employed"))
    assert await one_month(ledger, date(2009, 4, 30)) == {"due": 1, "reached": 0, "still_employed": 0, "percent": None}
    assert (await one_month(ledger, date(2009, 5, 31)))["reached"] == 1
    assert (await one_month(ledger, date(2009, 5, 31), date(2009, 5, 1)))["reached"] == 0


async def one_month(ledger: Ledger, as_of: date = date.max, first: date | None = None) -> dict[str, Any]:
    return (await ledger.figures(as_of, first))["retention"]["1"]
