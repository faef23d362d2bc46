"""What counsellors do, unplanned: they tell when they will be away, and one leaves to a successor."""

import random
from collections.abc import Iterator

from jobplus.replay.drawing import forms
from jobplus.replay.drawing.away import NOTICE
from jobplus.replay.drawing.unplanned import Dated, Draw, SoFar
from jobplus.replay.driving.actions import Action
from jobplus.replay.driving.kinds import BE_AWAY, JOIN_COUNSELLOR, LEAVE_COUNSELLOR

_TOGETHER = 21
"""Days for which who leaves and the successor both are there."""


def absences_told(so_far: SoFar) -> Iterator[Dated]:
    """Have it told, some time before, when counsellors will be away for some weeks."""
    for absence in so_far.intake.away:
        first, last = so_far.period.date(absence.first), so_far.period.date(absence.last)
        form = {"from": first.isoformat(), "to": last.isoformat(), "reason": "leave"}
        yield absence.first - NOTICE, Action(BE_AWAY, {"counsellor": absence.counsellor}, form)


def handed_over(so_far: SoFar) -> Iterator[Dated]:
    """Have a counsellor leave, where there are four or more, and a successor start three weeks before, who holds the
    sessions from then on."""
    handover = so_far.intake.handover
    if handover is not None:
        form = forms.counsellor(handover.successor, random.Random(f"{so_far.seed} successor"))
        joins_on = so_far.period.working_day(handover.on - _TOGETHER)
        yield joins_on, Action(JOIN_COUNSELLOR, {"counsellor": handover.successor}, form)
        yield handover.on, Action(LEAVE_COUNSELLOR, {"counsellor": handover.counsellor})


DRAWN: tuple[Draw, ...] = (absences_told, handed_over)
