"""The satisfaction surveys that figures tell of."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from chassis.database.db import Connection
from services.reporting.figures.parts import parts
from services.reporting.figures.period import Period
from services.reporting.figures.shares import percent, ratio


class Survey(NamedTuple):
    """A survey: how many were asked, and how many gave each answer from 1 to 5."""

    held_on: date
    survey_id: str
    asked: int
    answers: Counter[int]


async def surveys_until(conn: Connection, period: Period) -> list[Survey]:
    """List the surveys up to a period's last day, by their day, those before its first day too."""
    whole = replace(period, first=None)
    asked = await parts(conn, "surveyed", ("held_on", "survey_id"), whole)
    answers: dict[str, Counter[int]] = {}
    for (_, (survey_id, answer)), amount in (
        await parts(conn, "survey_answers", ("survey_id", "answer"), whole)
    ).items():
        answers.setdefault(survey_id, Counter())[int(answer)] += amount
    return [
        Survey(date.fromisoformat(held_on), survey_id, persons, answers.get(survey_id, Counter()))
        for (_, (held_on, survey_id)), persons in asked.items()
    ]


def published_surveys(surveys: Sequence[Survey], first: date | None) -> list[dict[str, Any]]:
    """Give the surveys held since a day, each with its change against the one before, whenever that was held.

    An answer from 1 to 5 is worth 0, 25, 50, 75 or 100 points; satisfied is who answers 4 or 5. The change is the
    difference of the scores as they are published.
    """
    found: list[dict[str, Any]] = []
    before: float | None = None
    for survey in surveys:
        answered = survey.answers.total()
        score = ratio(sum((answer - 1) * 25 * count for answer, count in survey.answers.items()), answered)
        if first is None or survey.held_on >= first:
            found.append(
                {
                    "survey_id": survey.survey_id,
                    "on": survey.held_on.isoformat(),
                    "asked": survey.asked,
                    "answered": answered,
                    "score": score,
                    "percent_satisfied": percent(survey.answers[4] + survey.answers[5], answered),
                    "change": _change(before, score),
                }
            )
        before = score
    return found


def _change(before: float | None, score: float | None) -> float | None:
    if before is None or score is None:
        return None
    return float(Decimal(str(score)) - Decimal(str(before)))
