"""The clock that requests are counted by, in a test's hand: rates are by the second, and machines pause for longer."""

from dataclasses import dataclass

import pytest
from throttled import utils


@dataclass
class RatesClock:
    """It stands, but for what a test adds to `now`, in seconds."""

    now: float = 1000.0

    def monotonic(self) -> float:
        return self.now


def count_by_a_clock_that_stands(monkeypatch: pytest.MonkeyPatch) -> RatesClock:
    """Have `chassis.http.limits` count by a clock of the test's."""
    clock = RatesClock()
    monkeypatch.setattr(utils, "now_mono_f", clock.monotonic)
    return clock
