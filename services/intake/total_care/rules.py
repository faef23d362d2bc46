"""Which stage of total care an assessment gives, and what moves a seeker to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, Unknown, impossible_day
from chassis.problems import ProblemType
from contracts.codes import CareStage
from contracts.seekers import CareStageChanged, CourseCompleted
from services.intake.seekers.model import Seeker
from services.intake.seekers.rules import NOT_REGISTERED, before_registration, end_total_care, profile
from services.intake.total_care.commands import (
    AssessSeeker,
    CompleteCourse,
    DropCourse,
    EnrolInCourse,
    LeaveTotalCare,
)
from services.intake.total_care.model import STAGES, Area, Assessment, Course, Courses, LastAssessment, Need

NOT_IN_TOTAL_CARE = ProblemType("not-in-total-care", 409, "This seeker is not in total care")
COURSE_OF_OTHER_STAGE = ProblemType("course-of-other-stage", 409, "This course is not of the seeker's stage")
ALREADY_ENROLLED = ProblemType("already-enrolled", 409, "This seeker is enrolled in that course")
COURSE_COMPLETED = ProblemType("course-completed", 409, "This course was completed")
COURSE_DROPPED = ProblemType("course-dropped", 409, "This course was dropped")
BEFORE_ENROLMENT = ProblemType("before-enrolment", 409, "The seeker was not enrolled yet on that day")
BEFORE_ASSESSMENT = ProblemType("before-assessment", 409, "The seeker was assessed after that day")

NEEDS: Sequence[Need] = (
    Need("work_habits", 3, "preparation"),
    Need("job_goal", 3, "counselling"),
    Need("vocational_skills", 3, "training"),
)
"""In the order of the stages: the first need decides. Who has none is ready."""


def stage_of(scores: Mapping[Area, int]) -> CareStage:
    """Give the stage that an assessment's scores (1 to 5) need."""
    needed: list[CareStage] = [need.stage for need in NEEDS if scores[need.area] < need.least]
    return needed[0] if needed else "ready"


def assess(seeker: Seeker | None, last: LastAssessment | None, command: AssessSeeker, now: Now) -> Decision:
    """Keep an assessment. The first takes the seeker into total care; a later one may move them either way. One of a
    day before the last, which is recorded late, moves nobody."""
    if seeker is None:
        return Unknown("seeker_id", command.seeker_id)
    form = command.form
    day = form.occurred_on or now.day
    if refused := impossible_day(now, "occurred_on", day) or _withdrawn(seeker) or before_registration(seeker, day):
        return refused
    scores: dict[Area, int] = {
        "work_habits": form.work_habits,
        "job_goal": form.job_goal,
        "vocational_skills": form.vocational_skills,
    }
    stage = stage_of(scores)
    latest = LastAssessment(seeker.seeker_id, max(day, last.occurred_on) if last else day)
    assessment = Assessment(command.assessment_id, seeker.seeker_id, day, tuple(scores.items()), stage)
    before = seeker.care_stage
    answer = {"assessment_id": assessment.assessment_id, "assessed": stage, "stage": stage, "before": before}
    if day < latest.occurred_on:
        return Accepted((latest,), (), {**answer, "stage": before}, (assessment,))
    if stage == before:
        return Accepted((latest,), (), answer, (assessment,))
    moved, event = _moved(seeker, stage, day, now, "assess")
    return Accepted((moved, latest), (event, profile(moved, now)), answer, (assessment,))


def enrol(
    seeker: Seeker | None, last: LastAssessment | None, courses: Courses | None, command: EnrolInCourse, now: Now
) -> Decision:
    """Enrol a seeker in a course of the stage that they are in."""
    if seeker is None:
        return Unknown("seeker_id", command.seeker_id)
    form = command.form
    day = form.occurred_on or now.day
    if refused := impossible_day(now, "occurred_on", day) or _withdrawn(seeker) or _not_in_care(seeker):
        return refused
    if form.stage != seeker.care_stage:
        facts = {"care_stage": seeker.care_stage}
        return Refused(COURSE_OF_OTHER_STAGE, f"the seeker's stage is {seeker.care_stage}", "stage", facts)
    if refused := _before_assessment(last, day):
        return refused
    courses = courses or Courses(seeker.seeker_id)
    if same := next((c for c in courses.open_in(form.stage) if c.course == form.course), None):
        facts = {"course_id": str(same.course_id)}
        return Refused(ALREADY_ENROLLED, f"enrolled on {same.enrolled_on}", "course", facts)
    course = Course(command.course_id, seeker.seeker_id, form.course, form.hours, form.stage, day)
    return Accepted((courses.with_(course),), answer={"course_id": course.course_id})


