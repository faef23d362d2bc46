"""Which companies are known."""

from chassis.command_batch import Deciders
from chassis.decisions import Accepted, Decision, Now
from services.matching.employers.commands import KnowEmployer
from services.matching.employers.model import Employer


def know(employer: Employer | None, command: KnowEmployer, now: Now) -> Decision:
    """Remember a member company; a company joins once."""
    if employer is not None:
        return Accepted()
    return Accepted((Employer(command.employer_id, command.joined_on),))


DECIDERS: Deciders = {KnowEmployer: know}
