"""When a launch may be recorded."""

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, impossible_day
from chassis.problems import ProblemType
from contracts.counselling import BusinessLaunched
from services.intake.seekers.model import FormerSeeker, Seeker
from services.intake.seekers.rules import refuse_former
from services.intake.startup.commands import LaunchBusiness
from services.intake.startup.model import Launch, StartupClient

NO_STARTUP_SESSION = ProblemType("no-startup-session", 409, "A launch needs a start-up session before it")


def launch(
    seeker: Seeker | None,
    former: FormerSeeker | None,
    client: StartupClient | None,
    command: LaunchBusiness,
    now: Now,
) -> Decision:
    """Record a launch; a session on the same day counts as before it."""
    form = command.form
    day = form.occurred_on or now.day
    if refused := impossible_day(now, "occurred_on", day):
        return refused
    if former is not None:
        return refuse_former(former, "client_id")
    if client is None or client.first_session_on > day:
        return Refused(NO_STARTUP_SESSION, f"{form.client_id} had no start-up session by {day}", "client_id")
    event = BusinessLaunched(
        **now.stamp("launch", day),
        launch_id=command.launch_id,
        client_id=form.client_id,
        occupation=form.occupation,
        person=seeker.bands(day) if seeker else None,
    )
    launched = Launch(command.launch_id, form.client_id, day, form.occupation)
    return Accepted((), (event,), {"launch_id": command.launch_id}, (launched,))


DECIDERS: Deciders = {LaunchBusiness: launch}
