"""How far sums go, and what is done to make them."""

from dataclasses import dataclass

from chassis.batch.effects import Effect
from services.reporting.figures.summed import What


@dataclass(frozen=True, slots=True)
class Summed:
    """Sums go `through` the last fact, or position in the ledger, that is in them. Up to `complete` nothing with a
    lower number is still being written."""

    what: What
    made_of: str
    through: int = 0
    complete: int = 0


@dataclass(frozen=True, slots=True)
class SumUpNext(Effect):
    """Take what comes after a number into the sums, up to another."""

    what: What
    after: int
    through: int


@dataclass(frozen=True, slots=True)
class SeeWhatIsComplete(Effect):
    """See up to which number nothing is still being written."""

    what: What


@dataclass(frozen=True, slots=True)
class EmptySums(Effect):
    """Take away what was summed."""

    what: What
