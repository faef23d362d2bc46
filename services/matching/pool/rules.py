"""Who is in the pool, since when, and who can be referred."""

from dataclasses import replace
from datetime import date

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused
from chassis.problems import ProblemType
from contracts import refusals
from services.matching.pool.commands import KeepProfile, ReturnToPool
from services.matching.pool.model import Profile, Seeker

NOT_IN_POOL = ProblemType("seeker-not-in-pool", 409, "This seeker is not looking for work through the centre")
ALREADY_PLACED = ProblemType("seeker-already-placed", 409, "This seeker is placed, and the employment has not ended")
INTERNING = ProblemType("seeker-interning", 409, "This seeker is serving an internship")
SEEKER_ERASED = ProblemType(*refusals.SEEKER_ERASED)
SEEKER_MERGED = ProblemType(*refusals.SEEKER_MERGED)
BEFORE_POOL = ProblemType("before-pool-entry", 409, "The seeker was not in the pool yet on that day")


def keep_profile(seeker: Seeker | None, command: KeepProfile, now: Now) -> Decision:
    """Keep the present profile. A first one enters the pool by its registration, a return by its own day."""
    profile = command.profile
    if seeker is None:
        return Accepted((Seeker(command.seeker_id, profile, profile.registered_on),))
    if seeker.profile is None:
        return Accepted()
    returned = profile.status == "active" and seeker.profile.status == "withdrawn"
    if returned:
        seeker = replace(seeker, in_pool_since=command.on, back_from=None)
    return Accepted((replace(seeker, profile=profile),))


def return_to_pool(seeker: Seeker | None, command: ReturnToPool, now: Now) -> Decision:
    """Put a placed seeker back, unless another placement of theirs has not ended."""
    if seeker is not None and (refused := refuse_merged(seeker)):
        return refused
    if seeker is None or command.placement_id not in {job.placement_id for job in seeker.jobs}:
        return Accepted()
    left = seeker.without(command.placement_id)
    if left.placement_id is None:
        left = replace(left, in_pool_since=command.on, back_from=command.placement_id)
    return Accepted((left,))


def refuse_placed(seeker: Seeker, private_job: bool = False) -> Refused | None:
    """Refuse what only a seeker without a job from here allows.

    A `private_job` is allowed to who has a public one under SOS-Care, as long as that care goes on.
    """
    if seeker.placement_id is None or (private_job and seeker.seeks_private_job):
        return None
    return Refused(
        ALREADY_PLACED,
        "this seeker is placed, and the employment has not ended",
        "seeker_id",
        {"placement_id": str(seeker.placement_id)},
    )


def refuse_interning(seeker: Seeker) -> Refused | None:
    """Refuse what nobody does beside an internship."""
    if seeker.internship_id is None:
        return None
    return Refused(
        INTERNING,
        "this seeker is serving an internship, which has not ended",
        "seeker_id",
        {"internship_id": str(seeker.internship_id)},
    )


def refuse_taken(seeker: Seeker, private_job: bool = False) -> Refused | None:
    """Refuse what only a seeker without a job or an internship from here allows; `private_job` as in refuse_placed."""
    return refuse_placed(seeker, private_job) or refuse_interning(seeker)


def refuse_before_pool(seeker: Seeker, day: date) -> Refused | None:
    """Refuse what starts on a day before the seeker's last entry into the pool."""
    since = seeker.in_pool_since
    if since is None or day >= since:
        return None
    return Refused(BEFORE_POOL, f"in the pool since {since}", "occurred_on", {"in_pool_since": since})


def refuse_merged(seeker: Seeker) -> Refused | None:
    """Refuse what names a record that was merged: by the one that stayed it is answered.

    So is whoever named it by a referral or an internship while the merge took place, and asks again.
    """
    if seeker.merged_into is None:
        return None
    return Refused(
        SEEKER_MERGED, f"it was merged into {seeker.merged_into}", "seeker_id", {"seeker_id": str(seeker.merged_into)}
    )


def refuse_gone(seeker: Seeker) -> Refused:
    """Refuse to read or record more of a person who was erased, or under a record that was merged."""
    return refuse_merged(seeker) or Refused(SEEKER_ERASED, "this person's data was erased", "seeker_id")


def active_profile(seeker: Seeker) -> Profile | Refused:
    """Give the profile of a seeker who is looking for work, or why there is none."""
    if seeker.profile is None:
        return refuse_gone(seeker)
    if seeker.profile.status == "withdrawn":
        return Refused(NOT_IN_POOL, "this seeker has withdrawn", "seeker_id")
    return seeker.profile


DECIDERS: Deciders = {KeepProfile: keep_profile, ReturnToPool: return_to_pool}
