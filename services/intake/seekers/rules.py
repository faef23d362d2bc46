"""When a person may be registered, changed, withdrawn, and come back; what is answered for a record that is gone."""

from dataclasses import replace
from datetime import date
from typing import Any, Literal

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, Unknown, impossible_day, in_future, other_version
from chassis.problems import ProblemType
from contracts import refusals
from contracts.event import Event
from contracts.profiles import SeekerProfile
from contracts.seekers import (
    SeekerChanged,
    SeekerRegistered,
    SeekerReturned,
    SeekerWithdrawn,
    SosCareEnd,
    SosCareEnded,
    TotalCareEnded,
)
from services.intake.seekers.commands import ChangeSeeker, RegisterSeeker, ReturnSeeker, SeekerForm, WithdrawSeeker
from services.intake.seekers.model import Declared, FormerSeeker, GroupInDoubt, Seeker, SosCareEnding

YOUNGEST = 15
"""Years (연 나이): the least age of employment, Labour Standards Act, article 64."""
OLDEST = 110
"""Years (연 나이): above that a birth date is a slip of the pen."""
GROUPED_BY = frozenset({"birth_date", "gender", "dependants", "other_earners", "last_job_ended_on"})
"""What of a record the client group follows from."""

ALREADY_REGISTERED = ProblemType("already-registered", 409, "This person is registered already")
IMPOSSIBLE_AGE = ProblemType("impossible-age", 422, "A person of this age can't be a job seeker")
NOT_REGISTERED = ProblemType("seeker-withdrawn", 409, "This seeker has withdrawn")
NOT_WITHDRAWN = ProblemType("seeker-not-withdrawn", 409, "This seeker is on the register")
LAST_JOB_INCOMPLETE = ProblemType("last-job-incomplete", 422, "The last job's end is told with its day and its reason")
ERASED = ProblemType(*refusals.SEEKER_ERASED)
MERGED = ProblemType(*refusals.SEEKER_MERGED)
BEFORE_REGISTRATION = ProblemType(*refusals.BEFORE_REGISTRATION)


def register(same: Seeker | None, command: RegisterSeeker, now: Now) -> Decision:
    """Register a person, once."""
    form = command.form
    day = form.occurred_on or now.day
    if (
        refused := impossible_day(now, "occurred_on", day)
        or _impossible_age(form.birth_date, day)
        or _last_job(form, now)
    ):
        return refused
    if same is not None:
        return _registered_as(same, now)
    seeker = Seeker(
        seeker_id=command.seeker_id,
        status="active",
        registered_on=day,
        **_details(form),
    )
    registered = SeekerRegistered(**now.stamp("register", day), seeker_id=seeker.seeker_id, person=seeker.bands(day))
    return Accepted((seeker,), (registered, profile(seeker, now)), {"seeker_id": seeker.seeker_id})


def change(seeker: Seeker | None, same: Seeker | None, command: ChangeSeeker, now: Now) -> Decision:
    """Put a person's details right; who they are counted as does not change what was counted."""
    form = command.form
    if seeker is None:
        return Unknown("seeker_id", command.seeker_id)
    if refused := (
        other_version(seeker.version, command.version)
        or impossible_day(now, "occurred_on", form.occurred_on)
        or _impossible_age(form.birth_date, now.day)
        or _last_job(form, now)
    ):
        return refused
    stays = seeker.is_person(form.name, form.birth_date, form.phone)
    if same is not None and same.seeker_id != seeker.seeker_id and not stays:
        return _registered_as(same, now)
    details = _details(form)
    changed = tuple(
        sorted(name for name in _NAMES if getattr(form, name) != getattr(seeker, name))
        + sorted(name for name in _DECLARED if getattr(form, name) != getattr(seeker.declared, name))
    )
    if not changed:
        return Accepted(answer={"seeker_id": seeker.seeker_id, "changed": changed, "version": seeker.version})
    seeker = replace(seeker, **details, version=seeker.version + 1)
    answer = {"seeker_id": seeker.seeker_id, "changed": changed, "version": seeker.version}
    day = form.occurred_on or now.day
    event = SeekerChanged(
        **now.stamp("change", day), seeker_id=seeker.seeker_id, person=seeker.bands(day), changed=changed
    )
    in_doubt = (GroupInDoubt(seeker.seeker_id),) if GROUPED_BY.intersection(changed) else ()
    return Accepted((seeker,), (event, profile(seeker, now)), answer, in_doubt)


