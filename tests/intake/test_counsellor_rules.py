"""When a counsellor changes groups, is away and comes back, without a database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from chassis.batch.decisions import Accepted, Actor, Decision, Now, Refused, Unknown
from contracts.counsellors import CounsellorChanged
from contracts.ids import CounsellorId
from services.intake.counsellors import rules
from services.intake.counsellors.commands import (
    AbsenceForm,
    AbsenceReturn,
    ChangeCounsellor,
    CounsellorDetailsForm,
    EndAbsence,
    RecordAbsence,
)
from services.intake.counsellors.model import Absence, Absences, Counsellor

TODAY = date(2010, 8, 2)
ID = CounsellorId(UUID(int=1))
COUNSELLOR = Counsellor(ID, "이한결", ("youth",), date(2009, 1, 28))
GONE = Counsellor(ID, "이한결", ("youth",), date(2009, 1, 28), left_on=TODAY)
NOW = Now(datetime(2010, 8, 2, 1, tzinfo=UTC), TODAY, Actor("manager", "m"))


def away(first: date, last: date, absences: Absences | None = None, counsellor: Counsellor | None = COUNSELLOR) -> Any:
    form = AbsenceForm.model_validate({"from": first, "to": last, "reason": "leave"})
    return rules.be_away(counsellor, absences, RecordAbsence(ID, form), NOW)


def back(absences: Absences | None, on: date | None = None, counsellor: Counsellor | None = COUNSELLOR) -> Any:
    return rules.come_back(counsellor, absences, EndAbsence(ID, AbsenceReturn(occurred_on=on)), NOW)


def changed(counsellor: Counsellor | None, *groups: Any, name: str = "이한결") -> Decision:
    return rules.change(counsellor, ChangeCounsellor(ID, CounsellorDetailsForm(name=name, groups=groups)), NOW)


def problem_of(decision: Decision) -> Any:
    assert isinstance(decision, Refused)
    return decision.problem


def test_an_absence_is_from_its_first_to_its_last_day() -> None:
    (absences,) = away(date(2010, 8, 9), date(2010, 8, 20)).states
    assert absences.on(date(2010, 8, 8)) is None
    assert absences.on(date(2010, 8, 9)).days == 12
    assert absences.on(date(2010, 8, 20)).reason == "leave"
    assert absences.on(date(2010, 8, 21)) is None


def test_absences_are_kept_by_day_and_those_long_over_are_dropped() -> None:
    old = Absence(date(2009, 3, 1), date(2009, 8, 1))
    recent = Absence(date(2009, 3, 1), date(2009, 8, 2))
    later = Absence(date(2010, 12, 1), date(2010, 12, 2))
    (absences,) = away(TODAY, TODAY, Absences(ID, (old, later))).states
    assert [period.first for period in absences.periods] == [TODAY, later.first]
    (absences,) = away(TODAY, TODAY, Absences(ID, (recent,))).states
    assert absences.periods[0] == recent


@pytest.mark.parametrize(("first", "last"), [(1, 3), (5, 9), (3, 5), (1, 9), (3, 3), (4, 4)])
def test_nobody_is_away_twice_on_a_day(first: int, last: int) -> None:
    known = Absences(ID, (Absence(date(2010, 9, 3), date(2010, 9, 5)),))
    assert problem_of(away(date(2010, 9, first), date(2010, 9, last), known)) == rules.ALREADY_AWAY


def test_an_absence_beside_another_is_taken() -> None:
    known = Absences(ID, (Absence(date(2010, 9, 3), date(2010, 9, 5)),))
    assert isinstance(away(date(2010, 9, 6), date(2010, 9, 6), known), Accepted)
    assert isinstance(away(date(2010, 9, 2), date(2010, 9, 2), known), Accepted)


def test_an_absence_is_refused_that_ends_before_it_begins_or_of_who_is_not_in_service() -> None:
    refused = away(TODAY, TODAY - timedelta(1))
    assert (problem_of(refused), refused.field) == (rules.ABSENCE_REVERSED, "to")
    assert problem_of(away(TODAY, TODAY, counsellor=GONE)) == rules.NOT_IN_SERVICE
    assert isinstance(away(TODAY, TODAY, counsellor=None), Unknown)


def test_the_form_names_days_as_from_and_to() -> None:
    with pytest.raises(ValidationError):
        AbsenceForm.model_validate({"first": TODAY, "last": TODAY})


def test_who_comes_back_early_is_there_from_that_day() -> None:
    long = Absence(date(2010, 7, 1), date(2010, 8, 31), "illness")
    later = Absence(date(2010, 12, 1), date(2010, 12, 2))
    (absences,) = back(Absences(ID, (long, later))).states
    assert absences.periods == (Absence(date(2010, 7, 1), date(2010, 8, 1), "illness"), later)
    (absences,) = back(Absences(ID, (long,)), long.first).states
    assert absences.periods == ()


def test_only_who_is_away_comes_back() -> None:
    assert problem_of(back(None)) == rules.NOT_AWAY
    assert problem_of(back(Absences(ID, (Absence(date(2010, 7, 1), date(2010, 8, 1)),)))) == rules.NOT_AWAY
    assert isinstance(back(None, counsellor=None), Unknown)
    assert back(None, TODAY + timedelta(1)).field == "occurred_on"


def test_other_groups_are_announced_and_another_name_is_not() -> None:
    decision = changed(COUNSELLOR, "youth", "women")
    assert isinstance(decision, Accepted)
    (event,) = decision.events
    assert isinstance(event, CounsellorChanged)
    assert event.groups == ("youth", "women")
    renamed = changed(COUNSELLOR, "youth", name="이한별")
    assert isinstance(renamed, Accepted)
    assert not renamed.events
    assert renamed.states[0].name == "이한별"


def test_nobody_changes_who_has_left() -> None:
    assert problem_of(changed(GONE, "women")) == rules.NOT_IN_SERVICE
    assert isinstance(changed(None, "women"), Unknown)
