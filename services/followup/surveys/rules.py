"""Who was served, who is drawn for a survey, and which answers count.

Nobody is asked twice in a calendar quarter: two surveys whose days lie in the same one (January to March, and so on)
never share a person. It is the surveys' own days that count, not the periods that they ask about, nor the day on which
either was recorded; so a survey that is recorded late takes nobody whom another one of its quarter has asked.

Nobody is drawn who agrees to surveys no longer, as far as is known on the day of the draw, whatever period or day it is
about. Who says so after the draw stays counted as asked, and the sample shows that they are not to be: an answer of
theirs is taken down all the same, as they may have given it before.
"""

from dataclasses import replace
from datetime import date

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, Unknown, impossible_day
from chassis.problems import ProblemType
from contracts.surveys import SurveyAnswered, SurveyDrawn, invitation_digest
from services.followup.surveys.commands import (
    AnswerSurvey,
    DrawSurvey,
    ForgetPerson,
    NoteConsent,
    NoteMerged,
    NoteServed,
    RecordHeldSurvey,
    SurveyForm,
)
from services.followup.surveys.model import (
    AskedPersons,
    ForgottenTraces,
    Invitation,
    InvitationsOf,
    MergedPerson,
    ServedPerson,
    Survey,
    SurveyConsent,
    Urn,
    invitation_id,
    is_erased,
    quarter_of,
)

PERIOD_REVERSED = ProblemType("period-reversed", 422, "A period ends on its first day or after it")
PERIOD_NOT_OVER = ProblemType("period-not-over", 422, "A survey asks about a period that has ended by its day")
TOO_FEW_ELIGIBLE = ProblemType("too-few-eligible", 409, "Fewer persons may be asked than are to be")
TOO_MANY_ANSWERS = ProblemType("too-many-answers", 422, "No more persons answer than were asked")
BEFORE_SURVEY = ProblemType("before-survey", 422, "The survey was after that day")
ALREADY_ANSWERED = ProblemType("invitation-already-answered", 409, "This invitation has been answered already")


def note_served(person: ServedPerson | None, command: NoteServed, now: Now) -> Decision:
    """Note a day on which a person was served; of one who was erased nothing is noted any more."""
    person = person or ServedPerson(command.person_id)
    if person.erased:
        return Accepted()
    return Accepted((replace(person, days=person.days | {command.day}),))


def note_merged(person: ServedPerson | None, onward: MergedPerson | None, command: NoteMerged, now: Now) -> Decision:
    """Note which record stays for one that was given up; `onward` leads on from it where it was itself given up."""
    if is_erased(person):
        return Accepted()
    return Accepted((MergedPerson(command.merged_id, onward.seeker_id if onward else command.seeker_id),))


def note_consent(person: ServedPerson | None, last: SurveyConsent | None, command: NoteConsent, now: Now) -> Decision:
    """Note whether a person wants to be asked; what they said before is heard again without effect."""
    said = command.said
    again = last is not None and (said.occurred_on, said.recorded_at) < (last.occurred_on, last.recorded_at)
    if again or is_erased(person):
        return Accepted()
    return Accepted((said,))


def forget(person: ServedPerson | None, invited: InvitationsOf | None, command: ForgetPerson, now: Now) -> Decision:
    """Keep nothing but the mark that this person was erased."""
    mark = ServedPerson(command.person_id, erased=True)
    return Accepted((mark,), effects=(ForgottenTraces(command.person_id),))


