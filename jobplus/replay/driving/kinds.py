"""The table of all kinds of actions: whose act each is, where it is asked for, what it gives or ends, and in which
figures that no plan names it is counted.

Below each row stand the fields of its form. The rest of what a kind takes are the numbers in its address, in `fields`,
in `gives`, and of whose act it is.
"""

from collections.abc import Mapping
from typing import get_args

from contracts.cases import Answer
from contracts.codes import CareStage
from jobplus.replay.driving.actions import Count, Kind

JOIN_COUNSELLOR = Kind("intake", "/counsellors", "manager", gives=("counsellor", "counsellor_id"))
"""A counsellor starts: {name, groups}."""

LEAVE_COUNSELLOR = Kind("intake", "/counsellors/{counsellor}/departure", "manager", ends="counsellor")
"""A counsellor goes; others have their people from then on."""

BE_AWAY = Kind("intake", "/counsellors/{counsellor}/absences", "manager")
"""It is told when a counsellor will be away: {from, to, reason}."""

JOIN_EMPLOYER = Kind("intake", "/employers", "joining firm", gives=("employer", "employer_id"))
"""A company becomes a member: {business_number, name, size, district}."""

LEAVE_EMPLOYER = Kind("intake", "/employers/{employer}/departure", "firm", ends="employer")
"""A member goes."""

LIST_PROSPECT = Kind("intake", "/prospects", "desk", gives=("employer", "employer_id"), counts=(Count("prospects"),))
"""A firm that is no member is listed for the field discovery team: what a member tells, and its programmes."""

FILE_PLAN = Kind(
    "intake",
    "/employers/{employer}/hiring-plans",
    "firm",
    gives=("plan", "plan_id"),
    counts=(Count("hiring_plans.total"), Count("hiring_plans.openings", amount="openings")),
)
"""A member or a prospect says whom it plans to hire: {openings, occupations, hire_by, converts_interns}."""

REGISTER_SEEKER = Kind("intake", "/seekers", "desk", gives=("seeker", "seeker_id"))
"""A person registers: everything that intake's form asks."""

REGISTER_AGAIN = Kind("intake", "/seekers", "desk", gives=("second_record", "seeker_id"), step="register again")
"""A second record of a `seeker` is registered by mistake: {phone}, which alone is another than in the first."""

MERGE_RECORDS = Kind(
    "intake",
    "/seekers/{seeker}/merge",
    "manager",
    fields={"second_record": "merged_id"},
    ends="second_record",
    turn=3,
)
"""The second record of a seeker is merged into the first."""

CHANGE_SEEKER = Kind("intake", "/seekers/{seeker}", "seeker's counsellor", turn=2, step="change")
"""Something that a seeker's record says is changed: {desired_wage}."""

RECORD_CONSENT = Kind("intake", "/seekers/{seeker}/consents", "seeker's counsellor")
"""A seeker agrees to a use of their data: {purpose, given, text_version}."""

WITHDRAW = Kind("intake", "/seekers/{seeker}/withdrawal", "seeker's counsellor", turn=3)
"""A seeker leaves the register: {reason}."""

COME_BACK = Kind("intake", "/seekers/{seeker}/return", "seeker's counsellor", turn=4)
"""A seeker who had withdrawn is back."""

ERASE_SEEKER = Kind("intake", "/seekers/{seeker}/erasure", "manager", ends="seeker")
"""All data of a seeker is erased."""

HOLD_SESSION = Kind("intake", "/sessions", "seeker's counsellor", step="hold")
"""A session is held with a `seeker` or a `stranger`: {kind, channel, minutes}. Where nobody has them the `counsellor`
holds it."""

LAUNCH_BUSINESS = Kind(
    "intake", "/launches", "seeker's counsellor", fields={"seeker": "client_id", "stranger": "client_id"}
)
"""A client of start-up counselling launches a business."""

ASK_FOR_SOS_CARE = Kind(
    "intake",
    "/seekers/{seeker}/sos-care",
    "seeker's counsellor",
    counts=(Count("sos_care", codes=("granted", "declined")),),
)
"""A seeker asks for SOS-Care, which is `granted` or `declined`."""

