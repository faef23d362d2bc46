"""What is expected of a history in figures that its plan doesn't name: what is unplanned, and how far targets come.

What unplanned actions are counted in is told by the rows of their kinds. Here stands what takes more: where the plan's
actions are counted too, or what followup's rounds came to, or all by year.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from jobplus.replay.comparing.afterwards import ASKED
from jobplus.replay.drawing.history import DrawnHistory
from jobplus.replay.driving.actions import Kind, Thing
from jobplus.replay.driving.care import FollowedUp
from jobplus.replay.driving.kinds import FIND_JOB, KINDS, RECORD_VISIT
from jobplus.replay.planning.model import Plan
from jobplus.replay.planning.shares import percent

_STEPS: Mapping[str, str] = {"1": "1m", "3": "3m", "6": "6m", "12": "12m"}
"""The steps whose retention is published, by the months that it is published under."""


def expected(made: DrawnHistory, plan: Plan, followed_up: FollowedUp) -> dict[str, object]:
    """Give what is expected, by figure; of the contacts, which come of its placements, what they came to is told."""
    return {
        **_counted(made),
        "sos_care.supports": followed_up.supports,
        "total_care.referrals_overridden": len(made.unplanned.overrides),
        **_visits(made),
        **_retention(followed_up),
        **_afterwards(made),
        **{
            f"targets.{target.year}.{target.measure}.reached": _reached(made, target.measure, target.year, followed_up)
            for target in plan.targets
        },
    }


def _in_matching(made: DrawnHistory, kind: Kind) -> Iterator[int]:
    """Give the day of each action of a kind that matching gets unplanned."""
    return (day for day, actions in made.unplanned.matching.items() for action in actions if action.kind is kind)


def _counted(made: DrawnHistory) -> Counter[str]:
    """Tell of each figure that kinds name what the unplanned actions come to; of the answers to referrals the plan's,
    too, but of those taken back."""
    came = Counter({figure: 0 for kind in KINDS.values() for count in kind.counts for figure in count.figures})
    for action in made.unplanned.actions:
        for count in action.kind.counts:
            figure, amount = count.of(action)
            came[figure] += amount
    came.update(
        f"referral_answers.by_answer.{referral.answered.answer}"
        for number, referral in enumerate(made.matching.referrals)
        if referral.answered and number not in made.unplanned.taken_back
    )
    return came


def _by_year(made: DrawnHistory, days: Iterable[int]) -> Counter[int]:
    return Counter(made.period.date(day).year for day in days)


def _visits(made: DrawnHistory) -> dict[str, object]:
    """Tell by year of the visits made, what they found, and who was placed in that."""
    found, matching = made.unplanned.found_by, made.matching
    placed_on = (each.placed_on for each in matching.referrals if each.vacancy in found)
    told = {
        "made": _by_year(made, _in_matching(made, RECORD_VISIT)),
        "plans_secured": _by_year(made, _with_plan(made)),
        "vacancies_found": _by_year(made, (matching.vacancies[number].opened_on for number in found)),
        "placed": _by_year(made, (day for day in placed_on if day is not None)),
    }
    years = sorted({year for counts in told.values() for year in counts})
    return {f"visits.{year}.{name}": counts[year] for year in years for name, counts in told.items()}


def _with_plan(made: DrawnHistory) -> Iterator[int]:
    """Give the day of each visit at which a hiring plan was filed."""
    for day, actions in made.unplanned.matching.items():
        yield from (day for action in actions if action.kind is RECORD_VISIT and "plan" in action.refs)


def _retention(followed_up: FollowedUp) -> dict[str, object]:
    return {
        f"retention.{months}.{name}": counts[step]
        for months, step in _STEPS.items()
        for name, counts in (
            ("due", followed_up.due),
            ("reached", followed_up.reached),
            ("still_employed", followed_up.still_employed),
        )
    }


def _afterwards(made: DrawnHistory) -> dict[str, object]:
    """Tell how much left or was taken back, which `afterwards` asks the services about."""
    ended: Counter[Thing | None] = Counter(action.kind.ends for action in made.unplanned.actions)
    ended["referral"] = len(made.unplanned.taken_back)
    ended["placement"] = sum(each.never_started is not None for each in made.matching.referrals)
    return {f"afterwards.{name}": ended[thing] for name, (thing, _) in ASKED.items()}


def _reached(made: DrawnHistory, measure: str, year: int, followed_up: FollowedUp) -> object:
    """Tell what a target measure comes to in a year: a count, or a percentage (None of nothing)."""
    if measure == "still_employed":
        return followed_up.after_half_a_year[year]
    if measure == "placement_rate_percent":
        part, whole = (_by_year(made, COUNTS[name](made))[year] for name in ("placed", "registered"))
        return percent(part, whole)
    if measure == "internship_conversion_percent":
        converted = [
            each.placed_on is not None
            for each in made.matching.referrals
            if each.internship and made.period.date(each.internship.completed_on).year == year
        ]
        return percent(sum(converted), len(converted))
    return _by_year(made, COUNTS[measure](made))[year]


def _referred(made: DrawnHistory) -> Iterator[int]:
    """Give the day of each person's first referral in each calendar year."""
    known: set[tuple[int, int]] = set()
    for referral in made.matching.referrals:
        person = referral.seeker, made.period.date(referral.made_on).year
        if person not in known:
            known.add(person)
            yield referral.made_on


def _held(each_day: Iterable[Iterable[object]]) -> Iterator[int]:
    """Give the day of each thing of a list by day."""
    return (day for day, held in enumerate(each_day) for _ in held)


COUNTS: Mapping[str, Callable[[DrawnHistory], Iterable[int]]] = {
    "registered": lambda made: (person.registered_on for person in made.intake.people),
    "referred": _referred,
    "placed": lambda made: made.matching.placed_on.values(),
    "placements": lambda made: made.matching.placed_on.values(),
    "self_found": lambda made: _in_matching(made, FIND_JOB),
    "sessions": lambda made: _held(made.intake.counselling.sessions),
    "launches": lambda made: _held(made.intake.counselling.launches),
    "employers": lambda made: made.intake.joined_on,
    "vacancies": lambda made: (vacancy.opened_on for vacancy in made.matching.vacancies),
    "referrals": lambda made: (referral.made_on for referral in made.matching.referrals),
    "internships_completed": lambda made: (
        referral.internship.completed_on for referral in made.matching.referrals if referral.internship
    ),
    "internships_converted": lambda made: (
        referral.placed_on
        for referral in made.matching.referrals
        if referral.internship and referral.placed_on is not None
    ),
}
"""The days on which what a target measure counts occurs; contacts are told apart, percentages are made of these."""
