"""Who agrees to surveys no longer is not drawn, nor asked any more, until they agree again."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import uuid_utils.compat as uuids

from chassis.batch.decisions import Accepted
from contracts.ids import SeekerId
from services.followup.surveys import policies, rules
from services.followup.surveys.commands import NoteConsent
from services.followup.surveys.model import ServedPerson, SurveyConsent
from tests.followup.care import Care
from tests.followup.test_survey_rules import DAY, PERSONS, on, sample, states
from tests.followup.test_survey_rules import drawn as drawn_by_rule
from tests.kit.events import consented, erased, merged, session

WHO = SeekerId(PERSONS[0])
_years = itertools.count(1900)


@pytest.fixture
def year() -> int:
    return next(_years)


def test_who_declined_is_not_drawn_and_not_eligible() -> None:
    decision = drawn_by_rule(declined=frozenset({PERSONS[0], PERSONS[2]}))
    assert sample(decision) == [PERSONS[1], PERSONS[3], PERSONS[4]]
    assert decision.answer["eligible"] == 4


def test_only_what_is_said_of_surveys_is_noted() -> None:
    event = consented(WHO, DAY, given=False)
    (command,) = policies.note_consent(event)
    assert command == NoteConsent(SurveyConsent(WHO, False, DAY, event.recorded_at))
    assert policies.note_consent(consented(WHO, DAY, given=False, purpose="messages")) == ()


def test_what_was_said_before_is_heard_again_without_effect() -> None:
    first = SurveyConsent(WHO, False, DAY, datetime(2010, 7, 5, 1, tzinfo=UTC))
    later = SurveyConsent(WHO, True, DAY, datetime(2010, 7, 5, 2, tzinfo=UTC))
    assert states(rules.note_consent(None, None, NoteConsent(first), on(DAY)), SurveyConsent) == [first]
    assert states(rules.note_consent(None, first, NoteConsent(later), on(DAY)), SurveyConsent) == [later]
    assert rules.note_consent(None, later, NoteConsent(first), on(DAY)) == Accepted()
    gone = ServedPerson(WHO, erased=True)
    assert rules.note_consent(gone, None, NoteConsent(first), on(DAY)) == Accepted()


def _draw(care: Care, day: date, asked: int, on: date | None = None) -> Any:
    form = {"asked": asked, "period_from": day, "period_to": day, "occurred_on": on or day}
    return care.calling.post("followup", "/surveys", form, role="evaluator").json


def _eligible(care: Care, day: date, on: date | None = None) -> int:
    return _draw(care, day, 100, on)["facts"]["eligible"]


def _sample(care: Care, survey_id: str) -> dict[str, bool]:
    """Give who is in a sample, and whether they have declined."""
    page = care.calling.get("followup", f"/surveys/{survey_id}/sample", role="evaluator").json
    return {one["person_id"]: one["declined"] for one in page["invitations"]}


def test_what_any_record_of_a_person_said_last_counts_for_the_person(care: Care, year: int) -> None:
    a, b = SeekerId(uuids.uuid7()), SeekerId(uuids.uuid7())
    day = date(year, 2, 2)
    next_day = day + timedelta(days=1)
    care.apply([session(a, day), session(b, day), consented(a, day, given=True)])
    care.apply([consented(b, next_day, given=False)])
    survey_id = _draw(care, day, 1)["survey_id"]
    assert _sample(care, survey_id) == {str(a): False}

    # B turns out to be A, who declined as B the day after agreeing as A.
    care.apply([merged(a, b, next_day)])
    assert _sample(care, survey_id) == {str(a): True}
    assert care.calling.get("followup", f"/surveys/{survey_id}", role="evaluator").json["asked"] == 1
    assert _eligible(care, day, date(year, 7, 1)) == 0

    care.apply([consented(a, next_day + timedelta(days=1), given=True)])
    assert _sample(care, survey_id) == {str(a): False}
    assert _eligible(care, day, date(year, 7, 1)) == 1


def test_nothing_that_was_said_is_kept_of_who_is_erased(care: Care, year: int) -> None:
    gone, day = SeekerId(uuids.uuid7()), date(year, 2, 2)
    care.apply([consented(gone, day, given=False)])
    assert care.calling.query("followup", "SELECT FROM survey_consent WHERE person_id = $1", gone)
    care.apply([erased(gone, day), consented(gone, day, given=True)])
    assert not care.calling.query("followup", "SELECT FROM survey_consent WHERE person_id = $1", gone)
