"""Flows: measures that count each event by itself. A new one is a new small pure function in the table at the foot."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.cases import (
    InternshipBrokenOff,
    InternshipCompleted,
    InternshipStarted,
    ReferralAnswered,
    ReferralEnded,
    ReferralMade,
)
from contracts.counselling import BusinessLaunched, CounsellorAssigned, SessionHeld
from contracts.counsellors import CounsellorJoined, CounsellorLeft
from contracts.event import Event
from contracts.firms import EmployerJoined, HiringPlanAsked, HiringPlanFiled, ProspectListed
from contracts.followups import EmploymentEnded, FollowUpMade, SupportDue, SupportGiven
from contracts.seekers import (
    CareStageChanged,
    CourseCompleted,
    SosCareDeclined,
    SosCareEnded,
    SosCareGranted,
    TotalCareEnded,
)
from contracts.surveys import SurveyAnswered, SurveyDrawn
from contracts.vacancies import VacancyChanged, VacancyClosed, VacancyOpened
from contracts.visits import VisitDue, VisitMade
from services.reporting.figures.dimensions import Dimensions, bands, dimensions, job
from services.reporting.figures.measures import Measure
from services.reporting.figures.model import Fact

Flow = tuple[Measure, Dimensions, int]


def _session(event: SessionHeld) -> Flow:
    wanted = event.person.wanted_occupations[0] if event.person else None
    given = dimensions(kind=event.kind, channel=event.channel, wanted_occupation=wanted, **bands(event.person))
    return "sessions", given, 1


def _launch(event: BusinessLaunched) -> Flow:
    return "launches", dimensions(occupation=event.occupation, **bands(event.person)), 1


def _employer(event: EmployerJoined) -> Flow:
    return "employers", dimensions(size=event.size, district=event.district), 1


def _vacancy(event: VacancyOpened) -> Flow:
    given = dimensions(
        occupation=event.occupation,
        sector=event.sector,
        employment=event.employment,
        district=event.district,
        found_in=str(event.occurred_on.year) if event.visit_id else None,
    )
    return "vacancies", given, 1


def _openings(event: VacancyOpened | VacancyChanged | VacancyClosed) -> Flow:
    amount = event.openings
    if isinstance(event, VacancyChanged):
        amount -= event.openings_before
    elif isinstance(event, VacancyClosed):
        amount = -amount
    return "openings", dimensions(occupation=event.occupation), amount


def _prospect(event: ProspectListed) -> Flow:
    return "prospects", dimensions(size=event.size, district=event.district), 1


def _plan_asked(event: HiringPlanAsked) -> Flow:
    return "plans_asked", dimensions(channel=event.channel, size=event.size, district=event.district), 1


def _plan_answered(event: HiringPlanFiled) -> Flow | None:
    if event.asked_on is None:
        return None
    return "plans_answered", dimensions(size=event.size, district=event.district), 1


def _hiring_plan(event: HiringPlanFiled) -> Flow:
    return "hiring_plans", dimensions(size=event.size, district=event.district), 1


def _openings_planned(event: HiringPlanFiled) -> Flow:
    return "openings_planned", dimensions(size=event.size, district=event.district), event.openings


def _visit_due(event: VisitDue) -> Flow:
    return "visits_due", dimensions(year=str(event.due_on.year), district=event.district), 1


def _visit(event: VisitMade) -> Flow:
    given = dimensions(
        year=str(event.occurred_on.year), plan_secured=event.plan_id is not None, district=event.district
    )
    return "visits", given, 1


def _counsellor_in(event: CounsellorJoined) -> Flow:
    return "counsellors", dimensions(), 1


def _counsellor_out(event: CounsellorLeft) -> Flow:
    return "counsellors", dimensions(), -1


def _referral(event: ReferralMade) -> Flow:
    given = dimensions(
        occupation=event.occupation, sector=event.sector, employment=event.employment, **bands(event.person)
    )
    return "referrals", given, 1


def _referral_answered(event: ReferralAnswered) -> Flow:
    given = dimensions(answer=event.answer, reason=event.reason, occupation=event.occupation, **bands(event.person))
    return "referrals_answered", given, 1


def _referral_ended(event: ReferralEnded) -> Flow:
    return "referrals_ended", dimensions(occupation=event.occupation, reason=event.reason, **bands(event.person)), 1


def _internship_started(event: InternshipStarted) -> Flow:
    return "internships_started", dimensions(occupation=event.occupation, **bands(event.person)), 1


def _internship_broken_off(event: InternshipBrokenOff) -> Flow:
    return "internships_broken_off", dimensions(by=event.by, occupation=event.occupation, **bands(event.person)), 1


def _internship_completed(event: InternshipCompleted) -> Flow:
    given = dimensions(completed_in=str(event.occurred_on.year), occupation=event.occupation, **bands(event.person))
    return "internships_completed", given, 1


def _survey(event: SurveyDrawn) -> Flow:
    given = dimensions(survey_id=str(event.survey_id), held_on=event.occurred_on.isoformat())
    return "surveyed", given, event.asked


def _survey_answer(event: SurveyAnswered) -> Flow:
    return "survey_answers", dimensions(survey_id=str(event.survey_id), answer=str(event.answer)), 1


def _follow_up(event: FollowUpMade) -> Flow:
    return "follow_ups", dimensions(step=event.step, outcome=event.outcome, **job(event), **bands(event.person)), 1


def _job_satisfaction(event: FollowUpMade) -> Flow | None:
    if event.satisfaction is None:
        return None
    given = dimensions(satisfaction=str(event.satisfaction), step=event.step, **job(event), **bands(event.person))
    return "job_satisfaction", given, 1


def _employment_ended(event: EmploymentEnded) -> Flow:
    given = dimensions(reason=event.reason, **job(event), **bands(event.person))
    return "jobs_changed" if event.changed_job else "employments_ended", given, 1


def _sos_care_granted(event: SosCareGranted) -> Flow:
    return "sos_care_granted", dimensions(**bands(event.person)), 1


def _sos_care_declined(event: SosCareDeclined) -> Flow:
    return "sos_care_declined", dimensions(**bands(event.person)), 1


def _sos_care_ended(event: SosCareEnded) -> Flow:
    return "sos_care_ended", dimensions(reason=event.reason, **bands(event.person)), 1


def _support_due(event: SupportDue) -> Flow:
    return "supports_due", dimensions(**bands(event.person)), 1


def _support(event: SupportGiven) -> Flow:
    return "supports_given", dimensions(kind=event.kind, **bands(event.person)), 1


def _care_stage(event: CareStageChanged) -> Flow:
    return "care_stages", dimensions(stage=event.stage, **bands(event.person)), 1


def _course(event: CourseCompleted) -> Flow:
    return "courses_completed", dimensions(stage=event.stage, **bands(event.person)), 1


def _total_care_ended(event: TotalCareEnded) -> Flow:
    return "total_care_ended", dimensions(reason=event.reason, stage=event.stage, **bands(event.person)), 1


def _assigned(event: CounsellorAssigned) -> Flow:
    return "assigned", dimensions(group=event.group, reason=event.reason, **bands(event.person)), 1


def _override(event: ReferralMade) -> Flow | None:
    if event.override is None:
        return None
    given = dimensions(occupation=event.occupation, reason=event.override, **bands(event.person))
    return "referrals_overridden", given, 1


FLOWS: Mapping[type[Event], tuple[Callable[[Any], Flow | None], ...]] = {
    SessionHeld: (_session,),
    BusinessLaunched: (_launch,),
    EmployerJoined: (_employer,),
    ProspectListed: (_prospect,),
    HiringPlanAsked: (_plan_asked,),
    HiringPlanFiled: (_plan_answered, _hiring_plan, _openings_planned),
    VacancyOpened: (_vacancy, _openings),
    VacancyChanged: (_openings,),
    VacancyClosed: (_openings,),
    CounsellorJoined: (_counsellor_in,),
    CounsellorLeft: (_counsellor_out,),
    ReferralMade: (_referral, _override),
    ReferralAnswered: (_referral_answered,),
    ReferralEnded: (_referral_ended,),
    InternshipStarted: (_internship_started,),
    InternshipBrokenOff: (_internship_broken_off,),
    InternshipCompleted: (_internship_completed,),
    FollowUpMade: (_follow_up, _job_satisfaction),
    EmploymentEnded: (_employment_ended,),
    SurveyDrawn: (_survey,),
    SurveyAnswered: (_survey_answer,),
    SosCareGranted: (_sos_care_granted,),
    SosCareDeclined: (_sos_care_declined,),
    SosCareEnded: (_sos_care_ended,),
    SupportDue: (_support_due,),
    SupportGiven: (_support,),
    CareStageChanged: (_care_stage,),
    CourseCompleted: (_course,),
    TotalCareEnded: (_total_care_ended,),
    CounsellorAssigned: (_assigned,),
    VisitDue: (_visit_due,),
    VisitMade: (_visit,),
}
"""What each event of a type counts: a measure for each function, or nothing where that gives None."""


def facts(event: Event) -> list[tuple[Fact, int]]:
    """Give the facts, with their amounts, that an event adds by itself."""
    counted = (flow(event) for flow in FLOWS.get(type(event), ()))
    return [
        (Fact(measure, event.occurred_on, event.recorded_at, given), amount)
        for measure, given, amount in (one for one in counted if one is not None)
        if amount
    ]
