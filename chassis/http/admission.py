"""Whether a command is taken, told before anything of its request is read but who asks.

A command isn't taken while those before it wait too long (see chassis.batch.queue), or while too many events wait in
the outbox. What only looks and what the operator asks for always is: it is how one finds out why, and mends it.
"""

from time import monotonic

import structlog
from fastapi import Response
from fastapi.routing import APIRoute
from starlette.types import Scope

from chassis.batch.decisions import Actor
from chassis.batch.queue import RETRY_AFTER_SECONDS, Queue
from chassis.http.access import door_of
from chassis.http.calls import changes
from chassis.http.operations import OPERATOR
from chassis.http.problem_responses import Problem, respond
from chassis.http.ways import Ways
from chassis.problems import OUTBOX_FULL, OVER_SHARE, OVERLOADED
from chassis.running import telemetry
from chassis.stream.backlog import Backlog

log = structlog.get_logger()

OUTBOX_RETRY_AFTER_SECONDS = 10
TOLD_SECONDS = 60.0
"""So often it is said in the log that commands are refused."""

ANSWERS = {
    "overloaded": respond(
        Problem(
            OVERLOADED,
            f"more commands wait than are through soon; come again in {RETRY_AFTER_SECONDS} s",
            retry_after=RETRY_AFTER_SECONDS,
        )
    ),
    "share": respond(
        Problem(
            OVER_SHARE,
            f"more commands of this subject wait than its part; come again in {RETRY_AFTER_SECONDS} s",
            retry_after=RETRY_AFTER_SECONDS,
        )
    ),
    "outbox": respond(
        Problem(
            OUTBOX_FULL,
            f"what changes can't be published at the moment; come again in {OUTBOX_RETRY_AFTER_SECONDS} s",
            retry_after=OUTBOX_RETRY_AFTER_SECONDS,
        )
    ),
}
"""Written once: a refusal is to cost little."""


class Admission:
    """Looks at how much waits already."""

    def __init__(self, queue: Queue, backlog: Backlog) -> None:
        self._queue = queue
        self._backlog = backlog
        self._told_at = -TOLD_SECONDS

    def refusal(self, scope: Scope, ways: Ways) -> Response | None:
        """Give the answer to a request that isn't taken now, None to one that is."""
        actor: Actor = scope["actor"]
        why = "outbox" if self._backlog.is_full else self._queue.refusal(actor.id)
        if why is None or not _is_refusable(scope, ways):
            return None
        telemetry.LIMITED.labels(why).inc()
        if monotonic() - self._told_at > TOLD_SECONDS:
            self._told_at = monotonic()
            log.warning("commands_refused", why=why)
        return ANSWERS[why]


def _is_refusable(scope: Scope, ways: Ways) -> bool:
    """Tell whether a request changes something, and not as the operator alone may."""
    way = ways.way(scope)
    route: APIRoute | None = way and way.route
    return route is not None and changes(route) and door_of(route).roles != OPERATOR
