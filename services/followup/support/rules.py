"""When a month's support falls due, when it may be given, and when no more is due."""

from dataclasses import replace

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, Unknown, impossible_day
from chassis.batch.due import SYSTEM
from chassis.problems import ProblemType
from contracts.followups import SupportDue, SupportGiven
from contracts.ids import SeekerId
from services.followup.contacts.rules import BEFORE_PLACEMENT
from services.followup.support.commands import (
    AnnounceSupport,
    EndSupport,
    EndSupportWithCare,
    FollowJob,
    ForgetSupported,
    GiveSupport,
)
from services.followup.support.model import Job, PublicJob, Support, support_id

SUPPORT_GIVEN = ProblemType("support-already-given", 409, "This month's support was given already")
SUPPORT_CANCELLED = ProblemType("support-cancelled", 409, "The job or SOS-Care ended before this support was given")


def follow(state: PublicJob | None, command: FollowJob, now: Now) -> Decision:
    """Follow a public job month by month, in place of the one before, unless the care has ended since."""
    placed = command.placed
    state = state or PublicJob(placed.seeker_id)
    known = state.job is not None and state.job.placement_id == placed.placement_id
    ended = state.care_ended_at is not None and state.care_ended_at > placed.recorded_at
    if known or ended or state.erased:
        return Accepted()
    job = Job(placed.placement_id, placed.occurred_on, placed.recorded_at, placed.person)
    job, announced = _announced(placed.seeker_id, job, now)
    return Accepted((replace(state, job=job),), announced)


def announce(state: PublicJob | None, command: AnnounceSupport, now: Now) -> Decision:
    """Say of which months the support is due, once of each."""
    if state is None or state.job is None:
        return Accepted()
    job, announced = _announced(state.seeker_id, state.job, now)
    return Accepted((replace(state, job=job),), announced) if announced else Accepted()


def give(state: PublicJob | None, command: GiveSupport, now: Now) -> Decision:
    """Take down the support that a seeker had."""
    support = state.support(command.support_id) if state else None
    if state is None or state.job is None or support is None:
        return Unknown("support_id", command.support_id)
    job = state.job
    day = command.form.occurred_on or now.day
    if refused := impossible_day(now, "occurred_on", day):
        return refused
    if day < job.placed_on:
        return Refused(BEFORE_PLACEMENT, f"the placement was on {job.placed_on}, after {day}", "occurred_on")
    if support.status == "given":
        return Refused(SUPPORT_GIVEN, f"it was {support.kind}", "support_id", {"kind": support.kind})
    if support.status == "cancelled":
        return Refused(SUPPORT_CANCELLED, "the job or SOS-Care has ended", "support_id")
    given = replace(support, status="given", kind=command.form.kind)
    supports = tuple(given if one.support_id == given.support_id else one for one in job.supports)
    event = SupportGiven(
        **now.stamp("give_support", day),
        seeker_id=state.seeker_id,
        placement_id=job.placement_id,
        person=job.person,
        support_id=given.support_id,
        month=given.month,
        kind=command.form.kind,
    )
    answer = {"support_id": given.support_id, "status": given.status, "kind": given.kind}
    return Accepted((replace(state, job=replace(job, supports=supports)),), (event,), answer)


def end(state: PublicJob | None, command: EndSupport, now: Now) -> Decision:
    """Have nothing fall due any more when the job has ended, unless it is another job that did."""
    if state is None or state.job is None or state.job.placement_id != command.placement_id:
        return Accepted()
    return Accepted((state.ended(),))


def end_with_care(state: PublicJob | None, command: EndSupportWithCare, now: Now) -> Decision:
    """Have nothing fall due any more when SOS-Care has ended; not of a job that came when it was granted again."""
    state = state or PublicJob(command.seeker_id)
    if state.erased:
        return Accepted()
    later_job = state.job is not None and state.job.placed_at > command.at
    return Accepted((replace(state if later_job else state.ended(), care_ended_at=command.at),))


def forget(state: PublicJob | None, command: ForgetSupported, now: Now) -> Decision:
    """Keep nothing but the mark that this person was erased."""
    return Accepted((PublicJob(command.seeker_id, erased=True),))


def _announced(seeker_id: SeekerId, job: Job, now: Now) -> tuple[Job, tuple[SupportDue, ...]]:
    """Announce the months whose day has come; the day does it, whoever has them looked at."""
    by_day = replace(now, actor=SYSTEM)
    events: list[SupportDue] = []
    while (due := job.next_due_on) is not None and due <= now.day:
        support = Support(
            support_id(job.placement_id, job.next_month), job.placement_id, seeker_id, job.next_month, due
        )
        job = replace(job, supports=(*job.supports, support))
        events.append(
            SupportDue(
                **by_day.stamp("announce_support", due),
                seeker_id=seeker_id,
                placement_id=job.placement_id,
                person=job.person,
                support_id=support.support_id,
                month=support.month,
                due_on=due,
            )
        )
    return job, tuple(events)


DECIDERS: Deciders = {
    FollowJob: follow,
    AnnounceSupport: announce,
    GiveSupport: give,
    EndSupport: end,
    EndSupportWithCare: end_with_care,
    ForgetSupported: forget,
}
