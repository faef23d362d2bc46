"""Which rows can't be taken for what rows of the same files say that they name: told before any of them is brought in.

Only what a service is sure to refuse is here. What else speaks against a row is known when those that it names are
there.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from jobplus.importing.words import Sentence, say

DAY = "occurred_on"


class Named(NamedTuple):
    """A row that another names: its ref, its cells, and which of them is the day from which on it is there."""

    ref: str
    cells: Mapping[str, Any]
    since: str = DAY


class Clash(NamedTuple):
    """What can't be of a row: the field at fault, and why."""

    field: str
    reason: Sentence


Rule = Callable[[date | None, Named, date], Clash | None]
"""From a row's day (None if it is none), the row that it names, and today."""


def _not_before(what_was: str) -> Rule:
    def rule(day: date | None, named: Named, today: date) -> Clash | None:
        since = _day(named.cells.get(named.since), today)
        if day is None or since is None or day >= since:
            return None
        return Clash(DAY, say("before_was", day=day, ref=named.ref, what=say(what_was), since=since))

    return rule


def _accepted(day: date | None, named: Named, today: date) -> Clash | None:
    answer = named.cells.get("answer")
    if answer == "accepted":
        return None
    return Clash("referral_ref", say("accepted_not", ref=named.ref, answer=answer or say("no_answer")))


RULES: Mapping[tuple[str, str], tuple[Rule, ...]] = {
    ("sessions", "client_ref"): (_not_before("was registered"),),
    ("sessions", "counsellor_ref"): (_not_before("joined"),),
    ("referrals", "seeker_ref"): (_not_before("was registered"),),
    ("referrals", "vacancy_ref"): (_not_before("was opened"),),
    ("internships", "referral_ref"): (_not_before("was referred"), _accepted),
    ("placements", "referral_ref"): (_not_before("was referred"), _accepted),
    ("self_found", "seeker_ref"): (_not_before("was registered"),),
    ("contacts", "placement_ref"): (_not_before("was placed"),),
    ("closings", "vacancy_ref"): (_not_before("was opened"),),
}
"""By the kind of a row and the column by which it names another."""


def clashes(kind: str, cells: Mapping[str, Any], named: Mapping[str, Named], today: date) -> list[Clash]:
    """Give what can't be of a row that names others, by column; `today` is the day of the service that takes it."""
    day = _day(cells.get(DAY), today)
    if day is not None and day > today:
        return [Clash(DAY, say("after_today", day=day, today=today))]
    told = (rule(day, other, today) for column, other in named.items() for rule in RULES.get((kind, column), ()))
    return [clash for clash in told if clash]


def _day(cell: Any, today: date) -> date | None:
    """Read a day: today where there is none, None where it isn't written as one."""
    if cell is None:
        return today
    try:
        return date.fromisoformat(str(cell))
    except ValueError:
        return None
