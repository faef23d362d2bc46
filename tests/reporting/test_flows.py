"""What each event adds to the measures that count it by itself."""

from datetime import date
from typing import get_args

import pytest
import uuid_utils.compat as uuids

from contracts import Event
from contracts.cases import Placed
from contracts.event import EVENTS
from contracts.firms import HiringPlanAsked, HiringPlanFiled
from services.reporting.figures.dimensions import as_json, bands, dimensions, from_json, only, with_one
from services.reporting.figures.flows import facts
from services.reporting.figures.measures import PERSON, Measure
from services.reporting.figures.rows import MEASURES
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
    vacancy_opened,
    withdrawn,
)

DAY = date(2009, 3, 2)
JOB = {"occupation": "02", "sector": "private", "employment": "permanent", "source": "referral"}
BANDS = {"age_band": "30-39", "gender": "female", "district": "11440"}


@pytest.mark.parametrize(
    ("event", "measure", "amount", "told"),
    [
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
    ],
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


@pytest.mark.parametrize(
    ("name", "measure", "told"),
    [
        ("SosCareGranted", "sos_care_granted", {}),
        ("SosCareDeclined", "sos_care_declined", {}),
        ("SosCareEnded", "sos_care_ended", {"reason": "private_job"}),
        ("CareStageChanged", "care_stages", {"stage": "training"}),
        ("CourseCompleted", "courses_completed", {"stage": "training"}),
        ("TotalCareEnded", "total_care_ended", {"stage": "ready", "reason": "in_work"}),
        ("SupportDue", "supports_due", {}),
        ("SupportGiven", "supports_given", {"kind": "training"}),
    ],
)
def test_what_happens_in_care_is_one_fact_on_its_day(name: str, measure: str, told: dict[str, str]) -> None:
    event = event_of(EVENTS[f"jobplus.{name}"], DAY, seeker_id=uuids.uuid7(), person=WOMAN, **CARE[name])
    ((fact, amount),) = facts(event)
    assert (fact.measure, fact.occurred_on, amount) == (measure, DAY, 1)
    assert dict(fact.dimensions) == {**told, **BANDS}


def test_a_referral_with_an_override_is_counted_as_one_too() -> None:
    made = facts(referral(uuids.uuid7(), DAY, override="employer_asked"))
    assert [(fact.measure, amount) for fact, amount in made] == [("referrals", 1), ("referrals_overridden", 1)]
    assert dict(made[1][0].dimensions) == {"occupation": "02", "reason": "employer_asked", **BANDS}


def test_a_contact_in_which_somebody_says_how_satisfied_they_are_is_counted_by_that_too() -> None:
    made = facts(contact(DAY, satisfaction=4))
    assert [(fact.measure, amount) for fact, amount in made] == [("follow_ups", 1), ("job_satisfaction", 1)]
    assert dict(made[1][0].dimensions) == {"satisfaction": "4", "step": "6m", **BANDS}


def test_a_vacancy_with_three_openings_is_one_vacancy() -> None:
    (vacancy, amount), (openings, sought) = facts(vacancy_opened(DAY))
    assert (vacancy.measure, amount) == ("vacancies", 1)
    assert dict(vacancy.dimensions) == {
        "occupation": "11", "sector": "public", "employment": "fixed_term", "district": "outside",
    }  # fmt: skip
    assert (openings.measure, sought, dict(openings.dimensions)) == ("openings", 3, {"occupation": "11"})


FIRM = {"employer_id": uuids.uuid7(), "size": "mid", "district": "11680", "member": True}
PLAN = {"plan_id": uuids.uuid7(), "openings": 12, "occupations": ("11",), "hire_by": DAY}


def test_a_firm_that_is_asked_for_its_plan_is_counted_by_how_it_was_asked() -> None:
    ((fact, amount),) = facts(event_of(HiringPlanAsked, DAY, **FIRM, request_id=uuids.uuid7(), channel="call"))
    assert (fact.measure, fact.occurred_on, amount) == ("plans_asked", DAY, 1)
    assert dict(fact.dimensions) == {"channel": "call", "size": "mid", "district": "11680"}


@pytest.mark.parametrize(("asked_on", "answered"), [(date(2009, 2, 1), [("plans_answered", 1)]), (None, [])])
def test_a_plan_answers_only_a_request(asked_on: date | None, answered: list[tuple[str, int]]) -> None:
    made = facts(event_of(HiringPlanFiled, DAY, **FIRM, **PLAN, asked_on=asked_on))
    counted = [(fact.measure, amount) for fact, amount in made]
    assert counted == [*answered, ("hiring_plans", 1), ("openings_planned", 12)]
    assert all(dict(fact.dimensions) == {"size": "mid", "district": "11680"} for fact, _ in made[:-1])


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