def withdraw(seeker: Seeker | None, command: WithdrawSeeker, now: Now) -> Decision:
    """Take a person off the register, and out of the care they are in; what was counted stays counted."""
    if seeker is None:
        return Unknown("seeker_id", command.seeker_id)
    if seeker.status == "withdrawn":
        return Refused(NOT_REGISTERED, "this seeker has withdrawn already", "seeker_id")
    event = SeekerWithdrawn(
        **now.stamp("withdraw"),
        seeker_id=seeker.seeker_id,
        reason=command.withdrawal.reason,
        person=seeker.bands(now.day),
    )
    left, endings, events = _out_of_care(seeker, now)
    left = replace(left, status="withdrawn", version=seeker.version + 1)
    return Accepted((left,), (event, *events, profile(left, now)), {"seeker_id": left.seeker_id}, endings)


def _out_of_care(seeker: Seeker, now: Now) -> tuple[Seeker, tuple[SosCareEnding, ...], tuple[Event, ...]]:
    """End the care that a seeker who withdraws is in."""
    endings: tuple[SosCareEnding, ...] = ()
    events: tuple[Event, ...] = ()
    if seeker.sos_care:
        seeker, ending, ended = end_sos_care(seeker, now.day, "withdrawn", now, "withdraw")
        endings, events = (ending,), (ended,)
    if seeker.care_stage is not None:
        seeker, left = end_total_care(seeker, now.day, "withdrawn", now, "withdraw")
        events = (*events, left)
    return seeker, endings, events


def end_sos_care(
    seeker: Seeker, day: date, reason: SosCareEnd, now: Now, rule: str
) -> tuple[Seeker, SosCareEnding, SosCareEnded]:
    """End a seeker's SOS-Care on a day, decided by `rule`; the profile to publish follows from the seeker."""
    event = SosCareEnded(**now.stamp(rule, day), seeker_id=seeker.seeker_id, person=seeker.bands(day), reason=reason)
    return (
        replace(seeker, sos_care=False, version=seeker.version + 1),
        SosCareEnding(seeker.seeker_id, day, reason),
        event,
    )


def end_total_care(
    seeker: Seeker,
    day: date,
    reason: Literal["in_work", "not_wanted", "withdrawn", "other"],
    now: Now,
    rule: str,
) -> tuple[Seeker, TotalCareEnded]:
    """Take a seeker out of total care on a day, decided by `rule`; the profile to publish follows from the seeker."""
    assert seeker.care_stage is not None
    event = TotalCareEnded(
        **now.stamp(rule, day),
        seeker_id=seeker.seeker_id,
        person=seeker.bands(day),
        stage=seeker.care_stage,
        reason=reason,
    )
    return replace(seeker, care_stage=None, version=seeker.version + 1), event


def come_back(seeker: Seeker | None, command: ReturnSeeker, now: Now) -> Decision:
    """Put a person who had withdrawn back on the register: the same record, counted once."""
    if seeker is None:
        return Unknown("seeker_id", command.seeker_id)
    if seeker.status == "active":
        return Refused(NOT_WITHDRAWN, "this seeker has not withdrawn", "seeker_id")
    seeker = replace(seeker, status="active", version=seeker.version + 1)
    events = (returned(seeker, now, "return"), profile(seeker, now))
    return Accepted((seeker,), events, {"seeker_id": seeker.seeker_id})


def returned(seeker: Seeker, now: Now, rule: str) -> SeekerReturned:
    """Tell that a seeker is back on the register, decided by `rule`."""
    return SeekerReturned(**now.stamp(rule), seeker_id=seeker.seeker_id, person=seeker.bands(now.day))


