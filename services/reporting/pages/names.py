"""What figures, measures, codes and columns are called on a page, in English; Korean stands in the catalogue."""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from chassis.words import Language
from contracts.codes import DISTRICT_NAMES, OCCUPATION_NAMES
from services.reporting.figures.measures import Dimension, Measure
from services.reporting.pages.words import capital, words

Unit = Literal["persons", "times", "firms", "percent", "ratio", "points"]


class Name(NamedTuple):
    """What a figure is called, and in what it is counted: a `ratio` is so many for each person, `points` are of a
    score."""

    name: str
    unit: Unit


FIGURES: Mapping[str, Name] = {
    "registered": Name("Registered job seekers", "persons"),
    "placed.total": Name("Persons placed", "persons"),
    "placed.rate_percent": Name("Placement rate", "percent"),
    "placed.by_occupation": Name("Placed, by occupation", "persons"),
    "placed.by_age": Name("Placed, by age", "persons"),
    "placed.by_occupation_percent": Name("Placed, share by occupation", "percent"),
    "placed.by_age_percent": Name("Placed, share by age", "percent"),
    "placed.wanted": Name("Placed in a wanted occupation", "persons"),
    "placed.wanted_percent": Name("Share placed in a wanted occupation", "percent"),
    "placed.by_source": Name("Placed, by source", "persons"),
    "placed.by_sector": Name("Placed, by sector", "persons"),
    "placed.by_employment": Name("Placed, by kind of employment", "persons"),
    "placements": Name("Placements", "times"),
    "self_found.total": Name("Found a job alone", "persons"),
    "sessions.total": Name("Counselling sessions", "times"),
    "sessions.job": Name("Job-seeking sessions", "times"),
    "sessions.startup": Name("Start-up sessions", "times"),
    "sessions.by_channel": Name("Sessions, by channel", "times"),
    "per_seeker.sessions": Name("Job-seeking sessions a seeker", "ratio"),
    "per_session.launches_percent": Name("Launches per hundred start-up sessions", "percent"),
    "per_seeker.referrals": Name("Referrals a seeker", "ratio"),
    "referrals": Name("Referrals", "times"),
    "referral_answers.total": Name("Answers to referrals", "times"),
    "referral_answers.by_answer": Name("Answers to referrals, by answer", "times"),
    "referred": Name("Persons referred", "persons"),
    "launches": Name("Businesses launched", "firms"),
    "employers": Name("Member companies", "firms"),
    "vacancies": Name("Vacancies", "times"),
    "counsellors": Name("Counsellors", "persons"),
    "assigned.total": Name("Assignments to counsellors", "times"),
    "assigned.by_group": Name("Assignments, by client group", "times"),
    "internships": Name("Youth internships", "persons"),
    "surveys": Name("Satisfaction surveys", "persons"),
    "sos_care.granted": Name("SOS-Care granted", "times"),
    "sos_care.declined": Name("SOS-Care declined", "times"),
    "sos_care.ended": Name("SOS-Care ended", "times"),
    "sos_care.private_job": Name("SOS-Care ended by a private job", "times"),
    "sos_care.placed": Name("Placed under SOS-Care", "persons"),
    "sos_care.supports_due": Name("SOS-Care supports due", "times"),
    "sos_care.supports": Name("SOS-Care supports given", "times"),
    "care_stages": Name("Total care, by stage", "times"),
    "total_care.courses_completed": Name("Total care courses completed", "times"),
    "total_care.referrals_overridden": Name("Referrals ahead of total care's stage", "times"),
    "total_care.ended.total": Name("Total care ended", "times"),
    "total_care.ended.by_reason": Name("Total care ended, by reason", "times"),
    "total_care.ended.by_stage": Name("Total care ended, by stage", "times"),
    "prospects": Name("Firms listed for field discovery", "firms"),
    "hiring_plans.asked": Name("Hiring plans asked for", "times"),
    "hiring_plans.answered": Name("Hiring plans filed when asked", "times"),
    "hiring_plans.total": Name("Hiring plans filed", "times"),
    "hiring_plans.openings": Name("People planned to be hired", "persons"),
    "visits": Name("Field visits", "times"),
    "retention": Name("Still in the job", "persons"),
    "after_placement.satisfaction.answered": Name("Answers about the job's satisfaction", "times"),
    "after_placement.satisfaction.average": Name("Mean satisfaction with the job", "points"),
    "after_placement.satisfaction.by_answer": Name("Satisfaction with the job, by answer", "times"),
    "after_placement.jobs_changed": Name("Left for another job", "times"),
    "after_placement.ended.total": Name("Jobs ended otherwise", "times"),
    "after_placement.ended.by_reason": Name("Jobs ended otherwise, by reason", "times"),
    "unplaced_top_occupations": Name("Occupations most wanted by the unplaced", "persons"),
    "targets": Name("Targets", "persons"),
}
"""By the path that a figure is published under."""

