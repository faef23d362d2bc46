"""What each event adds to the measures that count it by itself."""

from datetime import date
from typing import Any, get_args

import pytest
import uuid_utils.compat as uuids

from contracts import Event
from contracts.cases import Placed
from contracts.event import EVENTS
from contracts.firms import HiringPlanAsked, HiringPlanFiled, ProspectListed
from contracts.visits import VisitDue, VisitMade
from services.reporting.figures.dimensions import as_json, bands, dimensions, from_json, only, with_one
from services.reporting.figures.flows import facts
from services.reporting.figures.measures import PERSON, Measure
from services.reporting.figures.rows import MEASURES, SUMS
from tests.kit.events import (
    WOMAN,
    assigned,
    contact,
    counsellor_joined,
    counsellor_left,
    employer_joined,
    employment_ended,
    event_of,
    internship_broken_off,
    internship_completed,
    internship_started,
    launched,
    placed,
    referral,
    referral_answered,
    referral_ended,
    session,
    survey_answered,
    survey_drawn,
    vacancy_opened,
    withdrawn,
)

DAY = date(2009, 3, 2)
FIRM = {"employer_id": uuids.uuid7(), "size": "mid", "district": "11680", "member": True}
PLAN = {"plan_id": uuids.uuid7(), "openings": 12, "occupations": ("11",), "hire_by": DAY}
VISIT = {"due": True, "officials": 2, "counsellors": 1, "vacancies_found": 0}
SURVEY = uuids.uuid7()
JOB = {"occupation": "02", "sector": "private", "employment": "permanent", "source": "referral"}
BANDS = {"age_band": "30-39", "gender": "female", "district": "11440"}


CASES: list[tuple[Event, str, int, dict[str, Any]]] = [
    (
        session(uuids.uuid7(), DAY),
        "sessions",
        1,
        {"kind": "job", "channel": "visit", "wanted_occupation": "02", **BANDS},
    ),
    (
        session(uuids.uuid7(), DAY, kind="startup", channel="call", registered=False, person=None),
        "sessions",
        1,
        {"kind": "startup", "channel": "call"},
    ),
    (launched(uuids.uuid7(), DAY), "launches", 1, {}),
    (employer_joined(DAY), "employers", 1, {"size": "small", "district": "11440"}),
    (
        referral(uuids.uuid7(), DAY),
        "referrals",
        1,
        {"occupation": "02", "sector": "private", "employment": "permanent", **BANDS},
    ),
    (
        contact(DAY, person={**WOMAN, "income_band": "low", "breadwinner": True}),
        "follow_ups",
        1,
        {"step": "6m", "outcome": "still_employed", "income_band": "low", "breadwinner": True, **BANDS},
    ),
    *(
        (
            referral_answered(referral(uuids.uuid7(), DAY), DAY, answer, reason),
            "referrals_answered",
            1,
            {"occupation": "02", "answer": answer, **({"reason": reason} if reason else {}), **BANDS},
        )
        for answer, reason in (("accepted", None), ("refused_by_seeker", "too_far"), ("postponed", None))
    ),
    *(
        (event, measure, 1, {**told, **occupation, **BANDS, "age_band": "-29"})
        for occupation in ({}, {"occupation": "08"})
        for intern in [internship_started(uuids.uuid7(), DAY)]
        for event, measure, told in (
            (internship_broken_off(intern, DAY, **occupation), "internships_broken_off", {"by": "intern"}),
            (internship_completed(intern, DAY, **occupation), "internships_completed", {"completed_in": "2009"}),
        )
    ),
    *(
        (
            referral_ended(referral(uuids.uuid7(), DAY), DAY, reason),
            "referrals_ended",
            1,
            {"occupation": "02", "reason": reason, **BANDS},
        )
        for reason in ("withdrawn", "expired", "obsolete", "lapsed")
    ),
    (
        employment_ended(placed(uuids.uuid7(), DAY), DAY, unasked={}, reason="illness"),
        "employments_ended",
        1,
        {"reason": "illness", **JOB, **BANDS},
    ),
    (
        employment_ended(placed(uuids.uuid7(), DAY, source="self_found"), DAY, unasked={}, changed_job=True),
        "jobs_changed",
        1,
        {"reason": "resigned", **JOB, "source": "self_found", **BANDS},
    ),
    (counsellor_joined(uuids.uuid7(), DAY), "counsellors", 1, {}),
    (counsellor_left(uuids.uuid7(), DAY), "counsellors", -1, {}),
    (
        assigned(uuids.uuid7(), uuids.uuid7(), DAY),
        "assigned",
        1,
        {"group": "women", "reason": "registered", **BANDS},
    ),
    (
        internship_started(uuids.uuid7(), DAY),
        "internships_started",
        1,
        {"occupation": "02", **BANDS, "age_band": "-29"},
    ),
    (survey_drawn(SURVEY, DAY, 40), "surveyed", 40, {"survey_id": str(SURVEY), "held_on": "2009-03-02"}),
    (survey_answered(SURVEY, DAY, 4), "survey_answers", 1, {"survey_id": str(SURVEY), "answer": "4"}),
    (event_of(ProspectListed, DAY, **FIRM), "prospects", 1, {"size": "mid", "district": "11680"}),
    (
        event_of(HiringPlanAsked, DAY, **FIRM, request_id=uuids.uuid7(), channel="call"),
        "plans_asked",
        1,
        {"channel": "call", "size": "mid", "district": "11680"},
    ),
    (
        event_of(VisitDue, DAY, **FIRM, visit_id=uuids.uuid7(), due_on=date(2010, 1, 1), openings=12, score=3),
        "visits_due",
        1,
        {"year": "2010", "district": "11680"},
    ),
    (
        event_of(
            VisitMade, DAY, **FIRM, visit_id=uuids.uuid7(), due=True, officials=2, counsellors=1, vacancies_found=0
        ),
        "visits",
        1,
        {"year": "2009", "plan_secured": False, "district": "11680"},
    ),
]
"""Events that are one fact: of which measure, how much, and what it tells."""


