"""Scaled plans: wholes by the factor, parts that still add up, and the same refusals."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.codes import AGE_BANDS, OCCUPATIONS
from jobplus.replay.planning.plan import PlanRefused, Survey, parse, read
from jobplus.replay.planning.scaling import parse_scale, scale
from tests.replay.plans import a_plan, what_happened

TWO_YEARS = Path(__file__).parents[2] / "plans" / "two-years.json"


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("1/20", Fraction(1, 20)),
        ("0.05", Fraction(1, 20)),
        ("1", Fraction(1)),
        ("3/2", Fraction(3, 2)),
        ("2", Fraction(2)),
        ("1/03", Fraction(1, 3)),
    ],
)
def test_a_scale_is_read(text: str, factor: Fraction) -> None:
    assert parse_scale(text) == factor


@pytest.mark.parametrize(
    "text",
    ["", "0", "0/5", "0.000", "1/0", "-1", "-1/20", "1/-20", "1e-3", ".5", "1.", "nan", "inf", "1 / 20", "１", "x"],
)
def test_a_scale_that_is_no_number_over_0_is_refused(text: str) -> None:
    with pytest.raises(PlanRefused) as refused:
        parse_scale(text)

    assert refused.value.reasons == [f"scale: a number over 0 is expected, as 1/20 or 0.05, not {text!r}"]


def test_at_scale_1_a_plan_is_itself() -> None:
    plan = read(TWO_YEARS)

    assert scale(plan, Fraction(1)) is plan


def test_the_two_years_at_a_twentieth() -> None:
    plan = read(TWO_YEARS)
    scaled = scale(plan, Fraction(1, 20))

    assert (scaled.counsellors, scaled.employers, scaled.registered) == (23, 1200, 1797)
    assert (scaled.sessions.job, scaled.sessions.startup) == (12712, 380)
    assert (scaled.referrals, scaled.launches) == (4579, 9), "91585 / 20 is 4579.25, 170 / 20 is 8.5: half goes up"
    assert scaled.placed.total == 886
    assert scaled.placed.by_occupation == {"02": 226, "08": 63, "11": 154}
    assert scaled.placed.unnamed == 443
    assert scaled.placed.by_age is not None
    assert sum(scaled.placed.by_age.values()) == 886
    assert scaled.placed.by_age_percent == plan.placed.by_age_percent
    assert (scaled.internships[0].completed, scaled.internships[0].converted) == (32, 22)
    assert scaled.surveys[0] == Survey(plan.surveys[0].on, 20, plan.surveys[0].score)
    assert [target.value for target in scaled.targets] == [600, 71], "a percentage is not scaled"
    assert (scaled.from_, scaled.to, scaled.unplaced_top_occupations) == (
        plan.from_,
        plan.to,
        plan.unplaced_top_occupations,
    )


def test_parts_are_given_by_the_largest_remainder_and_what_is_not_named_is_one() -> None:
    by_occupation = {"03": 3, "01": 3, "02": 1}
    plan = parse(a_plan(referrals=20, placed={"total": 10, "by_occupation": by_occupation}))

    placed = scale(plan, Fraction(1, 2)).placed

    # Exactly 1.5, 0.5, 1.5 and 1.5 for the rest, of 5; of equal remainders the first two gain.
    assert placed.by_occupation == {"01": 2, "02": 1, "03": 1}
    assert placed.unnamed == 1


def test_channels_split_the_scaled_sessions() -> None:
    sessions = {"job": 31, "startup": 5, "by_channel": {"visit": 12, "online": 24}}

    scaled = scale(parse(a_plan(sessions=sessions)), Fraction(1, 10)).sessions

    assert (scaled.job, scaled.startup) == (3, 1)
    assert scaled.by_channel == {"visit": 1, "online": 3}


def test_a_centre_with_an_employer_keeps_one_and_one_without_gets_none() -> None:
    tenth = Fraction(1, 10)
    nothing = a_plan(employers=0, referrals=0, placed={"total": 0})

    assert scale(parse(a_plan()), tenth).employers == 1
    assert scale(parse(nothing), tenth).employers == 0


def test_a_larger_scale_makes_a_larger_plan() -> None:
    shares = {"-29": 25, "55-": 75}
    scaled = scale(parse(a_plan(placed={"total": 4, "by_age_percent": shares})), Fraction(5, 2))

    assert (scaled.registered, scaled.placed.total) == (25, 10)
    assert scaled.placed.by_age == {"-29": 3, "30-39": 0, "40-54": 0, "55-": 7}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"referred": 4, "referrals": 12}, "at scale 1/10: referred is 0, but there are 1 referrals"),
        ({"vacancies": 4, "referrals": 12}, "at scale 1/10: vacancies is 0, but there are 1 referrals"),
    ],
)
def test_a_scale_at_which_a_plan_cannot_be_met_is_refused(changes: dict[str, object], reason: str) -> None:
    plan = parse(a_plan(**changes))

    with pytest.raises(PlanRefused) as refused:
        scale(plan, Fraction(1, 10))

    assert refused.value.reasons == [reason]


def test_percentages_scores_and_top_occupations_need_not_be_met_at_a_scale() -> None:
    plan = parse(
        a_plan(
            placed={"total": 4, "by_age_percent": {"-29": 25}},
            surveys=[{"on": "2010-01-01", "asked": 8, "score": 34.4}],
            unplaced_top_occupations={"year": 2010, "codes": ["03", "02", "01"]},
        )
    )

    scaled = scale(plan, Fraction(1, 5))

    assert scaled.placed.total == 1
    assert scaled.surveys[0].asked == 2


@settings(max_examples=300, deadline=None)
@given(what_happened(), st.fractions(Fraction(1, 50), 3))
def test_whatever_is_scaled_adds_up_or_is_refused_with_its_scale(happened: dict[str, object], factor: Fraction) -> None:
    plan = parse(happened)
    try:
        scaled = scale(plan, factor)
    except PlanRefused as refused:
        assert all(reason.startswith(f"at scale {factor}: ") for reason in refused.reasons)  # noqa: PT017
        return

    placed = scaled.placed
    assert placed.total >= sum(placed.by_occupation.values())
    if len(placed.by_occupation) == len(OCCUPATIONS):
        assert placed.unnamed == 0
    assert placed.by_occupation.keys() == plan.placed.by_occupation.keys()
    if placed.by_age is not None:
        assert list(placed.by_age) == list(AGE_BANDS)
        assert sum(placed.by_age.values()) == placed.total
    if scaled.sessions.by_channel is not None:
        assert sum(scaled.sessions.by_channel.values()) == scaled.sessions.total
    assert abs(scaled.registered - plan.registered * factor) <= Fraction(1, 2)
    assert scaled.counsellors == plan.counsellors