def complete(seeker: Seeker | None, courses: Courses | None, command: CompleteCourse, now: Now) -> Decision:
    """Record a completed course. The last open one of the seeker's stage moves them to the next stage."""
    course = courses.course(command.course_id) if courses else None
    if seeker is None or courses is None or course is None:
        return Unknown("course_id" if seeker else "seeker_id", command.course_id if seeker else command.seeker_id)
    day = command.form.occurred_on or now.day
    if refused := impossible_day(now, "occurred_on", day) or _withdrawn(seeker) or _not_in_care(seeker):
        return refused
    if refused := _over(course) or _before_enrolment(course, day):
        return refused
    courses = courses.with_(replace(course, completed_on=day))
    completed = CourseCompleted(
        **now.stamp("complete_course", day),
        seeker_id=seeker.seeker_id,
        person=seeker.bands(day),
        course=course.course,
        hours=course.hours,
        stage=course.stage,
    )
    answer = {"course_id": course.course_id, "stage": seeker.care_stage}
    if course.stage != seeker.care_stage or courses.open_in(course.stage):
        return Accepted((courses,), (completed,), answer)
    moved, event = _moved(seeker, STAGES[STAGES.index(course.stage) + 1], day, now, "complete_course")
    states, events = (moved, courses), (completed, event, profile(moved, now))
    return Accepted(states, events, {**answer, "stage": moved.care_stage})


def drop(seeker: Seeker | None, courses: Courses | None, command: DropCourse, now: Now) -> Decision:
    """End a course uncompleted. It keeps nobody in their stage any more, and moves nobody by itself: a course that is
    completed does, or an assessment."""
    course = courses.course(command.course_id) if courses else None
    if seeker is None or courses is None or course is None:
        return Unknown("course_id" if seeker else "seeker_id", command.course_id if seeker else command.seeker_id)
    day = command.form.occurred_on or now.day
    if refused := impossible_day(now, "occurred_on", day) or _over(course) or _before_enrolment(course, day):
        return refused
    courses = courses.with_(replace(course, dropped_on=day, dropped_as=command.form.reason))
    return Accepted((courses,), answer={"course_id": course.course_id, "dropped_on": day})


def leave(seeker: Seeker | None, last: LastAssessment | None, command: LeaveTotalCare, now: Now) -> Decision:
    """Take a seeker out of total care: from then on they are referred like anybody else."""
    if seeker is None:
        return Unknown("seeker_id", command.seeker_id)
    day = command.form.occurred_on or now.day
    if refused := impossible_day(now, "occurred_on", day) or _not_in_care(seeker) or _before_assessment(last, day):
        return refused
    seeker, event = end_total_care(seeker, day, command.form.reason, now, "leave_total_care")
    return Accepted((seeker,), (event, profile(seeker, now)), {"seeker_id": seeker.seeker_id, "ended_on": day})


def _moved(seeker: Seeker, stage: CareStage, day: date, now: Now, rule: str) -> tuple[Seeker, CareStageChanged]:
    before = seeker.care_stage
    moved = replace(seeker, care_stage=stage, version=seeker.version + 1)
    event = CareStageChanged(
        **now.stamp(rule, day), seeker_id=seeker.seeker_id, person=moved.bands(day), stage=stage, before=before
    )
    return moved, event


def _withdrawn(seeker: Seeker) -> Refused | None:
    if seeker.status != "withdrawn":
        return None
    return Refused(NOT_REGISTERED, "this seeker has withdrawn", "seeker_id")


def _not_in_care(seeker: Seeker) -> Refused | None:
    if seeker.care_stage is not None:
        return None
    return Refused(NOT_IN_TOTAL_CARE, "an assessment takes a seeker into total care", "seeker_id")


def _over(course: Course) -> Refused | None:
    if course.completed_on is not None:
        return Refused(COURSE_COMPLETED, f"it was completed on {course.completed_on}", "course_id")
    if course.dropped_on is not None:
        return Refused(COURSE_DROPPED, f"it was dropped on {course.dropped_on}", "course_id")
    return None


def _before_enrolment(course: Course, day: date) -> Refused | None:
    if day >= course.enrolled_on:
        return None
    facts = {"enrolled_on": course.enrolled_on}
    return Refused(BEFORE_ENROLMENT, f"enrolled on {course.enrolled_on}", "occurred_on", facts)


def _before_assessment(last: LastAssessment | None, day: date) -> Refused | None:
    if last is None or day >= last.occurred_on:
        return None
    facts = {"assessed_on": last.occurred_on}
    return Refused(BEFORE_ASSESSMENT, f"the seeker was assessed on {last.occurred_on}", "occurred_on", facts)


DECIDERS: Deciders = {
    AssessSeeker: assess,
    EnrolInCourse: enrol,
    CompleteCourse: complete,
    DropCourse: drop,
    LeaveTotalCare: leave,
}
