"""A plan beside the figures: nothing that differs goes unseen, nothing that is only shown is a difference."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from contracts.codes import AGE_BANDS, CHANNELS, OCCUPATIONS
from jobplus.replay.comparing.compare import UNPLANNED, Row, differences, render, rows, to_json
from jobplus.replay.planning.plan import Plan, parse, read
from jobplus.replay.planning.scaling import scale
from jobplus.replay.planning.shares import percent, ratio
from tests.replay.plans import a_plan

TWO_YEARS = Path(__file__).parents[2] / "plans" / "two-years.json"

FULL = a_plan(
    vacancies=9,
    referred=8,
    placed={
        "total": 4,
        "by_occupation": {"11": 1, "02": 3},
        "by_age_percent": {"-29": 25.0, "30-39": 0, "40-54": 75.0, "55-": 0},
    },
    sessions={"job": 30, "startup": 5, "by_channel": {"visit": 20, "call": 15}},
    internships=[{"year": 2010, "completed": 2, "converted": 1}],
    surveys=[{"on": "2010-07-15", "asked": 2, "score": 62.5}],
    unplaced_top_occupations={"year": 2010, "codes": ["02", "11"]},
    targets=[{"year": 2010, "measure": "placed", "value": 5}],
)


def figures_that_meet(plan: Plan) -> dict[str, object]:
    """The figures of a history that meets the plan, as JSON gives them back."""
    by_age = plan.placed.by_age or dict.fromkeys(AGE_BANDS, 0)
    channels = plan.sessions.by_channel or {"visit": plan.sessions.total}
    figures = {
        "as_of": plan.to,
        "registered": plan.registered,
        "placed": {
            "total": plan.placed.total,
            "rate_percent": percent(plan.placed.total, plan.registered),
            "by_occupation": {code: plan.placed.by_occupation.get(code, 0) for code in OCCUPATIONS},
            "by_age": dict(by_age),
            "by_occupation_percent": {
                code: percent(plan.placed.by_occupation.get(code, 0), plan.placed.total) for code in OCCUPATIONS
            },
            "by_age_percent": {band: percent(count, plan.placed.total) for band, count in by_age.items()},
        },
        "placements": plan.placed.total,
        "sessions": {
            "total": plan.sessions.total,
            "job": plan.sessions.job,
            "startup": plan.sessions.startup,
            "by_channel": {channel: channels.get(channel, 0) for channel in CHANNELS},
        },
        "per_seeker": {
            "sessions": ratio(plan.sessions.job, plan.registered),
            "referrals": ratio(plan.referrals, plan.registered),
        },
        "referrals": plan.referrals,
        "referred": plan.referred or plan.placed.total,
        "launches": plan.launches,
        "employers": plan.employers,
        "vacancies": plan.vacancies or 1,
        "counsellors": plan.counsellors,
    }
    figures["surveys"] = [{"on": each.on, "asked": each.asked, "score": each.score} for each in plan.surveys]
    figures["internships"] = {
        str(each.year): {"completed": each.completed, "converted": each.converted} for each in plan.internships
    }
    figures["targets"] = [
        {"year": each.year, "measure": each.measure, "value": each.value, "reached": 3, "forecast": None}
        for each in plan.targets
    ] + [{"year": 2010, "measure": "placed", "group": "residents", "value": 1, "reached": 0, "forecast": 1}]
    if top := plan.unplaced_top_occupations:
        rest = [code for code in OCCUPATIONS if code not in top.codes]
        figures["unplaced_top_occupations"] = {str(top.year): [*top.codes, *rest]}

    def plain(value: object) -> object:
        return float(value) if isinstance(value, Decimal) else str(value)

    return json.loads(json.dumps(figures, default=plain))


def verdicts(compared: list[Row]) -> dict[str, str]:
    return {row.figure: row.verdict for row in compared}


@pytest.mark.parametrize("plan", [parse(FULL), parse(a_plan()), read(TWO_YEARS)], ids=["full", "least", "two years"])
def test_figures_that_meet_a_plan_have_no_difference(plan: Plan) -> None:
    assert not differences(rows(plan, figures_that_meet(plan), scaled=False))


def test_everything_that_a_plan_says_is_compared_or_shown() -> None:
    plan = parse(FULL)

    assert verdicts(rows(plan, figures_that_meet(plan), scaled=False)) == {
        "as_of": "same",
        "counsellors": "same",
        "employers": "same",
        "vacancies": "same",
        "registered": "same",
        "sessions.job": "same",
        "sessions.startup": "same",
        "sessions.by_channel.visit": "same",
        "sessions.by_channel.call": "same",
        "launches": "same",
        "referrals": "same",
        "referred": "same",
        "placed.total": "same",
        "placed.by_occupation.02": "same",
        "placed.by_occupation.11": "same",
        **{f"placed.by_age.{band}": "shown" for band in AGE_BANDS},
        **{f"placed.by_age_percent.{band}": "same" for band in AGE_BANDS},
        "placed.rate_percent": "shown",
        "placed.by_occupation_percent.02": "shown",
        "placed.by_occupation_percent.11": "shown",
        "per_seeker.sessions": "shown",
        "per_seeker.referrals": "shown",
        "internships.2010.completed": "same",
        "internships.2010.converted": "same",
        "internships.2010.percent": "shown",
        "surveys.2010-07-15.asked": "same",
        "surveys.2010-07-15.score": "same",
        "unplaced_top_occupations.2010": "same",
        "targets.2010.placed.value": "same",
        "targets.2010.placed.forecast": "shown",
    }


def named(entries: list[dict[str, object]], key: str) -> object:
    """The survey of a day, the targets of a year, by measure."""
    if "on" in entries[0]:
        return next(entry for entry in entries if entry["on"] == key)
    return {str(entry["measure"]): entry for entry in entries if str(entry["year"]) == key and "group" not in entry}


def test_any_compared_figure_that_is_another_or_is_missing_differs() -> None:
    plan = parse(FULL)
    met = figures_that_meet(plan)
    compared = [row.figure for row in rows(plan, met, scaled=False) if row.verdict == "same"]

    for figure in compared:
        for other in (10**6, None, "4", True, {}):
            changed = json.loads(json.dumps(met))
            *way, last = figure.split(".")
            inside = changed
            for key in way:
                inside = named(inside, key) if isinstance(inside, list) else inside[key]
            inside[last] = other
            assert [row.figure for row in differences(rows(plan, changed, scaled=False))] == [figure], other


def test_no_figures_at_all_differ_and_do_not_break() -> None:
    for figures in ({}, {"placed": None, "sessions": 3, "registered": []}):
        verdict = verdicts(rows(parse(FULL), figures, scaled=False))

        assert verdict["registered"] == verdict["placed.total"] == verdict["sessions.job"] == "differs"


def test_percentages_are_compared_to_the_digit() -> None:
    plan = parse(FULL)
    figures = json.loads(json.dumps(figures_that_meet(plan)))
    figures["placed"]["by_age_percent"] = {"-29": 25, "30-39": 0.0, "40-54": 75.1, "55-": 0.0}

    assert differences(rows(plan, figures, scaled=False)) == [
        Row("placed.by_age_percent.40-54", "75.0", "75.1", "differs")
    ]


def test_other_counts_that_print_as_the_shares_are_no_difference() -> None:
    plan = read(TWO_YEARS)
    figures = json.loads(json.dumps(figures_that_meet(plan)))
    figures["placed"]["by_age"]["-29"] -= 1
    figures["placed"]["by_age"]["55-"] += 1

    assert not differences(rows(plan, figures, scaled=False))


def test_scaled_the_counts_are_compared_and_percentages_only_shown() -> None:
    plan = scale(read(TWO_YEARS), Fraction(1, 20))
    figures = json.loads(json.dumps(figures_that_meet(plan)))
    figures["placed"]["by_age_percent"] = dict.fromkeys(AGE_BANDS, 1.0)

    compared = rows(plan, figures, scaled=True)

    assert not differences(compared)
    assert {row.verdict for row in compared if "percent" in row.figure and not row.figure.endswith(".value")} == {
        "shown"
    }
    figures["placed"]["by_age"]["-29"] += 1
    assert [row.figure for row in differences(rows(plan, figures, scaled=True))] == ["placed.by_age.-29"]


def test_top_occupations_are_compared_as_far_as_the_plan_names_them_and_shown_when_scaled() -> None:
    plan = read(TWO_YEARS)
    figures = figures_that_meet(plan)
    assert not differences(rows(plan, figures, scaled=False))
    swapped = {**figures, "unplaced_top_occupations": {"2010": ["11", "02", "10", "07", "08"]}}
    (row,) = differences(rows(plan, swapped, scaled=False))
    assert row == Row("unplaced_top_occupations.2010", "02 11 10 07 08", "11 02 10 07 08", "differs")
    assert not differences(rows(plan, swapped, scaled=True))


def test_internships_of_a_year_are_compared_unless_scaling_leaves_none() -> None:
    plan = read(TWO_YEARS)
    figures = {**figures_that_meet(plan), "internships": {"2010": {"completed": 644, "converted": 434}}}
    assert differences(rows(plan, figures, scaled=False)) == [
        Row("internships.2010.converted", "435", "434", "differs")
    ]
    none_left = scale(plan, Fraction(1, 2000))
    assert not differences(rows(none_left, {**figures_that_meet(none_left), "internships": {}}, scaled=True))


def test_as_of_is_the_periods_last_day() -> None:
    plan = parse(a_plan())
    figures = {**figures_that_meet(plan), "as_of": "2010-12-30"}

    assert differences(rows(plan, figures, scaled=False)) == [Row("as_of", "2010-12-31", "2010-12-30", "differs")]
    assert plan.to == date(2010, 12, 31)


def test_what_is_expected_of_the_history_is_compared_beside_the_plan_at_any_scale() -> None:
    plan = parse(FULL)
    figures = {
        **figures_that_meet(plan),
        "self_found": {"total": 3},
        "visits": {"2011": {"due": 9, "made": 2, "plans_secured": 1, "vacancies_found": 1, "placed": 0}},
    }
    expected: dict[str, object] = {
        "self_found.total": 3,
        "visits.2011.made": 2,
        "visits.2011.plans_secured": 1,
        "visits.2011.vacancies_found": 1,
        "visits.2011.placed": 0,
        "targets.2010.placed.reached": 3,
    }

    compared = rows(plan, figures, scaled=True, expected=expected)

    assert {row.figure for row in compared if row.unplanned} == expected.keys()
    assert not differences(compared)
    assert UNPLANNED in printed(compared)
    for figure in expected:
        (row,) = differences(rows(plan, figures, scaled=True, expected={**expected, figure: 7}))
        assert (row.figure, row.plan, row.unplanned) == (figure, "7", True)


def test_visits_that_the_history_knows_nothing_of_differ() -> None:
    plan = parse(FULL)
    visits = {"due": 1, "made": 1, "plans_secured": 0, "vacancies_found": 0, "placed": 0}
    figures = {**figures_that_meet(plan), "visits": {"2010": visits}}

    compared = rows(plan, {**figures, "self_found": {"total": 0}}, scaled=False, expected={"self_found.total": 0})

    assert differences(compared) == [Row("visits.2010.made", "0", "1", "differs", unplanned=True)]


def printed(compared: list[Row]) -> str:
    console = Console(file=StringIO(), width=120)
    console.print(render(compared))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_json_and_the_terminal_tell_the_same() -> None:
    plan = parse(FULL)
    compared = rows(plan, {**figures_that_meet(plan), "registered": 9}, scaled=False)
    told = to_json(compared)

    assert told["exact"] is False
    assert told["differences"] == [
        {"figure": "registered", "plan": "10", "got": "9", "verdict": "differs", "beside": False}
    ]
    assert json.loads(json.dumps(told)) == told
    assert all(row.figure in printed(compared) for row in compared)
    assert to_json(rows(plan, figures_that_meet(plan), scaled=False))["exact"] is True