def draw(asked: AskedPersons, urn: Urn, command: DrawSurvey, now: Now) -> Decision:
    """Draw the first of the urn whom no other survey of the quarter has asked, and who haven't declined."""
    form = command.form
    day = form.occurred_on or now.day
    if refused := impossible_day(now, "occurred_on", day) or _wrong_period(form, day):
        return refused
    quarter = quarter_of(day)
    passed_over = asked.in_quarter(quarter) | urn.declined
    eligible = [person_id for person_id in urn.persons if person_id not in passed_over]
    if len(eligible) < form.asked:
        return Refused(
            TOO_FEW_ELIGIBLE,
            f"of those served in the period {len(eligible)} may be asked in this quarter, fewer than {form.asked}",
            "asked",
            {"eligible": len(eligible), "asked": form.asked},
        )
    drawn = eligible[: form.asked]
    survey = Survey(command.survey_id, day, form.period_from, form.period_to, len(eligible), form.asked)
    invitations = [
        Invitation(survey.survey_id, invitation_id(survey.survey_id, person_id, command.secret), person_id, quarter)
        for person_id in drawn
    ]
    event = SurveyDrawn(
        **now.stamp("draw", day),
        survey_id=survey.survey_id,
        asked=form.asked,
        period_from=form.period_from,
        period_to=form.period_to,
        invitations=tuple(sorted(invitation_digest(one.invitation_id, one.person_id) for one in invitations)),
    )
    answer = {"survey_id": survey.survey_id, "eligible": survey.eligible, "asked": survey.asked}
    return Accepted((asked.with_(quarter, drawn), survey, *invitations), (event,), answer)


def record_held(command: RecordHeldSurvey, now: Now) -> Decision:
    """Record a survey of an earlier time with all its answers. What it publishes is marked as imported."""
    row, now = command.row, replace(now, imported=True)
    day = row.occurred_on or now.day
    if refused := impossible_day(now, "occurred_on", day) or _wrong_period(row, day):
        return refused
    answers = row.answers
    if len(answers) > row.asked:
        return Refused(TOO_MANY_ANSWERS, f"{row.asked} were asked, fewer than the {len(answers)} answers", "asked")
    survey = Survey(command.survey_id, day, row.period_from, row.period_to, row.asked, row.asked).with_answers(*answers)
    drawn = SurveyDrawn(
        **now.stamp("record_held", day),
        survey_id=survey.survey_id,
        asked=row.asked,
        period_from=row.period_from,
        period_to=row.period_to,
    )
    given = (
        SurveyAnswered(**now.stamp("record_held", day), survey_id=survey.survey_id, answer=answer) for answer in answers
    )
    told = {"survey_id": survey.survey_id, "asked": survey.asked, "answered": survey.answered}
    return Accepted((survey,), (drawn, *given), told)


def answer(survey: Survey | None, invitation: Invitation | None, command: AnswerSurvey, now: Now) -> Decision:
    """Take down an answer, once for each invitation; what is published doesn't tell whose it is."""
    form = command.form
    if survey is None:
        return Unknown("survey_id", command.survey_id)
    if invitation is None:
        return Unknown("invitation_id", form.invitation_id)
    day = form.occurred_on or now.day
    if refused := impossible_day(now, "occurred_on", day):
        return refused
    if day < survey.occurred_on:
        return Refused(BEFORE_SURVEY, f"the survey was on {survey.occurred_on}, after {day}", "occurred_on")
    if invitation.answered:
        return Refused(ALREADY_ANSWERED, "this invitation has been answered already", "invitation_id")
    survey = survey.with_answers(form.answer)
    event = SurveyAnswered(**now.stamp("answer", day), survey_id=survey.survey_id, answer=form.answer)
    told = {"survey_id": survey.survey_id, "asked": survey.asked, "answered": survey.answered}
    return Accepted((survey, replace(invitation, answered=True)), (event,), told)


def _wrong_period(form: SurveyForm, day: date) -> Refused | None:
    """Refuse a period that isn't one, or that goes on after the survey's day."""
    if form.period_from > form.period_to:
        return Refused(PERIOD_REVERSED, f"{form.period_from} is after {form.period_to}", "period_from")
    if form.period_to > day:
        return Refused(PERIOD_NOT_OVER, f"the period ends on {form.period_to}, after {day}", "period_to")
    return None


DECIDERS: Deciders = {
    NoteServed: note_served,
    NoteMerged: note_merged,
    NoteConsent: note_consent,
    ForgetPerson: forget,
    DrawSurvey: draw,
    RecordHeldSurvey: record_held,
    AnswerSurvey: answer,
}
