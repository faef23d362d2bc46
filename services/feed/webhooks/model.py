"""A webhook, and how it goes on after each answer of its receiver. Times are the system's: no simulated day changes how
long a partner is waited for."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from chassis.batch.effects import AtOnce, Effect
from services.feed.webhooks.signing import secret_of

State = Literal["unverified", "active", "paused"]
"""Waits for its first handshake; is sent to; isn't sent to until a handshake succeeds again."""

DELAYS = tuple(
    timedelta(seconds=seconds) for seconds in (5, 30, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 72_000)
)
"""Between attempts; the last goes on."""
TRIED_FOR = timedelta(days=3)
JITTER = 0.1
"""So far from its delay an attempt may be, so that what failed together isn't tried again together."""


def next_attempt(attempts: int, first_at: datetime, at: datetime) -> datetime | None:
    """Give the moment of the attempt after so many, or None where it was tried for long enough. The last one is when
    the time is over."""
    if at >= first_at + TRIED_FOR:
        return None
    delay = DELAYS[min(max(attempts, 1), len(DELAYS)) - 1] * random.uniform(1 - JITTER, 1 + JITTER)
    return min(at + delay, first_at + TRIED_FOR)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where a partner's log is sent to. `failures` are those in a row, `tries` the pauses and handshakes in vain since
    anything was taken; `lost` the entries that outlived their days before they could be sent. `seed` is what the feed's
    key makes the secret of."""

    partner: str
    url: str
    seed: bytes
    former_seed: bytes | None
    former_until: datetime | None
    state: State
    position: int
    failures: int
    tries: int
    failing_since: datetime | None
    failure: str | None
    next_at: datetime | None
    lost: int
    delivered_at: datetime | None
    registered_at: datetime

    def secrets(self, key: bytes, at: datetime) -> Sequence[bytes]:
        """Give what signs at a moment: the secret that the feed's key makes of the seed, and the one before it while
        both do."""
        made = secret_of(key, self.partner, self.seed)
        if self.former_seed is not None and self.former_until is not None and at < self.former_until:
            return made, secret_of(key, self.partner, self.former_seed)
        return (made,)

    def moved(self, position: int, lost: int) -> "Webhook":
        """Give it with the position up to which all is seen to, and so many more entries that are gone."""
        return replace(self, position=position, lost=self.lost + lost)

    def unproven(self, at: datetime) -> "Webhook":
        """Give it as it waits for a handshake at once, whatever was before."""
        state = "unverified" if self.state == "unverified" else "paused"
        return replace(self, state=state, failures=0, tries=0, failing_since=None, failure=None, next_at=at)

    def taken(self, at: datetime) -> "Webhook":
        """Give it after an event was taken, also one that was under way as it was paused."""
        state = "active" if self.state == "paused" else self.state
        return replace(
            self, state=state, failures=0, tries=0, failing_since=None, failure=None, next_at=None, delivered_at=at
        )

    def shaken(self) -> "Webhook":
        """Give it after a handshake. What failed in a row before still counts, until an event is taken."""
        return replace(self, state="active", failure=None, next_at=None)

    def failed(self, failure: str, at: datetime, most: int, *, for_good: bool) -> "Webhook":
        """Give it after an event wasn't taken: paused after so many in a row, or where it is never taken again."""
        failing = replace(self, failures=self.failures + 1, failing_since=self.failing_since or at, failure=failure)
        if self.state != "active" or (failing.failures < most and not for_good):
            return failing
        return failing._waits(at, for_good=for_good)

    def refused(self, failure: str, at: datetime, *, for_good: bool) -> "Webhook":
        """Give it after a handshake in vain."""
        return replace(self, failing_since=self.failing_since or at, failure=failure)._waits(at, for_good=for_good)

    def _waits(self, at: datetime, *, for_good: bool) -> "Webhook":
        """Give it as it waits for the next handshake, which comes by itself until it was tried for long enough."""
        state, tries = "unverified" if self.state == "unverified" else "paused", self.tries + 1
        next_at = None if for_good else next_attempt(tries, self.failing_since or at, at)
        return replace(self, state=state, tries=tries, next_at=next_at)


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """The numbers of a partner's dead letters, of what may still be sent."""

    partner: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EndedWebhook(AtOnce):
    """That a partner's log is sent no more."""

    partner: str


@dataclass(frozen=True, slots=True)
class BegunAgain(Effect):
    """That a partner's log is sent from another position on: what wasn't taken before it counts no more."""

    partner: str


@dataclass(frozen=True, slots=True)
class Redriven(Effect):
    """That dead letters are sent again, as if for the first time."""

    partner: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Discarded(Effect):
    """That dead letters are given up."""

    partner: str
    numbers: tuple[int, ...]
