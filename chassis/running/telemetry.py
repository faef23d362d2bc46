"""Logs as one JSON object a line, metrics, and the pulse by which a process shows that it gets on."""

import logging
import sys
import time
from collections.abc import Mapping
from typing import Any

import structlog
from prometheus_client import Counter, Gauge, Histogram

from chassis.texts import masked

REQUESTS = Counter("jobplus_http_requests_total", "HTTP requests answered", ["route", "method", "status"])
TOKENS_REFUSED = Counter("jobplus_tokens_refused_total", "Requests without a token that is taken", ["reason"])
LIMITED = Counter("jobplus_http_limited_total", "Requests refused as too many, by what was counted", ["by"])
BATCH_COMMANDS = Histogram(
    "jobplus_command_batch_commands", "Commands committed together", buckets=(1, 4, 16, 32, 64, 128, 256, 500)
)
BATCH_SECONDS = Histogram(
    "jobplus_command_batch_seconds",
    "Time to decide and commit a batch",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 1),
)
COMMANDS_WAITING = Gauge("jobplus_commands_waiting", "Single commands that wait for their batch, or are in it")
COMMANDS_MOST = Gauge("jobplus_commands_most", "How many of them may wait, by how long commands take at the moment")
BATCH_RECORDS = Histogram(
    "jobplus_consumer_batch_records", "Records applied together", buckets=(1, 10, 50, 100, 250, 500, 1000)
)
LAG = Gauge("jobplus_consumer_lag", "Records not applied yet, in the partitions of this process")
HISTORY_LOST = Gauge("jobplus_history_lost", "Partitions that aren't read as Kafka lost what comes next", ["topic"])
OUTBOX = Gauge("jobplus_outbox_depth", "Events not on Kafka yet, as far as their numbers tell")
OUTBOX_AGE = Gauge("jobplus_outbox_age_seconds", "How long the oldest event in the outbox has waited")
NOT_LOOKED = Gauge(
    "jobplus_consumer_not_looked_seconds",
    "How long a partition wasn't looked at by its worker, as its relay's process sees",
)
REFUSED_EVENTS = Counter("jobplus_events_refused_total", "Events that Kafka refuses, and that were set aside")
RETENTION_FAILED = Counter("jobplus_retention_failed_total", "Rounds in which a table's old rows stayed", ["table"])
RETENTION_DELETED = Counter("jobplus_retention_deleted_total", "Rows deleted as their days were over", ["table"])
LOOP_LAG = Gauge("jobplus_event_loop_lag_seconds", "How late the event loop was when last looked at")


def configure_logs(level: str, **bound: str) -> None:
    """Send structlog's and the standard library's logs to stdout as JSON lines, each with `bound`."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        _without_numbers,
    ]

    def bind(logger: Any, method: str, event: Any) -> Any:
        return {**bound, **event}

    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            bind,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name, bind],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for noisy in ("aiokafka", "faust", "mode", "uvicorn.access", "asyncio"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))


def _without_numbers(logger: Any, method: str, event: Any) -> Any:
    """Take resident registration numbers out of whatever is logged."""
    return {name: masked(value) if isinstance(value, str) else value for name, value in event.items()}


class Pulse:
    """Tells whether a loop gets on: it beats after each round, and says why when a round fails.

    `ready` means that the last round worked; `alive` that there was a round at all within `limit` seconds, however
    it went. A process that isn't alive should end, for it won't mend by itself.
    """

    def __init__(self, name: str, limit: float = 60.0) -> None:
        self.name = name
        self._limit = limit
        self._last = time.monotonic()
        self._trouble: str | None = "not started yet"

    def beat(self) -> None:
        self._last = time.monotonic()
        self._trouble = None

    def fail(self, trouble: str) -> None:
        """Say why a round failed, by its kind: what an error tells more is for the log."""
        self._last = time.monotonic()
        self._trouble = trouble

    @property
    def alive(self) -> bool:
        return time.monotonic() - self._last < self._limit

    @property
    def trouble(self) -> str | None:
        """Why it isn't ready, None when it is."""
        if not self.alive:
            return f"no round for {self._limit:.0f} s"
        return self._trouble


def health(pulses: Mapping[str, Pulse]) -> dict[str, str]:
    """Tell the trouble of each loop that has one."""
    return {name: pulse.trouble for name, pulse in pulses.items() if pulse.trouble}
