"""A clock in a test's hand, for what goes by seconds: a machine may pause for longer than those."""

from dataclasses import dataclass


@dataclass
class StandingClock:
    """It stands, but for what a test adds to `now`, in seconds."""

    now: float = 1000.0

    def monotonic(self) -> float:
        return self.now
