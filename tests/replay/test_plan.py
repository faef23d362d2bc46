"""Reading plans: every shape that is wrong is told, all at once, and nothing but PlanRefused ever comes of one."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jobplus.replay.planning.plan import PlanRefused, parse, read
from tests.replay.plans import a_plan, reasons_against

TWO_YEARS = Path(__file__).parents[2] / "plans" / "two-years.json"


def test_the_two_years_are_a_plan() -> None:
    plan = read(TWO_YEARS)

    assert (plan.from_, plan.to, plan.years) == (date(2009, 1, 28), date(2011, 1, 27), range(2009, 2012))
    assert (plan.registered, plan.placed.total, plan.sessions.total) == (35_939, 17_714, 261_843)
    assert plan.placed.by_age is not None
    assert sum(plan.placed.by_age.values()) == 17_714
    assert plan.placed.by_age_percent["-29"] == Decimal("29.9")
    assert plan.placed.unnamed == 17_714 - 4_524 - 3_082 - 1_264
    assert len(plan.placed.free_occupations) == 21
    assert plan.sessions.by_channel is plan.vacancies is plan.referred is None


def test_a_plan_that_names_only_what_it_must_leaves_the_rest_free() -> None:
    plan = parse(a_plan())

    assert plan.placed.by_age is None
    assert plan.title is None
    assert not any((plan.placed.by_occupation, plan.internships, plan.surveys, plan.targets))


def test_what_is_wrong_is_told_all_at_once() -> None:
    reasons = reasons_against(
        a_plan(
            name=3,
            employers=1.5,
            counsellors=True,
            registered=-1,
            referrals="3",
            launches=10**13,
            to="2010-02-30",
            placed={"total": 4, "by_occupation": {"99": 1, "02": 9}, "by_age_percent": {"-29": 33.25, "15-19": 1}},
            sessions={"job": 1, "startup": 1, "by_channel": {"fax": 1, "visit": 1, "call": 3}},
            internships=[{"year": 2010}, 7, {"year": 2010, "completed": 1, "converted": 2, "dropped": 0}],
            surveys={},
            unplaced_top_occupations={"year": 2010, "codes": ["2"]},
            targets=[{"year": 2010.5, "measure": "placed", "value": float("nan")}],
            weather="fine",
        )
    )

    for told in (
        "name: a text is expected, not 3",
        "employers: a whole number is expected, not 1.5",
        "counsellors: a whole number is expected, not True",
        "registered: a number from 0 is expected, not -1",
        "referrals: a whole number is expected, not '3'",
        "launches: a number up to 1000000000000 is expected, not 10000000000000",
        "to: a day as YYYY-MM-DD is expected, from 1900 to 2200, not '2010-02-30'",
        "placed.by_occupation.99: a code of its list is expected, not '99'",
        "placed.by_age_percent.-29: a number with at most one decimal is expected, from 0, not 33.25",
        "placed.by_age_percent.15-19: a code of its list is expected, not '15-19'",
        "sessions.by_channel.fax: a code of its list is expected, not 'fax'",
        "internships.0.completed: is missing",
        "internships.0.converted: is missing",
        "internships.1: an object is expected, not 7",
        "internships.2.dropped: is no key of a plan",
        "surveys: a list is expected, not {}",
        "unplaced_top_occupations.codes.0: a code of its list is expected, not '2'",
        "targets.0.year: a whole number is expected, not 2010.5",
        "targets.0.value: a number with at most one decimal is expected, from 0, not nan",
        "weather: is no key of a plan",
        "the sum of placed.by_occupation, 9 is over placed.total 4",
    ):
        assert told in reasons
    assert len(reasons) == 21, "and nothing that only follows from what is malformed"


@pytest.mark.parametrize(
    "key",
    ["name", "from", "to", "counsellors", "employers", "registered", "placed", "sessions", "referrals", "launches"],
)
def test_a_missing_key_is_the_only_reason(key: str) -> None:
    plan = a_plan()
    del plan[key]

    reasons = reasons_against(plan)

    missing = {"placed": ["placed: is missing"], "sessions": ["sessions: is missing"]}.get(key, [f"{key}: is missing"])
    assert reasons == missing


@pytest.mark.parametrize(("whole", "part"), [("placed", "total"), ("sessions", "job"), ("sessions", "startup")])
def test_a_missing_key_inside_is_the_only_reason(whole: str, part: str) -> None:
    plan = a_plan()
    inside = plan[whole]
    assert isinstance(inside, dict)
    del inside[part]

    assert reasons_against(plan) == [f"{whole}.{part}: is missing"]


@pytest.mark.parametrize(
    "day", ["20090128", "2009-W05-3", "2009-1-28", "2009-02-29", "1899-12-31", "2201-01-01", 5, "", "２００９-01-28"]
)
def test_a_day_is_written_in_one_way(day: object) -> None:
    assert any(reason.startswith("from: a day as YYYY-MM-DD") for reason in reasons_against(a_plan(**{"from": day})))


def test_shares_are_taken_by_their_digits_also_from_floats() -> None:
    shares = {"-29": 33.3, "30-39": 33.3, "40-54": Decimal("33.3"), "55-": 0}
    plan = parse(a_plan(placed={"total": 3, "by_age_percent": shares}))

    assert plan.placed.by_age == {"-29": 1, "30-39": 1, "40-54": 1, "55-": 0}
    assert plan.placed.by_age_percent["-29"] == Decimal("33.3")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is no JSON"),
        ('{"name": "x"', "is no JSON"),
        ('{"name": "x", "name": "y"}', "a key stands twice in one object: name"),
        ('{"registered": NaN}', "NaN is no number"),
        ("[" * 100_000, "is no JSON"),
        ('{"registered": ' + "9" * 5_000 + "}", "is no JSON"),
        ("[]", "the plan: an object is expected"),
        ("null", "the plan: an object is expected"),
        ('{"[key]": 1}', "[key]: is no key of a plan"),
        ('{"registered": 1e999999999}', "registered: a whole number is expected"),
        ('{"name": "\\ud800"}', "name: "),
    ],
)
def test_a_file_that_holds_no_plan_is_refused(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "plan.json"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(PlanRefused) as refused:
        read(file)

    assert any(told in reason for reason in refused.value.reasons)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanRefused, match="can't be read"):
        read(tmp_path / "none.json")


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(b'{"name": "\xff"}')

    with pytest.raises(PlanRefused, match="can't be read"):
        read(file)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text() | st.dates().map(str),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=8,
)
keys = st.sampled_from([*a_plan(), "vacancies", "internships", "surveys", "unplaced_top_occupations", "targets", "x"])


@example({"placed": {"\n": 1}})
@example({"targets": [{"year": 2010, "measure": "a\nb", "value": 0.5}]})
@example({"\u2028": {}})
@settings(deadline=None)
@given(st.dictionaries(keys, anything, max_size=4))
def test_whatever_stands_in_a_plan_it_is_read_or_refused_in_single_lines(strange: dict[str, object]) -> None:
    reasons: list[str] = []
    try:
        parse(a_plan(**strange))
    except PlanRefused as refused:
        reasons = refused.reasons

    assert all(reason.splitlines() == [reason] for reason in reasons)


def test_a_plan_read_again_from_its_json_is_the_same(tmp_path: Path) -> None:
    file = tmp_path / "again.json"
    file.write_text(json.dumps(json.loads(TWO_YEARS.read_text(encoding="utf-8"))), encoding="utf-8")

    assert read(file) == read(TWO_YEARS)
