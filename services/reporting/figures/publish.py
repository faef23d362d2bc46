"""The published figures, made of sums. Every percentage and ratio of two counts is one of `shares`, or rounded so."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, get_args

from contracts.codes import (
    AGE_BANDS,
    CHANNELS,
    OCCUPATIONS,
    Answer,
    CareStage,
    ClientGroup,
    Employment,
    FollowUpStep,
    Sector,
    SessionKind,
)
from contracts.followups import EmploymentEnded
from contracts.seekers import TotalCareEnded
from services.reporting.figures.measures import MEASURES, Dimension, Measure
from services.reporting.figures.period import Period
from services.reporting.figures.queries import UNKNOWN, ByYear, Mismatch, Sides, Sums
from services.reporting.figures.shares import ShareName, percent, ratio, share_of
from services.reporting.figures.surveys import Survey, published_surveys

BEGUN: tuple[Measure, ...] = ("internships_started", "internships_broken_off")
"""The measures whose years are those of their days, which no rollup tells."""

CONVERTED: tuple[Measure, ...] = ("internships_completed", "internships_converted")
"""The measures whose years are those of the completion."""

JOB_ENDS: tuple[str, ...] = get_args(EmploymentEnded.model_fields["reason"].annotation)
CARE_ENDS: tuple[str, ...] = get_args(TotalCareEnded.model_fields["reason"].annotation)
SATISFACTIONS = ("1", "2", "3", "4", "5")

THROUGH_THE_CENTRE = ("referral", "internship")
"""The sources of the placements that `placed` counts."""

RETENTION_MONTHS: Mapping[str, tuple[FollowUpStep, ShareName]] = {
    "1": ("1m", "retention_1m_percent"),
    "3": ("3m", "retention_3m_percent"),
    "6": ("6m", "retention_6m_percent"),
    "12": ("12m", "retention_12m_percent"),
}


def publish(
    sums: Sums,
    period: Period,
    unplaced: Mapping[int, Sequence[str]] = MappingProxyType({}),
    mismatches: Mapping[int, Mismatch] = MappingProxyType({}),
    targets: Sequence[Mapping[str, Any]] = (),
    surveys: Sequence[Survey] = (),
    by_year: ByYear = MappingProxyType({}),
) -> dict[str, Any]:
    """Give the figures as they are published. All occupations, age bands and channels are there, zeros too.

    `unplaced` has the first wanted occupations of the unplaced at each year's end, most first; `mismatches` both sides
    of the labour market that each year's visits are to bring together; `targets` has them as they are published;
    `surveys` those up to the period's last day; `by_year` the measures whose rollup tells no year.
    """

    def total(measure: Measure) -> int:
        return sum(sums[measure].values())

    def share(name: ShareName) -> float | None:
        return share_of(name, sums).value

    placed = total("placed")
    by_occupation = _split(sums, "placed", "occupation", OCCUPATIONS)
    by_age = _split(sums, "placed", "age_band", AGE_BANDS)
    kinds = _split(sums, "sessions", "kind", get_args(SessionKind))
    return {
        "as_of": period.as_of.isoformat(),
        "from": period.first.isoformat() if period.first else None,
        "known_at": period.known_at.isoformat() if period.known_at else None,
        "registered": total("registered"),
        "placed": {
            "total": placed,
            "rate_percent": share("placement_rate_percent"),
            "by_occupation": by_occupation,
            "by_age": by_age,
            "by_occupation_percent": {code: percent(count, placed) for code, count in by_occupation.items()},
            "by_age_percent": {band: percent(count, placed) for band, count in by_age.items()},
            "wanted": share_of("wanted_percent", sums).numerator,
            "wanted_percent": share("wanted_percent"),
            "by_source": _split(sums, "placed", "source", THROUGH_THE_CENTRE),
            "by_sector": _split(sums, "placed", "sector", get_args(Sector)),
            "by_employment": _split(sums, "placed", "employment", get_args(Employment)),
        },
        "placements": total("placements"),
        "self_found": {"total": total("self_found")},
        "sessions": {
            "total": total("sessions"),
            **kinds,
            "by_channel": _split(sums, "sessions", "channel", CHANNELS),
        },
        "per_seeker": {"sessions": share("sessions_per_seeker"), "referrals": share("referrals_per_seeker")},
        "per_session": {"launches_percent": share("launches_per_session_percent")},
        "referrals": total("referrals"),
        "referral_answers": {
            "total": total("referrals_answered"),
            "by_answer": _split(sums, "referrals_answered", "answer", get_args(Answer)),
        },
        "referred": total("referred"),
        "launches": total("launches"),
        "employers": total("employers"),
        "vacancies": total("vacancies"),
        "counsellors": total("counsellors"),
        "assigned": {"total": total("assigned"), "by_group": _split(sums, "assigned", "group", get_args(ClientGroup))},
        "internships": _internships(sums, by_year),
        "surveys": published_surveys(surveys, period.first),
        "sos_care": {
            "granted": total("sos_care_granted"),
            "declined": total("sos_care_declined"),
            "ended": total("sos_care_ended"),
            "private_job": sums["sos_care_ended"].get(("private_job",), 0),
            "placed": total("sos_care_placed"),
            "supports_due": total("supports_due"),
            "supports": total("supports_given"),
        },
        "care_stages": _split(sums, "care_stages", "stage", get_args(CareStage)),
        "total_care": {
            "courses_completed": total("courses_completed"),
            "referrals_overridden": total("referrals_overridden"),
            "ended": {
                "total": total("total_care_ended"),
                "by_reason": _split(sums, "total_care_ended", "reason", CARE_ENDS),
                "by_stage": _split(sums, "total_care_ended", "stage", get_args(CareStage)),
            },
        },
        "prospects": total("prospects"),
        "hiring_plans": {
            "asked": total("plans_asked"),
            "answered": total("plans_answered"),
            "total": total("hiring_plans"),
            "openings": total("openings_planned"),
        },
        "visits": _visits(sums, mismatches),
        "retention": _retention(sums),
        "after_placement": {
            "satisfaction": _satisfaction(sums),
            "jobs_changed": total("jobs_changed"),
            "ended": {
                "total": total("employments_ended"),
                "by_reason": _split(sums, "employments_ended", "reason", JOB_ENDS),
            },
        },
        "unplaced_top_occupations": {str(year): list(codes) for year, codes in unplaced.items()},
        "targets": list(targets),
    }


def _internships(sums: Sums, by_year: ByYear) -> dict[str, dict[str, Any]]:
    """Give, by year, those started, broken off and completed in it, and of those completed the ones converted."""
    started, broken_off = (by_year.get(measure, {}) for measure in BEGUN)
    told = {year for measure in CONVERTED for (year,) in sums[measure]}
    published: dict[str, dict[str, Any]] = {}
    for year in sorted({*started, *broken_off, *told}):
        converted = share_of("internship_conversion_percent", sums, completed_in=year)
        published[year] = {
            "started": started.get(year, 0),
            "broken_off": broken_off.get(year, 0),
            "completed": converted.denominator,
            "converted": converted.numerator,
            "percent": converted.value,
        }
    return published


def visit_years(sums: Sums) -> list[int]:
    """Give the years in which a visit was due or made, or something came of one."""
    told = [year for year, *_ in (*sums["visits_due"], *sums["visits"], *sums["vacancies"], *sums["placements"])]
    return sorted({int(year) for year in told if year != UNKNOWN})


def _visits(sums: Sums, mismatches: Mapping[int, Mismatch]) -> dict[str, dict[str, Any]]:
    """Give, by year, the visits that were due and made, and what came of any visit in that year."""
    made = sums["visits"]
    published: dict[str, dict[str, Any]] = {}
    for number in visit_years(sums):
        year = str(number)
        published[year] = {
            "due": sums["visits_due"].get((year,), 0),
            "made": sum(amount for (made_in, _), amount in made.items() if made_in == year),
            "plans_secured": made.get((year, "true"), 0),
            "vacancies_found": sums["vacancies"].get((year,), 0),
            "placed": sums["placements"].get((year,), 0),
        }
        if mismatch := mismatches.get(number):
            published[year]["mismatch"] = {
                "occupations": list(mismatch.occupations),
                "before": _mismatch(mismatch.before),
                "after": _mismatch(mismatch.after),
            }
    return published


def _mismatch(sides: Sides) -> dict[str, Any]:
    return {
        "unplaced": sides.unplaced,
        "openings": sides.openings,
        "unplaced_per_opening": ratio(sides.unplaced, sides.openings),
    }


def _retention(sums: Sums) -> dict[str, dict[str, Any]]:
    """Give, by the months after the placement, those due, of these the ones reached, and of these those still there."""
    published: dict[str, dict[str, Any]] = {}
    for months, (step, name) in RETENTION_MONTHS.items():
        still_employed = share_of(name, sums)
        published[months] = {
            "due": sums["retention_due"].get((step,), 0),
            "reached": still_employed.denominator,
            "still_employed": still_employed.numerator,
            "percent": still_employed.value,
        }
    return published


def _satisfaction(sums: Sums) -> dict[str, Any]:
    """Give how satisfied with their jobs the placed said they are, from 1 (worst) to 5."""
    said = _split(sums, "job_satisfaction", "satisfaction", SATISFACTIONS)
    points = sum(int(value) * count for value, count in said.items())
    return {"answered": sum(said.values()), "average": ratio(points, sum(said.values())), "by_answer": said}


def _split(sums: Sums, measure: Measure, dimension: Dimension, codes: tuple[str, ...]) -> dict[str, int]:
    place = MEASURES[measure].rolled.index(dimension)
    counted = dict.fromkeys(codes, 0)
    for values, amount in sums[measure].items():
        counted[values[place]] = counted.get(values[place], 0) + amount
    return counted
