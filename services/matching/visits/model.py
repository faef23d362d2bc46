"""What firms plan to hire, who was left unplaced in a year, and the visits that follow from both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chassis.batch.aggregates import Find
from chassis.batch.derived_ids import derived_id
from contracts.codes import District, Occupation
from contracts.ids import EmployerId, HiringPlanId, VisitId


@dataclass(frozen=True, slots=True)
class Plan:
    """How many people a firm plans to hire by a day, in which occupations."""

    plan_id: HiringPlanId
    openings: int
    occupations: tuple[Occupation, ...]
    hire_by: date


@dataclass(frozen=True, slots=True)
class PlanningFirm:
    """A prospect, or a firm that has filed a plan, with the plans that it has not withdrawn.

    `looked_for` is the year for which its plans were looked at last, 0 while one is new; `looked_by` is the version of
    the unplaced that they were looked at by. `has_left`: it is neither a member nor a prospect, and its plans don't
    hold until it is one again.
    """

    employer_id: EmployerId
    district: District
    plans: tuple[Plan, ...] = ()
    looked_for: int = 0
    has_left: bool = False
    looked_by: int = 0

    def holding(self, on: date) -> tuple[Plan, ...]:
        """Give the plans that hold on a day."""
        return () if self.has_left else tuple(plan for plan in self.plans if plan.hire_by >= on)


@dataclass(frozen=True, slots=True)
class UnplacedOfYear:
    """By occupation, how many unplaced seekers wanted it first at a year's end: the five with the most.

    `version` counts how often that was published: firms are scored anew by a later one.
    """

    year: int
    unplaced: Mapping[Occupation, int]
    version: int = 1


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit to a firm that is due, or was made, or both.

    `openings` and `score` are those of its plans that hold: how many people it plans to hire, and how many of the
    unplaced they could take. `counsellors` are the ids of those in the team, `officials` how many there were.
    """

    visit_id: VisitId
    employer_id: EmployerId
    year: int
    district: District | None
    due_on: date | None = None
    openings: int | None = None
    score: int | None = None
    made_on: date | None = None
    officials: int = 0
    counsellors: tuple[str, ...] = ()
    vacancies_found: int = 0
    plan_id: HiringPlanId | None = None


@dataclass(frozen=True, slots=True)
class DueVisitOf(Find):
    """The visit to a firm that is due and was not made, of the newest list."""

    employer_id: EmployerId


def due_visit_id(employer_id: EmployerId, year: int) -> VisitId:
    """Give the id of a year's due visit to a firm, which is due once."""
    return VisitId(derived_id(employer_id, b"visit %d" % year))
