"""How many persons a counsellor may register on one day: who registers people that aren't there, until a refusal tells
that somebody is, is stopped long before it does."""

import structlog
from fastapi import Request
from throttled import MemoryStore
from throttled.rate_limiter import GCRARateLimiter, per_day

from chassis.batch.decisions import Actor
from chassis.http.limits import MOST_REMEMBERED
from chassis.http.problem_responses import Problem
from chassis.problems import ProblemType

log = structlog.get_logger()

TOO_MANY_REGISTRATIONS = ProblemType(
    "too-many-registrations", 429, "These are more persons than a counsellor registers on one day"
)


class Registrations:
    """Counts whom counsellors register, in this process: `most` at once, which come back over a day; 0 counts nobody.
    A manager's imports have no such bound."""

    def __init__(self, most: int, replicas: int) -> None:
        self._counted = None
        if most:
            quota = per_day(max(1, most // replicas))
            self._counted = GCRARateLimiter(quota, MemoryStore(options={"MAX_SIZE": MOST_REMEMBERED}))

    def count(self, actor: Actor, persons: int = 1) -> None:
        """Count persons whom somebody is about to register (raises Problem when they are too many)."""
        if self._counted is None or actor.role != "counsellor":
            return
        counted = self._counted.limit(str(actor), persons)
        if counted.limited:
            log.warning("too_many_registrations", who=str(actor))
            seconds = max(1, round(counted.state.retry_after))
            raise Problem(TOO_MANY_REGISTRATIONS, "one counsellor registers no more on this day", retry_after=seconds)


async def registrations_of(request: Request) -> Registrations:
    """Give what counts in the process that is asked."""
    return request.app.state.registrations
