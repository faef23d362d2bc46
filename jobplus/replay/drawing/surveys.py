"""The satisfaction surveys of a history: when each is held, and what those who are asked answer."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jobplus.replay.planning.model import Plan, Survey
from jobplus.replay.planning.shares import counts_printing

POINTS = 25
"""An answer from 1 to 5 is worth 0, 25, 50, 75 or 100 points."""


@dataclass(frozen=True, slots=True)
class HeldSurvey:
    """A survey of `asked` persons among those served since the first day; `answers` are from 1 to 5, of some or all."""

    on: date
    served_from: date
    asked: int
    answers: tuple[int, ...]


def surveys(plan: Plan, rng: random.Random) -> tuple[HeldSurvey, ...]:
    """Make up the answers of each survey so that their mean prints as the plan says, where any answers do."""
    return tuple(
        HeldSurvey(each.on, plan.from_, each.asked, tuple(_answers(each, rng)))
        for each in sorted(plan.surveys, key=lambda each: each.on)
        if each.asked
    )


def _answers(survey: Survey, rng: random.Random) -> Sequence[int]:
    """Draw as many answers as can have the score: of all who are asked, or else of some."""
    for answered in range(survey.asked, 0, -1):
        totals = counts_printing(survey.score, 4 * answered)
        if totals:
            return _with_total(answered, totals[len(totals) // 2], rng)
    # Scaled down, so few may be left that none score so; the nearest is shown beside the plan.
    return _with_total(survey.asked, round(survey.score * survey.asked / Decimal(POINTS)), rng)


def _with_total(answered: int, quarters: int, rng: random.Random) -> list[int]:
    """Draw answers that are worth so many quarters of 100 points in all: around the mean, and to both ends of it."""
    each, more = divmod(quarters, answered)
    worth = [each + 1] * more + [each] * (answered - more)
    for _ in range(2 * answered):
        giver, taker = rng.randrange(answered), rng.randrange(answered)
        if giver != taker and worth[giver] > 0 and worth[taker] < 4 and rng.random() < 0.5:
            worth[giver] -= 1
            worth[taker] += 1
    rng.shuffle(worth)
    return [1 + quarter for quarter in worth]
