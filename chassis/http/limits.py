"""How often one may ask: by address until a valid token was seen, by the token's subject from then on; what is open to
everybody is counted by address alone.

Each process counts for itself what it is asked; where an api runs in several, each allows its part. Nobody is kept
waiting: who asks more often is told when to come again.
"""

import math
from datetime import timedelta

import structlog
from throttled import MemoryStore
from throttled.rate_limiter import BaseRateLimiter, GCRARateLimiter, Quota, per_duration, per_min

from chassis.batch.decisions import Actor
from chassis.http.addresses import group_of
from chassis.http.problem_responses import Problem
from chassis.http.rates import BULK, OTHERS, Rate, rate_of, rates_of
from chassis.problems import TOO_MANY_REQUESTS
from chassis.running import telemetry
from chassis.running.settings import ServiceSettings

log = structlog.get_logger()

MOST_REMEMBERED = 10_000
"""Addresses, or subjects, that are counted at a time: the one that was quiet for longest is forgotten."""


class Limits:
    """Counts who asks. What has no rate has no limit."""

    def __init__(self, settings: ServiceSettings) -> None:
        replicas = settings.replicas
        self._address = _limiter(rate_of(settings.address_limit), replicas)
        self._readers = _limiter(rate_of(settings.open_limit), replicas)
        rates = rates_of(settings.request_limits)
        self._subjects = {name: _limiter(rate, replicas) for name, rate in rates.items()}
        self._told = _counting(per_min(1))
        self._seconds = {False: settings.request_seconds, True: settings.bulk_seconds}

    def address(self, address: str) -> Problem | None:
        """Count a request from where no token was shown that is known here; gives the refusal of one too many."""
        return None if self._address is None else self._count(self._address, "address", group_of(address))

    def reader(self, address: str) -> Problem | None:
        """Count a request for what is open to everybody, by itself, so that readers keep nobody of their address from
        showing a token; gives the refusal of one too many."""
        return None if self._readers is None else self._count(self._readers, "reader", group_of(address))

    def subject(self, actor: Actor, bulk: bool) -> Problem | None:
        """Count a request of somebody whose token is valid; gives the refusal of one too many."""
        if not self._subjects:
            return None
        limiter = self._subjects[self._name(actor.role, bulk)]
        return None if limiter is None else self._count(limiter, "subject", str(actor))

    def seconds(self, bulk: bool) -> float:
        """Tell how long a request may take."""
        return self._seconds[bulk]

    def _name(self, role: str, bulk: bool) -> str:
        """Name the rate that holds for a role: the most particular there is."""
        names = (f"{role}{BULK}", role, f"{OTHERS}{BULK}") if bulk else (role,)
        return next((name for name in names if name in self._subjects), OTHERS)

    def _count(self, limiter: BaseRateLimiter, by: str, who: str) -> Problem | None:
        counted = limiter.limit(who)
        if not counted.limited:
            return None
        telemetry.LIMITED.labels(by).inc()
        if not self._told.limit(who).limited:
            log.warning("too_many_requests", by=by, who=who)
        seconds = max(1, math.ceil(counted.state.retry_after))
        detail = f"more requests than one {by} may make; come again in {seconds} s"
        return Problem(TOO_MANY_REQUESTS, detail, retry_after=seconds)


def _limiter(rate: Rate | None, replicas: int) -> BaseRateLimiter | None:
    """Make what counts each by itself, to the part of a rate that one of several processes allows."""
    if rate is None:
        return None
    share = max(1, rate.burst // replicas)
    return _counting(per_duration(timedelta(seconds=replicas), rate.per_second, share))


def _counting(quota: Quota) -> BaseRateLimiter:
    return GCRARateLimiter(quota, MemoryStore(options={"MAX_SIZE": MOST_REMEMBERED}))