MEASURES: Mapping[Measure, Name] = {
    "registered": Name("Registered job seekers", "persons"),
    "registered_in_year": Name("Registered in the year", "persons"),
    "placed": Name("Persons placed", "persons"),
    "placed_in_year": Name("Persons placed in the year", "persons"),
    "placements": Name("Placements", "times"),
    "self_found": Name("Found a job alone", "persons"),
    "self_found_in_year": Name("Found a job alone in the year", "persons"),
    "sessions": Name("Counselling sessions", "times"),
    "referrals": Name("Referrals", "times"),
    "referrals_answered": Name("Answers to referrals", "times"),
    "referrals_ended": Name("Referrals ended", "times"),
    "referred": Name("Persons referred", "persons"),
    "referred_in_year": Name("Persons referred in the year", "persons"),
    "launches": Name("Businesses launched", "firms"),
    "employers": Name("Member companies", "firms"),
    "vacancies": Name("Vacancies", "times"),
    "openings": Name("Openings", "persons"),
    "counsellors": Name("Counsellors", "persons"),
    "assigned": Name("Assignments to counsellors", "times"),
    "internships_started": Name("Internships started", "persons"),
    "internships_broken_off": Name("Internships broken off", "persons"),
    "internships_completed": Name("Internships completed", "persons"),
    "internships_converted": Name("Internships made permanent", "persons"),
    "surveyed": Name("Persons surveyed", "persons"),
    "survey_answers": Name("Answers to surveys", "times"),
    "sos_care_granted": Name("SOS-Care granted", "times"),
    "sos_care_declined": Name("SOS-Care declined", "times"),
    "sos_care_ended": Name("SOS-Care ended", "times"),
    "sos_care_placed": Name("Placed under SOS-Care", "persons"),
    "sos_care_placed_in_year": Name("Placed under SOS-Care in the year", "persons"),
    "supports_due": Name("SOS-Care supports due", "times"),
    "supports_given": Name("SOS-Care supports given", "times"),
    "care_stages": Name("Moves to a stage of total care", "times"),
    "courses_completed": Name("Total care courses completed", "times"),
    "referrals_overridden": Name("Referrals ahead of total care's stage", "times"),
    "total_care_ended": Name("Total care ended", "times"),
    "prospects": Name("Firms listed for field discovery", "firms"),
    "plans_asked": Name("Hiring plans asked for", "times"),
    "plans_answered": Name("Hiring plans filed when asked", "times"),
    "hiring_plans": Name("Hiring plans filed", "times"),
    "openings_planned": Name("People planned to be hired", "persons"),
    "visits_due": Name("Firms to be visited", "firms"),
    "visits": Name("Field visits", "times"),
    "retention_due": Name("Placements due for follow-up", "times"),
    "retention_reached": Name("Placements reached in follow-up", "times"),
    "retention_still_employed": Name("Placements still in the job", "times"),
    "follow_ups": Name("Follow-up contacts", "times"),
    "job_satisfaction": Name("Answers about the job's satisfaction", "times"),
    "jobs_changed": Name("Left for another job", "times"),
    "employments_ended": Name("Jobs ended otherwise", "times"),
}

SHARES: Mapping[str, Name] = {
    "placement_rate_percent": Name("Placement rate", "percent"),
    "internship_conversion_percent": Name("Internships made permanent, share", "percent"),
    "still_employed": Name("Still in the job after 6 months", "times"),
}
"""Targets that no measure is named as."""

DIMENSIONS: Mapping[Dimension, str] = {
    "occupation": "occupation",
    "wanted_occupation": "wanted occupation",
    "wanted": "whether the occupation was wanted",
    "age_band": "age",
    "gender": "gender",
    "district": "district",
    "income_band": "income",
    "programme": "programme",
    "breadwinner": "only earner of a family",
    "sector": "sector",
    "employment": "kind of employment",
    "source": "source",
    "kind": "kind",
    "channel": "channel",
    "size": "size of firm",
    "by": "who ended it",
    "completed_in": "year of completion",
    "survey_id": "survey",
    "held_on": "day of the survey",
    "answer": "answer",
    "step": "time after the placement",
    "outcome": "outcome",
    "due_on": "day due",
    "reason": "reason",
    "stage": "stage",
    "year": "year",
    "plan_secured": "hiring plan filed on the spot",
    "found_in": "year of the visit that found it",
    "group": "client group",
    "satisfaction": "satisfaction",
}

