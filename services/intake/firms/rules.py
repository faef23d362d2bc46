"""When a company may join."""

from chassis.command_batch import Deciders
from chassis.decisions import Accepted, Decision, Now, Refused, in_future
from chassis.problems import ProblemType
from contracts.firms import EmployerJoined
from services.intake.firms.commands import JoinEmployer
from services.intake.firms.model import Employer

ALREADY_A_MEMBER = ProblemType("already-a-member", 409, "This company is a member already")


def join(same: Employer | None, command: JoinEmployer, now: Now) -> Decision:
    """Take a company in, once for each business registration number."""
    form = command.form
    day = form.occurred_on or now.day
    if refused := in_future(now, "occurred_on", day):
        return refused
    if same is not None:
        return Refused(
            ALREADY_A_MEMBER,
            f"this business number is a member: see /employers/{same.employer_id}",
            "business_number",
            {"employer_id": str(same.employer_id), "joined_on": same.joined_on},
        )
    employer = Employer(command.employer_id, form.business_number, form.name, form.size, form.district, day)
    event = EmployerJoined(
        **now.stamp("join", day),
        employer_id=employer.employer_id,
        size=employer.size,
        district=employer.district,
    )
    return Accepted((employer,), (event,), {"employer_id": employer.employer_id})


DECIDERS: Deciders = {JoinEmployer: join}
