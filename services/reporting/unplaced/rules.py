"""What is published of those whom a year left unplaced."""

from dataclasses import replace

from chassis.command_batch import Deciders
from chassis.decisions import Accepted, Decision, Now
from contracts.reports import UnplacedOccupationsPublished
from services.reporting.figures.model import VISITED_FIRST
from services.reporting.unplaced.commands import PublishUnplaced
from services.reporting.unplaced.model import EndedYear

MEASURE = "unplaced_top_occupations"


def publish_unplaced(year: EndedYear, command: PublishUnplaced, now: Now) -> Decision:
    """Publish the occupations with the most unplaced seekers, once for each year."""
    if year.published_on is not None:
        return Accepted()
    first = year.unplaced[:VISITED_FIRST]
    event = UnplacedOccupationsPublished(
        **now.stamp("publish_unplaced"),
        measure=MEASURE,
        year=year.year,
        occupations=tuple(code for code, _ in first),
        unplaced=tuple(persons for _, persons in first),
    )
    return Accepted((replace(year, published_on=now.day),), (event,))


DECIDERS: Deciders = {PublishUnplaced: publish_unplaced}
