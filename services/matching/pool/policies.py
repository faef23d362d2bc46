"""From events about seekers to commands."""

from collections.abc import Sequence

from contracts.followups import EmploymentEnded
from contracts.open_codes import UnknownCode
from contracts.profiles import SeekerProfile
from services.matching.pool.commands import KeepProfile, ReturnToPool
from services.matching.pool.model import Profile


def keep_profile(event: SeekerProfile) -> Sequence[KeepProfile]:
    """The newest profile replaces the one before. Who has a status that isn't known here isn't referred."""
    profile = Profile(
        status="withdrawn" if isinstance(event.status, UnknownCode) else event.status,
        registered_on=event.registered_on,
        birth_year=event.birth_year,
        gender=event.gender,
        district=event.district,
        wanted_occupations=event.wanted_occupations,
        wanted_districts=event.wanted_districts,
        wanted_employment=event.wanted_employment,
        desired_wage=event.desired_wage,
        career_years=event.career_years,
        education=event.education,
        income_band=event.income_band,
        care_stage=event.care_stage,
        sos_care=event.sos_care,
        breadwinner=event.breadwinner,
    )
    return (KeepProfile(event.seeker_id, profile, event.occurred_on),)


def return_to_pool(event: EmploymentEnded) -> Sequence[ReturnToPool]:
    """A placed seeker whose employment ended can be referred again, unless they have another job."""
    if event.changed_job:
        return ()
    return (ReturnToPool(event.seeker_id, event.placement_id, event.occurred_on),)
