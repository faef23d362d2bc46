"""SOS-Care's triage and total care's stages, by the rules alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import uuid_utils.compat as uuids
from hypothesis import given
from hypothesis import strategies as st

from chassis.batch.decisions import Accepted, Actor, Decision, Now, Refused, Unknown
from contracts.codes import JobEnd
from contracts.ids import SeekerId
from services.intake.seekers.commands import Withdrawal, WithdrawSeeker
from services.intake.seekers.model import Declared, Seeker, SosCareEnding
from services.intake.seekers.rules import BEFORE_REGISTRATION, NOT_REGISTERED, withdraw
from services.intake.sos_care.commands import EndSosCare, EndSosCareWithJob, SosCareEndingForm, TriageForm, TriageSeeker
from services.intake.sos_care.model import Grant, Triage
from services.intake.sos_care.policies import end_with_private_job
from services.intake.sos_care.rules import (
    ALREADY_IN_SOS_CARE,
    BEFORE_SOS_CARE,
    NOT_IN_SOS_CARE,
    POLICIES,
    end,
    end_with_job,
    policy_on,
    triage,
)
from services.intake.total_care.commands import (
    AssessmentForm,
    AssessSeeker,
    CompleteCourse,
    CompletionForm,
    CourseForm,
    DropCourse,
    DropForm,
    EnrolInCourse,
    LeaveTotalCare,
    TotalCareLeavingForm,
)
from services.intake.total_care.model import STAGES, Assessment, Course, Courses, LastAssessment
from services.intake.total_care.rules import (
    ALREADY_ENROLLED,
    BEFORE_ASSESSMENT,
    BEFORE_ENROLMENT,
    COURSE_COMPLETED,
    COURSE_DROPPED,
    COURSE_OF_OTHER_STAGE,
    NOT_IN_TOTAL_CARE,
    assess,
    complete,
    drop,
    enrol,
    leave,
    stage_of,
)
from tests.kit.events import placed

TODAY = date(2009, 6, 15)
NOW = Now(datetime(2009, 6, 15, 3, tzinfo=UTC), TODAY, Actor("counsellor", "c-1"))
IN_HARDSHIP = Declared(
    dependants=2, other_earners=0, last_job_ended_on=date(2009, 5, 1), last_job_end_reason="firm_closed"
)


def a_seeker(declared: Declared = IN_HARDSHIP, **details: Any) -> Seeker:
    seeker = Seeker(
        SeekerId(uuids.uuid7()), "김보람", date(1979, 5, 14), "010-0000-1234", "female", "11440", ("02",), None, None,
        None, "active", date(2009, 2, 2), declared,
    )  # fmt: skip
    return replace(seeker, **details)


def deciding(seeker: Seeker | None, **form: Any) -> Decision:
    seeker_id = seeker.seeker_id if seeker else SeekerId(uuids.uuid7())
    return triage(seeker, TriageSeeker(uuids.uuid7(), seeker_id, TriageForm(**form)), NOW)


def accepted(decision: Decision) -> Accepted:
    assert isinstance(decision, Accepted), decision
    return decision


def refusal(decision: Decision) -> tuple[Any, str | None]:
    assert isinstance(decision, Refused), decision
    return decision.problem, decision.field


def types(decision: Decision) -> list[str]:
    return [type(event).__name__ for event in accepted(decision).events]


def test_who_lost_work_has_dependants_and_earns_alone_is_taken_in_with_the_conditions_that_were_met() -> None:
    decision = accepted(deciding(a_seeker()))
    assert types(decision) == ["SosCareGranted", "SeekerProfile"]
    (seeker, grant), (decided,) = decision.states, decision.effects
    assert isinstance(decided, Triage)
    assert grant == Grant(seeker.seeker_id, TODAY, NOW.at)
    assert (seeker.sos_care, seeker.version, decided.granted) == (True, 2, True)
    event, profile = decision.events
    assert event.reasons == ("sudden_loss_of_work", "has_dependants", "only_earner") == decision.answer["reasons"]
    assert (event.person.programme, profile.sos_care) == ("sos_care", True)
    assert decided.findings[0].facts["last_job_end_reason"] == "firm_closed"


@pytest.mark.parametrize(
    ("changed", "reasons"),
    [
        ({"dependants": 0}, ("no_dependants",)),
        ({"dependants": None}, ("dependants_not_declared",)),
        ({"other_earners": 1}, ("other_earners",)),
        ({"other_earners": None, "dependants": 0}, ("no_dependants", "earners_not_declared")),
        ({"last_job_end_reason": "resigned"}, ("left_work_by_choice",)),
        ({"last_job_end_reason": None}, ("loss_of_work_not_declared",)),
        ({"last_job_ended_on": date(2008, 6, 14)}, ("lost_work_long_ago",)),
        ({"last_job_ended_on": date(2009, 6, 16)}, ("work_not_ended_yet",)),
    ],
)
def test_who_lacks_a_condition_is_declined_with_all_that_lacks(changed: Any, reasons: tuple[str, ...]) -> None:
    decision = accepted(deciding(a_seeker(IN_HARDSHIP.model_copy(update=changed))))
    assert types(decision) == ["SosCareDeclined"]
    (decided,) = decision.effects
    assert isinstance(decided, Triage)
    assert decision.states == ()
    assert (decided.granted, decision.answer["granted"]) == (False, False)
    assert decision.events[0].reasons == reasons == decision.answer["reasons"]


def test_the_last_day_that_counts_is_the_policys() -> None:
    within = POLICIES[0].within_days
    for days, taken in ((within, True), (within + 1, False)):
        declared = IN_HARDSHIP.model_copy(update={"last_job_ended_on": TODAY - timedelta(days=days)})
        assert accepted(deciding(a_seeker(declared))).answer["granted"] is taken
    assert policy_on(date(1999, 1, 1)) is POLICIES[0]


def test_hardship_that_the_record_cant_know_counts_like_lost_work() -> None:
    decision = accepted(deciding(a_seeker(Declared(dependants=1, other_earners=0)), hardship="illness"))
    assert decision.answer["reasons"] == ("hardship", "has_dependants", "only_earner")
    assert decision.answer["granted"] is True


@given(
    st.integers(0, 5) | st.none(),
    st.integers(0, 3) | st.none(),
    st.sampled_from(["resigned", "dismissed", "firm_closed", "retired"]) | st.none(),
    st.integers(-10, 500),
)
def test_age_gender_and_district_never_decide(
    dependants: int | None, earners: int | None, reason: JobEnd | None, days: int
) -> None:
    declared = Declared(
        dependants=dependants,
        other_earners=earners,
        last_job_ended_on=TODAY - timedelta(days=days),
        last_job_end_reason=reason,
    )
    one = a_seeker(declared)
    other = replace(one, birth_date=date(1950, 1, 1), gender="male", district="11110")
    first, second = accepted(deciding(one)).answer, accepted(deciding(other)).answer
    assert (first["granted"], first["reasons"]) == (second["granted"], second["reasons"])


def test_only_who_is_registered_and_not_in_it_asks_for_sos_care() -> None:
    assert refusal(deciding(a_seeker(status="withdrawn"))) == (NOT_REGISTERED, "seeker_id")
    assert refusal(deciding(a_seeker(sos_care=True))) == (ALREADY_IN_SOS_CARE, "seeker_id")
    assert refusal(deciding(a_seeker(), occurred_on=TODAY + timedelta(1)))[1] == "occurred_on"
    assert isinstance(deciding(None), Unknown)


def _job(seeker: Seeker, on: date, at: datetime = NOW.at, *, knowing: bool = True) -> EndSosCareWithJob:
    return EndSosCareWithJob(seeker.seeker_id, on, at, knowing)


def test_sos_care_ends_by_hand_and_with_a_private_job_once() -> None:
    seeker = a_seeker(sos_care=True)
    grant = Grant(seeker.seeker_id, date(2009, 5, 20))
    by_hand = end(seeker, grant, EndSosCare(seeker.seeker_id, SosCareEndingForm(reason="no_longer_in_hardship")), NOW)
    assert types(by_hand) == ["SosCareEnded", "SeekerProfile"]
    with_job = accepted(end_with_job(seeker, grant, _job(seeker, date(2009, 6, 1)), NOW))
    assert types(with_job) == ["SosCareEnded", "SeekerProfile"]
    event, profile = with_job.events
    assert (event.reason, event.occurred_on, profile.sos_care) == ("private_job", date(2009, 6, 1), False)
    assert event.person.programme == "sos_care"
    (left,) = with_job.states
    assert not left.sos_care
    assert with_job.effects == (SosCareEnding(seeker.seeker_id, date(2009, 6, 1), "private_job"),)
    assert end_with_job(left, grant, _job(seeker, TODAY), NOW) == Accepted()
    assert end_with_job(None, None, _job(seeker, TODAY), NOW) == Accepted()
    # A job that she found without the centre has no placement to end it.
    by_hand = end(seeker, grant, EndSosCare(seeker.seeker_id, SosCareEndingForm(reason="private_job")), NOW)
    assert accepted(by_hand).events[0].reason == "private_job"
    again = end(left, grant, EndSosCare(seeker.seeker_id, SosCareEndingForm(reason="withdrawn")), NOW)
    assert refusal(again) == (NOT_IN_SOS_CARE, "seeker_id")


def test_sos_care_does_not_end_before_the_day_of_its_grant() -> None:
    seeker, before = a_seeker(sos_care=True), TODAY - timedelta(1)
    grant = Grant(seeker.seeker_id, TODAY)
    form = SosCareEndingForm(reason="withdrawn", occurred_on=before)
    early = end(seeker, grant, EndSosCare(seeker.seeker_id, form), NOW)
    assert refusal(early) == (BEFORE_SOS_CARE, "occurred_on")
    assert isinstance(early, Refused)
    assert (early.detail, early.facts) == (f"SOS-Care was granted on {TODAY}", {"granted_on": TODAY})
    # An older job ends it too, but nothing ends before it began.
    ending = accepted(end_with_job(seeker, grant, _job(seeker, before), NOW)).effects
    assert ending == (SosCareEnding(seeker.seeker_id, TODAY, "private_job"),)


@pytest.mark.parametrize(
    ("days", "seconds", "ends"), [(1, -1, True), (0, 1, True), (0, 0, False), (0, -1, False), (-1, 1, False)]
)
def test_a_job_that_was_decided_without_knowing_of_the_grant_ends_what_was_granted_before_it(
    days: int, seconds: int, ends: bool
) -> None:
    seeker, on = a_seeker(sos_care=True), TODAY + timedelta(days)
    job = _job(seeker, on, NOW.at + timedelta(seconds=seconds), knowing=False)
    decision = accepted(end_with_job(seeker, Grant(seeker.seeker_id, TODAY, NOW.at), job, NOW))
    assert types(decision) == (["SosCareEnded", "SeekerProfile"] if ends else [])
    # Of a grant from before that was kept nobody can tell on the day itself.
    old = accepted(end_with_job(seeker, Grant(seeker.seeker_id, TODAY), job, NOW))
    assert bool(old.events) is (days > 0)


@pytest.mark.parametrize(
    ("sector", "employment", "programme", "looked_into"),
    [
        ("private", "permanent", "sos_care", True),
        ("private", "permanent", "youth_internship", True),
        ("private", "permanent", None, True),
        ("private", "fixed_term", "sos_care", False),
        ("private", "public_works", "sos_care", False),
        ("public", "permanent", "sos_care", False),
    ],
)
def test_a_private_job_may_end_sos_care_whatever_its_event_shows(
    sector: Any, employment: Any, programme: Any, looked_into: bool
) -> None:
    seeker = a_seeker()
    person = seeker.bands(TODAY).model_copy(update={"programme": programme})
    event = placed(seeker.seeker_id, TODAY, NOW.at, person=person, sector=sector, employment=employment)
    commands = (EndSosCareWithJob(seeker.seeker_id, TODAY, NOW.at, programme == "sos_care"),)
    assert end_with_private_job(event) == (commands if looked_into else ())


def test_who_withdraws_leaves_the_care_they_are_in() -> None:
    seeker = a_seeker(sos_care=True, care_stage="training")
    command = WithdrawSeeker(seeker.seeker_id, Withdrawal(reason="moved_away"))
    decision = accepted(withdraw(seeker, command, NOW))
    assert types(decision) == ["SeekerWithdrawn", "SosCareEnded", "TotalCareEnded", "SeekerProfile"]
    (left,) = decision.states
    assert (left.status, left.sos_care, left.care_stage) == ("withdrawn", False, None)
    assert decision.effects == (SosCareEnding(seeker.seeker_id, TODAY, "withdrawn"),)
    assert types(withdraw(a_seeker(), replace(command), NOW)) == ["SeekerWithdrawn", "SeekerProfile"]


def test_nobody_is_in_care_before_the_day_of_their_registration() -> None:
    seeker = a_seeker(registered_on=TODAY)
    for on, refused in ((TODAY - timedelta(1), True), (TODAY, False)):
        for decision in (deciding(seeker, occurred_on=on), assessing(seeker, 3, 3, 1, on)):
            if refused:
                assert refusal(decision) == (BEFORE_REGISTRATION, "occurred_on")
            else:
                accepted(decision)


def assessing(
    seeker: Seeker,
    work_habits: int,
    job_goal: int,
    vocational_skills: int,
    on: date | None = None,
    last: LastAssessment | None = None,
) -> Decision:
    form = AssessmentForm(
        work_habits=work_habits, job_goal=job_goal, vocational_skills=vocational_skills, occurred_on=on
    )
    return assess(seeker, last, AssessSeeker(uuids.uuid7(), seeker.seeker_id, form), NOW)


@pytest.mark.parametrize(
    ("scores", "stage"),
    [((2, 1, 1), "preparation"), ((3, 2, 1), "counselling"), ((3, 3, 2), "training"), ((3, 3, 3), "ready")],
)
def test_the_first_need_gives_the_stage(scores: tuple[int, int, int], stage: str) -> None:
    decision = accepted(assessing(a_seeker(), *scores))
    assert types(decision) == ["CareStageChanged", "SeekerProfile"]
    event, profile = decision.events
    assert (event.stage, event.before, event.person.programme, profile.care_stage) == (
        stage,
        None,
        "total_care",
        stage,
    )


@given(st.tuples(*[st.integers(1, 5)] * 3), st.integers(0, 2))
def test_a_better_score_never_gives_an_earlier_stage(scores: tuple[int, ...], better: int) -> None:
    areas = ("work_habits", "job_goal", "vocational_skills")
    before = dict(zip(areas, scores, strict=True))
    after = before | {areas[better]: 5}
    assert STAGES.index(stage_of(after)) >= STAGES.index(stage_of(before))  # pyright: ignore[reportArgumentType]


def test_an_assessment_that_changes_nothing_is_kept_and_announces_nothing() -> None:
    decision = accepted(assessing(a_seeker(care_stage="training"), 5, 5, 1))
    assert [type(state) for state in decision.states] == [LastAssessment]
    assert [type(effect) for effect in decision.effects] == [Assessment]
    assert decision.events == ()
    assert refusal(assessing(a_seeker(status="withdrawn"), 1, 1, 1)) == (NOT_REGISTERED, "seeker_id")


@pytest.mark.parametrize("stage", ["training", None])
def test_an_assessment_that_is_recorded_after_a_later_one_is_kept_and_moves_nobody(stage: Any) -> None:
    seeker = a_seeker(care_stage=stage)
    last = LastAssessment(seeker.seeker_id, TODAY - timedelta(10))
    late = accepted(assessing(seeker, 1, 1, 1, TODAY - timedelta(11), last))
    (kept,) = late.effects
    assert isinstance(kept, Assessment)
    assert (kept.stage, kept.occurred_on, late.states) == ("preparation", TODAY - timedelta(11), (last,))
    assert late.events == ()
    told = late.answer
    assert (told["assessed"], told["stage"], told["before"]) == ("preparation", stage, stage)
    same_day = accepted(assessing(seeker, 1, 1, 1, last.occurred_on, last))
    assert types(same_day) == ["CareStageChanged", "SeekerProfile"]
    assert (same_day.answer["assessed"], same_day.answer["stage"]) == ("preparation", "preparation")


def a_course(seeker: Seeker, stage: Any = "training", **details: Any) -> Course:
    return replace(Course(uuids.uuid7(), seeker.seeker_id, "office", 60, stage, date(2009, 6, 1)), **details)


def completing(seeker: Seeker, course: Course, *others: Course, on: date | None = None) -> Decision:
    command = CompleteCourse(course.course_id, seeker.seeker_id, CompletionForm(occurred_on=on))
    return complete(seeker, Courses(seeker.seeker_id, (course, *others)), command, NOW)


def test_the_last_open_course_of_the_stage_moves_to_the_next() -> None:
    for stage, after in pairwise(STAGES):
        seeker = a_seeker(care_stage=stage)
        course, other = a_course(seeker, stage), a_course(seeker, stage)
        assert types(completing(seeker, course, other)) == ["CourseCompleted"]
        done = replace(other, completed_on=TODAY)
        decision = accepted(completing(seeker, course, done))
        assert types(decision) == ["CourseCompleted", "CareStageChanged", "SeekerProfile"]
        assert (decision.events[1].before, decision.events[1].stage) == (stage, after)
        assert decision.answer["stage"] == after


def test_a_course_of_a_stage_left_behind_moves_nobody() -> None:
    seeker = a_seeker(care_stage="ready")
    decision = accepted(completing(seeker, a_course(seeker, "preparation")))
    assert types(decision) == ["CourseCompleted"]
    assert decision.answer["stage"] == "ready"


def test_a_course_is_completed_once_after_its_enrolment_and_in_care() -> None:
    seeker = a_seeker(care_stage="training")
    course = a_course(seeker)
    assert refusal(completing(seeker, replace(course, completed_on=TODAY))) == (COURSE_COMPLETED, "course_id")
    early = completing(seeker, course, on=course.enrolled_on - timedelta(1))
    assert refusal(early) == (BEFORE_ENROLMENT, "occurred_on")
    assert refusal(completing(replace(seeker, care_stage=None), course)) == (NOT_IN_TOTAL_CARE, "seeker_id")
    command = CompleteCourse(uuids.uuid7(), seeker.seeker_id, CompletionForm())
    assert complete(seeker, None, command, NOW) == Unknown("course_id", command.course_id)


def dropping(seeker: Seeker, course: Course, *others: Course, on: date | None = None) -> Decision:
    command = DropCourse(course.course_id, seeker.seeker_id, DropForm(reason="illness", occurred_on=on))
    return drop(seeker, Courses(seeker.seeker_id, (course, *others)), command, NOW)


def test_a_dropped_course_moves_nobody_and_keeps_nobody() -> None:
    seeker = a_seeker(care_stage="training")
    course, other = a_course(seeker), a_course(seeker)
    for beside in (other, replace(other, completed_on=TODAY)):
        decision = accepted(dropping(seeker, course, beside))
        ((courses,), events) = decision.states, decision.events
        assert ([c.dropped_as for c in courses.courses], events) == (["illness", None], ())
    assert accepted(completing(seeker, other, courses.courses[0])).answer["stage"] == "ready"


def test_a_course_ends_once_completed_or_dropped() -> None:
    seeker = a_seeker(care_stage="training")
    course = a_course(seeker)
    (courses,) = accepted(dropping(seeker, course)).states
    (dropped,) = courses.courses
    for again in (dropping, completing):
        assert refusal(again(seeker, dropped)) == (COURSE_DROPPED, "course_id")
    assert refusal(dropping(seeker, replace(course, completed_on=TODAY))) == (COURSE_COMPLETED, "course_id")
    early = dropping(seeker, course, on=course.enrolled_on - timedelta(1))
    assert refusal(early) == (BEFORE_ENROLMENT, "occurred_on")
    command = DropCourse(uuids.uuid7(), seeker.seeker_id, DropForm(reason="other"))
    assert drop(seeker, None, command, NOW) == Unknown("course_id", command.course_id)


def test_who_is_in_care_is_enrolled_in_a_course_of_their_stage_once() -> None:
    seeker = a_seeker(care_stage="training")

    def enrolling(
        seeker: Seeker, courses: Courses | None = None, stage: Any = "training", on: date | None = None
    ) -> Decision:
        form = CourseForm(course="office", hours=60, stage=stage, occurred_on=on)
        last = LastAssessment(seeker.seeker_id, date(2009, 6, 1))
        return enrol(seeker, last, courses, EnrolInCourse(uuids.uuid7(), seeker.seeker_id, form), NOW)

    (courses,) = accepted(enrolling(seeker)).states
    assert refusal(enrolling(seeker, courses)) == (ALREADY_ENROLLED, "course")
    assert refusal(enrolling(seeker, stage="preparation")) == (COURSE_OF_OTHER_STAGE, "stage")
    assert refusal(enrolling(seeker, on=date(2009, 5, 31))) == (BEFORE_ASSESSMENT, "occurred_on")
    assert refusal(enrolling(replace(seeker, care_stage=None))) == (NOT_IN_TOTAL_CARE, "seeker_id")


def test_who_leaves_total_care_has_no_stage_any_more() -> None:
    seeker = a_seeker(care_stage="ready")
    command = LeaveTotalCare(seeker.seeker_id, TotalCareLeavingForm(reason="in_work"))
    decision = accepted(leave(seeker, None, command, NOW))
    assert types(decision) == ["TotalCareEnded", "SeekerProfile"]
    (left,) = decision.states
    assert (decision.events[0].stage, left.care_stage) == ("ready", None)
    assert refusal(leave(left, None, command, NOW)) == (NOT_IN_TOTAL_CARE, "seeker_id")