_STAGES = Count("care_stages", codes=get_args(CareStage))

ASSESS = Kind("intake", "/seekers/{seeker}/care-assessments", "seeker's counsellor", counts=(_STAGES,))
"""How far a seeker is from work is assessed: {work_habits, job_goal, vocational_skills}, which leads to the stage."""

ENROL = Kind("intake", "/seekers/{seeker}/courses", "seeker's counsellor", gives=("course", "course_id"), turn=2)
"""A seeker in total care begins a course: {course, hours, stage}."""

COMPLETE_COURSE = Kind(
    "intake",
    "/seekers/{seeker}/courses/{course}/completion",
    "seeker's counsellor",
    turn=1,
    counts=(_STAGES, Count("total_care.courses_completed")),
)
"""A seeker completes a course, which leads to the next stage."""

OPEN_VACANCY = Kind(
    "matching", "/vacancies", "firm", fields={"employer": "employer_id"}, gives=("vacancy", "vacancy_id")
)
"""A member opens a vacancy: {occupation, openings, title, sector, employment, wage, district}."""

OPEN_FOUND_VACANCY = Kind(
    "matching",
    "/vacancies",
    "desk",
    fields={"employer": "employer_id", "visit": "visit_id"},
    gives=("vacancy", "vacancy_id"),
)
"""A member's vacancy that a visit found is opened for it: the same fields."""

RECORD_VISIT = Kind(
    "matching",
    "/visits",
    "counsellor",
    fields={"employer": "employer_id", "plan": "plan_id"},
    gives=("visit", "visit_id"),
    step="visit",
)
"""Officials and a counsellor visit a member or a prospect: {officials, vacancies_found}; with the `plan` that was filed
on the spot, where one was."""

MAKE_REFERRAL = Kind(
    "matching",
    "/referrals",
    "seeker's counsellor",
    fields={"seeker": "seeker_id", "vacancy": "vacancy_id"},
    gives=("referral", "referral_id"),
    step="refer",
)
"""A counsellor refers a seeker to a vacancy: {override}, why, where their stage in total care doesn't allow it yet."""

ANSWER_REFERRAL = Kind(
    "matching",
    "/referrals/{referral}/answer",
    "seeker's counsellor",
    step="answer",
    counts=(Count("referral_answers.by_answer", by="answer", codes=get_args(Answer)),),
)
"""A referral is answered: {answer, reason}, a reason where it was refused. One that is postponed is answered again."""

WITHDRAW_REFERRAL = Kind("matching", "/referrals/{referral}/withdrawal", "seeker's counsellor", ends="referral")
"""The centre takes a referral back before its answer: {reason}."""

PLACE = Kind("matching", "/referrals/{referral}/placement", "seeker's counsellor", gives=("placement", "placement_id"))
"""The seeker of an accepted referral starts in the job."""

CORRECT_PLACEMENT = Kind("matching", "/placements/{placement}/correction", "manager", ends="placement")
"""A placement is taken back, as it never was: {reason}."""

START_INTERNSHIP = Kind(
    "matching", "/referrals/{referral}/internship", "seeker's counsellor", gives=("internship", "internship_id")
)
"""The seeker of an accepted referral begins an internship."""

BREAK_OFF_INTERNSHIP = Kind("matching", "/internships/{internship}/breaking-off", "seeker's counsellor")
"""An internship ends before its time, and the intern is back in the pool: {by}."""

COMPLETE_INTERNSHIP = Kind("matching", "/internships/{internship}/completion", "seeker's counsellor")
"""An internship is served to its end."""

CONVERT_INTERNSHIP = Kind("matching", "/internships/{internship}/conversion", "seeker's counsellor")
"""A completed internship becomes a permanent job."""

FIND_JOB = Kind(
    "matching",
    "/seekers/{seeker}/self-found",
    "seeker's counsellor",
    gives=("self_found", "placement_id"),
    counts=(Count("self_found.total"),),
)
"""A seeker has found a job alone: {occupation, sector, employment, wage}."""

KINDS: Mapping[str, Kind] = {name: row for name, row in vars().items() if isinstance(row, Kind)}
"""Every row, by its name."""
