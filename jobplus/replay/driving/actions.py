"""What a history is made of: actions with numbers of their own instead of ids, in stages of a day.

Each kind of number counts from 0 in the order in which the history brings them. A form is the JSON body that a service
takes, without ids; it has a date only where something is recorded later than it happened.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from contracts.codes import CareStage

Form = Mapping[str, object]
"""Fields of a JSON body by name."""

ReferralAnswer = Literal["accepted", "refused_by_seeker", "refused_by_employer", "postponed"]
BrokenOffBy = Literal["intern", "employer"]


@dataclass(frozen=True, slots=True)
class JoinCounsellor:
    """A counsellor starts: {name, groups}."""

    number: int
    form: Form


@dataclass(frozen=True, slots=True)
class JoinEmployer:
    """A company becomes a member: {business_number, name, size, district}."""

    number: int
    form: Form


@dataclass(frozen=True, slots=True)
class LeaveCounsellor:
    """A counsellor goes; others have their people from then on."""

    counsellor: int


@dataclass(frozen=True, slots=True)
class LeaveEmployer:
    """A member goes."""

    employer: int


@dataclass(frozen=True, slots=True)
class RegisterSeeker:
    """A person registers: everything that intake's form asks."""

    number: int
    form: Form


@dataclass(frozen=True, slots=True)
class HoldSession:
    """A session is held: {kind, channel, minutes}.

    `client` is a seeker's number where `registered`, and otherwise a number among the clients who never register.
    """

    client: int
    registered: bool
    counsellor: int
    form: Form


@dataclass(frozen=True, slots=True)
class LaunchBusiness:
    """A client of start-up counselling launches a business."""

    client: int
    registered: bool


@dataclass(frozen=True, slots=True)
class OpenVacancy:
    """A member opens a vacancy: {occupation, openings, title, sector, employment, wage, district}.

    `visit` is the number of the visit that found it, where one did.
    """

    number: int
    employer: int
    form: Form
    visit: int | None = None


@dataclass(frozen=True, slots=True)
class MakeReferral:
    """A counsellor refers a seeker to a vacancy.

    `override` is the code of why, where their stage in total care doesn't allow it yet.
    """

    number: int
    seeker: int
    vacancy: int
    override: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerReferral:
    """A referral is answered; `reason` is the code of why it was refused, None where it wasn't.

    One that is postponed is answered again.
    """

    referral: int
    answer: ReferralAnswer
    reason: str | None


@dataclass(frozen=True, slots=True)
class WithdrawReferral:
    """The centre takes a referral back before its answer; `reason` is the code of why."""

    referral: int
    reason: str


@dataclass(frozen=True, slots=True)
class Place:
    """The seeker of an accepted referral starts in the job."""

    referral: int


@dataclass(frozen=True, slots=True)
class CorrectPlacement:
    """The placement of a referral is taken back, as it never was; `reason` is the code of why."""

    referral: int
    reason: str


@dataclass(frozen=True, slots=True)
class StartInternship:
    """The seeker of an accepted referral begins an internship; its number is the referral's."""

    referral: int


@dataclass(frozen=True, slots=True)
class BreakOffInternship:
    """An internship ends before its time; the intern is back in the pool."""

    referral: int
    by: BrokenOffBy


@dataclass(frozen=True, slots=True)
class CompleteInternship:
    """An internship is served to its end."""

    referral: int


@dataclass(frozen=True, slots=True)
class ConvertInternship:
    """A completed internship becomes a permanent job."""

    referral: int


@dataclass(frozen=True, slots=True)
class FindJob:
    """A seeker has found a job alone: {occupation, sector, employment, wage}."""

    seeker: int
    form: Form


@dataclass(frozen=True, slots=True)
class RecordConsent:
    """A seeker agrees to a use of their data: {purpose, given, text_version}."""

    seeker: int
    form: Form


@dataclass(frozen=True, slots=True)
class ChangeSeeker:
    """Something that a seeker's record says is changed: {desired_wage}."""

    seeker: int
    form: Form


@dataclass(frozen=True, slots=True)
class Withdraw:
    """A seeker leaves the register: {reason}."""

    seeker: int
    form: Form


@dataclass(frozen=True, slots=True)
class ComeBack:
    """A seeker who had withdrawn is back."""

    seeker: int


@dataclass(frozen=True, slots=True)
class RegisterAgain:
    """A second record of a seeker is registered by mistake: {phone}, which alone is another than in the first."""

    seeker: int
    form: Form


@dataclass(frozen=True, slots=True)
class MergeRecords:
    """The second record of a seeker is merged into the first."""

    seeker: int


@dataclass(frozen=True, slots=True)
class EraseSeeker:
    """All data of a seeker is erased."""

    seeker: int


@dataclass(frozen=True, slots=True)
class AskForSosCare:
    """A seeker asks for SOS-Care, which they get where `granted`."""

    seeker: int
    granted: bool


@dataclass(frozen=True, slots=True)
class Assess:
    """How far a seeker is from work is assessed: {work_habits, job_goal, vocational_skills}, which gives the stage."""

    seeker: int
    form: Form
    stage: CareStage


@dataclass(frozen=True, slots=True)
class Enrol:
    """A seeker in total care begins a course: {course, hours, stage}."""

    number: int
    seeker: int
    form: Form


@dataclass(frozen=True, slots=True)
class CompleteCourse:
    """A seeker completes a course, which moves them to the stage."""

    course: int
    seeker: int
    stage: CareStage


@dataclass(frozen=True, slots=True)
class BeAway:
    """It is told when a counsellor will be away: {from, to, reason}."""

    counsellor: int
    form: Form


@dataclass(frozen=True, slots=True)
class FilePlan:
    """A member or a prospect says whom it plans to hire: {openings, occupations, hire_by, converts_interns}."""

    number: int
    employer: int
    form: Form


@dataclass(frozen=True, slots=True)
class ListProspect:
    """A firm that is no member is listed for the field discovery team: what a member tells, and its programmes.

    Its number follows on those of the members.
    """

    number: int
    form: Form


@dataclass(frozen=True, slots=True)
class RecordVisit:
    """Officials and a counsellor visit a member or a prospect: {officials, vacancies_found}.

    `plan` is the number of the hiring plan that was filed on the spot, where one was.
    """

    number: int
    employer: int
    counsellor: int
    form: Form
    plan: int | None = None


Action = (
    JoinCounsellor
    | JoinEmployer
    | LeaveCounsellor
    | LeaveEmployer
    | RegisterSeeker
    | HoldSession
    | LaunchBusiness
    | OpenVacancy
    | MakeReferral
    | AnswerReferral
    | WithdrawReferral
    | Place
    | CorrectPlacement
    | StartInternship
    | BreakOffInternship
    | CompleteInternship
    | ConvertInternship
    | FindJob
    | RecordConsent
    | ChangeSeeker
    | Withdraw
    | ComeBack
    | RegisterAgain
    | MergeRecords
    | EraseSeeker
    | AskForSosCare
    | Assess
    | Enrol
    | CompleteCourse
    | BeAway
    | FilePlan
    | ListProspect
    | RecordVisit
)

Stage = tuple[Action, ...]
"""Actions that don't depend on each other: they may be driven at the same time, after the stages before."""


@dataclass(frozen=True, slots=True)
class Day:
    """What happens in intake and then in matching on a day; no stage is empty."""

    day: date
    intake: tuple[Stage, ...]
    matching: tuple[Stage, ...]


def stages(*groups: Iterable[Action]) -> tuple[Stage, ...]:
    """Make a stage of each group of actions that isn't empty."""
    return tuple(stage for group in groups if (stage := tuple(group)))
