"""A history looks like a centre's: people wait, doors are closed on Sundays, most get what they want."""

import random
from collections import Counter
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from jobplus.replay.drawing.history import DrawnHistory, history
from jobplus.replay.drawing.jobs import outcome
from jobplus.replay.driving import kinds
from jobplus.replay.driving.actions import Day, Kind
from jobplus.replay.planning.plan import Plan, parse, read
from jobplus.replay.planning.scaling import scale
from tests.replay.plans import a_plan
from tests.replay.simulate import Centre, actions, driven

TWO_YEARS = Path(__file__).parents[2] / "plans" / "two-years.json"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return scale(read(TWO_YEARS), Fraction(1, 10))


@pytest.fixture(scope="module")
def made(plan: Plan) -> DrawnHistory:
    return history(plan, 1)


@pytest.fixture(scope="module")
def centre(made: DrawnHistory) -> Centre:
    return driven(made)


def _share(true: int, whole: int) -> float:
    return true / whole


def _in_matching(day: Day, kind: Kind) -> int:
    return sum(action.kind is kind for stage in day.matching for action in stage)


def test_nearly_everything_happens_on_weekdays(made: DrawnHistory) -> None:
    counts: Counter[bool] = Counter()
    for day in made.days:
        counts[day.day.weekday() == 6] += sum(len(stage) for stage in (*day.intake, *day.matching))
    assert _share(counts[True], counts.total()) < 0.01


def test_the_opening_week_is_a_rush(made: DrawnHistory, centre: Centre) -> None:
    days = Counter(on for _, on in centre.seekers.values())
    first_week = sum(days[made.period.date(day)] for day in range(7))
    assert first_week > 2 * 7 * len(centre.seekers) / made.period.length


def test_a_seeker_is_referred_two_days_after_the_registration_at_the_soonest(
    made: DrawnHistory, centre: Centre
) -> None:
    last = made.period.date(made.period.last)
    for seeker, _, on in centre.referrals.values():
        registered_on = centre.seekers[seeker][1]
        assert (on - registered_on).days >= min(2, (last - registered_on).days)


