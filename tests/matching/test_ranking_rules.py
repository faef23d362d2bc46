"""What counts in a match, and what never does."""

from dataclasses import replace
from datetime import date, timedelta
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from contracts.codes import DISTRICTS, OCCUPATIONS, Employment
from services.matching.ranking.districts import NEIGHBOURS
from services.matching.ranking.model import Match, Offer, Wishes
from services.matching.ranking.rules import match
from tests.matching.states import PROFILE, TODAY, a_vacancy

WISHES = Wishes.of(PROFILE, PROFILE.registered_on)
OFFER = Offer.of(a_vacancy())

wishes = st.builds(
    Wishes,
    occupations=st.lists(st.sampled_from(OCCUPATIONS), min_size=1, max_size=3, unique=True).map(tuple),
    districts=st.lists(st.sampled_from(DISTRICTS), max_size=2, unique=True).map(tuple),
    lives_in=st.sampled_from(DISTRICTS),
    employment=st.lists(st.sampled_from(get_args(Employment)), max_size=2, unique=True).map(tuple),
    wage=st.none() | st.integers(0, 5_000_000),
    career_years=st.none() | st.integers(0, 60),
    waiting_since=st.none() | st.dates(date(2009, 1, 28), date(2011, 1, 27)),
)
offers = st.builds(
    Offer,
    occupation=st.sampled_from(OCCUPATIONS),
    district=st.sampled_from(DISTRICTS),
    employment=st.sampled_from(get_args(Employment)),
    wage=st.none() | st.integers(0, 5_000_000),
)


def code_of(found: Match, prefix: str) -> tuple[str, int]:
    return next((r.code, r.points) for r in found.reasons if r.code.startswith(prefix))


@given(wishes, offers)
def test_the_points_are_the_sum_of_the_reasons_and_each_thing_is_looked_at_once(one: Wishes, other: Offer) -> None:
    found = match(one, other, TODAY)
    assert found.points == sum(reason.points for reason in found.reasons)
    looked_at = [reason.code.partition("_")[0] for reason in found.reasons]
    assert looked_at == ["occupation", "district", "wage", "employment", "career", "waiting"]
    assert all(reason.points >= 0 for reason in found.reasons)


@given(wishes, offers)
def test_an_occupation_wanted_more_never_counts_less(one: Wishes, other: Offer) -> None:
    points = [match(replace(one, occupations=o), other, TODAY).points for o in _places(other)]
    assert points == sorted(points, reverse=True)


def _places(offer: Offer) -> list[tuple[str, ...]]:
    rest = [occupation for occupation in OCCUPATIONS if occupation != offer.occupation][:2]
    return [(offer.occupation, *rest), (rest[0], offer.occupation), (*rest, offer.occupation), tuple(rest)]


@given(wishes, offers, st.integers(0, 2_000_000))
def test_a_higher_wage_never_counts_less(one: Wishes, other: Offer, more: int) -> None:
    raised = replace(other, wage=(other.wage or 0) + more)
    assert match(one, raised, TODAY).points >= match(one, other, TODAY).points


@given(wishes, offers, st.integers(0, 1000))
def test_who_waits_longer_never_ranks_lower(one: Wishes, other: Offer, days: int) -> None:
    points = [match(one, other, TODAY + timedelta(d)).points for d in (0, days)]
    assert points[1] >= points[0]


def test_age_and_gender_can_not_count_because_the_rule_does_not_know_them() -> None:
    for gender, birth_year in (("female", 1950), ("male", 1990)):
        person = replace(PROFILE, gender=gender, birth_year=birth_year)
        assert Wishes.of(person, PROFILE.registered_on) == WISHES


def test_a_district_counts_when_it_is_home_or_wanted_and_less_with_each_step_from_home() -> None:
    cases = {
        ("11440", ()): ("district_same", 20),
        ("11410", ()): ("district_neighbouring", 10),
        ("11560", ()): ("district_neighbouring", 10),  # across the Han
        ("11680", ()): ("district_two_steps", 5),  # by way of Yongsan
        ("11710", ()): ("district_other", 0),
        ("11680", ("11680",)): ("district_wanted", 20),
        ("outside", ()): ("district_other", 0),
    }
    for (district, wanted), expected in cases.items():
        found = match(replace(WISHES, districts=wanted), replace(OFFER, district=district), TODAY)
        assert code_of(found, "district") == expected
    outside = match(replace(WISHES, lives_in="outside"), replace(OFFER, district="outside"), TODAY)
    assert code_of(outside, "district") == ("district_other", 0)


def test_wage_and_employment_count_when_they_meet_the_wish_or_there_is_none() -> None:
    def found(wish: int | None, offered: int | None) -> tuple[str, int]:
        return code_of(match(replace(WISHES, wage=wish), replace(OFFER, wage=offered), TODAY), "wage")

    assert found(2_000_000, 2_000_000) == ("wage_meets", 15)
    assert found(2_000_000, 1_999_999) == ("wage_below", 0)
    assert found(2_000_000, None) == ("wage_not_said", 0)
    assert found(None, 1) == ("wage_open", 15)
    part_of_the_wish = replace(WISHES, employment=("fixed_term",))
    assert code_of(match(part_of_the_wish, OFFER, TODAY), "employment") == ("employment_not_wanted", 0)


def test_neighbours_are_neighbours_of_each_other_and_nobody_is_their_own() -> None:
    assert NEIGHBOURS.keys() == set(DISTRICTS)
    for district, neighbours in NEIGHBOURS.items():
        assert district not in neighbours
        assert district == "outside" or neighbours
        assert all(district in NEIGHBOURS[other] for other in neighbours)
