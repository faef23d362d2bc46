"""When a youth internship starts, and how it ends. Only its conversion is a placement."""

from dataclasses import replace
from datetime import date
from typing import Any

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, Unknown, impossible_day
from chassis.problems import ProblemType
from contracts.cases import InternshipBrokenOff, InternshipCompleted, InternshipConverted, InternshipStarted
from services.matching.internships.commands import (
    BreakOffInternship,
    CompleteInternship,
    ConvertInternship,
    StartInternship,
)
from services.matching.internships.model import Internship
from services.matching.placements.model import Job
from services.matching.placements.rules import place_in
from services.matching.pool.model import Profile, Seeker
from services.matching.pool.rules import refuse_before_pool, refuse_gone, refuse_merged, refuse_taken
from services.matching.ranking.programmes import refuse_too_old
from services.matching.referrals.ends import overtaken
from services.matching.referrals.model import Case
from services.matching.referrals.rules import refuse_unaccepted
from services.matching.vacancies.model import Vacancy
from services.matching.vacancies.rules import free_opening, refuse_untakable, take_opening
from services.matching.youth_internship import PROGRAMME

NO_INTERNSHIP = ProblemType("vacancy-not-internship", 409, "This vacancy is for a job, not for an internship")
NOT_CONVERTING = ProblemType(
    "vacancy-not-converting", 409, "Youth internships start only where the employer plans to make interns permanent"
)
INTERNSHIP_ENDED = ProblemType("internship-ended", 409, "This internship has ended")
NOT_COMPLETED = ProblemType("internship-not-completed", 409, "Only a completed internship is converted")
CONVERSION_LAPSED = ProblemType(
    "conversion-lapsed", 409, "The seeker has had another job or internship since this one was completed"
)
BEFORE_START = ProblemType("before-internship", 409, "The internship had not started yet on that day")
BEFORE_COMPLETION = ProblemType("before-completion", 409, "The internship was not completed yet on that day")


def start_internship(
    vacancy: Vacancy | None, seeker: Seeker | None, case: Case | None, command: StartInternship, now: Now
) -> Decision:
    """Start an internship from an accepted referral. It takes an opening, and the other open referrals end."""
    referral = case.referral(command.referral_id) if case else None
    if vacancy is None or seeker is None or case is None or referral is None:
        return Unknown("referral_id", command.referral_id)
    day = command.form.occurred_on or now.day
    profile = seeker.profile
    if profile is None:
        return refuse_gone(seeker)
    if refused := (
        impossible_day(now, "occurred_on", day)
        or refuse_unaccepted(referral, day)
        or refuse_taken(seeker)
        or refuse_before_pool(seeker, day)
        or _no_youth_internship(vacancy)
        or refuse_too_old(profile, day)
        or refuse_untakable(vacancy)
    ):
        return refused
    internship = Internship(
        command.internship_id,
        referral.referral_id,
        seeker.seeker_id,
        vacancy.vacancy_id,
        started_on=day,
        occupation=vacancy.occupation,
    )
    event = InternshipStarted(
        **_stamp(now, "start_internship", day, internship, profile),
        vacancy_id=vacancy.vacancy_id,
        employer_id=vacancy.employer_id,
    )
    case, ended = overtaken(case, profile, day, now, "start_internship", by=referral)
    vacancy, closed = take_opening(vacancy, now)
    states = (
        vacancy,
        replace(seeker, internship_id=internship.internship_id, convertible_id=None),
        case.with_(replace(referral, status="interned")),
        internship,
    )
    return Accepted(states, (event, *ended, *closed), _answer(internship))


def break_off_internship(
    vacancy: Vacancy | None,
    seeker: Seeker | None,
    internship: Internship | None,
    command: BreakOffInternship,
    now: Now,
) -> Decision:
    """End an internship before its time. The seeker is back in the pool, and the opening is free again.

    A vacancy that has closed as filled stays closed. Of an intern who was erased nothing is published.
    """
    if vacancy is None or seeker is None or internship is None:
        return Unknown("internship_id", command.internship_id)
    day = command.form.occurred_on or now.day
    if refused := refuse_merged(seeker) or _not_ending(internship, day, now):
        return refused
    broken_off = replace(internship, status="broken_off", ended_on=day, broken_off_by=command.form.by)
    states = free_opening(vacancy), _freed(seeker, internship, day), broken_off
    if seeker.profile is None:
        return Accepted(states, answer=_answer(broken_off))
    event = InternshipBrokenOff(
        **_stamp(now, "break_off_internship", day, internship, seeker.profile), by=command.form.by
    )
    return Accepted(states, (event,), _answer(broken_off))


def complete_internship(
    seeker: Seeker | None, internship: Internship | None, command: CompleteInternship, now: Now
) -> Decision:
    """Record that an internship was served to its end. The seeker is back in the pool until they are taken on.

    Of an intern who was erased nothing is published.
    """
    if seeker is None or internship is None:
        return Unknown("internship_id", command.internship_id)
    day = command.form.occurred_on or now.day
    if refused := refuse_merged(seeker) or _not_ending(internship, day, now):
        return refused
    completed = replace(internship, status="completed", ended_on=day)
    freed = _freed(seeker, internship, day)
    if seeker.profile is None:
        return Accepted((freed, completed), answer=_answer(completed))
    event = InternshipCompleted(**_stamp(now, "complete_internship", day, internship, seeker.profile))
    freed = replace(freed, convertible_id=internship.internship_id)
    return Accepted((freed, completed), (event,), _answer(completed))