VALUES: Mapping[str, str] = {
    "-29": "29 and under",
    "30-39": "30 to 39",
    "40-54": "40 to 54",
    "55-": "55 and over",
    "female": "women",
    "male": "men",
    "low": "low income",
    "middle": "middle income",
    "high": "high income",
    "sos_care": "SOS-Care",
    "total_care": "total care",
    "youth_internship": "youth internship",
    "true": "yes",
    "false": "no",
    "private": "private",
    "public": "public sector",
    "permanent": "permanent",
    "fixed_term": "fixed term",
    "public_works": "public works",
    "internship": "internship",
    "referral": "referral",
    "self_found": "found alone",
    "job": "job seeking",
    "startup": "starting a business",
    "visit": "visit",
    "call": "phone",
    "online": "online",
    "small": "small firm",
    "mid": "mid-sized firm",
    "large": "large firm",
    "accepted": "accepted",
    "refused_by_seeker": "refused by the seeker",
    "refused_by_employer": "refused by the employer",
    "postponed": "postponed",
    "youth": "youth",
    "middle_aged": "middle-aged",
    "senior": "seniors",
    "women": "women",
    "breadwinner": "breadwinners",
    "residents": "residents of Seoul",
    "low_income": "low-income persons",
    "breadwinners": "breadwinners",
    "breadwinners_low_income": "breadwinners and low-income residents",
    "preparation": "preparation education",
    "counselling": "in-depth counselling",
    "training": "vocational training",
    "ready": "ready for placement",
    "in_work": "in work",
    "not_wanted": "no longer wanted",
    "withdrawn": "withdrawn",
    "resigned": "resigned",
    "dismissed": "dismissed",
    "contract_ended": "contract ended",
    "firm_closed": "firm closed",
    "illness": "illness",
    "other": "other",
    "unknown": "not known",
    "1w": "1 week",
    "1m": "1 month",
    "3m": "3 months",
    "6m": "6 months",
    "12m": "12 months",
}
"""What a code is called where it isn't of a list that has names of its own."""

ROLES: Mapping[str, str] = {
    "counsellor": "counsellor",
    "manager": "manager",
    "operator": "operator",
    "analyst": "analyst",
    "evaluator": "evaluation office",
    "partner": "partner",
    "employer": "employer",
}
"""What the role of a token is called."""

_IN_PLACE: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "occupation": OCCUPATION_NAMES,
    "wanted_occupation": OCCUPATION_NAMES,
    "district": DISTRICT_NAMES,
}  # pyright: ignore[reportAssignmentType]


def role_name(role: str, language: Language) -> str:
    """Name a role; one that no list has is told as it is."""
    return words.told(ROLES[role], language) if role in ROLES else role


def role_names(roles: Iterable[str], language: Language) -> str:
    """Name several roles, with commas between them."""
    return ", ".join(role_name(role, language) for role in roles)


def value_name(by: str, value: str, language: Language) -> str:
    """Name a value of a split; a code that no list has is told as it is."""
    if names := _IN_PLACE.get(by, {}).get(value):
        korean, english = names
        return korean if language == "ko" else capital(english)
    if named := VALUES.get(value):
        said = words.told(named, language)
        return capital(said)
    return value


def target_name(measure: str) -> Name:
    """Name what a target is set for; its year stands beside it, so the measures of a year are named as such."""
    return SHARES.get(measure) or MEASURES[measure]  # pyright: ignore[reportArgumentType]


def name_of(address: str) -> Name | None:
    """Give the name of the figure that an address is of: `placed.by_age.-29` is of `placed.by_age`."""
    steps = address.split(".")
    paths = (".".join(steps[:length]) for length in range(len(steps), 0, -1))
    return next((FIGURES[path] for path in paths if path in FIGURES), None)


def unit_of(address: str) -> Unit:
    """Give the unit of the figure that an address is of."""
    named = name_of(address)
    return named.unit if named else "times"


def figure_name(address: str, language: Language) -> str:
    """Name a figure, or the value of a split that an address is of: `Placed, by age: 29 and under`."""
    steps = address.split(".")
    for length in range(len(steps), 0, -1):
        if named := FIGURES.get(".".join(steps[:length])):
            said = words.told(named.name, language)
            rest = ".".join(steps[length:])
            return f"{said}: {value_name(_dimension(address), rest, language)}" if rest else said
    return address


def _dimension(address: str) -> str:
    return "occupation" if "occupation" in address else ""
