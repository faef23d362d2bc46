"""When a consent is taken down, and what erasure leaves and announces."""

from chassis.command_batch import Deciders
from chassis.decisions import Accepted, Decision, Now, Refused, Unknown, in_future
from chassis.problems import ProblemType
from contracts.profiles import ProfileRemoved
from contracts.seekers import ConsentRecorded, SeekerErased
from services.intake.privacy.commands import EraseSeeker, RecordConsent
from services.intake.privacy.model import Consent, ConsentKey
from services.intake.seekers.model import FormerSeeker, MergedRecords, Seeker

NOT_GIVEN = ProblemType("consent-not-given", 409, "Only a consent that was given can be withdrawn")
ALREADY_GIVEN = ProblemType("consent-already-given", 409, "This consent was given to the same text already")
BEFORE_LAST = ProblemType("before-last-consent", 409, "The person has said something about this use on a later day")


def record_consent(seeker: Seeker | None, last: Consent | None, command: RecordConsent, now: Now) -> Decision:
    """Take down that a person agrees to a use of their data, or does no longer."""
    if seeker is None:
        return Unknown("seeker_id", command.seeker_id)
    form = command.form
    day = form.occurred_on or now.day
    if refused := in_future(now, "occurred_on", day):
        return refused
    if last is not None and day < last.occurred_on:
        return Refused(BEFORE_LAST, f"they spoke of it last on {last.occurred_on}", "occurred_on")
    stands = last is not None and last.given
    if not form.given and not stands:
        return Refused(NOT_GIVEN, f"no consent to {form.purpose} stands", "given")
    if form.given and last is not None and stands and last.text_version == form.text_version:
        return Refused(ALREADY_GIVEN, f"it was given on {last.occurred_on}", "text_version")
    consent = Consent(
        ConsentKey(command.seeker_id, form.purpose), form.given, form.text_version, day, now.at, *now.actor
    )
    event = ConsentRecorded(
        **now.stamp("record_consent", day), seeker_id=seeker.seeker_id, purpose=form.purpose, given=form.given
    )
    answer = {"seeker_id": seeker.seeker_id, "purpose": form.purpose, "given": form.given}
    return Accepted((consent,), (event,), answer)


def erase(seeker: Seeker | None, merged: MergedRecords | None, command: EraseSeeker, now: Now) -> Decision:
    """Leave nothing of a person but a mark. Everyone is told, of each id that they may know the person by."""
    if seeker is None:
        return Unknown("seeker_id", command.seeker_id)
    stamp = now.stamp("erase")
    ids = (seeker.seeker_id, *(merged.merged_ids if merged else ()))
    return Accepted(
        (FormerSeeker(seeker.seeker_id),),
        (
            *(SeekerErased(**stamp, seeker_id=seeker_id) for seeker_id in ids),
            *(ProfileRemoved(**stamp, seeker_id=seeker_id) for seeker_id in ids),
        ),
        {"seeker_id": seeker.seeker_id},
        removes=True,
    )


DECIDERS: Deciders = {RecordConsent: record_consent, EraseSeeker: erase}