@pytest.mark.parametrize(
    ("event", "measure", "amount", "told"),
    CASES,
    ids=lambda value: type(value).__name__ if isinstance(value, Event) else None,
)
def test_an_event_is_one_fact_on_its_day(event: Event, measure: str, amount: int, told: dict[str, str]) -> None:
    ((fact, counted),) = facts(event)
    assert (fact.measure, counted) == (measure, amount)
    assert (fact.occurred_on, fact.recorded_at) == (event.occurred_on, event.recorded_at)
    assert dict(fact.dimensions) == told


CARE = {
    **{name: {"reasons": ["only_earner"]} for name in ("SosCareGranted", "SosCareDeclined")},
    "SosCareEnded": {"reason": "private_job"},
    "CareStageChanged": {"stage": "training"},
    "CourseCompleted": {"course": "office", "hours": 60, "stage": "training"},
    "TotalCareEnded": {"stage": "ready", "reason": "in_work"},
    "SupportDue": {"placement_id": uuids.uuid7(), "support_id": uuids.uuid7(), "month": 1, "due_on": DAY},
    "SupportGiven": {
        "placement_id": uuids.uuid7(), "support_id": uuids.uuid7(), "month": 1, "kind": "training",
    },
}  # fmt: skip
"""Events of care by their names, each with what it tells."""


OF_CARE: list[tuple[str, str, dict[str, str]]] = [
    ("SosCareGranted", "sos_care_granted", {}),
    ("SosCareDeclined", "sos_care_declined", {}),
    ("SosCareEnded", "sos_care_ended", {"reason": "private_job"}),
    ("CareStageChanged", "care_stages", {"stage": "training"}),
    ("CourseCompleted", "courses_completed", {"stage": "training"}),
    ("TotalCareEnded", "total_care_ended", {"stage": "ready", "reason": "in_work"}),
    ("SupportDue", "supports_due", {}),
    ("SupportGiven", "supports_given", {"kind": "training"}),
]


@pytest.mark.parametrize(("name", "measure", "told"), OF_CARE)
def test_what_happens_in_care_is_one_fact_on_its_day(name: str, measure: str, told: dict[str, str]) -> None:
    event = event_of(EVENTS[f"jobplus.{name}"], DAY, seeker_id=uuids.uuid7(), person=WOMAN, **CARE[name])
    ((fact, amount),) = facts(event)
    assert (fact.measure, fact.occurred_on, amount) == (measure, DAY, 1)
    assert dict(fact.dimensions) == {**told, **BANDS}


