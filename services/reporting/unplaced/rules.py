"""What is published of those whom a year left unplaced."""

from dataclasses import replace

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused
from chassis.problems import ProblemType
from contracts.reports import UnplacedOccupationsPublished
from services.reporting.behind import STILL_COUNTING
from services.reporting.figures.model import VISITED_FIRST
from services.reporting.unplaced.commands import PublishAnew, PublishUnplaced
from services.reporting.unplaced.model import MEASURE, EndedYear

YEAR_NOT_OVER = ProblemType("year-not-over", 409, "This year isn't over yet")
VISITS_OVER = ProblemType("visits-over", 409, "The visits that went by this year's unplaced are over")
NOT_PUBLISHED = ProblemType("unplaced-not-published", 409, "This year's unplaced were not published yet")
UNCHANGED = ProblemType("unplaced-unchanged", 409, "This year's unplaced are known as they were published")


def publish_unplaced(year: EndedYear, command: PublishUnplaced, now: Now) -> Decision:
    """Publish the occupations with the most unplaced seekers, once for each year by itself."""
    return Accepted() if year.version else _published(year, "publish_unplaced", now)


def publish_anew(year: EndedYear, command: PublishAnew, now: Now) -> Decision:
    """Publish them again as they are known now, for the visits that still go by them."""
    if refused := _not_to_be_visited(year, now) or _not_known_better(year):
        return refused
    return _published(year, "publish_anew", now)


def _not_to_be_visited(year: EndedYear, now: Now) -> Refused | None:
    if year.year >= now.day.year:
        return Refused(YEAR_NOT_OVER, f"{year.year} ends after today, {now.day}", "year")
    if year.year < now.day.year - 1:
        return Refused(VISITS_OVER, f"the visits of {year.year + 1} went by them, today is {now.day}", "year")
    if not year.version:
        return Refused(NOT_PUBLISHED, "they are published by themselves on the day after they are known", "year")
    return None


def _not_known_better(year: EndedYear) -> Refused | None:
    if year.is_behind:
        return Refused(STILL_COUNTING, "ask again in a moment; an operator sees the lag", "year")
    if year.last is None:
        return Refused(STILL_COUNTING, f"version {year.version} is on its way into the ledger", "year")
    if year.last.unplaced == year.unplaced[:VISITED_FIRST]:
        return Refused(UNCHANGED, f"version {year.version} says the same", "year", {"version": year.version})
    return None


def _published(year: EndedYear, rule: str, now: Now) -> Accepted:
    first = year.unplaced[:VISITED_FIRST]
    event = UnplacedOccupationsPublished(
        **now.stamp(rule),
        measure=MEASURE,
        year=year.year,
        occupations=tuple(code for code, _ in first),
        unplaced=tuple(persons for _, persons in first),
        version=year.version + 1,
    )
    answer = event.model_dump(include={"year", "version", "occupations", "unplaced"})
    return Accepted((replace(year, version=event.version, published_on=now.day, last=None),), (event,), answer)


DECIDERS: Deciders = {PublishUnplaced: publish_unplaced, PublishAnew: publish_anew}
