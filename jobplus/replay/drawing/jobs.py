"""What becomes of the jobs of a history: who is reached when followup asks, who still has the job, and who left it.

It is told by the person's number, the step and the try, so it is the same whenever and in whatever order it is asked.
"""

import random
from collections.abc import Mapping
from datetime import date, timedelta

STEPS: Mapping[str, int] = {"1w": 7, "1m": 30, "3m": 91, "6m": 182, "12m": 365}
"""The steps of follow-up care, and about how many days after the placement each is due."""
TRIES = 3
"""So often somebody is tried to be reached at a step."""
_LEFT_BY: Mapping[str, float] = {"1w": 0.02, "1m": 0.05, "3m": 0.09, "6m": 0.08, "12m": 0.1}
"""Of those still employed at the step before, who aren't any more: about 93 of 100 are at one month, 70 at twelve."""
_LEFT_WITHIN: Mapping[str, int] = {"1w": 3, "1m": 15, "3m": 45, "6m": 60, "12m": 120}
"""Days before a step in which those have left."""
_CHANGED_JOB = 0.25
"""Of those who left."""
_NOT_REACHED = 0.12
"""Of the tries."""
_REASONS = {"resigned": 50, "contract_ended": 25, "dismissed": 10, "firm_closed": 5, "illness": 5, "other": 5}


def told(seed: int, seeker: int, step: str, attempt: int, due_on: date) -> dict[str, object]:
    """Give what comes of a try, from 0, to reach a person who was employed at the step before."""
    return outcome(step, due_on, random.Random(f"{seed} contact {seeker} {step} {attempt}"))


def left_at(seed: int, seeker: int) -> str | None:
    """Give the step at which a placed person tells that they have left and have no other job; None who never does."""
    for step in STEPS:
        tries = (told(seed, seeker, step, attempt, date.max)["outcome"] for attempt in range(TRIES))
        came = next((came for came in tries if came != "not_reached"), None)
        if came in {"left", "changed_job"}:
            return step if came == "left" else None
    return None


def outcome(step: str, due_on: date, rng: random.Random) -> dict[str, object]:
    """Draw what comes of a try to reach somebody who was employed at the step before."""
    if rng.random() < _NOT_REACHED:
        return {"outcome": "not_reached"}
    if rng.random() >= _LEFT_BY[step]:
        return {"outcome": "still_employed", "satisfaction": rng.choices((3, 4, 5), (2, 5, 3))[0]}
    ended_on = (due_on - timedelta(rng.randint(0, _LEFT_WITHIN[step]))).isoformat()
    if rng.random() < _CHANGED_JOB:
        return {"outcome": "changed_job", "ended_on": ended_on}
    reason = rng.choices(tuple(_REASONS), tuple(_REASONS.values()))[0]
    return {
        "outcome": "left",
        "reason": reason,
        "ended_on": ended_on,
        "satisfaction": rng.choices((2, 3, 4), (3, 5, 2))[0],
    }
