"""What is told beside a release, once it is known better."""

from dataclasses import replace

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused
from chassis.problems import ProblemType
from contracts.reports import CorrectionReason, FigureCorrected
from services.reporting.behind import STILL_COUNTING
from services.reporting.corrections.commands import CompareRelease, CorrectRelease
from services.reporting.corrections.model import Comparison, Correction
from services.reporting.releases.rules import NOT_RELEASED

NOTHING_TO_CORRECT = ProblemType("nothing-to-correct", 409, "This release's figures are known as they were told")


def compare_release(release: Comparison | None, command: CompareRelease, now: Now) -> Decision:
    """Tell what became known of a release since, when a later one is published; and that it was compared."""
    if release is None:
        return Accepted()
    return _corrected(release, "compare_release", None, now) if release.differences else Accepted((release,))


def correct_release(release: Comparison | None, command: CorrectRelease, now: Now) -> Decision:
    """Tell what became known of a release since, without waiting for the next."""
    if release is None:
        return Refused(NOT_RELEASED, f"nothing was released of {command.day}: /releases lists what was", "day")
    if release.is_behind:
        return Refused(STILL_COUNTING, "ask again in a moment; an operator sees the lag", "day")
    if not release.differences:
        facts = {"corrections": release.number}
        return Refused(NOTHING_TO_CORRECT, "each is known as the release, or its last correction, says", "day", facts)
    return _corrected(release, "correct_release", command.form.reason, now)


def _corrected(release: Comparison, rule: str, reason: CorrectionReason | None, now: Now) -> Accepted:
    made = Correction(
        number=release.number + 1,
        corrected_on=now.day,
        corrected_by=str(now.actor),
        position=release.position,
        reason=reason,
        figures=release.differences,
    )
    events = tuple(
        FigureCorrected(
            **now.stamp(rule),
            measure=one.figure,
            release=release.day,
            column=one.column,
            month=one.month,
            published=one.published,
            known=one.known,
            reason=reason,
        )
        for one in made.figures
    )
    told = {**release.told, **{one.place: one.known for one in made.figures}}
    return Accepted((replace(release, told=told, number=made.number, made=made),), events, made.view())


DECIDERS: Deciders = {CompareRelease: compare_release, CorrectRelease: correct_release}
