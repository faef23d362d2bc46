"""The measures: what each counts, and by which dimensions its daily rollup is kept.

A fact carries every dimension that its event tells of; a rollup only those that a published figure is split by, so
that a day of a measure is a few rows, and a split by any other is answered by the facts. A dimension added to a fact is
`unknown` of what was counted before, until a rebuild; one added to `rolled`, too, unless a migration makes the rollup
anew from the facts (reporting-0003).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Dimension = Literal[
    "occupation", "wanted_occupation", "wanted", "age_band", "gender", "district", "income_band", "programme",
    "breadwinner", "sector", "employment", "source", "kind", "channel", "size", "by", "completed_in",
    "survey_id", "held_on", "answer", "step", "outcome", "due_on", "reason", "stage", "year", "plan_secured",
    "found_in", "group", "satisfaction",
]  # fmt: skip
"""What a figure may be split by. A measure has some of them; see what its event tells."""

Measure = Literal[
    "registered", "registered_in_year", "referred", "referred_in_year", "placed", "placed_in_year", "placements",
    "self_found", "self_found_in_year", "sessions", "launches", "employers", "vacancies", "counsellors", "referrals",
    "referrals_answered", "referrals_ended",
    "internships_started", "internships_broken_off", "internships_completed", "internships_converted",
    "surveyed", "survey_answers", "follow_ups", "retention_due", "retention_reached", "retention_still_employed",
    "sos_care_granted", "sos_care_declined", "sos_care_ended", "sos_care_placed", "sos_care_placed_in_year",
    "supports_due", "supports_given", "care_stages", "courses_completed", "total_care_ended", "referrals_overridden",
    "employments_ended", "jobs_changed", "job_satisfaction",
    "prospects", "plans_asked", "plans_answered", "hiring_plans", "openings_planned", "visits_due", "visits",
    "openings", "assigned",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counted:
    """What a measure counts, in words, the dimensions that it has, and those of them that its rollup is kept by."""

    meaning: str
    dimensions: tuple[Dimension, ...] = ()
    rolled: tuple[Dimension, ...] = ()


PERSON: tuple[Dimension, ...] = ("age_band", "gender", "district", "income_band", "programme", "breadwinner")
"""What a person's profile tells."""

_JOB: tuple[Dimension, ...] = ("occupation", "sector", "employment")
JOB: tuple[Dimension, ...] = (*_JOB, "source")
"""The dimensions that a placement's job gives, to what happens after it as well."""
_PLACED: tuple[Dimension, ...] = (*JOB, "wanted", *PERSON)
_ROLLED_OF_PLACED: tuple[Dimension, ...] = ("occupation", "age_band", "source", "sector", "employment", "wanted")
"""There are never more rows a day than persons placed on it: some 25 when the centre is busy."""


