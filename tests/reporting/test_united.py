"""Records that are merged: two persons until then and one from then on, in whatever order the topics arrive."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import uuid_utils.compat as uuids
from hypothesis import given
from hypothesis import strategies as st

from contracts.cases import PlacementCorrected
from contracts.event import Event
from contracts.seekers import SeekersMerged
from services.reporting.figures.dimensions import Dimensions, dimensions
from services.reporting.figures.measures import Measure
from services.reporting.figures.model import Fact, Happening
from services.reporting.figures.persons import facts_of
from services.reporting.figures.store import happening_of
from services.reporting.figures.united import Merge, circle, difference, united_facts
from tests.kit.events import (
    corrected,
    follow_up_due,
    follow_up_made,
    internship_converted,
    internship_started,
    merged,
    placed,
    referral,
    registered,
)
from tests.reporting.histories import a_history, shuffled
from tests.reporting.ledgers import Ledger

T0 = datetime(2009, 1, 1, tzinfo=UTC)
ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))

Step = tuple[UUID, Happening] | Merge


def at(hours: int) -> datetime:
    return T0 + timedelta(hours=hours)


def of(occupation: str) -> Dimensions:
    return dimensions(occupation=occupation)


def job(day: date, recorded: int, subject: int, occupation: str = "02") -> Happening:
    return Happening(at(recorded), UUID(int=1000 + recorded), UUID(int=subject), True, day, of(occupation))


def into(person: UUID, other: UUID, recorded: int) -> Merge:
    return Merge(at(recorded), UUID(int=1000 + recorded), other, person)


def united(steps: Iterable[Step], history: str = "placed") -> Counter[Fact]:
    happenings: defaultdict[UUID, list[Happening]] = defaultdict(list)
    merges: list[Merge] = []
    for step in steps:
        if isinstance(step, Merge):
            merges.append(step)
        else:
            happenings[step[0]].append(step[1])
    return united_facts(history, happenings, merges)  # pyright: ignore[reportArgumentType]


def arrived(steps: Sequence[Step]) -> Counter[Fact]:
    """Add what each step moves, in the order of arrival."""
    facts: Counter[Fact] = Counter()
    for place in range(len(steps)):
        facts.update(difference(united(steps[: place + 1]), united(steps[:place])))
    return Counter({fact: amount for fact, amount in facts.items() if amount})


def summed(facts: Counter[Fact], measure: Measure, known_at: datetime) -> Counter[Dimensions]:
    sums: Counter[Dimensions] = Counter()
    for fact, amount in facts.items():
        if fact.measure == measure and fact.recorded_at <= known_at:
            sums[fact.dimensions] += amount
    return Counter({told: amount for told, amount in sums.items() if amount})


def truth(steps: Iterable[Step], measure: Measure, known_at: datetime) -> Counter[Dimensions]:
    """Count again, the plain way: rename what was merged by then, and count each person by themselves."""
    merges = sorted(step for step in steps if isinstance(step, Merge) and step.recorded_at <= known_at)
    name = {person: person for person in (ONE, TWO, THREE)}
    for merge in merges:
        name = {person: name[merge.person_id] if n == name[merge.merged_id] else n for person, n in name.items()}
    jobs = [
        (name[step[0]], step[1]) for step in steps if not isinstance(step, Merge) and step[1].recorded_at <= known_at
    ]
    void = {h.subject for _, h in jobs if not h.counts}
    valid = [(h.occurred_on, h.recorded_at, h.event_id, p, h.dimensions) for p, h in jobs if h.subject not in void]
    firsts: dict[object, Dimensions] = {}
    for occurred_on, _, event_id, person, occupation in sorted(valid):
        place = {"placed": person, "placed_in_year": (person, occurred_on.year), "placements": event_id}[measure]
        firsts.setdefault(place, occupation)
    return Counter(firsts.values())


@st.composite
def histories(draw: st.DrawFn) -> list[Step]:
    hours = iter(draw(st.permutations(range(20))))
    steps: list[Step] = []
    for subject in range(draw(st.integers(0, 6))):
        person = draw(st.sampled_from((ONE, TWO, THREE)))
        day, occupation = draw(st.dates(date(2008, 11, 1), date(2010, 3, 1))), draw(st.sampled_from(("01", "02", "03")))
        steps.append((person, job(day, next(hours), subject, occupation)))
        if draw(st.booleans()):
            steps.append((person, job(day, next(hours), subject)._replace(counts=False)))
    merges = draw(st.sampled_from(((), ((ONE, TWO),), ((ONE, TWO), (THREE, ONE)), ((TWO, THREE), (TWO, ONE)))))
    when = sorted(next(hours) for _ in merges)
    return [*steps, *(into(*pair, hour) for pair, hour in zip(merges, when, strict=True))]


@given(histories().flatmap(lambda h: st.tuples(st.permutations(h), st.permutations(h))))
def test_any_order_of_arrival_gives_the_same_facts(arrivals: tuple[list[Step], list[Step]]) -> None:
    one, other = (arrived(order) for order in arrivals)
    assert one == other == united(arrivals[0])


@given(histories(), st.sampled_from(("placed", "placed_in_year", "placements")), st.integers(-1, 21))
def test_the_sum_at_any_moment_is_the_count_by_hand(steps: list[Step], measure: Measure, hour: int) -> None:
    assert summed(united(steps), measure, at(hour)) == truth(steps, measure, at(hour))


def test_without_a_merge_it_is_what_each_person_counts_by_themselves() -> None:
    known = {ONE: [job(date(2009, 3, 2), 1, 1)], TWO: [job(date(2009, 5, 4), 2, 2), job(date(2010, 1, 4), 3, 3)]}
    assert united_facts("placed", known, ()) == facts_of("placed", known[ONE]) + facts_of("placed", known[TWO])


def test_of_two_registrations_the_second_is_taken_back_in_its_year_too() -> None:
    first, again = job(date(2009, 3, 2), 1, 1), job(date(2010, 5, 4), 2, 2)
    facts = united([(ONE, first), (TWO, again), into(TWO, ONE, 9)], "registered")
    assert {fact: amount for fact, amount in facts.items() if fact.recorded_at == at(9)} == {
        Fact("registered", again.occurred_on, at(9), of("02")): -1,
        Fact("registered_in_year", again.occurred_on, at(9), of("02")): -1,
    }


def test_a_circle_is_everyone_whom_merges_unite() -> None:
    merges = [into(TWO, ONE, 1), into(THREE, TWO, 2)]
    assert circle(ONE, merges) == {ONE, TWO, THREE}
    assert circle(ONE, merges[1:]) == {ONE}


async def test_two_records_count_as_one_person_from_the_merge_on(ledger: Ledger) -> None:
    kept, given_up = uuids.uuid7(), uuids.uuid7()
    march, may, june = date(2009, 3, 2), date(2009, 5, 4), date(2009, 6, 1)
    job_of_given_up = placed(given_up, may, occupation="11")
    await ledger.publish(
        registered(kept, march), registered(given_up, may), referral(kept, march), referral(given_up, may),
        job_of_given_up, placed(kept, june, occupation="02"),
    )  # fmt: skip
    before = await ledger.figures()
    await ledger.publish(merged(kept, given_up, date(2009, 7, 1)))
    after = await ledger.figures()
    assert [(f["registered"], f["placed"]["total"], f["placements"]) for f in (before, after)] == [(2, 2, 2), (1, 1, 2)]
    assert [f["referred"] for f in (before, after)] == [2, 1]
    assert after["placed"]["by_occupation"]["11"] == 1
    known_before = await ledger.figures(known_at=date(2009, 6, 30))
    assert {**known_before, "known_at": None} == before
    april_on = await ledger.figures(first=date(2009, 4, 1))
    assert (april_on["registered"], april_on["placed"]["total"]) == (0, 1)
    # What comes later under either id is the one person's.
    await ledger.publish(corrected(job_of_given_up, may, datetime(2009, 8, 1, tzinfo=UTC)))
    corrected_too = await ledger.figures()
    assert corrected_too["placed"]["total"] == 1
    assert corrected_too["placed"]["by_occupation"]["02"] == 1


@pytest.mark.parametrize("merge_comes_first", [True, False])
async def test_a_conversion_is_corrected_under_the_record_that_stayed(ledger: Ledger, merge_comes_first: bool) -> None:
    kept, given_up, day = uuids.uuid7(), uuids.uuid7(), date(2009, 5, 4)
    conversion = internship_converted(internship_started(given_up, day), day, day)
    undone = corrected(conversion.model_copy(update={"seeker_id": kept}), day, datetime(2009, 8, 1, tzinfo=UTC))
    told = [merged(kept, given_up, date(2009, 7, 1)), undone]
    await ledger.publish(conversion)
    for event in told if merge_comes_first else reversed(told):
        await ledger.publish(event)
    assert (await ledger.figures())["internships"]["2009"]["converted"] == 0
    assert (await ledger.figures(known_at=date(2009, 7, 31)))["internships"]["2009"]["converted"] == 1


@pytest.mark.parametrize("merge_comes_first", [True, False])
async def test_retention_goes_with_a_placement_corrected_under_the_record_that_stayed(
    ledger: Ledger, merge_comes_first: bool
) -> None:
    kept, given_up = uuids.uuid7(), uuids.uuid7()
    job = placed(given_up, date(2009, 5, 4))
    due = follow_up_due(job, date(2009, 6, 4), step="1m")
    made = follow_up_made(due, date(2009, 6, 4), outcome="still_employed")
    undone = corrected(job.model_copy(update={"seeker_id": kept}), date(2009, 8, 1), datetime(2009, 8, 1, tzinfo=UTC))
    told = [merged(kept, given_up, date(2009, 7, 1)), undone]
    await ledger.publish(job, due, made)
    for event in told if merge_comes_first else reversed(told):
        await ledger.publish(event)
    counts = {"due": 1, "reached": 1, "still_employed": 1}
    then, now = await ledger.figures(known_at=date(2009, 7, 31)), await ledger.figures()
    assert counts.items() <= then["retention"]["1"].items()
    assert {now["retention"]["1"][count] for count in counts} == {0}


def _told_of_who_stayed(event: Event, stayed: dict[UUID, SeekersMerged]) -> Event:
    """Tell a correction of the record that stays, if it comes after the merge."""
    while isinstance(event, PlacementCorrected) and (merge := stayed.get(event.seeker_id)):
        if event.recorded_at < merge.recorded_at:
            break
        event = event.model_copy(update={"seeker_id": merge.seeker_id})
    return event


@pytest.mark.parametrize("seed", range(3))
async def test_topics_that_arrive_in_any_order_give_the_figures_of_the_order_of_recording(
    ledger: Ledger, seed: int
) -> None:
    rnd = random.Random(seed)
    events = a_history(rnd, 30)
    people = sorted({e.seeker_id for e in events if e.type == "jobplus.SeekerRegistered"})  # pyright: ignore[reportAttributeAccessIssue]
    merges = []
    for kept, given_up, last in zip(people[::3], people[1::3], people[2::3], strict=True):
        day = date(2009, 1, 1) + timedelta(days=rnd.randrange(300))
        merges.append(merged(kept, given_up, day, datetime(day.year, day.month, day.day, 5, tzinfo=UTC)))
        if rnd.random() < 0.5:
            later = datetime(2010, 2, 1, tzinfo=UTC) + timedelta(hours=len(merges))
            merges.append(merged(last, kept, later.date(), later))
    stayed = {merge.merged_id: merge for merge in reversed(merges)}
    events = [_told_of_who_stayed(event, stayed) for event in events]
    await ledger.receive(shuffled(ledger.sources.records([*events, *merges]), rnd), rnd)
    sums = await ledger.query(
        "SELECT measure, occurred_on, recorded_at, dimensions::text, sum(amount) FROM fact "
        "WHERE measure ~ '^(registered|referred|placed|self_found|placements|internships_converted|retention)' "
        "GROUP BY 1, 2, 3, 4 HAVING sum(amount) <> 0"
    )
    by_hand = Counter[tuple[str, date, datetime]]()
    known: defaultdict[str, defaultdict[UUID, list[Happening]]] = defaultdict(lambda: defaultdict(list))
    for row in await ledger.pool.fetch("SELECT * FROM person_event"):
        known[row["history"]][row["person_id"]].append(happening_of(row))
    united_by = [
        Merge(h.recorded_at, h.event_id, p, h.subject) for p, hs in known.pop("merged").items() for h in hs if h.counts
    ]
    assert len(united_by) == len(merges)
    for history, happenings in known.items():
        if history == "retention":  # Of placements: whose they are changes nothing.
            everyone = [happening for told in happenings.values() for happening in told]
            for fact, amount in facts_of(history, everyone).items():
                by_hand[fact.measure, fact.occurred_on, fact.recorded_at] += amount
            continue
        for fact, amount in united_facts(history, happenings, united_by).items():  # pyright: ignore[reportArgumentType]
            by_hand[fact.measure, fact.occurred_on, fact.recorded_at] += amount
    got = Counter[tuple[str, date, datetime]]()
    for measure, occurred_on, recorded_at, _, amount in sums:
        got[measure, occurred_on, recorded_at] += amount
    assert {k: v for k, v in got.items() if v} == {k: v for k, v in by_hand.items() if v}
    # The same again from the daily rollups and from distinct persons, which know no facts.
    whole, since = await ledger.figures(), await ledger.figures(first=date(2008, 1, 1))
    for figure in ("registered", "placements"):
        assert whole[figure] == since[figure]
    assert (whole["placed"], whole["self_found"]) == (since["placed"], since["self_found"])
