"""What each survey rule decides, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, get_args
from uuid import UUID

import pytest
import uuid_utils.compat as uuids
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from chassis.batch.decisions import Accepted, Actor, Decision, Now, Refused, Unknown
from contracts.followups import FollowUpMade
from contracts.ids import SeekerId, SurveyId
from contracts.surveys import SurveyAnswered, SurveyDrawn, invitation_digest
from services.followup.surveys import policies, rules
from services.followup.surveys.commands import (
    AnswerForm,
    AnswerSurvey,
    DrawSurvey,
    ForgetPerson,
    HeldSurveyRow,
    NoteServed,
    RecordHeldSurvey,
    SurveyForm,
)
from services.followup.surveys.model import (
    AskedPersons,
    Invitation,
    ServedPerson,
    Survey,
    Urn,
    UrnKey,
    invitation_id,
    quarter_of,
)
from tests.kit.events import contact, erased, placed, referral, session

DAY = date(2010, 7, 5)
QUARTER = date(2010, 7, 1)
FROM, TO = date(2010, 1, 1), date(2010, 6, 30)
SECRET = b"of one draw"
PERSONS = tuple(uuids.uuid7() for _ in range(6))


def on(day: date) -> Now:
    return Now(datetime(day.year, day.month, day.day, 1, tzinfo=UTC), day, Actor("evaluator", "v-1"))


def drawn(
    before: AskedPersons | None = None,
    persons: tuple[UUID, ...] = PERSONS,
    now: Now | None = None,
    declined: frozenset[UUID] = frozenset(),
    **form: Any,
) -> Any:
    survey_id = SurveyId(uuids.uuid7())
    form = {"asked": 3, "period_from": FROM, "period_to": TO, **form}
    urn = Urn(UrnKey(survey_id, form["period_from"], form["period_to"]), persons, declined)
    return rules.draw(before or AskedPersons(), urn, DrawSurvey(survey_id, SurveyForm(**form), SECRET), now or on(DAY))


def states(decision: Decision, kind: type[Any]) -> list[Any]:
    assert isinstance(decision, Accepted), decision
    return [state for state in decision.states if isinstance(state, kind)]


def sample(decision: Decision) -> list[UUID]:
    return [invitation.person_id for invitation in states(decision, Invitation)]


def refusal(decision: Decision) -> tuple[str, str | None]:
    assert isinstance(decision, Refused), decision
    return decision.problem.code, decision.field


def answered(decision: Accepted, now: Now | None = None, **form: Any) -> Decision:
    """Answer the first invitation of a draw."""
    (survey,) = states(decision, Survey)
    invitation = states(decision, Invitation)[0]
    command = AnswerSurvey(survey.survey_id, AnswerForm(invitation_id=invitation.invitation_id, answer=4, **form))
    return rules.answer(survey, invitation, command, now or on(DAY))


def test_the_first_of_the_urn_are_drawn_and_it_is_published_how_many() -> None:
    decision = drawn()
    assert sample(decision) == list(PERSONS[:3])
    (survey,) = states(decision, Survey)
    assert survey == Survey(survey.survey_id, DAY, FROM, TO, 6, 3, 0)
    (event,) = decision.events
    assert isinstance(event, SurveyDrawn)
    asked = {invitation_digest(one.invitation_id, one.person_id) for one in states(decision, Invitation)}
    assert (len(asked), event.invitations) == (3, tuple(sorted(asked)))
    assert (event.survey_id, event.occurred_on, event.asked) == (survey.survey_id, DAY, 3)
    assert (event.period_from, event.period_to, event.rule, event.actor.role) == (FROM, TO, "draw", "evaluator")
    assert decision.answer == {"survey_id": survey.survey_id, "eligible": 6, "asked": 3}


def test_everyone_may_be_drawn() -> None:
    assert sample(drawn(asked=6)) == list(PERSONS)


def test_who_another_survey_of_the_quarter_asked_is_passed_over() -> None:
    asked = AskedPersons({QUARTER: frozenset({PERSONS[0], PERSONS[2]})})
    decision = drawn(asked)
    assert sample(decision) == [PERSONS[1], PERSONS[3], PERSONS[4]]
    assert states(decision, Survey)[0].eligible == 4
    assert states(decision, AskedPersons) == [AskedPersons({QUARTER: frozenset(PERSONS[:5])})]


def test_who_was_asked_in_another_quarter_is_not_passed_over() -> None:
    for quarter in (date(2010, 4, 1), date(2010, 10, 1), date(2009, 7, 1)):
        assert sample(drawn(AskedPersons({quarter: frozenset(PERSONS)}))) == list(PERSONS[:3])


def test_it_is_the_surveys_own_day_that_tells_its_quarter_also_where_it_is_recorded_late() -> None:
    asked = AskedPersons({QUARTER: frozenset(PERSONS)})
    late = on(date(2010, 10, 1))
    assert refusal(drawn(asked, now=late, occurred_on=date(2010, 9, 30))) == ("too-few-eligible", "asked")
    assert sample(drawn(asked, now=late)) == list(PERSONS[:3])


def test_surveys_drawn_one_after_the_other_ask_nobody_twice_until_too_few_are_left() -> None:
    first = drawn(asked=4)
    (asked,) = states(first, AskedPersons)
    second = drawn(asked, asked=3)
    assert isinstance(second, Refused)
    assert (refusal(second), second.facts) == (("too-few-eligible", "asked"), {"eligible": 2, "asked": 3})
    third = drawn(asked, asked=2)
    assert set(sample(first)) | set(sample(third)) == set(PERSONS)


@given(
    st.lists(
        st.tuples(st.dates(date(2010, 7, 1), date(2011, 6, 30)), st.integers(1, 6), st.permutations(PERSONS)),
        min_size=2,
        max_size=12,
    )
)
def test_whatever_is_drawn_nobody_is_asked_twice_in_a_quarter(draws: list[tuple[date, int, list[UUID]]]) -> None:
    asked = AskedPersons()
    seen: list[tuple[int, int, UUID]] = []
    for day, count, urn in draws:
        decision = drawn(asked, tuple(urn), on(date(2011, 6, 30)), asked=count, occurred_on=day)
        taken = [person for year, number, person in seen if (year, number) == (day.year, (day.month - 1) // 3)]
        if isinstance(decision, Accepted):
            (asked,) = states(decision, AskedPersons)
            seen += [(day.year, (day.month - 1) // 3, person) for person in sample(decision)]
            assert len(sample(decision)) == count
        else:
            assert decision.facts == {"eligible": len(PERSONS) - len(taken), "asked": count}
            assert len(PERSONS) - len(taken) < count
    assert len(seen) == len(set(seen))


REFUSED: dict[str, tuple[dict[str, Any], tuple[str, str]]] = {
    "more than were served": ({"asked": 7}, ("too-few-eligible", "asked")),
    "a day to come": ({"occurred_on": date(2010, 7, 6)}, ("date-in-future", "occurred_on")),
    "a period that ends before it begins": ({"period_from": date(2010, 7, 1)}, ("period-reversed", "period_from")),
    "a period that is not over": ({"period_to": date(2010, 7, 6)}, ("period-not-over", "period_to")),
    "a period that was not over on its day": (
        {"occurred_on": date(2010, 6, 29)},
        ("period-not-over", "period_to"),
    ),
}


@pytest.mark.parametrize(("form", "refused"), REFUSED.values(), ids=REFUSED.keys())
def test_a_survey_is_refused_for(form: dict[str, Any], refused: tuple[str, str]) -> None:
    assert refusal(drawn(**form)) == refused


def test_a_period_may_be_one_day_and_end_on_the_surveys() -> None:
    assert sample(drawn(period_from=DAY, period_to=DAY)) == list(PERSONS[:3])


def test_a_quarter_begins_in_january_april_july_and_october() -> None:
    assert [quarter_of(date(2010, month, 28)).month for month in range(1, 13)] == [
        1,
        1,
        1,
        4,
        4,
        4,
        7,
        7,
        7,
        10,
        10,
        10,
    ]
    assert quarter_of(date(2010, 12, 31)) == date(2010, 10, 1)


def test_invitation_ids_are_as_old_as_the_survey_and_each_its_own() -> None:
    surveys = [SurveyId(uuids.uuid7()) for _ in range(2)]
    ids = [invitation_id(survey, person, SECRET) for survey in surveys for person in PERSONS]
    assert len({*ids, *PERSONS}) == 18
    assert {(one.version, one.variant, one.int >> 80) for one in ids} == {
        (7, "specified in RFC 4122", survey.int >> 80) for survey in surveys
    }


def test_an_answer_is_counted_and_its_event_tells_nothing_of_whose_it_is() -> None:
    decision = answered(drawn())
    assert isinstance(decision, Accepted)
    (survey,), (invitation,) = states(decision, Survey), states(decision, Invitation)
    assert (survey.answered, invitation.answered) == (1, True)
    assert decision.answer == {"survey_id": survey.survey_id, "asked": 3, "answered": 1}
    (event,) = decision.events
    assert isinstance(event, SurveyAnswered)
    assert event.model_dump(mode="json") == {
        "occurred_on": DAY.isoformat(),
        "recorded_at": "2010-07-05T01:00:00Z",
        "actor": {"role": "evaluator", "id": "v-1"},
        "rule": "answer",
        "imported": False,
        "survey_id": str(survey.survey_id),
        "answer": 4,
    }


def test_an_answer_is_refused_twice_before_the_survey_and_in_the_future() -> None:
    draw = drawn(now=on(date(2010, 7, 9)), occurred_on=date(2010, 7, 7))
    today = on(date(2010, 7, 9))
    assert refusal(answered(draw, today, occurred_on=date(2010, 7, 6))) == ("before-survey", "occurred_on")
    assert refusal(answered(draw, today, occurred_on=date(2010, 7, 10))) == ("date-in-future", "occurred_on")
    first = answered(draw, today, occurred_on=date(2010, 7, 7))
    assert isinstance(first, Accepted)
    assert refusal(answered(first, today)) == ("invitation-already-answered", "invitation_id")


def test_an_answer_to_an_unknown_survey_or_invitation_is_unknown() -> None:
    (survey,) = states(drawn(), Survey)
    command = AnswerSurvey(survey.survey_id, AnswerForm(invitation_id=PERSONS[0], answer=1))
    assert rules.answer(None, None, command, on(DAY)) == Unknown("survey_id", survey.survey_id)
    assert rules.answer(survey, None, command, on(DAY)) == Unknown("invitation_id", PERSONS[0])


@pytest.mark.parametrize("answer", [0, 6, None])
def test_an_answer_is_a_score(answer: Any) -> None:
    with pytest.raises(ValidationError):
        AnswerForm(invitation_id=PERSONS[0], answer=answer)


def test_a_person_is_noted_with_each_day_once() -> None:
    person = None
    for day in (TO, FROM, TO):
        (person,) = states(rules.note_served(person, NoteServed(PERSONS[0], day), on(DAY)), ServedPerson)
    assert person == ServedPerson(PERSONS[0], frozenset({FROM, TO}))


def test_of_who_was_erased_nothing_is_left_and_nothing_noted_any_more() -> None:
    person = ServedPerson(PERSONS[0], frozenset({FROM}))
    (gone,) = states(rules.forget(person, None, ForgetPerson(SeekerId(PERSONS[0])), on(DAY)), ServedPerson)
    assert gone == ServedPerson(PERSONS[0], frozenset(), erased=True)
    assert rules.note_served(gone, NoteServed(PERSONS[0], TO), on(DAY)) == Accepted()


def test_who_had_a_session_a_referral_a_placement_or_was_reached_was_served() -> None:
    person = PERSONS[0]
    noted = (NoteServed(person, FROM),)
    assert policies.note_client(session(person, FROM)) == noted
    assert policies.note_client(session(person, FROM, registered=False, kind="startup", person=None)) == noted
    assert policies.note_seeker(referral(person, FROM)) == noted
    assert policies.note_seeker(placed(person, FROM)) == noted
    assert policies.note_seeker(placed(person, FROM, source="self_found")) == ()
    for outcome in get_args(FollowUpMade.model_fields["outcome"].annotation):
        made = contact(FROM, outcome=outcome)
        expected = () if outcome == "not_reached" else (NoteServed(made.seeker_id, FROM),)
        assert policies.note_reached(made) == expected
    assert policies.forget(erased(person, FROM)) == (ForgetPerson(SeekerId(person)),)


def held(**row: Any) -> Decision:
    given = {"asked": 10, "period_from": FROM, "period_to": TO, "answered_2": 1, "answered_4": 5, **row}
    return rules.record_held(RecordHeldSurvey(SurveyId(uuids.uuid7()), HeldSurveyRow(**given)), on(DAY))


def test_a_survey_of_an_earlier_time_publishes_every_answer_marked_as_imported() -> None:
    decision = held()
    assert isinstance(decision, Accepted)
    drawn_, *answers = decision.events
    assert isinstance(drawn_, SurveyDrawn)
    assert sorted(event.answer for event in answers if isinstance(event, SurveyAnswered)) == [2, 4, 4, 4, 4, 4]
    assert {event.imported for event in decision.events if isinstance(event, SurveyDrawn | SurveyAnswered)} == {True}
    assert states(decision, Survey)[0].answered == 6


def test_the_score_is_the_mean_of_the_answers_in_points_and_unknown_where_one_was_given_before_it_was_kept() -> None:
    (survey,) = states(held(), Survey)
    assert (survey.score, survey.percent_satisfied) == (66.7, 83.3)
    (survey,) = states(drawn(), Survey)
    assert (survey.score, survey.percent_satisfied) == (None, None)
    (survey,) = states(answered(drawn()), Survey)
    assert (survey.score, survey.percent_satisfied) == (75.0, 100.0)
    more = replace(survey, answered=2).with_answers(1, 1)
    assert (more.answered, more.score, more.percent_satisfied) == (4, None, None)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"asked": 5}, rules.TOO_MANY_ANSWERS),
        ({"period_from": date(2010, 7, 1)}, rules.PERIOD_REVERSED),
        ({"period_to": date(2010, 7, 6)}, rules.PERIOD_NOT_OVER),
    ],
)
def test_a_survey_of_an_earlier_time_is_refused_for(row: dict[str, Any], problem: Any) -> None:
    decision = held(**row)
    assert isinstance(decision, Refused)
    assert decision.problem == problem
