"""When a consent is taken down, whom a survey may ask, and what erasure leaves and announces."""

from datetime import date, timedelta

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, Unknown, impossible_day
from chassis.batch.taken_rows import ErasedPerson
from chassis.problems import ProblemType
from contracts import refusals
from contracts.counselling import RecordOpened
from contracts.ids import CounsellorId
from contracts.profiles import ProfileRemoved
from contracts.seekers import ConsentPurpose, ConsentRecorded, SeekerErased
from services.intake.privacy.commands import EraseSeeker, NoteInvitations, OpenRecord, RecordConsent
from services.intake.privacy.model import Consent, ConsentKey, Opening
from services.intake.seekers.model import FormerSeeker, MergedRecords, RecordGone, Seeker

NOT_ONESELF = ProblemType(*refusals.NOT_ONESELF)
NOT_GIVEN = ProblemType("consent-not-given", 409, "Only a consent that was given can be withdrawn")
ALREADY_GIVEN = ProblemType("consent-already-given", 409, "This consent was given to the same text already")
SURVEYS_DECLINED = ProblemType("surveys-declined", 409, "This person agrees to surveys no longer: ask no more")
QUOTA_USED_UP = ProblemType("quota-used-up", 403, "No more records of others are shown today")
NOT_IN_SAMPLE = ProblemType("not-in-sample", 409, "This invitation to a survey is none of this person's")
SURVEY_OVER = ProblemType("survey-over", 409, "The survey of this invitation is over")
BEFORE_LAST = ProblemType("before-last-consent", 409, "The person has said something about this use on a later day")

ASKED_UNLESS_DECLINED: frozenset[ConsentPurpose] = frozenset({"surveys"})
"""What nobody needs to agree to first; so that who has said nothing of it can say no."""

DAYS_TOLD_OVER = 30
"""For so many days after a survey its invitations are still known, so that who shows one is told that it is over."""


def record_consent(seeker: Seeker | None, last: Consent | None, command: RecordConsent, now: Now) -> Decision:
    """Take down that a person agrees to a use of their data, or does no longer."""
    if seeker is None:
        return Unknown("seeker_id", command.seeker_id)
    form = command.form
    day = form.occurred_on or now.day
    if refused := impossible_day(now, "occurred_on", day):
        return refused
    if last is not None and day < last.occurred_on:
        return Refused(BEFORE_LAST, f"they spoke of it last on {last.occurred_on}", "occurred_on")
    stands = last.given if last else form.purpose in ASKED_UNLESS_DECLINED
    if not form.given and not stands:
        return Refused(NOT_GIVEN, f"no consent to {form.purpose} stands", "given")
    if form.given and last is not None and stands and last.text_version == form.text_version:
        return Refused(ALREADY_GIVEN, f"it was given on {last.occurred_on}", "text_version")
    consent = Consent(
        ConsentKey(command.seeker_id, form.purpose),
        form.given,
        form.text_version,
        day,
        now.at,
        now.actor.role,
        now.actor.id,
    )
    event = ConsentRecorded(
        **now.stamp("record_consent", day), seeker_id=seeker.seeker_id, purpose=form.purpose, given=form.given
    )
    answer = {"seeker_id": seeker.seeker_id, "purpose": form.purpose, "given": form.given}
    return Accepted((consent,), (event,), answer)


def open_record(seeker: Seeker | None, command: OpenRecord, now: Now) -> Decision:
    """Open a seeker's record to a counsellor for the day, by the reason that they state. It is never refused to who has
    somebody before them: it is told, taken down as a look, and on the manager's list."""
    if seeker is None:
        return Unknown("seeker_id", command.seeker_id)
    own = now.actor.own
    if own is None:
        return Refused(NOT_ONESELF, "the token names no counsellor", "Authorization")
    counsellor_id, reason = CounsellorId(own), command.form.reason
    opening = Opening(command.opening_id, seeker.seeker_id, counsellor_id, reason, now.day, now.at, now.actor)
    event = RecordOpened(
        **now.stamp("open_record"), client_id=seeker.seeker_id, counsellor_id=counsellor_id, reason=reason
    )
    answer = {"opening_id": opening.opening_id, "seeker_id": seeker.seeker_id, "opened_on": now.day}
    return Accepted((), (event,), answer, (opening,))


def refuse_over_quota(seen: int, most: int) -> Refused | None:
    """Refuse to show more persons whom others counsel than a day's quota."""
    if seen <= most:
        return None
    return Refused(QUOTA_USED_UP, f"{most} persons of others may be shown to you on one day: a manager can look")


def refuse_over_tries(tries: int, most: int, field: str) -> Refused | None:
    """Refuse to tell of more persons than a day's quota whether they are registered."""
    if tries <= most:
        return None
    told = f"{most} persons may be tried out on one day, and this would be the {tries}th: the operator can allow more"
    return Refused(QUOTA_USED_UP, told, field)


def note_invitations(command: NoteInvitations, now: Now) -> Decision:
    """Note which invitations there are."""
    return Accepted(effects=command.invitations)


def refuse_asking(drawn_on: date | None, declined_on: date | None, today: date, survey_days: int) -> Refused | None:
    """Refuse to tell how a person is reached whom no survey of the last `survey_days` asks by the invitation shown,
    which was drawn on a day, or who agrees to surveys no longer since a day."""
    if drawn_on is None:
        return Refused(NOT_IN_SAMPLE, "nothing was heard of it; ask again if it was drawn just now", "invitation_id")
    if drawn_on + timedelta(days=survey_days) < today:
        return Refused(SURVEY_OVER, f"the survey of {drawn_on} ran for {survey_days} days", "invitation_id")
    if declined_on is not None:
        return Refused(SURVEYS_DECLINED, f"they said on {declined_on} that they agree no longer", "seeker_id")
    return None


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
        (RecordGone(seeker.seeker_id), *(ErasedPerson(seeker_id) for seeker_id in ids)),
    )


DECIDERS: Deciders = {
    RecordConsent: record_consent,
    OpenRecord: open_record,
    NoteInvitations: note_invitations,
    EraseSeeker: erase,
}
