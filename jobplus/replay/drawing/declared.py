"""What the people of a history declare beside what identifies them: wishes, family, income, and their last job."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.codes import DISTRICTS, Employment, IncomeBand, JobEnd
from jobplus.replay.driving.actions import Form

_INCOME: dict[IncomeBand, int] = {"low": 45, "middle": 45, "high": 10}
_ENDS: dict[JobEnd, int] = {
    "resigned": 40,
    "contract_ended": 20,
    "dismissed": 10,
    "firm_closed": 8,
    "business_closed": 6,
    "illness": 4,
    "retired": 7,
    "other": 5,
}
_SUDDEN: frozenset[JobEnd] = frozenset({"contract_ended", "dismissed", "firm_closed", "business_closed", "illness"})
_RECENT = (10, 300)
_LONG_AGO = (400, 2000)
"""Days from the last job's end to the registration."""
_EMPLOYMENT: tuple[tuple[Employment, ...], ...] = (
    ("permanent",),
    ("permanent", "fixed_term"),
    ("fixed_term",),
    ("public_works", "fixed_term"),
)


@dataclass(frozen=True, slots=True)
class Situation:
    """A person's family and last job; None where they don't say. `job_ended` is told in days before the registration.

    Only `in_hardship` is asked elsewhere: a job lost within the last months, dependants, and nobody else who earns.
    """

    dependants: int | None
    other_earners: int | None
    job_ended: int | None
    job_end: JobEnd | None

    @property
    def in_hardship(self) -> bool:
        sudden = self.job_end in _SUDDEN and self.job_ended is not None and self.job_ended <= _RECENT[1]
        return sudden and bool(self.dependants) and self.other_earners == 0


def situation(seed: int, number: int) -> Situation:
    """Draw the situation of a person of a history: the same whenever it is asked for."""
    rng = random.Random(f"{seed} situation {number}")
    dependants = other_earners = job_ended = job_end = None
    if rng.random() < 0.7:
        dependants = rng.choices((0, 1, 2, 3), (55, 20, 18, 7))[0]
    if rng.random() < 0.7:
        other_earners = rng.choices((0, 1, 2), (50, 42, 8))[0]
    if rng.random() < 0.75:
        job_ended = rng.randint(*(_RECENT if rng.random() < 0.7 else _LONG_AGO))
        job_end = rng.choices(tuple(_ENDS), tuple(_ENDS.values()))[0]
    return Situation(dependants, other_earners, job_ended, job_end)


def declared(of: Situation, district: object, day: date, rng: random.Random) -> Form:
    """Give the fields that a person who lives in a district and registers on a day adds to the form."""
    form: dict[str, object] = {}
    if rng.random() < 0.5:
        form["wanted_districts"] = list(dict.fromkeys((district, *rng.sample(DISTRICTS, 2))))
    if rng.random() < 0.5:
        form["wanted_employment"] = list(rng.choice(_EMPLOYMENT))
    if rng.random() < 0.6:
        income = rng.choices(tuple(_INCOME), tuple(_INCOME.values()))[0]
        form["income_band"] = income
        form["livelihood_benefit"] = income == "low" and rng.random() < 0.15
    if of.dependants is not None:
        form["dependants"] = of.dependants
    if of.other_earners is not None:
        form["other_earners"] = of.other_earners
    if of.job_ended is not None:
        form["last_job_ended_on"] = (day - timedelta(of.job_ended)).isoformat()
        form["last_job_end_reason"] = of.job_end
    return form
