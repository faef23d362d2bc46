"""The published figures, made of sums. Rounding is half up; a ratio over zero is None."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Any, get_args

from contracts.codes import (
    AGE_BANDS,
    CHANNELS,
    OCCUPATIONS,
    CareStage,
    ClientGroup,
    Employment,
    FollowUpStep,
    Sector,
    SessionKind,
)
from services.reporting.figures.measures import MEASURES, Dimension, Measure
from services.reporting.figures.period import Period
from services.reporting.figures.queries import UNKNOWN, Mismatch, Sides, Sums

THROUGH_THE_CENTRE = ("referral", "internship")
"""The sources of the placements that `placed` counts."""

RETENTION_MONTHS: Mapping[str, FollowUpStep] = {"1": "1m", "3": "3m", "6": "6m", "12": "12m"}

_TENTH = Decimal("0.1")


def ratio(part: int, whole: int, scale: int = 1) -> float | None:
    """Divide, times `scale`, to one decimal, half up."""
    if whole == 0:
        return None
    return float((Decimal(part * scale) / Decimal(whole)).quantize(_TENTH, ROUND_HALF_UP))


def percent(part: int, whole: int) -> float | None:
    return ratio(part, whole, 100)


def publish(
    sums: Sums,
    period: Period,
    unplaced: Mapping[int, Sequence[str]] = MappingProxyType({}),
    mismatches: Mapping[int, Mismatch] = MappingProxyType({}),
    targets: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Give the figures as they are published. All occupations, age bands and channels are there, zeros too.

    `unplaced` has the first wanted occupations of the unplaced at each year's end, most first; `mismatches` both sides
    of the labour market that each year's visits are to bring together; `targets` has them as they are published.
    """

    def total(measure: Measure) -> int:
        return sum(sums[measure].values())

    placed, registered, referrals = total("placed"), total("registered"), total("referrals")
    by_occupation = _split(sums, "placed", "occupation", OCCUPATIONS)
    by_age = _split(sums, "placed", "age_band", AGE_BANDS)
    wanted = _split(sums, "placed", "wanted", ("true",))["true"]
    kinds = _split(sums, "sessions", "kind", get_args(SessionKind))
    return {
        "as_of": period.as_of.isoformat(),
        "from": period.first.isoformat() if period.first else None,
        "known_at": period.known_at.isoformat() if period.known_at else None,
        "registered": registered,
        "placed": {
            "total": placed,
            "rate_percent": percent(placed, registered),
            "by_occupation": by_occupation,
            "by_age": by_age,
            "by_occupation_percent": {code: percent(count, placed) for code, count in by_occupation.items()},
            "by_age_percent": {band: percent(count, placed) for band, count in by_age.items()},
            "wanted": wanted,
            "wanted_percent": percent(wanted, placed),
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
        "per_seeker": {"sessions": ratio(kinds["job"], registered), "referrals": ratio(referrals, registered)},
        "referrals": referrals,
        "referred": total("referred"),
        "launches": total("launches"),
        "employers": total("employers"),
        "vacancies": total("vacancies"),
        "counsellors": total("counsellors"),
        "assigned": {"total": total("assigned"), "by_group": _split(sums, "assigned", "group", get_args(ClientGroup))},
        "internships": _internships(sums),
        "surveys": _surveys(sums),
        "sos_care": {
            "granted": total("sos_care_granted"),
            "declined": total("sos_care_declined"),
            "ended": total("sos_care_ended"),
            "private_job": sums["sos_care_ended"].get(("private_job",), 0),
            "placed": total("sos_care_placed"),
            "supports": total("supports_given"),
        },
        "total_care": {
            "care_stages": _split(sums, "care_stages", "stage", get_args(CareStage)),
            "courses_completed": total("courses_completed"),
            "referrals_overridden": total("referrals_overridden"),
        },
        "prospects": total("prospects"),
        "hiring_plans": {"total": total("hiring_plans"), "openings": total("openings_planned")},
        "visits": _visits(sums, mismatches),
        "retention": _retention(sums),
        "unplaced_top_occupations": {str(year): list(codes) for year, codes in unplaced.items()},
        "targets": list(targets),
    }


def _internships(sums: Sums) -> dict[str, dict[str, Any]]:
    """Give, by the year of completion, those completed, and those of them converted."""
    completed, converted = sums["internships_completed"], sums["internships_converted"]
    return {
        year: {
            "completed": completed.get((year,), 0),
            "converted": converted.get((year,), 0),
            "percent": percent(converted.get((year,), 0), completed.get((year,), 0)),
        }
        for (year,) in sorted({*completed, *converted})
    }


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
    for months, step in RETENTION_MONTHS.items():
        reached = sums["retention_reached"].get((step,), 0)
        still_employed = sums["retention_still_employed"].get((step,), 0)
        published[months] = {
            "due": sums["retention_due"].get((step,), 0),
            "reached": reached,
            "still_employed": still_employed,
            "percent": percent(still_employed, reached),
        }
    return published


def _surveys(sums: Sums) -> list[dict[str, Any]]:
    """Give the surveys of the period by their day, each with its change against the one before.

    An answer from 1 to 5 is worth 0, 25, 50, 75 or 100 points; satisfied is who answers 4 or 5. The change is the
    difference of the scores as they are published.
    """
    answers: dict[str, Counter[int]] = {}
    for (survey_id, answer), amount in sums["survey_answers"].items():
        answers.setdefault(survey_id, Counter())[int(answer)] += amount
    published: list[dict[str, Any]] = []
    drawn = sorted(sums["surveyed"].items(), key=lambda survey: (survey[0][1], survey[0][0]))
    for (survey_id, held_on), asked in drawn:
        given = answers.get(survey_id, Counter())
        answered = given.total()
        score = ratio(sum((answer - 1) * 25 * count for answer, count in given.items()), answered)
        before = published[-1]["score"] if published else None
        published.append(
            {
                "survey_id": survey_id,
                "on": held_on,
                "asked": asked,
                "answered": answered,
                "score": score,
                "percent_satisfied": percent(given[4] + given[5], answered),
                "change": None
                if score is None or before is None
                else float(Decimal(str(score)) - Decimal(str(before))),
            }
        )
    return published


def _split(sums: Sums, measure: Measure, dimension: Dimension, codes: tuple[str, ...]) -> dict[str, int]:
    place = MEASURES[measure].rolled.index(dimension)
    counted = dict.fromkeys(codes, 0)
    for values, amount in sums[measure].items():
        counted[values[place]] = counted.get(values[place], 0) + amount
    return counted
