"""How a referral ends that leads to nothing, and how its answer is asked for before that."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, Unknown, impossible_day
from chassis.batch.taken_rows import ErasedPerson
from contracts.cases import Party, ReferralChased, ReferralEnded, WithdrawalReason
from services.matching.pool.model import HeldJob, Profile, Seeker
from services.matching.pool.rules import active_profile, refuse_gone, refuse_merged
from services.matching.referrals.commands import (
    ChaseReferral,
    ExpireReferral,
    ForgetSeeker,
    LeavePublicJob,
    WithdrawReferral,
)
from services.matching.referrals.model import WAITING, Case, Referral
from services.matching.referrals.rules import about, refuse_before_referral, refuse_ended

EndedAs = Literal["withdrawn", "obsolete", "expired", "lapsed"]

ASKED: tuple[Party, ...] = ("seeker", "employer")
"""Who is asked at each step of chasing, by turns: first the seeker, whom the centre knows."""


def withdraw(seeker: Seeker | None, case: Case | None, command: WithdrawReferral, now: Now) -> Decision:
    """Take an open referral back, accepted ones too."""
    referral = case.referral(command.referral_id) if case else None
    if case is None or seeker is None or referral is None:
        return Unknown("referral_id", command.referral_id)
    form = command.form
    day = form.occurred_on or now.day
    if seeker.profile is None:
        return refuse_gone(seeker)
    if refused := impossible_day(now, "occurred_on", day) or refuse_before_referral(referral, day):
        return refused
    if not referral.is_open:
        return refuse_ended(referral)
    withdrawn = replace(referral, status="withdrawn", reason=form.reason)
    event = _ended(referral, seeker.profile, day, now, "withdraw", "withdrawn", form.reason)
    answer = {"referral_id": withdrawn.referral_id, "status": withdrawn.status, "version": withdrawn.version}
    return Accepted((case.with_(withdrawn),), (event,), answer)


def step_due(since: date, day: date, steps: Sequence[int]) -> int:
    """Tell the last step of chasing that is due on a day, 0 for none; `steps` are days of waiting, ascending."""
    return sum(days <= (day - since).days for days in steps)


def chase(seeker: Seeker | None, case: Case | None, command: ChaseReferral, now: Now) -> Decision:
    """Ask for the missing answer to a referral. Of someone who was erased or has withdrawn nothing is asked."""
    referral = case.referral(command.referral_id) if case else None
    if seeker is None or case is None or referral is None:
        return Unknown("referral_id", command.referral_id)
    if seeker.merged_into or referral.status not in WAITING or referral.chased >= command.step:
        return Accepted()
    chased = case.with_(replace(referral, chased=command.step))
    profile = active_profile(seeker)
    if isinstance(profile, Refused):
        return Accepted((chased,))
    event = ReferralChased(
        **now.stamp("chase"),
        **about(referral, profile, now.day),
        attempt=command.step,
        asked=ASKED[(command.step - 1) % len(ASKED)],
    )
    return Accepted((chased,), (event,))


def overtaken(
    case: Case, profile: Profile, day: date, now: Now, rule: str, by: Referral | None = None
) -> tuple[Case, tuple[ReferralEnded, ...]]:
    """End a seeker's open referrals as obsolete, but for the one `by` which the seeker is taken.

    What comes from an earlier system is recorded long after, so there the referrals made after that day are left: they
    were for a later job.
    """
    others = tuple(
        r
        for r in case.open()
        if (by is None or r.referral_id != by.referral_id) and not (now.imported and r.made_on > day)
    )
    return obsolete(case, others, profile, day, now, rule)


def obsolete(
    case: Case, referrals: Sequence[Referral], profile: Profile, day: date, now: Now, rule: str
) -> tuple[Case, tuple[ReferralEnded, ...]]:
    """End open referrals of a seeker as obsolete."""
    events = tuple(_ended(referral, profile, day, now, rule, "obsolete") for referral in referrals)
    return case.with_(*(replace(referral, status="obsolete") for referral in referrals)), events


def expire(seeker: Seeker | None, case: Case | None, command: ExpireReferral, now: Now) -> Decision:
    """End a referral that nobody has answered."""
    referral = case.referral(command.referral_id) if case else None
    if seeker is None or case is None or referral is None:
        return Unknown("referral_id", command.referral_id)
    if seeker.merged_into or referral.status not in WAITING:
        return Accepted()
    return end_by_itself(referral, seeker, case, now.day, now, "expire", "expired")


def leave_public_job(seeker: Seeker | None, case: Case | None, command: LeavePublicJob, now: Now) -> Decision:
    """Let who changed from a public job under SOS-Care to one that nobody here knows look for no private one any more.

    They stay placed until that job has ended, too, as whoever changes the job does. Their open referrals end.
    """
    if seeker is not None and (refused := refuse_merged(seeker)):
        return refused
    if seeker is None or HeldJob(command.placement_id, public=True) not in seeker.jobs:
        return Accepted()
    changed = HeldJob(command.placement_id, public=False)
    left = seeker.holding([changed if job.placement_id == command.placement_id else job for job in seeker.jobs])
    if seeker.profile is None or case is None:
        return Accepted((left,))
    case, ended = obsolete(case, case.open(), seeker.profile, command.on, now, "leave_public_job")
    return Accepted((left, case), ended)


def forget(seeker: Seeker | None, case: Case | None, command: ForgetSeeker, now: Now) -> Decision:
    """Keep nothing of a seeker but a mark. Their open referrals end, and nothing more is published of them."""
    mark, effects = Seeker(command.seeker_id, None), (ErasedPerson(command.seeker_id),)
    if case is None:
        return Accepted((mark,), effects=effects)
    ended = case.with_(*(replace(referral, status="obsolete") for referral in case.open()))
    return Accepted((mark, ended), effects=effects)


def end_by_itself(
    referral: Referral,
    seeker: Seeker,
    case: Case,
    day: date,
    now: Now,
    rule: str,
    reason: EndedAs,
) -> Accepted:
    """End a referral that nobody ends. Of a person who was erased nothing is published."""
    ended = case.with_(replace(referral, status=reason))
    if seeker.profile is None:
        return Accepted((ended,))
    return Accepted((ended,), (_ended(referral, seeker.profile, day, now, rule, reason),))


def _ended(
    referral: Referral,
    profile: Profile,
    day: date,
    now: Now,
    rule: str,
    reason: EndedAs,
    withdrawal_reason: WithdrawalReason | None = None,
) -> ReferralEnded:
    return ReferralEnded(
        **now.stamp(rule, day),
        **about(referral, profile, day),
        reason=reason,
        withdrawal_reason=withdrawal_reason,
    )


DECIDERS: Deciders = {
    WithdrawReferral: withdraw,
    ChaseReferral: chase,
    ExpireReferral: expire,
    LeavePublicJob: leave_public_job,
    ForgetSeeker: forget,
}
