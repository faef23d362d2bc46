"""What a plan can't say, as an ordered table of checks: most hold one of its counts against another.

A plan that passes can be met by a history; what is refused, and why, is told in docs/figures.md.
"""

from collections.abc import Callable
from dataclasses import dataclass

from jobplus.replay.planning import reasons
from jobplus.replay.planning.model import Plan
from jobplus.replay.planning.reasons import Reasons


@dataclass(frozen=True, slots=True)
class Check:
    """A check by its name, and the plan's keys that must be well-formed for it to tell anything true.

    A key whose malformed part could only add to the refusal is not among them.
    """

    name: str
    reasons: Callable[[Plan], Reasons]
    needs: tuple[str, ...]
    also_scaled: bool = True
    """Whether a scaled plan has to meet it too: percentages, scores and the top occupations are only shown there."""


def refusals(plan: Plan, *, scaled: bool = False, malformed: frozenset[str] = frozenset()) -> list[str]:
    """Give every reason why the plan can't be met, in the table's order; checks of what is malformed are left out."""
    return [
        reason
        for check in CHECKS
        if (check.also_scaled or not scaled) and not any(_touch(key, path) for key in check.needs for path in malformed)
        for reason in check.reasons(plan)
    ]


def _touch(key: str, path: str) -> bool:
    return not path or f"{key}.".startswith(f"{path}.") or f"{path}.".startswith(f"{key}.")


CHECKS = (
    Check("dates", reasons.dates, ("from", "to")),
    Check("placed over registered", reasons.within("placed.total", "registered"), ("registered",)),
    Check("placed over referrals", reasons.within("placed.total", "referrals"), ("referrals",)),
    Check("placed over referred", reasons.within("placed.total", "referred"), ()),
    Check("referred over registered", reasons.within("referred", "registered"), ("registered",)),
    Check("referred over referrals", reasons.within("referred", "referrals"), ("referrals",)),
    Check("referrals of nobody", reasons.without("referred", "referrals"), ()),
    Check("referrals with nobody registered", reasons.with_nobody("referrals", "referrals"), ("registered",)),
    Check(
        "occupations over placed", reasons.within("the sum of placed.by_occupation,", "placed.total"), ("placed.total",)
    ),
    Check("occupations under placed", reasons.occupations_under_placed, ()),
    Check("shares of nobody", reasons.shares_of_nobody, ("placed.total",), also_scaled=False),
    Check("shares by themselves", reasons.shares_by_themselves, (), also_scaled=False),
    Check("shares together", reasons.shares_together, (), also_scaled=False),
    Check("job sessions with nobody", reasons.with_nobody("sessions.job", "job sessions"), ("registered",)),
    Check("channels", reasons.channels, ("sessions.job", "sessions.startup", "sessions.by_channel")),
    Check("launches over start-up sessions", reasons.within("launches", "sessions.startup"), ("sessions.startup",)),
    Check("vacancies under placements", reasons.vacancies_under_placements, ("placed.by_occupation",)),
    Check("referrals without vacancies", reasons.without("vacancies", "referrals"), ()),
    Check("no employer", reasons.no("employers", "vacancies", "referrals"), ("employers",)),
    Check("no counsellor", reasons.no("counsellors", "sessions.total", "referrals"), ("counsellors",)),
    Check("converted over completed", reasons.converted_over_completed, ()),
    Check("converted over placed", reasons.within("internships: converted in all", "placed.total"), ("placed.total",)),
    Check("internships over referrals", reasons.internships_over_referrals, ("referrals",)),
    Check("internships over referred", reasons.internships_over_referred, ("registered",)),
    Check("internships over the young", reasons.internships_over_the_young, ("registered", "referrals")),
    Check("internships on one day", reasons.internships_on_one_day, ("registered", "referrals", "from", "to")),
    Check("surveys over served", reasons.surveys_over_served, ("registered", "sessions.job", "sessions.startup")),
    Check("scores", reasons.scores, (), also_scaled=False),
    Check("top occupations", reasons.top_occupations, ("registered", "to"), also_scaled=False),
    Check("years", reasons.years, ("from", "to")),
    Check("survey days", reasons.survey_days, ("from", "to")),
    Check("said twice", reasons.said_twice, ()),
    Check("target values", reasons.target_values, ()),
    Check("target measures", reasons.target_measures, ()),
)