def convert_internship(
    vacancy: Vacancy | None,
    seeker: Seeker | None,
    case: Case | None,
    internship: Internship | None,
    command: ConvertInternship,
    now: Now,
) -> Decision:
    """Turn a completed internship into a permanent job, which is a placement. The intern's opening stays taken."""
    referral = case.referral(internship.referral_id) if case and internship else None
    if vacancy is None or seeker is None or case is None or internship is None or referral is None:
        return Unknown("internship_id", command.internship_id)
    day = command.form.occurred_on or now.day
    if seeker.profile is None:
        return refuse_gone(seeker)
    if refused := (
        impossible_day(now, "occurred_on", day)
        or _not_completed(internship)
        or refuse_taken(seeker)
        or _lapsed(internship, seeker)
        or _before_completion(internship, day)
    ):
        return refused
    job = Job(
        source="internship",
        occupation=vacancy.occupation,
        sector=vacancy.sector,
        employment="permanent",
        since=day,
        wage=command.form.wage,
        referral=referral,
        programme=PROGRAMME,
        visit_id=vacancy.visit_id,
    )
    placed = place_in(job, command.placement_id, seeker, seeker.profile, case, now, "convert_internship")
    converted = replace(internship, status="converted", placement_id=command.placement_id)
    event = InternshipConverted(
        **_stamp(now, "convert_internship", day, internship, seeker.profile),
        placement_id=command.placement_id,
        completed_on=internship.ended_on,
    )
    return Accepted(
        (*placed.states, converted),
        (event, *placed.events),
        {**_answer(converted), "placement_id": command.placement_id},
    )


def _stamp(now: Now, rule: str, day: date, internship: Internship, profile: Profile) -> dict[str, Any]:
    return {
        **now.stamp(rule, day),
        "seeker_id": internship.seeker_id,
        "person": profile.bands(day, PROGRAMME),
        "internship_id": internship.internship_id,
        "occupation": internship.occupation,
    }


def _answer(internship: Internship) -> dict[str, Any]:
    return {"internship_id": internship.internship_id, "status": internship.status}


def _no_youth_internship(vacancy: Vacancy) -> Refused | None:
    if vacancy.employment != "internship":
        facts = {"employment": vacancy.employment}
        return Refused(NO_INTERNSHIP, f"the vacancy's employment is {vacancy.employment}", "vacancy_id", facts)
    if not vacancy.converts:
        return Refused(
            NOT_CONVERTING, "the employer does not plan to make interns permanent", "vacancy_id", {"converts": False}
        )
    return None


def _freed(seeker: Seeker, internship: Internship, day: date) -> Seeker:
    """Put an intern back into the pool, unless they serve another internship: by a record merged into theirs."""
    if seeker.internship_id != internship.internship_id:
        return seeker
    return replace(seeker, internship_id=None, in_pool_since=day, back_from=None)


def _not_ending(internship: Internship, day: date, now: Now) -> Refused | None:
    if refused := impossible_day(now, "occurred_on", day):
        return refused
    return _before_start(internship, day) if internship.status == "running" else _ended(internship)


def _not_completed(internship: Internship) -> Refused | None:
    if internship.status == "completed":
        return None
    if internship.status == "running":
        return Refused(NOT_COMPLETED, "this internship still runs", "internship_id", {"status": internship.status})
    return _ended(internship)


def _ended(internship: Internship) -> Refused:
    return Refused(
        INTERNSHIP_ENDED,
        f"this internship has ended on {internship.ended_on} as {internship.status}",
        "internship_id",
        {"status": internship.status, "ended_on": internship.ended_on},
    )


def _lapsed(internship: Internship, seeker: Seeker) -> Refused | None:
    if seeker.convertible_id == internship.internship_id:
        return None
    return Refused(
        CONVERSION_LAPSED,
        f"another job or internship came after the completion on {internship.ended_on}",
        "internship_id",
        {"completed_on": internship.ended_on},
    )


def _before_start(internship: Internship, day: date) -> Refused | None:
    started_on = internship.started_on
    if day >= started_on:
        return None
    return Refused(BEFORE_START, f"started on {started_on}", "occurred_on", {"started_on": started_on})


def _before_completion(internship: Internship, day: date) -> Refused | None:
    completed_on = internship.ended_on
    if completed_on is None or day >= completed_on:
        return None
    return Refused(BEFORE_COMPLETION, f"completed on {completed_on}", "occurred_on", {"completed_on": completed_on})


DECIDERS: Deciders = {
    StartInternship: start_internship,
    BreakOffInternship: break_off_internship,
    CompleteInternship: complete_internship,
    ConvertInternship: convert_internship,
}
