"""A counsellor of an earlier time is recorded with the end of their service."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import uuid_utils.compat as uuids

from chassis.batch.decisions import Accepted, Actor, Decision, Now, Refused
from chassis.problems import DATE_IN_FUTURE, ProblemType
from contracts.counsellors import CounsellorJoined, CounsellorLeft
from contracts.ids import CounsellorId
from services.intake.counsellors.commands import CounsellorRow, RecordService
from services.intake.counsellors.rules import NOT_IN_SERVICE, record_service
from tests.kit import forms

NOW = Now(datetime(2010, 7, 5, 3, tzinfo=UTC), date(2010, 7, 5), Actor("manager", "m-1"), imported=True)


def recording(**row: Any) -> Decision:
    given = forms.counsellor(**{"occurred_on": "2009-01-28", **row})
    return record_service(RecordService(CounsellorId(uuids.uuid7()), CounsellorRow(**given)), NOW)


@pytest.mark.parametrize(
    ("row", "kinds"), [({}, [CounsellorJoined]), ({"left_on": "2010-03-02"}, [CounsellorJoined, CounsellorLeft])]
)
def test_who_has_left_is_recorded_as_having_left(row: dict[str, Any], kinds: list[type]) -> None:
    decision = recording(**row)
    assert isinstance(decision, Accepted)
    assert [type(event) for event in decision.events] == kinds
    assert decision.states[0].left_on == (date(2010, 3, 2) if row else None)


@pytest.mark.parametrize(
    ("row", "problem", "field"),
    [
        ({"left_on": "2009-01-27"}, NOT_IN_SERVICE, "left_on"),
        ({"left_on": "2010-07-06"}, DATE_IN_FUTURE, "left_on"),
        ({"occurred_on": "2010-07-06"}, DATE_IN_FUTURE, "occurred_on"),
    ],
)
def test_a_service_is_refused_for(row: dict[str, Any], problem: ProblemType, field: str) -> None:
    decision = recording(**row)
    assert isinstance(decision, Refused)
    assert (decision.problem, decision.field) == (problem, field)
