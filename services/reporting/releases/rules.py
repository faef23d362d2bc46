"""What may be released, and when."""

from dataclasses import replace

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused
from chassis.problems import ProblemType
from contracts.reports import ReleasePublished
from services.reporting.behind import STILL_COUNTING
from services.reporting.releases import contents
from services.reporting.releases.commands import PublishRelease
from services.reporting.releases.model import MEASURE, Release

NOT_RELEASED = ProblemType("not-released", 404, "Nothing was released of this day")
MONTH_NOT_OVER = ProblemType("month-not-over", 409, "This month isn't over yet")
ALREADY_RELEASED = ProblemType("already-released", 409, "This day's figures were released, and stay as they are")
RELEASED_LATER = ProblemType("released-later", 409, "Releases follow each other by their days")
NOTHING_COUNTED = ProblemType("nothing-counted", 409, "Nobody had registered by this day")


def publish_release(release: Release, command: PublishRelease, now: Now) -> Decision:
    """Publish the figures up to a month's end, once and for everyone."""
    day = release.day
    if release.written is not None:
        facts = {"hash": release.written.hash, "published_on": release.written.published_on}
        return Refused(ALREADY_RELEASED, f"{day} was released on {release.written.published_on}", "day", facts)
    if day >= now.day:
        return Refused(MONTH_NOT_OVER, f"{day} is over tomorrow at the earliest, today is {now.day}", "day")
    if release.last is not None and day < release.last:
        return Refused(RELEASED_LATER, f"{release.last} was released already", "day", {"last": release.last})
    if release.is_behind:
        return Refused(STILL_COUNTING, "ask again in a moment; an operator sees the lag", "day")
    if release.counted is None:
        return Refused(NOTHING_COUNTED, f"the first registration is after {day}, or there is none", "day")
    written = contents.written(release, release.counted, now)
    event = ReleasePublished(
        **now.stamp("publish_release"),
        measure=MEASURE,
        release=day,
        position=written.position,
        hash=written.hash,
        previous=written.previous,
    )
    answer = {
        "day": day,
        "published_on": written.published_on,
        "position": written.position,
        "hash": written.hash,
        "previous": written.previous,
    }
    return Accepted((replace(release, written=written),), (event,), answer)


DECIDERS: Deciders = {PublishRelease: publish_release}
