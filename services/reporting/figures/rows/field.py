"""Figures of the field discovery team: prospects, hiring plans and visits."""

from contracts.firms import HiringPlanAsked, HiringPlanFiled, ProspectListed
from contracts.visits import VisitDue, VisitMade
from services.reporting.figures.row import Published, Row, Sum

ROWS: tuple[Row | Published, ...] = (
    Sum(
        measure="prospects",
        of=ProspectListed,
        by=("size", "district"),
        publish="prospects",
        meaning="firms that are no members, listed for the field discovery team. Those that join later stay counted",
    ),
    Sum(
        measure="plans_asked",
        of=HiringPlanAsked,
        by=("channel", "size", "district"),
        publish="hiring_plans.asked",
        meaning="times that members and prospects were asked for their hiring plans, each time counted",
    ),
    Sum(
        measure="plans_answered",
        of=HiringPlanFiled,
        where=lambda event: event.asked_on is not None,
        by=("size", "district"),
        publish="hiring_plans.answered",
        meaning="hiring plans filed by a firm that had been asked for one and had filed none since, on the day of "
        "filing: one that was asked before the period's first day counts too. Of who is asked at a visit and files on "
        "the spot, `visits` tells",
    ),
    Sum(
        measure="hiring_plans",
        of=HiringPlanFiled,
        by=("size", "district"),
        publish="hiring_plans.total",
        meaning="hiring plans filed by members and prospects. One that was withdrawn stays counted",
    ),
    Sum(
        measure="openings_planned",
        of={HiringPlanFiled: lambda event: event.openings},
        by=("size", "district"),
        publish="hiring_plans.openings",
        meaning="how many people these plans said would be hired",
    ),
    Sum(
        measure="visits_due",
        of=VisitDue,
        by=("year", "district"),
        told={"year": lambda event: str(event.due_on.year)},
        rolled=("year",),
        meaning="firms put on a year's visit list, each once in it",
    ),
    Sum(
        measure="visits",
        of=VisitMade,
        by=("year", "plan_secured", "district"),
        told={
            "year": lambda event: str(event.occurred_on.year),
            "plan_secured": lambda event: event.plan_id is not None,
        },
        rolled=("year", "plan_secured"),
        meaning="visits that the field discovery team made",
    ),
    Published(
        "visits",
        "by year: firms `due` on the visit list, visits `made`, of these the ones where a hiring plan was filed on "
        "the spot (`plans_secured`), postings opened that name a visit as what found them (`vacancies_found`), "
        "placements in such postings (`placed`), and the `mismatch` (below)",
    ),
)
