"""Distinct persons: whatever order events arrive in, the sums are those of the whole set."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import uuid_utils.compat as uuids
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.figures.dimensions import Dimensions, dimensions
from services.reporting.figures.measures import Measure
from services.reporting.figures.model import Fact, Happening
from services.reporting.figures.persons import facts_of, move, person_events
from tests.kit.events import WOMAN, corrected, placed, referral, registered

T0 = datetime(2009, 1, 1, tzinfo=UTC)


def at(hours: int) -> datetime:
    return T0 + timedelta(hours=hours)


def of(occupation: str) -> Dimensions:
    return dimensions(occupation=occupation)


def job(day: date, recorded: int, subject: int, occupation: str = "02") -> Happening:
    return Happening(at(recorded), UUID(int=1000 + recorded), UUID(int=subject), True, day, of(occupation))


def correction(recorded: int, subject: int) -> Happening:
    return Happening(at(recorded), UUID(int=1000 + recorded), UUID(int=subject), False, date(2009, 1, 1), ())


def moved(arrived: Sequence[Happening]) -> Counter[Fact]:
    facts: Counter[Fact] = Counter()
    for place, happening in enumerate(arrived):
        facts.update(move("placed", arrived[:place], happening))
    return facts


def summed(facts: Counter[Fact], measure: Measure, as_of: date, known_at: datetime) -> dict[Dimensions, int]:
    sums: Counter[Dimensions] = Counter()
    for fact, amount in facts.items():
        if fact.measure == measure and fact.occurred_on <= as_of and fact.recorded_at <= known_at:
            sums[fact.dimensions] += amount
    return {told: amount for told, amount in sums.items() if amount}


def truth(happenings: Sequence[Happening], measure: Measure, as_of: date, known_at: datetime) -> dict[Dimensions, int]:
    """Count again, the plain way: who is placed by a day, as far as was known at a moment."""
    known = [h for h in happenings if h.recorded_at <= known_at]
    void = {h.subject for h in known if not h.counts}
    valid = [h for h in known if h.counts and h.subject not in void]
    in_order = sorted(valid, key=lambda h: (h.occurred_on, h.recorded_at, h.event_id))
    if measure == "placements":
        counted = in_order
    elif measure == "placed":
        counted = in_order[:1]
    else:
        firsts: dict[int, Happening] = {}
        for happening in in_order:
            firsts.setdefault(happening.occurred_on.year, happening)
        counted = list(firsts.values())
    return dict(Counter(h.dimensions for h in counted if h.occurred_on <= as_of))


@st.composite
def histories(draw: st.DrawFn) -> list[Happening]:
    days = st.dates(date(2008, 11, 1), date(2010, 3, 1))
    hours = st.integers(0, 30)
    happenings: list[Happening] = []
    for subject in range(draw(st.integers(0, 5))):
        event_id = UUID(int=draw(st.integers(1, 10**6)) * 100 + subject)
        occupation = draw(st.sampled_from(("01", "02", "03")))
        happenings.append(Happening(at(draw(hours)), event_id, UUID(int=subject), True, draw(days), of(occupation)))
        if draw(st.booleans()):
            event_id = UUID(int=draw(st.integers(1, 10**6)) * 100 + 50 + subject)
            happenings.append(Happening(at(draw(hours)), event_id, UUID(int=subject), False, draw(days), ()))
    return happenings


@given(histories().flatmap(lambda h: st.tuples(st.permutations(h), st.permutations(h))))
def test_any_order_of_arrival_gives_the_same_facts(arrivals: tuple[list[Happening], list[Happening]]) -> None:
    one, other = (Counter({f: a for f, a in moved(order).items() if a}) for order in arrivals)
    whole = Counter({f: a for f, a in facts_of("placed", arrivals[0]).items() if a})
    assert one == other == whole


@given(
    histories().flatmap(st.permutations),
    st.sampled_from(("placed", "placed_in_year", "placements")),
    st.dates(date(2008, 11, 1), date(2010, 3, 1)),
    st.integers(-1, 31),
)
def test_the_sum_at_any_day_and_any_moment_is_the_count_by_hand(
    arrived: list[Happening], measure: Measure, as_of: date, known: int
) -> None:
    assert summed(moved(arrived), measure, as_of, at(known)) == truth(arrived, measure, as_of, at(known))


def test_an_earlier_placement_that_is_recorded_late_moves_the_person() -> None:
    march, may = job(date(2009, 3, 2), 20, 2, "11"), job(date(2009, 5, 4), 10, 1, "02")
    added = move("placed", [may], march)
    assert {f: a for f, a in added.items() if f.measure == "placed"} == {
        Fact("placed", may.occurred_on, march.recorded_at, of("02")): -1,
        Fact("placed", march.occurred_on, march.recorded_at, of("11")): 1,
    }


def test_a_correction_takes_the_person_back_to_the_next_placement() -> None:
    first, second = job(date(2009, 3, 2), 10, 1, "11"), job(date(2009, 5, 4), 20, 2, "02")
    added = move("placed", [first, second], correction(30, 1))
    assert {f: a for f, a in added.items() if f.measure == "placed"} == {
        Fact("placed", first.occurred_on, at(30), of("11")): -1,
        Fact("placed", second.occurred_on, at(30), of("02")): 1,
    }


def test_a_correction_of_the_only_placement_leaves_nobody_placed() -> None:
    only, undone = job(date(2009, 3, 2), 10, 1), correction(30, 1)
    facts = moved([only, undone])
    for measure in ("placed", "placed_in_year", "placements"):
        assert summed(facts, measure, date.max, at(29)) == {of("02"): 1}
        assert summed(facts, measure, date.max, at(30)) == {}


def test_a_correction_that_arrives_before_its_placement_counts_all_the_same() -> None:
    facts = moved([correction(30, 1), job(date(2009, 3, 2), 10, 1)])
    assert summed(facts, "placed", date.max, at(29)) == {of("02"): 1}
    assert summed(facts, "placed", date.max, at(30)) == {}


def test_a_second_placement_in_a_year_is_a_placement_and_no_other_person() -> None:
    facts = moved([job(date(2009, 3, 2), 1, 1), job(date(2009, 5, 4), 2, 2), job(date(2010, 1, 4), 3, 3)])
    counts = {m: sum(a for f, a in facts.items() if f.measure == m) for m in ("placed", "placed_in_year", "placements")}
    assert counts == {"placed": 1, "placed_in_year": 2, "placements": 3}


@pytest.mark.parametrize(("source", "counts"), [("referral", True), ("internship", True), ("self_found", False)])
def test_a_job_found_alone_is_no_placement_through_the_centre(source: str, counts: bool) -> None:
    event = placed(uuids.uuid7(), date(2009, 3, 2), source=source)
    assert [told.history for told in person_events(event)] == ["placed" if counts else "self_found"]


def test_each_event_names_the_person_and_what_it_is_counted_by() -> None:
    seeker, day = uuids.uuid7(), date(2009, 3, 2)
    first = placed(seeker, day, programme="sos_care")
    told = [t for event in (registered(seeker, day), referral(seeker, day), first) for t in person_events(event)]
    known = [(t.history, t.person_id, t.counts, dict(t.dimensions)) for t in told]
    bands = {"age_band": "30-39", "gender": "female", "district": "11440"}
    terms = {"occupation": "02", "sector": "private", "employment": "permanent"}
    assert known == [
        ("registered", seeker, True, {"wanted_occupation": "02", **bands}),
        ("referred", seeker, True, {"occupation": "02", **bands}),
        ("placed", seeker, True, {"source": "referral", "wanted": True, "programme": "sos_care", **terms, **bands}),
    ]
    undone = person_events(corrected(first, day))
    assert [u.history for u in undone] == [
        "placed",
        "self_found",
        "sos_care_placed",
        "internships_converted",
        "retention",
    ]
    assert {(u.subject, u.counts) for u in undone} == {(first.placement_id, False)}


def test_who_is_placed_in_a_public_job_under_sos_care_is_counted_there_too() -> None:
    seeker, day = uuids.uuid7(), date(2009, 3, 2)
    in_care = {**WOMAN, "programme": "sos_care"}

    def counted(**given: Any) -> list[str]:
        return [told.history for told in person_events(placed(seeker, day, **given))]

    assert counted(person=in_care, sector="public") == ["placed", "sos_care_placed"]
    assert counted(person=in_care, employment="fixed_term") == ["placed", "sos_care_placed"]
    assert counted(person=in_care) == ["placed"]
    assert counted(sector="public") == ["placed"]
    assert counted(person=in_care, sector="public", source="self_found") == ["self_found"]
