"""What two records of one person come to in matching when one of them is given up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now
from contracts.ids import VacancyId
from services.matching.merging.commands import MergeSeekers
from services.matching.merging.model import TakenOver
from services.matching.pool.model import Profile, Seeker
from services.matching.pool.rules import refuse_merged, refuse_taken
from services.matching.referrals.commands import ForgetSeeker
from services.matching.referrals.ends import forget, obsolete
from services.matching.referrals.model import Case, Referral


def merge(
    merged: Seeker | None,
    kept: Seeker | None,
    merged_case: Case | None,
    kept_case: Case | None,
    command: MergeSeekers,
    now: Now,
) -> Decision:
    """Leave a mark of the record that was given up; the one that stayed has what it had.

    Their open referrals end where the person turns out to be placed or interning, and otherwise one of two to the same
    vacancy. A record that stayed and whose profile hasn't arrived yet stands by the other one's until it does. Who was
    erased under the record that stayed is forgotten under this one too.
    """
    if kept is not None and (refused := refuse_merged(kept)):
        return refused  # merged itself meanwhile: applied again, this leads on to where that one went
    kept_id = kept.seeker_id if kept else command.kept_id
    mark = Seeker(command.merged_id, None, merged_into=kept_id)
    effects = (TakenOver(command.merged_id, kept_id),)
    if merged is None:
        return Accepted((mark,), effects=effects)
    if merged.profile is None:
        return Accepted()
    if kept is not None and kept.profile is None:
        return forget(merged, merged_case, ForgetSeeker(merged.seeker_id), now)
    seeker = _united(kept, merged) if kept else replace(merged, seeker_id=kept_id)
    case = (kept_case or Case(kept_id)).with_(
        *(replace(referral, seeker_id=kept_id) for referral in (merged_case.referrals if merged_case else ()))
    )
    taken = refuse_taken(seeker, private_job=True) is not None
    ending = case.open() if taken else _twice(case.open())
    case, ended = obsolete(case, ending, seeker.profile or merged.profile, command.on, now, "merge")
    return Accepted((seeker, mark, case, Case(merged.seeker_id)), ended, effects=effects)


def _united(kept: Seeker, merged: Seeker) -> Seeker:
    """Give the record that stayed what the other one had, where it has none of its own.

    The jobs of both are kept until they end: a private one goes before a public one under SOS-Care, as it does in a
    placement. An internship that runs beside one of the record that stayed can be ended, but keeps the person from
    nothing.
    """
    return replace(
        kept.holding((*kept.jobs, *merged.jobs)),
        profile=_active(kept.profile, merged.profile),
        in_pool_since=_in_pool_since((kept, merged)),
        internship_id=kept.internship_id or merged.internship_id,
        convertible_id=kept.convertible_id or merged.convertible_id,
    )


def _active(kept: Profile | None, merged: Profile | None) -> Profile | None:
    """Look for work when either does, as the kept record's next profile says."""
    if kept and merged and merged.status == "active":
        return replace(kept, status="active")
    return kept


def _in_pool_since(seekers: Sequence[Seeker]) -> date | None:
    """Tell since when one of them has looked for work, the earlier of both."""
    active = [seeker for seeker in seekers if seeker.profile and seeker.profile.status == "active"]
    return min((s.in_pool_since for s in active or seekers if s.in_pool_since), default=None)


def _twice(referrals: Sequence[Referral]) -> list[Referral]:
    """Find the open referrals to a vacancy that has another one: an accepted one stays, then the one made first."""
    stay: dict[VacancyId, Referral] = {}
    for referral in sorted(referrals, key=lambda r: (r.status != "accepted", r.made_on, r.referral_id)):
        stay.setdefault(referral.vacancy_id, referral)
    return [referral for referral in referrals if stay[referral.vacancy_id] is not referral]


DECIDERS: Deciders = {MergeSeekers: merge}