MEASURES: Mapping[Measure, Counted] = {
    "registered": Counted("persons, on the day of their first registration", ("wanted_occupation", *PERSON)),
    "registered_in_year": Counted(
        "persons, on the day of their first registration in each calendar year", ("wanted_occupation", *PERSON)
    ),
    "referred": Counted("persons, on the day of their first referral", ("occupation", *PERSON)),
    "referred_in_year": Counted(
        "persons, on the day of their first referral in each calendar year", ("occupation", *PERSON)
    ),
    "placed": Counted(
        "persons, on the day of their first valid placement through the centre: by a referral or by a converted "
        "internship, not one found alone",
        _PLACED,
        _ROLLED_OF_PLACED,
    ),
    "placed_in_year": Counted(
        "persons, on the day of their first valid placement through the centre in each calendar year",
        _PLACED,
        _ROLLED_OF_PLACED,
    ),
    "placements": Counted(
        "valid placements through the centre, a person as often as placed; `found_in` is the year of those in "
        "vacancies that a visit found",
        (*_PLACED, "found_in"),
        ("found_in",),
    ),
    "self_found": Counted("persons, on the day of their first valid job that they found alone", _PLACED),
    "self_found_in_year": Counted(
        "persons, on the day of their first valid job that they found alone in each calendar year", _PLACED
    ),
    "sessions": Counted(
        "counselling sessions held", ("kind", "channel", "wanted_occupation", *PERSON), ("kind", "channel")
    ),
    "launches": Counted("businesses launched", ("occupation", *PERSON)),
    "employers": Counted("member companies that ever joined", ("size", "district")),
    "vacancies": Counted(
        "postings ever opened, whatever the number of openings; `found_in` is the year of those that a visit found",
        (*_JOB, "district", "found_in"),
        ("found_in",),
    ),
    "counsellors": Counted("counsellors in service: +1 on the first day, -1 on the first day out of service"),
    "referrals": Counted("referrals made, whatever came of them", (*_JOB, *PERSON)),
    "referrals_answered": Counted(
        "answers to referrals, each time: what was postponed, or accepted in vain, is answered again",
        ("answer", "reason", "occupation", *PERSON),
        ("answer",),
    ),
    "referrals_ended": Counted(
        "referrals that ended without a job, an internship or a refusal: withdrawn, expired, obsolete or lapsed",
        ("occupation", "reason", *PERSON),
    ),
    "internships_started": Counted("youth internships begun", ("occupation", *PERSON)),
    "internships_broken_off": Counted(
        "youth internships that ended before their time", ("by", "occupation", *PERSON), ("by",)
    ),
    "internships_completed": Counted(
        "youth internships served to their end", ("completed_in", "occupation", *PERSON), ("completed_in",)
    ),
    "internships_converted": Counted(
        "completed youth internships that became permanent jobs, by the year of completion",
        ("completed_in", "occupation", *PERSON),
        ("completed_in",),
    ),
    "surveyed": Counted(
        "persons in the samples of satisfaction surveys", ("survey_id", "held_on"), ("survey_id", "held_on")
    ),
    "survey_answers": Counted(
        "answers to satisfaction surveys, by what was answered", ("survey_id", "answer"), ("survey_id", "answer")
    ),
    "retention_due": Counted(
        "valid placements through the centre, on the day of each step of follow-up care",
        ("step", *JOB, *PERSON),
        ("step",),
    ),
    "retention_reached": Counted(
        "of these, those whom a contact of the step reached, and those whose job is known to have ended before its day",
        ("step", "due_on", *JOB, *PERSON),
        ("step", "due_on"),
    ),
    "retention_still_employed": Counted(
        "of these, those who still had the job", ("step", "due_on", *JOB, *PERSON), ("step", "due_on")
    ),
    "follow_ups": Counted(
        "contacts tried after placements, whatever their source",
        ("step", "outcome", *JOB, *PERSON),
        ("step", "outcome"),
    ),
    "employments_ended": Counted(
        "jobs of placed seekers that ended, whatever their source, but for those left for another job",
        ("reason", *JOB, *PERSON),
        ("reason",),
    ),
    "jobs_changed": Counted(
        "jobs of placed seekers that they left for another one, whatever their source", ("reason", *JOB, *PERSON)
    ),
    "job_satisfaction": Counted(
        "contacts after placements in which the seeker said how satisfied they are, by what was said",
        ("satisfaction", "step", *JOB, *PERSON),
        ("satisfaction",),
    ),
    "sos_care_granted": Counted("times that a person was taken into SOS-Care", PERSON),
    "sos_care_declined": Counted("requests for SOS-Care that were declined", PERSON),
    "sos_care_ended": Counted(
        "times that SOS-Care ended, with a private job or otherwise", ("reason", *PERSON), ("reason",)
    ),
    "sos_care_placed": Counted(
        "persons, on the day of their first valid placement through the centre in a public, fixed-term or public-works "
        "job under SOS-Care",
        _PLACED,
    ),
    "sos_care_placed_in_year": Counted(
        "persons, on the day of their first valid placement through the centre in such a job in each calendar year",
        _PLACED,
    ),
    "supports_due": Counted("months' supports that have fallen due in a public job under SOS-Care", PERSON),
    "supports_given": Counted("months' supports given to persons in a public job under SOS-Care", ("kind", *PERSON)),
    "care_stages": Counted("times that a person in total care was moved to a stage", ("stage", *PERSON), ("stage",)),
    "courses_completed": Counted("courses that persons in total care completed", ("stage", *PERSON)),
    "total_care_ended": Counted(
        "times that a person left total care, by the stage reached", ("reason", "stage", *PERSON), ("reason", "stage")
    ),
    "referrals_overridden": Counted(
        "referrals made before total care's stage allows it, with the reason recorded",
        ("occupation", "reason", *PERSON),
    ),
    "prospects": Counted("firms that are no members, listed for the field discovery team", ("size", "district")),
    "plans_asked": Counted(
        "times that members and prospects were asked for their hiring plans", ("channel", "size", "district")
    ),
    "plans_answered": Counted(
        "hiring plans that a firm filed after it had been asked for one, on the day of filing", ("size", "district")
    ),
    "hiring_plans": Counted(
        "hiring plans filed by members and prospects, those withdrawn later included", ("size", "district")
    ),
    "openings_planned": Counted("how many people these plans said would be hired", ("size", "district")),
    "visits_due": Counted("firms put on a year's visit list, each once in it", ("year", "district"), ("year",)),
    "visits": Counted(
        "visits that the field discovery team made", ("year", "plan_secured", "district"), ("year", "plan_secured")
    ),
    "openings": Counted(
        "openings of the postings that are open: + as one opens, + or - as it changes, - as it closes",
        ("occupation",),
        ("occupation",),
    ),
    "assigned": Counted(
        "assignments of a seeker to a counsellor: on registering, by hand-over, or because a manager said so",
        ("group", "reason", *PERSON),
        ("group",),
    ),
}

WHENEVER: tuple[Measure, ...] = ("counsellors",)
"""Measures of what there is on a day: all up to it counts, whenever the period starts."""
