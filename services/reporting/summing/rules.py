"""What is summed up next."""

from dataclasses import replace

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now
from services.reporting.figures.summed import MADE_OF
from services.reporting.summing.commands import SumUp
from services.reporting.summing.model import EmptySums, SeeWhatIsComplete, Summed, SumUpNext

MOST = 20_000
"""Numbers that one command sums up: a fraction of a second."""


def sum_up(summed: Summed, command: SumUp, now: Now) -> Decision:
    """Sum up a portion of what is complete; with the last of it, see how much more is by now.

    Sums that a version made which sums up other things are taken away, and made anew.
    """
    if summed.made_of != MADE_OF[summed.what]:
        begun = Summed(summed.what, MADE_OF[summed.what])
        return Accepted((begun,), effects=(EmptySums(summed.what), SeeWhatIsComplete(summed.what)))
    through = min(summed.complete, summed.through + MOST)
    portion = (SumUpNext(summed.what, summed.through, through),) if through > summed.through else ()
    seen = (SeeWhatIsComplete(summed.what),) if through == summed.complete else ()
    return Accepted((replace(summed, through=through),), effects=(*portion, *seen))


DECIDERS: Deciders = {SumUp: sum_up}