SEVERAL: dict[str, tuple[Event, dict[str, tuple[int, dict[str, Any]]]]] = {
    "a referral with an override is one too": (
        referral(uuids.uuid7(), DAY, override="employer_asked"),
        {
            "referrals": (1, {"occupation": "02", "sector": "private", "employment": "permanent", **BANDS}),
            "referrals_overridden": (1, {"occupation": "02", "reason": "employer_asked", **BANDS}),
        },
    ),
    "a contact in which somebody says how satisfied they are": (
        contact(DAY, satisfaction=4),
        {
            "follow_ups": (1, {"step": "6m", "outcome": "still_employed", **BANDS}),
            "job_satisfaction": (1, {"satisfaction": "4", "step": "6m", **BANDS}),
        },
    ),
    "a vacancy with three openings is one vacancy": (
        vacancy_opened(DAY),
        {
            "vacancies": (
                1,
                {"occupation": "11", "sector": "public", "employment": "fixed_term", "district": "outside"},
            ),
            "openings": (3, {"occupation": "11"}),
        },
    ),
    "a plan that was asked for": (
        event_of(HiringPlanFiled, DAY, **FIRM, **PLAN, asked_on=date(2009, 2, 1)),
        {
            "plans_answered": (1, {"size": "mid", "district": "11680"}),
            "hiring_plans": (1, {"size": "mid", "district": "11680"}),
            "openings_planned": (12, {"size": "mid", "district": "11680"}),
        },
    ),
    "a plan that nobody asked for answers nothing": (
        event_of(HiringPlanFiled, DAY, **FIRM, **PLAN),
        {
            "hiring_plans": (1, {"size": "mid", "district": "11680"}),
            "openings_planned": (12, {"size": "mid", "district": "11680"}),
        },
    ),
}
"""Events that are several facts: of which measures, how much, and what each tells."""


@pytest.mark.parametrize("name", SEVERAL)
def test_an_event_is_a_fact_of_each_measure_that_counts_it(name: str) -> None:
    event, counted = SEVERAL[name]
    assert {fact.measure: (amount, dict(fact.dimensions)) for fact, amount in facts(event)} == counted


def test_each_sum_has_a_case_here() -> None:
    """A figure that is new gets one in CASES, in OF_CARE, or where its event is counted otherwise too in SEVERAL."""
    told = {measure for _, measure, *_ in (*CASES, *OF_CARE)}
    told.update(measure for _, counted in SEVERAL.values() for measure in counted)
    assert {row.measure for row in SUMS} - told == set()


def test_a_vacancy_that_a_visit_found_tells_the_year() -> None:
    found = vacancy_opened(date(2011, 3, 2), visit_id=uuids.uuid7())
    ((fact, _), _) = facts(found)
    assert only(fact.dimensions, MEASURES["vacancies"].rolled) == (("found_in", "2011"),)


def test_what_came_of_it_later_takes_nothing_away() -> None:
    assert facts(withdrawn(uuids.uuid7(), DAY)) == []


def test_a_placement_is_counted_by_persons_and_not_as_a_flow() -> None:
    event: Placed = placed(uuids.uuid7(), DAY)
    assert facts(event) == []


def test_a_profile_tells_what_measures_of_persons_are_split_by() -> None:
    assert tuple(bands(session(uuids.uuid7(), DAY).person)) == PERSON


def test_every_measure_says_what_it_counts() -> None:
    assert set(get_args(Measure)) == set(MEASURES)
    assert all(row.meaning for row in MEASURES.values())


def test_dimensions_are_equal_values_and_equal_texts_however_they_were_named() -> None:
    given = dimensions(kind="job", channel="call", gender="female", wanted=True, sector=None)
    assert given == dimensions(wanted=True, gender="female", channel="call", kind="job")
    assert as_json(given) == '{"channel":"call","gender":"female","kind":"job","wanted":true}'
    assert from_json(as_json(given)) == given
    assert with_one(given, "district", "11440") == dimensions(**dict(given), district="11440")


def test_a_rollup_keeps_only_what_published_figures_are_split_by() -> None:
    given = dimensions(kind="job", channel="call", gender="female", wanted=True)
    assert only(given, MEASURES["sessions"].rolled) == dimensions(kind="job", channel="call")
    assert only(given, MEASURES["employers"].rolled) == ()