def before_registration(seeker: Seeker, day: date) -> Refused | None:
    """Refuse a day on which a person was not registered yet, for what is done for seekers only."""
    if day >= seeker.registered_on:
        return None
    return Refused(BEFORE_REGISTRATION, f"registered on {seeker.registered_on}", "occurred_on")


def refuse_former(former: FormerSeeker, field: str = "seeker_id") -> Refused:
    """Refuse what is asked about a record that is gone, which was named in `field`."""
    if former.merged_into is None:
        return Refused(ERASED, "this person's data was erased", field)
    return Refused(
        MERGED,
        f"this record was merged: see /seekers/{former.merged_into}",
        field,
        {"seeker_id": str(former.merged_into)},
    )


def _last_job(form: SeekerForm, now: Now) -> Refused | None:
    """Refuse an end of the last job that is half told, or that hasn't come."""
    ended_on, reason = form.last_job_ended_on, form.last_job_end_reason
    if (ended_on is None) != (reason is None):
        field = "last_job_ended_on" if ended_on is None else "last_job_end_reason"
        return Refused(LAST_JOB_INCOMPLETE, "say when the last job ended and why, or neither", field)
    return in_future(now, "last_job_ended_on", ended_on)


def _impossible_age(birth_date: date, day: date) -> Refused | None:
    age = day.year - birth_date.year
    if birth_date <= day and YOUNGEST <= age <= OLDEST:
        return None
    return Refused(
        IMPOSSIBLE_AGE,
        f"born on {birth_date}: a job seeker is {YOUNGEST} to {OLDEST} years old in the year of registration",
        "birth_date",
    )


def _registered_as(same: Seeker, now: Now) -> Refused:
    """Refuse to register somebody twice. Who has a record is told to a manager alone, and taken down either way."""
    if now.actor.role != "manager":
        told = "maybe they are registered: search for them by their name or phone, or ask a manager"
        return Refused(ALREADY_REGISTERED, told, "name", tells_of=same.seeker_id)
    see = f"see /seekers/{same.seeker_id}"
    if same.status == "withdrawn":
        see = f"they have withdrawn, and come back by POST /seekers/{same.seeker_id}/return"
    return Refused(
        ALREADY_REGISTERED,
        f"the same name, birth date and phone are registered: {see}",
        "name",
        {"seeker_id": str(same.seeker_id), "registered_on": same.registered_on, "status": same.status},
        tells_of=same.seeker_id,
    )


_DECLARED = tuple(Declared.model_fields)
_NAMES = tuple(name for name in SeekerForm.model_fields if name not in {*_DECLARED, "occurred_on"})


def _details(form: SeekerForm) -> dict[str, Any]:
    declared = Declared.model_construct(**{name: getattr(form, name) for name in _DECLARED})
    return {**{name: getattr(form, name) for name in _NAMES}, "declared": declared}


def profile(seeker: Seeker, now: Now) -> SeekerProfile:
    """Give the present profile, as matching needs it."""
    return SeekerProfile(
        **now.stamp("profile"),
        seeker_id=seeker.seeker_id,
        birth_year=seeker.birth_date.year,
        gender=seeker.gender,
        district=seeker.district,
        wanted_occupations=seeker.wanted_occupations,
        desired_wage=seeker.desired_wage,
        career_years=seeker.career_years,
        education=seeker.education,
        wanted_districts=seeker.declared.wanted_districts,
        wanted_employment=seeker.declared.wanted_employment,
        income_band=seeker.declared.income_band,
        breadwinner=seeker.declared.breadwinner,
        care_stage=seeker.care_stage,
        sos_care=seeker.sos_care,
        status=seeker.status,
        registered_on=seeker.registered_on,
    )


DECIDERS: Deciders = {
    RegisterSeeker: register,
    ChangeSeeker: change,
    WithdrawSeeker: withdraw,
    ReturnSeeker: come_back,
}
