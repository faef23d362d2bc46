"""Which counsellors are known, and which of them are in service."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, Unknown
from chassis.problems import ProblemType
from contracts import refusals
from contracts.ids import CounsellorId
from contracts.topics import COUNSELLORS
from services.matching.counsellors.commands import KnowCounsellor, NoteCounsellorLeft
from services.matching.counsellors.model import Counsellor, Staff

NOT_IN_SERVICE = ProblemType(*refusals.COUNSELLOR_NOT_IN_SERVICE)


def know(staff: Staff, command: KnowCounsellor, now: Now) -> Decision:
    """Remember a counsellor; one joins once."""
    if command.counsellor_id in staff.counsellors:
        return Accepted()
    return Accepted((_with(staff, Counsellor(command.counsellor_id, command.joined_on)),))


def note_left(staff: Staff, command: NoteCounsellorLeft, now: Now) -> Decision:
    """Remember that a counsellor left."""
    counsellor = staff.counsellors.get(command.counsellor_id)
    if counsellor is None:
        return Unknown("counsellor_id", command.counsellor_id)
    return Accepted((_with(staff, replace(counsellor, left_on=command.left_on)),))


def _with(staff: Staff, counsellor: Counsellor) -> Staff:
    return Staff({**staff.counsellors, counsellor.counsellor_id: counsellor})


def refuse_out_of_service(staff: Staff, named: Sequence[UUID], on: date, field: str) -> Refused | Unknown | None:
    """Refuse to name counsellors whom nobody knows, or who weren't in service on a day."""
    for counsellor_id in named:
        counsellor = staff.counsellors.get(CounsellorId(counsellor_id))
        if counsellor is None:
            return Unknown(field, counsellor_id, COUNSELLORS.name)
        if not counsellor.in_service(on):
            facts = {"counsellor_id": counsellor_id, "joined_on": counsellor.joined_on, "left_on": counsellor.left_on}
            return Refused(NOT_IN_SERVICE, f"{counsellor_id} is not in service on {on}", field, facts)
    return None


DECIDERS: Deciders = {KnowCounsellor: know, NoteCounsellorLeft: note_left}
