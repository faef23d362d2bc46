"""Topic `jobplus.firms`, keyed by the firm: members, prospects and what they plan to hire."""

from datetime import date
from typing import ClassVar, Literal

from contracts.codes import District, FirmSize, Occupation
from contracts.event import Event
from contracts.ids import EmployerId, HiringPlanId
from contracts.topics import FIRMS, Topic


class _OfFirm(Event):
    topic: ClassVar[Topic] = FIRMS
    key_field: ClassVar[str] = "employer_id"

    employer_id: EmployerId


class ProspectListed(_OfFirm):
    """A firm that is no member was listed for a visit."""

    size: FirmSize
    district: District


class EmployerJoined(_OfFirm):
    """A company became a member; published once for each business registration number."""

    stability: ClassVar[Literal["draft", "stable"]] = "stable"

    size: FirmSize
    district: District
    programmes: tuple[str, ...] = ()


class EmployerLeft(_OfFirm):
    """A member left; it stays counted among those that ever joined."""


class HiringPlanFiled(_OfFirm):
    """A firm said how many people it plans to hire, in which occupations, by when."""

    plan_id: HiringPlanId
    openings: int
    occupations: tuple[Occupation, ...]
    hire_by: date
    converts_interns: bool = False
