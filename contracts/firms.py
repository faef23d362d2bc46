"""Topic `jobplus.firms`, keyed by the firm: members, prospects and what they plan to hire."""

from datetime import date
from typing import ClassVar

from .codes import Channel, District, FirmSize, Occupation
from .event import Event, Stability
from .ids import EmployerId, HiringPlanId, PlanRequestId
from .topics import FIRMS, Topic
from .values import AtLeastOne, Code


class _OfFirm(Event):
    topic: ClassVar[Topic] = FIRMS
    key_field: ClassVar[str] = "employer_id"

    employer_id: EmployerId


class ProspectListed(_OfFirm):
    """A firm that is no member was listed for a visit; if it joins, it keeps its id."""

    korean: ClassVar[str] = "발굴 대상기업 등록"
    stability: ClassVar[Stability] = "stable"

    size: FirmSize
    district: District
    programmes: tuple[Code, ...] = ()
    """The city programmes that the firm takes part in: a small firm is listed for one."""


class EmployerJoined(_OfFirm):
    """A company became a member. Published once for each business registration number."""

    korean: ClassVar[str] = "기업회원 가입"
    stability: ClassVar[Stability] = "stable"

    size: FirmSize
    district: District
    programmes: tuple[Code, ...] = ()
    """The city programmes that the firm takes part in."""


class EmployerChanged(_OfFirm):
    """What is known of a member or a prospect was changed; the values are those from now on."""

    korean: ClassVar[str] = "기업회원 정보 변경"
    stability: ClassVar[Stability] = "stable"

    size: FirmSize
    district: District
    programmes: tuple[Code, ...] = ()
    changed: tuple[Code, ...]
    """The names of the fields that changed; a name itself never leaves intake."""


class EmployerLeft(_OfFirm):
    """A member left; it stays counted among those that ever joined.

    Its vacancies close, and its plans don't count until it is back.
    """

    korean: ClassVar[str] = "기업회원 탈퇴"
    stability: ClassVar[Stability] = "stable"


class EmployerReturned(_OfFirm):
    """A company that had left is a member again, under the id that it had; it is not counted as joined again."""

    korean: ClassVar[str] = "기업회원 재가입"
    stability: ClassVar[Stability] = "stable"

    size: FirmSize
    district: District
    programmes: tuple[Code, ...] = ()


class HiringPlanAsked(_OfFirm):
    """A firm was asked what it plans to hire. The plan that it then files says so (`HiringPlanFiled.asked_on`)."""

    korean: ClassVar[str] = "채용계획 조사"
    stability: ClassVar[Stability] = "stable"

    request_id: PlanRequestId
    channel: Channel
    """How it was asked."""
    size: FirmSize
    district: District
    member: bool
    """Whether the firm is a member; otherwise it is a prospect."""


class HiringPlanFiled(_OfFirm):
    """A firm said how many people it plans to hire, and in which occupations. No vacancy yet."""

    korean: ClassVar[str] = "채용계획 제출"
    stability: ClassVar[Stability] = "stable"

    plan_id: HiringPlanId
    openings: AtLeastOne
    occupations: tuple[Occupation, ...]
    hire_by: date
    converts_interns: bool = False
    """Whether the firm plans to make interns permanent."""
    size: FirmSize
    district: District
    """Where the firm is."""
    member: bool
    """Whether the firm is a member; otherwise it is a prospect."""
    asked_on: date | None = None
    """The day on which the firm was asked for it, the last one where it was asked several times, if it was."""


class HiringPlanWithdrawn(_OfFirm):
    """A firm doesn't hire by this plan any more; a plan that changed is filed anew."""

    korean: ClassVar[str] = "채용계획 철회"
    stability: ClassVar[Stability] = "stable"

    plan_id: HiringPlanId
