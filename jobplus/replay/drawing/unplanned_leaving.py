"""Who leaves the centre, unplanned: the unplaced who withdraw or find a job alone, the placed who left their job."""

import random
from collections.abc import Iterator, Mapping, Sequence

from contracts.codes import Employment
from jobplus.replay.drawing.intake_days import Intake
from jobplus.replay.drawing.jobs import STEPS, left_at
from jobplus.replay.drawing.people import Person
from jobplus.replay.drawing.referrals import Matching
from jobplus.replay.drawing.unplanned import Dated, Draw, SoFar, seekers_of
from jobplus.replay.driving.actions import Action
from jobplus.replay.driving.kinds import COME_BACK, FIND_JOB, WITHDRAW
from jobplus.replay.planning.calendar import Period

_WITHDRAWING = 0.1
_RETURNING = 0.3
"""Of the unplaced, and of those of them who withdraw."""
_WITHDRAWING_AFTER_JOB = 0.2
"""Of those placed who tell that they have left the job, and have no other."""
_TOLD_BY = 45
"""Days after a step is due by which all tries to reach somebody at it are made."""
_FINDING_JOB = 0.06
"""Of the unplaced who don't withdraw."""
_QUIET = 8
"""Days after all that the plan has for somebody, at least, before they withdraw: intake is days ahead of matching."""
_REASONS = ("not_looking", "not_looking", "found_work", "moved_away", "other")
_AFTER_JOB = ("not_looking", "moved_away", "other")
_EMPLOYMENT: dict[Employment, int] = {"permanent": 55, "fixed_term": 45}


def leaving(so_far: SoFar) -> Iterator[Dated]:
    """Have some leave who are in no care: of the unplaced, who withdraw or find a job alone, and of those placed, who
    have left their job and withdraw. Some of those who withdraw come back.

    All comes after the last that the plan has for the person, so it takes nobody from it.
    """
    matching, period, seed = so_far.matching, so_far.period, so_far.seed
    over, left_alone = _over_on(so_far.intake, matching), so_far.in_no_care
    unplaced = [number for number in left_alone if number not in matching.placed_on]
    withdrawing = [*_withdrawals(unplaced, over, period, seed)]
    yield from withdrawing
    placed_on = {number: matching.placed_on[number] for number in left_alone if number in matching.placed_on}
    yield from _after_jobs(placed_on, over, period, seed)
    gone = seekers_of(withdrawing)
    yield from _jobs([number for number in unplaced if number not in gone], so_far.intake.people, over, period, seed)


def _withdrawals(people: Sequence[int], over: Sequence[int], period: Period, seed: int) -> Iterator[Dated]:
    """Have some withdraw, and some of these come back."""
    rng = random.Random(f"{seed} withdrawals")
    for number in people:
        if rng.random() >= _WITHDRAWING:
            continue
        day = over[number] + _QUIET + int(rng.expovariate(1 / 60))
        if day <= period.last:
            yield from _withdrawal(number, day, _REASONS, period, rng)


def _withdrawal(number: int, day: int, reasons: Sequence[str], period: Period, rng: random.Random) -> Iterator[Dated]:
    """Have someone withdraw, and perhaps come back."""
    day = period.working_day(day)
    yield day, Action(WITHDRAW, {"seeker": number}, {"reason": rng.choice(reasons)})
    back_on = day + rng.randint(14, 150)
    if rng.random() < _RETURNING and back_on <= period.last:
        yield period.working_day(back_on), Action(COME_BACK, {"seeker": number})


def _jobs(
    numbers: Sequence[int], people: Sequence[Person], over: Sequence[int], period: Period, seed: int
) -> Iterator[Dated]:
    rng = random.Random(f"{seed} found alone")
    for number in numbers:
        if rng.random() >= _FINDING_JOB:
            continue
        day = over[number] + 1 + int(rng.expovariate(1 / 60))
        if day <= period.last:
            form = {
                "occupation": rng.choice(people[number].wanted),
                "sector": "private",
                "employment": rng.choices(tuple(_EMPLOYMENT), tuple(_EMPLOYMENT.values()))[0],
                "wage": 10_000 * rng.randrange(100, 300),
            }
            yield period.working_day(day), Action(FIND_JOB, {"seeker": number, "self_found": number}, form)


def _after_jobs(placed_on: Mapping[int, int], over: Sequence[int], period: Period, seed: int) -> Iterator[Dated]:
    """Have some of those withdraw who have told that they left the job in which the plan placed them."""
    rng = random.Random(f"{seed} after jobs")
    for number, day in placed_on.items():
        step = left_at(seed, number)
        if step is None or rng.random() >= _WITHDRAWING_AFTER_JOB:
            continue
        day = max(over[number] + _QUIET, day + STEPS[step] + _TOLD_BY) + int(rng.expovariate(1 / 60))
        if day <= period.last:
            yield from _withdrawal(number, day, _AFTER_JOB, period, rng)


def _over_on(intake: Intake, matching: Matching) -> list[int]:
    """Tell for each person the last day on which the plan has something for them."""
    over = [person.registered_on for person in intake.people]
    for day, (sessions, launches) in enumerate(
        zip(intake.counselling.sessions, intake.counselling.launches, strict=True)
    ):
        for client in (*(client for client, _ in sessions), *launches):
            if client.registered:
                over[client.number] = max(over[client.number], day)
    for referral in matching.referrals:
        over[referral.seeker] = max(over[referral.seeker], *(last for _, last in referral.spans()))
    return over


DRAWN: tuple[Draw, ...] = (leaving,)
