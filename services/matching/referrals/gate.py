"""Which vacancies a seeker may be referred to: the same rule for a referral and for the rankings."""

from typing import NamedTuple, get_args

from chassis.batch.decisions import Refused
from chassis.problems import ProblemType
from contracts.codes import CareStage
from services.matching.pool.model import Profile, Seeker
from services.matching.pool.rules import active_profile, refuse_taken
from services.matching.vacancies.model import VacancyKind

NOT_READY = ProblemType(
    "not-ready-for-referral", 409, "This seeker's stage in total care does not allow a referral yet"
)


class Gate(NamedTuple):
    """The kinds of vacancies that are open to a seeker, and why the others aren't, None where all are."""

    kinds: tuple[VacancyKind, ...]
    refused: Refused | None


def gate(seeker: Seeker, override: bool) -> Gate:
    """Tell which vacancies a seeker may be referred to; with `override` given with the referral, or without."""
    refusals = {kind: _refuse(seeker, kind, override) for kind in get_args(VacancyKind)}
    kinds = tuple(kind for kind, refused in refusals.items() if refused is None)
    return Gate(kinds, next((refused for refused in refusals.values() if refused), None))


def seeking(seeker: Seeker, kind: VacancyKind) -> Profile | Refused:
    """Give the profile of a seeker who is looking for such work, or why they aren't."""
    return refuse_taken(seeker, kind == "private") or active_profile(seeker)


def refuse_unready(seeker: Seeker, profile: Profile, kind: VacancyKind) -> Refused | None:
    """Refuse who is in total care and not ready yet; a reason, given as `override`, lets them be referred."""
    if _lets_pass(profile.care_stage, profile.sos_care, seeker.in_public_job, kind):
        return None
    return Refused(
        NOT_READY,
        f"the stage is {profile.care_stage}; give override, with the reason as a code, to refer nevertheless",
        "seeker_id",
        {"care_stage": profile.care_stage},
    )


def stages_that_pass(kind: VacancyKind, sos_care: bool) -> list[CareStage]:
    """Give the stages in total care that allow a referral of who has no job."""
    return [stage for stage in get_args(CareStage) if _lets_pass(stage, sos_care, False, kind)]


def _lets_pass(stage: CareStage | None, sos_care: bool, in_public_job: bool, kind: VacancyKind) -> bool:
    """SOS-Care passes: to a public job, and on from one."""
    return stage in {None, "ready"} or (sos_care and (kind == "public" or in_public_job))


def _refuse(seeker: Seeker, kind: VacancyKind, override: bool) -> Refused | None:
    profile = seeking(seeker, kind)
    if isinstance(profile, Refused):
        return profile
    return None if override else refuse_unready(seeker, profile, kind)
