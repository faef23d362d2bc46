"""Which targets can be set."""

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, in_future
from chassis.problems import ProblemType
from contracts.reports import TargetSet
from contracts.targets import is_percentage
from services.reporting.targets.commands import SetTarget, TargetForm
from services.reporting.targets.model import COUNTS, Target, TargetValue, counts_of, number

IMPOSSIBLE_VALUE = ProblemType("impossible-target", 422, "The measure can't come to this value")
NOT_OF_PERSONS = ProblemType(
    "measure-not-of-persons", 422, "This measure doesn't count by persons: it has no groups and no programmes"
)
SET_LATER = ProblemType("target-set-later", 409, "The target has a value that was set on a later day")


def set_target(target: Target | None, command: SetTarget, now: Now) -> Decision:
    """Set a target, or set it anew: the newest value holds, those before it stay on record."""
    form = command.form
    day = form.occurred_on or now.day
    if refused := in_future(now, "occurred_on", day) or _impossible(form) or _not_of_persons(form):
        return refused
    if target is not None and day < target.present.occurred_on:
        return Refused(SET_LATER, f"its value is of {target.present.occurred_on}, after {day}", "occurred_on")
    value = TargetValue(form.value, day, now.at, str(now.actor))
    target = Target(command.key, (*(target.values if target else ()), value))
    event = TargetSet(
        **now.stamp("set_target", day),
        year=form.year,
        measure=form.measure,
        value=form.value,
        programme=form.programme,
        group=form.group,
    )
    replaced = target.values[-2].value if len(target.values) > 1 else None
    answer = {
        **form.model_dump(exclude={"occurred_on"}, exclude_none=True),
        "value": number(form.measure, form.value),
        "replaced": None if replaced is None else number(form.measure, replaced),
    }
    return Accepted((target,), (event,), answer)


def _impossible(form: TargetForm) -> Refused | None:
    if not is_percentage(form.measure):
        if form.value % 1:
            return Refused(IMPOSSIBLE_VALUE, f"{form.measure} is a count, {form.value} is no whole number", "value")
        return None
    if form.value > 100:
        return Refused(IMPOSSIBLE_VALUE, f"{form.measure}: {form.value} % is over 100 %", "value")
    if round(form.value, 1) != form.value:
        return Refused(IMPOSSIBLE_VALUE, f"{form.measure}: {form.value} has more than one decimal", "value")
    return None


def _not_of_persons(form: TargetForm) -> Refused | None:
    if all(COUNTS[count].of_persons for count in counts_of(form.measure)):
        return None
    for field in ("programme", "group"):
        if getattr(form, field) is not None:
            return Refused(NOT_OF_PERSONS, f"{form.measure} can't be told apart by {field}", field)
    return None


DECIDERS: Deciders = {SetTarget: set_target}
