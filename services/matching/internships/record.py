"""A whole internship of an earlier time, recorded by one row."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused
from chassis.problems import ProblemType
from contracts.ids import ReferralId
from services.matching.internships.commands import (
    BreakingOffForm,
    BreakOffInternship,
    CompleteInternship,
    CompletionForm,
    ConversionForm,
    ConvertInternship,
    InternshipRow,
    RecordInternship,
    StartForm,
    StartInternship,
)
from services.matching.internships.model import Internship
from services.matching.internships.rules import (
    break_off_internship,
    complete_internship,
    convert_internship,
    start_internship,
)
from services.matching.pool.model import Seeker
from services.matching.referrals.model import Case
from services.matching.vacancies.model import Vacancy

UNFINISHED_ROW = ProblemType("internship-row-unfinished", 422, "What came of an internship is told whole")


def record_internship(
    vacancy: Vacancy | None, seeker: Seeker | None, case: Case | None, command: RecordInternship, now: Now
) -> Decision:
    """Record a whole internship: each step that it came to is decided on what the one before left."""
    row, internship_id = command.row, command.internship_id
    if refused := _unfinished(row):
        return refused
    start = StartInternship(internship_id, ReferralId(row.referral_id), StartForm(occurred_on=row.occurred_on))
    decided = start_internship(vacancy, seeker, case, start, now)

    def then(
        before: Decision, column: str, rule: Callable[..., Decision], kinds: Sequence[type], step: Any
    ) -> Decision:
        if not isinstance(before, Accepted):
            return before
        states = {type(state): state for state in before.states}
        after = rule(*(states[kind] for kind in kinds), step, now)
        if isinstance(after, Refused):
            return replace(after, field=column)
        if not isinstance(after, Accepted):
            return after
        states.update((type(state), state) for state in after.states)
        return Accepted(tuple(states.values()), (*before.events, *after.events), after.answer)

    if row.broken_off_on and row.broken_off_by:
        breaking_off = BreakingOffForm(by=row.broken_off_by, occurred_on=row.broken_off_on)
        step = BreakOffInternship(internship_id, breaking_off)
        decided = then(decided, "broken_off_on", break_off_internship, (Vacancy, Seeker, Internship), step)
    if row.completed_on:
        completion = CompleteInternship(internship_id, CompletionForm(occurred_on=row.completed_on))
        decided = then(decided, "completed_on", complete_internship, (Seeker, Internship), completion)
    if row.converted_on:
        form = ConversionForm(occurred_on=row.converted_on, wage=row.wage)
        conversion = ConvertInternship(internship_id, command.placement_id, form)
        decided = then(decided, "converted_on", convert_internship, (Vacancy, Seeker, Case, Internship), conversion)
    return decided


def _unfinished(row: InternshipRow) -> Refused | None:
    """Refuse what a row can't tell alone."""
    if (row.broken_off_on is None) != (row.broken_off_by is None):
        missing = "broken_off_by" if row.broken_off_by is None else "broken_off_on"
        return Refused(UNFINISHED_ROW, "who broke an internship off goes with the day", missing)
    if row.wage is not None and row.converted_on is None:
        return Refused(UNFINISHED_ROW, "a wage goes with the conversion", "converted_on")
    return None


DECIDERS: Deciders = {RecordInternship: record_internship}
