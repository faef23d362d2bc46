"""The client group of a seeker, by an ordered table of rules: the first whose condition holds says it.

Age and gender choose the specialist here, and nothing else: this is how the counselling is organised. What a seeker is
offered never depends on the group.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from contracts.codes import ClientGroup, age_in_years
from services.intake.seekers.model import Seeker


@dataclass(frozen=True, slots=True)
class GroupPolicy:
    """The bounds of the groups from a day on: years of age (연 나이), and how long out of work is a career break.

    The ages are those of the centre's own bands. A career break of a year follows the use of the law on women whose
    careers were interrupted (경력단절여성등의 경제활동 촉진법), which names no length itself.
    """

    since: date
    youth_to: int
    senior_from: int
    career_break: timedelta


POLICIES = (GroupPolicy(since=date.min, youth_to=29, senior_from=55, career_break=timedelta(days=365)),)
"""By the day since which each holds; a change is a line more, so that what was decided before stays explained."""


class Client(NamedTuple):
    """What the group follows from: the record, whether they had a start-up session, the policy, and the day."""

    seeker: Seeker
    startup: bool
    policy: GroupPolicy
    day: date

    @property
    def age(self) -> int:
        return age_in_years(self.seeker.birth_date.year, self.day)


@dataclass(frozen=True, slots=True)
class GroupRule:
    """A rule of the table: its name, when it holds, and the group that it says."""

    name: str
    holds: Callable[[Client], bool]
    group: ClientGroup


def _returning(client: Client) -> bool:
    ended = client.seeker.declared.last_job_ended_on
    return client.seeker.gender == "female" and ended is not None and ended <= client.day - client.policy.career_break


RULES = (
    GroupRule("starts_a_business", lambda client: client.startup, "startup"),
    GroupRule("only_earner_with_dependants", lambda client: client.seeker.declared.breadwinner is True, "breadwinner"),
    GroupRule("young", lambda client: client.age <= client.policy.youth_to, "youth"),
    GroupRule("older", lambda client: client.age >= client.policy.senior_from, "senior"),
    GroupRule("woman_after_a_career_break", _returning, "women"),
    GroupRule("anyone_else", lambda client: True, "middle_aged"),
)


def policy_on(day: date) -> GroupPolicy:
    """Give the policy that holds on a day."""
    return max((policy for policy in POLICIES if policy.since <= day), key=lambda policy: policy.since)


def group_of(seeker: Seeker, startup: bool, day: date) -> GroupRule:
    """Give the rule that says a seeker's group on a day."""
    client = Client(seeker, startup, policy_on(day), day)
    return next(rule for rule in RULES if rule.holds(client))