def test_weeks_pass_between_the_registration_and_the_placement(centre: Centre) -> None:
    waits = sorted((on - centre.seekers[seeker][1]).days for seeker, (_, _, on) in centre.placed.items())
    assert 20 < waits[len(waits) // 2] < 120
    assert waits[-1] < 730


def test_every_seeker_has_a_session_and_few_have_very_many(centre: Centre) -> None:
    counts = [centre.sessions_of[number, True] for number in centre.seekers]
    assert min(counts) >= 1
    assert max(counts) < 8 * sum(counts) / len(counts)


def test_the_named_occupations_lead_among_the_unplaced(plan: Plan, centre: Centre) -> None:
    assert plan.unplaced_top_occupations is not None
    end = date(plan.unplaced_top_occupations.year, 12, 31)
    unplaced = Counter(
        form.wanted_occupations[0]
        for number, (form, registered_on) in centre.seekers.items()
        if registered_on <= end and (number not in centre.placed or centre.placed[number][2] > end)
    )
    assert tuple(code for code, _ in unplaced.most_common(5)) == plan.unplaced_top_occupations.codes


def test_most_are_placed_in_an_occupation_that_they_wanted_and_some_are_not(centre: Centre) -> None:
    wanted = sum(code in centre.seekers[seeker][0].wanted_occupations for seeker, (code, _, _) in centre.placed.items())
    assert 0.85 < _share(wanted, len(centre.placed)) < 0.99


def test_occupations_that_the_plan_does_not_name_stay_below_the_smallest_it_names(plan: Plan, centre: Centre) -> None:
    counts = Counter(code for code, _, _ in centre.placed.values())
    named = plan.placed.by_occupation
    assert max(count for code, count in counts.items() if code not in named) < min(named.values())
    assert len(counts) > 15


def test_some_vacancies_are_filled_and_some_are_not(centre: Centre) -> None:
    filled = sum(centre.filled[number] == form.openings for number, form in centre.vacancies.items())
    assert 0.1 < _share(filled, len(centre.vacancies)) < 0.6


def test_some_referrals_are_never_answered_and_both_sides_refuse(centre: Centre) -> None:
    assert 0.7 < _share(centre.answers.total(), len(centre.referrals)) < 0.97
    assert centre.answers["refused_by_seeker"] > 0.2 * len(centre.referrals)
    assert centre.answers["refused_by_employer"] > 0.2 * len(centre.referrals)


def test_some_referrals_are_put_off_before_their_answer(centre: Centre) -> None:
    assert 0.01 < _share(len(centre.postponed), len(centre.referrals)) < 0.06
    assert {centre.status[number] for number in centre.postponed} >= {"refused_by_seeker", "placed"}


def test_some_internships_are_broken_off_and_the_interns_go_on(centre: Centre) -> None:
    assert 0.05 < _share(len(centre.broken_off), len(centre.completed)) < 0.6
    assert centre.broken_off.keys() & centre.placed.keys(), "nobody was placed afterwards"
    again = [of for of, referral in centre.broken_off.items() if centre.referred[of][-1] > referral]
    assert again, "nobody was referred again"


def test_some_in_total_care_become_ready_or_are_referred_early_and_are_placed(centre: Centre) -> None:
    ready = {seeker for seeker, stage in centre.care.stage.items() if stage == "ready"}
    early = {*centre.overridden.values()}
    assert ready & centre.placed.keys()
    assert early & centre.placed.keys()
    assert not ready & early
    assert 0.0005 < _share(len(centre.overridden), len(centre.referrals)) < 0.05


def test_a_few_vacancies_have_a_deadline_and_most_of_these_are_over_before_the_end(
    made: DrawnHistory, centre: Centre
) -> None:
    deadlines = [form.deadline for form in centre.vacancies.values() if form.deadline]
    over = sum(deadline < made.period.date(made.period.last) for deadline in deadlines)
    assert 0.05 < _share(len(deadlines), len(centre.vacancies)) < 0.2
    assert over > len(deadlines) / 2


def test_some_are_hired_after_the_last_day_to_apply(made: DrawnHistory, centre: Centre) -> None:
    assert 0.02 < _share(len(centre.hired_late), len(centre.placed)) < 0.2
    late = {centre.referrals[referral][1] for referral in centre.hired_late}
    unanswered = {vacancy for number, (_, vacancy, _) in centre.referrals.items() if centre.status[number] == "open"}
    assert not late & unanswered, "somebody's referral ends by the last day to apply"
    assert any(centre.filled[vacancy] == centre.vacancies[vacancy].openings for vacancy in late), "none is filled so"
    assert any(centre.filled[vacancy] < centre.vacancies[vacancy].openings for vacancy in late), "all are filled so"


def test_plans_are_filed_on_the_spot_and_prospects_file_plans_and_are_visited(centre: Centre) -> None:
    care = centre.care
    assert sum(of["plans_secured"] for of in care.visited.values()) > 0
    assert {employer for employer, _, _ in care.plans.values()} & care.prospects.keys()
    assert {employer for employer, _ in care.visits.values()} & care.prospects.keys()


def test_placements_do_not_pile_up_on_a_day(made: DrawnHistory) -> None:
    placements = [_in_matching(day, kinds.PLACE) for day in made.days]
    assert max(placements) < sum(placements) / 50


def test_every_kind_of_thing_that_no_plan_has_goes_on_unplanned_and_none_of_it_much(made: DrawnHistory) -> None:
    unplanned = Counter(action.kind for action in made.unplanned.actions)
    planned = Counter(action.kind for action in actions(made)) - unplanned
    assert unplanned.keys() | planned.keys() == {*kinds.KINDS.values()}
    assert 0.005 < _share(unplanned.total(), made.total) < 0.15
    assert unplanned[kinds.COME_BACK] < unplanned[kinds.WITHDRAW]


def test_a_few_records_are_merged_or_erased_and_a_few_firms_and_one_counsellor_leave(
    plan: Plan, centre: Centre
) -> None:
    care = centre.care
    assert 0.0005 < _share(care.counts[kinds.MERGE_RECORDS], len(centre.seekers)) < 0.01
    assert 0.0005 < _share(len(care.erased), len(centre.seekers)) < 0.01
    assert 0.001 < _share(len(care.departing), len(centre.employers)) < 0.02
    assert len(care.left) == 1
    surveyed_by = max(survey.on for survey in plan.surveys)
    assert all(on > surveyed_by for on in care.erased.values()), "a survey may ask who is erased"


def test_a_few_referrals_are_taken_back_and_some_placements_never_were(centre: Centre) -> None:
    assert 0.0005 < _share([*centre.status.values()].count("withdrawn"), len(centre.referrals)) < 0.01
    assert 0.0005 < _share(len(centre.corrected), len(centre.placed)) < 0.02


def test_some_find_a_job_alone_and_some_withdraw_after_they_left_theirs(centre: Centre) -> None:
    assert 0.01 < _share(len(centre.self_found), len(centre.seekers)) < 0.1
    assert 0.002 < _share(len(centre.care.withdrawn_after_job), len(centre.placed)) < 0.05
    assert centre.care.withdrawn_after_job - centre.care.withdrawn, "nobody came back"


def test_most_visits_find_vacancies_and_people_are_placed_in_them(centre: Centre) -> None:
    visited = centre.care.visited["2010"]
    assert visited["made"] / 2 < visited["vacancies_found"] < 3 * visited["made"]
    assert visited["placed"] > 0


def test_some_in_hardship_get_sos_care_and_some_others_ask_in_vain(centre: Centre) -> None:
    granted = len(centre.care.in_sos_care)
    assert 0.01 < _share(granted, len(centre.seekers)) < 0.1
    assert 0 < centre.care.counts[kinds.ASK_FOR_SOS_CARE] - granted < granted


def test_a_few_registrations_and_sessions_are_recorded_late(centre: Centre) -> None:
    assert 0.005 < _share(centre.late, centre.kinds.total() + len(centre.seekers)) < 0.05


def test_most_of_those_placed_are_still_employed_at_each_step_and_fewer_at_the_next() -> None:
    rng, employed, shares = random.Random(1), 2000, list[float]()
    for step in ("1w", "1m", "3m", "6m", "12m"):
        came = [told["outcome"] for _ in range(employed) if (told := _reached(step, rng))]
        employed = came.count("still_employed")
        shares.append(employed / 2000)
    assert 0.9 < shares[1] < 0.96
    assert 0.82 < shares[2] < 0.88
    assert 0.75 < shares[3] < 0.82
    assert 0.66 < shares[4] < 0.75


def _reached(step: str, rng: random.Random) -> dict[str, object]:
    while (told := outcome(step, date(2010, 3, 2), rng))["outcome"] == "not_reached":
        pass
    return told


def test_steps_of_one_day_come_in_an_order_that_keeps_the_rules() -> None:
    plan = parse(
        a_plan(
            **{"from": "2010-03-02", "to": "2010-03-02"},
            registered=1,
            placed={"total": 1},
            referrals=2,
            vacancies=1,
            sessions={"job": 1, "startup": 0},
            launches=0,
        )
    )
    refer_and_answer = kinds.MAKE_REFERRAL, kinds.ANSWER_REFERRAL
    order = kinds.REGISTER_SEEKER, kinds.HOLD_SESSION, *refer_and_answer, *refer_and_answer, kinds.PLACE
    steps = [action for action in actions(history(plan, 1)) if action.kind in order]
    assert [step.kind for step in steps] == [*order]
    refused, accepted = steps[3], steps[5]
    assert "reason" in refused.form
    assert accepted.form == {"answer": "accepted"}
