"""What programmes' laws ask for in a ranking, how an earlier refusal counts, and how far districts are apart."""

from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.cases import REFUSAL_REASONS, AnswerReason
from contracts.codes import DISTRICTS, Education, Employment, Gender, IncomeBand
from services.matching.pool.model import Profile
from services.matching.ranking.districts import NEIGHBOURS, STEPS, districts_at
from services.matching.ranking.model import Match, Offer, Reason, Refusal, Wishes
from services.matching.ranking.programmes import by_programmes
from services.matching.ranking.rules import match
from services.matching.vacancies.model import Vacancy
from tests.matching.states import PROFILE, TODAY, a_vacancy, an_intern_is_sought

OLDEST = TODAY.year - 29

persons = st.builds(
    dict,
    birth_year=st.integers(1930, 1993),
    gender=st.sampled_from(get_args(Gender)),
    education=st.none() | st.sampled_from(get_args(Education)),
    income_band=st.none() | st.sampled_from(get_args(IncomeBand)),
)
no_internships = st.builds(
    a_vacancy,
    employment=st.sampled_from([kind for kind in get_args(Employment) if kind != "internship"]),
    district=st.sampled_from(DISTRICTS),
    wage=st.none() | st.integers(0, 5_000_000),
    occupation=st.sampled_from(["02", "10", "13"]),
    sector=st.sampled_from(["private", "public"]),
)


def ranked(profile: Profile, vacancy: Vacancy, refused: Refusal | None = None) -> Match | None:
    offer = Offer.of(vacancy)
    programmes = by_programmes(profile, offer, TODAY)
    if programmes is None:
        return None
    return match(Wishes.of(profile, PROFILE.registered_on), offer, TODAY, programmes, refused)


@given(persons)
def test_where_no_youth_internship_can_start_age_does_not_count_for_interns_either(person: dict[str, Any]) -> None:
    plain = an_intern_is_sought(converts=False)
    assert ranked(replace(PROFILE, **person), plain) == ranked(PROFILE, plain) is not None


@given(persons, no_internships)
def test_age_gender_income_and_education_never_change_a_rank_but_for_an_internship(
    person: dict[str, Any], vacancy: Vacancy
) -> None:
    assert ranked(replace(PROFILE, **person), vacancy) == ranked(PROFILE, vacancy) is not None


@given(persons)
def test_for_an_internship_age_decides_whether_and_never_how_well(person: dict[str, Any]) -> None:
    found = ranked(replace(PROFILE, **person), an_intern_is_sought())
    assert (found is not None) is (person["birth_year"] >= OLDEST)
    if found is not None:
        young = ranked(replace(PROFILE, birth_year=OLDEST), an_intern_is_sought())
        assert young is not None
        assert found.points == young.points
        assert "youth_internship_age" not in found.spoke_for_it


@pytest.mark.parametrize(("born", "age"), [(OLDEST, 29), (OLDEST - 1, None), (OLDEST + 9, 20)])
def test_the_law_of_the_internship_is_told_with_its_facts(born: int, age: int | None) -> None:
    offer = Offer.of(an_intern_is_sought())
    expected = None if age is None else (Reason("youth_internship_age", 0, {"age": age, "most": 29}),)
    assert by_programmes(replace(PROFILE, birth_year=born), offer, TODAY) == expected


@given(no_internships, st.sampled_from(["refused_by_seeker", "refused_by_employer"]), st.data())
def test_who_was_refused_before_ranks_lower_and_is_told_why(vacancy: Vacancy, answer: Any, data: st.DataObject) -> None:
    reason: AnswerReason = data.draw(st.sampled_from(REFUSAL_REASONS[answer]))
    before, after = ranked(PROFILE, vacancy), ranked(PROFILE, vacancy, Refusal(answer, reason))
    assert before is not None
    assert after is not None
    assert after.points < before.points
    assert after.points == sum(each.points for each in after.reasons)
    assert after.reasons[:-1] == before.reasons
    assert after.reasons[-1].code == "refused_before"
    assert after.reasons[-1].facts == {"answer": answer, "reason": reason}
    assert "refused_before" not in after.spoke_for_it


@given(st.sampled_from(DISTRICTS), st.sampled_from(DISTRICTS), st.sampled_from(DISTRICTS))
def test_steps_are_a_distance(one: Any, other: Any, third: Any) -> None:
    if "outside" in {one, other, third}:
        assert all("outside" not in reached for reached in STEPS.values())
        assert STEPS["outside"] == {}
        return
    assert STEPS[one][other] == STEPS[other][one]
    assert (STEPS[one][other] == 0) is (one == other)
    assert (STEPS[one][other] == 1) is (other in NEIGHBOURS[one])
    assert STEPS[one][third] <= STEPS[one][other] + STEPS[other][third]


@pytest.mark.parametrize(
    ("works_in", "steps", "code", "points"),
    [
        ("11440", 0, "district_same", 20),
        ("11500", 1, "district_neighbouring", 10),
        ("11470", 2, "district_two_steps", 5),
        ("11545", 3, "district_other", 0),
        ("outside", None, "district_other", 0),
    ],
)
def test_fewer_steps_from_mapo_count_more(works_in: Any, steps: int | None, code: str, points: int) -> None:
    found = ranked(PROFILE, a_vacancy(district=works_in))
    assert found is not None
    facts = {"lives_in": "11440", "works_in": works_in, "steps": steps}
    assert Reason(code, points, facts) in found.reasons
    assert steps is None or works_in in districts_at("11440", steps)
