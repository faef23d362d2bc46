"""Who is a member, a prospect or gone, and which hiring plans are taken."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import uuid_utils.compat as uuids
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from chassis.batch.decisions import Accepted, Actor, Decision, Now, Refused, Unknown
from contracts.firms import (
    EmployerChanged,
    EmployerJoined,
    EmployerLeft,
    EmployerReturned,
    HiringPlanAsked,
    HiringPlanFiled,
    HiringPlanWithdrawn,
    ProspectListed,
)
from contracts.ids import EmployerId, HiringPlanId, PlanRequestId
from services.intake.firms import asking, rules
from services.intake.firms.commands import (
    AskForPlan,
    ChangeEmployer,
    EmployerDetailsForm,
    EmployerForm,
    EmployerLeavingForm,
    FilePlan,
    HiringPlanForm,
    JoinEmployer,
    LeaveCentre,
    ListProspect,
    PlanRequestForm,
    WithdrawPlan,
)
from services.intake.firms.model import Employer, HiringPlan, PlanRequests
from tests.kit import forms

TODAY = date(2011, 2, 14)
NOW = Now(datetime(2011, 2, 14, 3, tzinfo=UTC), TODAY, Actor("counsellor", "c-1"))
TOMORROW = date(2011, 2, 15)
NOT_ASKED = PlanRequests(EmployerId(uuids.uuid7()))


def a_form(**details: Any) -> EmployerForm:
    form = forms.employer(**{"business_number": "0008100009", **details})
    return EmployerForm.model_validate(form)


def a_member(**details: Any) -> Employer:
    member = Employer(EmployerId(uuids.uuid7()), "0008100009", "한빛물산", "mid", "11680", date(2009, 2, 2))
    return replace(member, **details)


def a_prospect(**details: Any) -> Employer:
    return a_member(**{"status": "prospect", "joined_on": None, "listed_on": date(2011, 2, 1), **details})


def one_who_left(**details: Any) -> Employer:
    return a_member(**{"status": "left", "left_on": date(2010, 6, 30), **details})


def a_plan(**details: Any) -> HiringPlan:
    plan = HiringPlan(
        HiringPlanId(uuids.uuid7()), EmployerId(uuids.uuid7()), 12, ("02",), date(2011, 6, 30), False, TODAY
    )
    return replace(plan, **details)


def join(same: Employer | None, **details: Any) -> Decision:
    return rules.join(same, JoinEmployer(EmployerId(uuids.uuid7()), a_form(**details)), NOW)


def listed(same: Employer | None, **details: Any) -> Decision:
    return rules.list_prospect(same, ListProspect(EmployerId(uuids.uuid7()), a_form(**details)), NOW)


def changed(employer: Employer | None, version: int = 1, **details: Any) -> Decision:
    form = {"name": "한빛물산", "size": "mid", "district": "11680", **details}
    command = ChangeEmployer(EmployerId(uuids.uuid7()), EmployerDetailsForm.model_validate(form), version)
    return rules.change(employer, command, NOW)


def left(employer: Employer | None, on: date | None = None) -> Decision:
    return rules.leave(employer, LeaveCentre(EmployerId(uuids.uuid7()), EmployerLeavingForm(occurred_on=on)), NOW)


def filed(employer: Employer | None, asked: PlanRequests = NOT_ASKED, **details: Any) -> Decision:
    form = {"openings": 12, "occupations": ["02", "10"], "hire_by": date(2011, 6, 30), **details}
    command = FilePlan(HiringPlanId(uuids.uuid7()), EmployerId(uuids.uuid7()), HiringPlanForm.model_validate(form))
    return rules.file_plan(employer, asked, command, NOW)


def asked_for_plan(employer: Employer | None, asked: PlanRequests = NOT_ASKED, on: date | None = None) -> Decision:
    form = PlanRequestForm(channel="call", occurred_on=on)
    command = AskForPlan(PlanRequestId(uuids.uuid7()), asked.employer_id, form)
    return asking.ask_for_plan(employer, asked, command, NOW)


def accepted(decision: Decision) -> Accepted:
    assert isinstance(decision, Accepted), decision
    return decision


def refused(decision: Decision) -> tuple[str, str | None]:
    assert isinstance(decision, Refused), decision
    return decision.problem.code, decision.field


def test_a_company_joins_with_its_city_programmes() -> None:
    decision = accepted(join(None, programmes=["hi_seoul_brand"]))
    (event,) = decision.events
    assert isinstance(event, EmployerJoined)
    assert (event.size, event.district, event.programmes) == ("mid", "11680", ("hi_seoul_brand",))
    assert "한빛물산" not in (event.encode() or b"").decode()


def test_a_member_joins_no_second_time() -> None:
    assert refused(join(a_member())) == ("already-a-member", "business_number")


def test_a_prospect_that_joins_keeps_its_id_and_is_counted_as_joined() -> None:
    prospect = a_prospect()
    decision = accepted(join(prospect, size="large"))
    (employer,), (event,) = decision.states, decision.events
    assert isinstance(event, EmployerJoined)
    assert event.employer_id == employer.employer_id == prospect.employer_id
    assert (employer.status, employer.joined_on, employer.size, employer.version) == ("member", TODAY, "large", 2)


def test_one_who_comes_back_keeps_its_id_and_first_day_and_is_not_counted_again() -> None:
    before = one_who_left()
    decision = accepted(join(before))
    (employer,), (event,) = decision.states, decision.events
    assert isinstance(event, EmployerReturned)
    assert event.employer_id == before.employer_id
    assert (employer.status, employer.joined_on, employer.left_on) == ("member", date(2009, 2, 2), None)


def test_nobody_comes_back_before_they_left() -> None:
    assert refused(join(one_who_left(), occurred_on=date(2010, 6, 1))) == ("before-departure", "occurred_on")


@pytest.mark.parametrize("details", [{"size": "mid"}, {"size": "small", "programmes": ["hi_seoul_brand"]}])
def test_mid_sized_firms_and_small_ones_in_a_programme_are_prospects(details: dict[str, Any]) -> None:
    decision = accepted(listed(None, **details))
    (prospect,), (event,) = decision.states, decision.events
    assert isinstance(event, ProspectListed)
    assert (prospect.status, prospect.joined_on, prospect.listed_on) == ("prospect", None, TODAY)


@pytest.mark.parametrize(
    ("same", "details", "problem"),
    [
        (None, {"size": "small"}, ("not-a-prospect", "programmes")),
        (None, {"size": "large"}, ("not-a-prospect", "size")),
        (None, {"occurred_on": TOMORROW}, ("date-in-future", "occurred_on")),
        (a_member(), {}, ("already-a-member", "business_number")),
        (a_prospect(), {}, ("already-a-prospect", "business_number")),
    ],
)
def test_others_are_not_listed(same: Employer | None, details: dict[str, Any], problem: tuple[str, str]) -> None:
    assert refused(listed(same, **details)) == problem


def test_one_who_left_may_be_listed_and_then_comes_back_rather_than_joins() -> None:
    (prospect,) = accepted(listed(one_who_left())).states
    assert prospect.status == "prospect"
    (event,) = accepted(join(prospect)).events
    assert isinstance(event, EmployerReturned)


def test_a_change_names_the_fields_and_raises_the_version() -> None:
    decision = accepted(changed(a_member(), name="큰빛물산", programmes=["hi_seoul_brand"], version=1))
    (employer,), (event,) = decision.states, decision.events
    assert isinstance(event, EmployerChanged)
    assert event.changed == ("name", "programmes")
    assert (employer.version, decision.answer["version"]) == (2, 2)
    assert "큰빛물산" not in (event.encode() or b"").decode()


def test_a_change_that_changes_nothing_publishes_nothing() -> None:
    decision = accepted(changed(a_member()))
    assert (decision.states, decision.events, decision.answer["version"]) == ((), (), 1)


@pytest.mark.parametrize(
    ("employer", "version", "problem"),
    [
        (a_member(version=3), 2, ("version-changed", "If-Match")),
        (one_who_left(), 1, ("employer-left", "employer_id")),
    ],
)
def test_a_change_to_an_old_version_or_of_one_who_left_is_refused(
    employer: Employer, version: int, problem: tuple[str, str]
) -> None:
    assert refused(changed(employer, version, size="large")) == problem


def test_a_member_leaves() -> None:
    decision = accepted(left(a_member()))
    assert isinstance(decision.events[0], EmployerLeft)
    assert (decision.states[0].status, decision.states[0].left_on) == ("left", TODAY)


@pytest.mark.parametrize(
    ("employer", "on", "problem"),
    [
        (a_prospect(), None, ("not-a-member", "employer_id")),
        (one_who_left(), None, ("not-a-member", "employer_id")),
        (a_member(), date(2009, 2, 1), ("before-membership", "occurred_on")),
        (a_member(), TOMORROW, ("date-in-future", "occurred_on")),
    ],
)
def test_who_is_no_member_does_not_leave(employer: Employer, on: date | None, problem: tuple[str, str]) -> None:
    assert refused(left(employer, on)) == problem


@pytest.mark.parametrize("employer", [a_member(), a_prospect()])
def test_members_and_prospects_file_plans_that_tell_where_they_are(employer: Employer) -> None:
    (event,) = accepted(filed(employer, converts_interns=True)).events
    assert isinstance(event, HiringPlanFiled)
    assert (event.openings, event.occupations, event.converts_interns) == (12, ("02", "10"), True)
    assert (event.size, event.district, event.member) == ("mid", "11680", employer.status == "member")


@pytest.mark.parametrize(
    ("employer", "details", "problem"),
    [
        (a_member(), {"hire_by": date(2011, 2, 13)}, ("hiring-in-past", "hire_by")),
        (a_member(), {"occurred_on": TOMORROW}, ("date-in-future", "occurred_on")),
        (one_who_left(), {}, ("employer-left", "employer_id")),
    ],
)
def test_a_plan_is_refused(employer: Employer, details: dict[str, Any], problem: tuple[str, str]) -> None:
    assert refused(filed(employer, **details)) == problem


@given(st.dates(min_value=TODAY))
def test_a_plan_may_be_for_any_day_from_today_on(hire_by: date) -> None:
    accepted(filed(a_member(), hire_by=hire_by))


def test_a_plan_is_withdrawn_once() -> None:
    plan = a_plan()
    decision = accepted(rules.withdraw_plan(plan, WithdrawPlan(plan.plan_id), NOW))
    (event,) = decision.events
    assert isinstance(event, HiringPlanWithdrawn)
    assert event.key == str(plan.employer_id)
    again = rules.withdraw_plan(decision.states[0], WithdrawPlan(plan.plan_id), NOW)
    assert refused(again) == ("plan-withdrawn", "plan_id")


def test_what_nobody_knows_is_unknown() -> None:
    unknown = [changed(None), left(None), filed(None)]
    unknown.append(rules.withdraw_plan(None, WithdrawPlan(HiringPlanId(uuids.uuid7())), NOW))
    assert all(isinstance(decision, Unknown) for decision in unknown)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("0008100008", "the last digit does not follow"),
        ("000810000", "has 10 digits, such as 000-81-00009"),
        ("00081000090", "has 10 digits"),
        ("abcdefghij", "has 10 digits"),
        ("110111-0000001", "has 10 digits"),
    ],
)
def test_what_is_no_business_number_is_refused_in_words(number: str, reason: str) -> None:
    with pytest.raises(ValidationError, match=rf"business_number\n.*{reason}"):
        a_form(business_number=number)


@pytest.mark.parametrize(
    "typed", ["000-81-00009", "000 81 00009", "０００８１０００09", "000–81–00009", " 0008100009\u00a0"]
)
def test_a_business_number_is_kept_as_its_ten_digits_however_it_is_typed(typed: str) -> None:
    assert a_form(business_number=typed).business_number == "0008100009"


@pytest.mark.parametrize("programmes", [["hi", "hi"], ["Not a code"], [f"p{n}" for n in range(21)]])
def test_programmes_are_codes_each_named_once(programmes: list[str]) -> None:
    with pytest.raises(ValidationError, match="programmes"):
        a_form(programmes=programmes)


@pytest.mark.parametrize(("firm", "member"), [(a_member(), True), (a_prospect(), False)])
def test_a_firm_is_asked_for_its_plan_and_the_plan_that_it_files_answers(firm: Employer, member: bool) -> None:
    first = accepted(asked_for_plan(firm, on=TODAY - timedelta(20)))
    (event,) = first.events
    assert isinstance(event, HiringPlanAsked)
    assert (event.channel, event.size, event.district, event.member) == ("call", "mid", "11680", member)
    second = accepted(asked_for_plan(firm, first.states[0]))
    (asked,) = second.states
    assert [(one.asked_on, one.asked_by) for one in asked.requests] == [
        (TODAY - timedelta(20), "counsellor/c-1"),
        (TODAY, "counsellor/c-1"),
    ]
    plan, answered = accepted(decision := filed(firm, asked)).states
    (told,) = accepted(decision).events
    assert isinstance(told, HiringPlanFiled)
    assert told.asked_on == TODAY
    assert {(one.plan_id, one.answered_on) for one in answered.requests} == {(plan.plan_id, TODAY)}
    unasked = accepted(filed(firm, answered))
    assert [event.asked_on for event in unasked.events if isinstance(event, HiringPlanFiled)] == [None]
    assert unasked.states[1:] == (answered,)


def test_a_plan_answers_no_request_of_a_later_day() -> None:
    asked = accepted(asked_for_plan(a_member())).states[0]
    decision = accepted(filed(a_member(), asked, occurred_on=TODAY - timedelta(1)))
    assert [event.asked_on for event in decision.events if isinstance(event, HiringPlanFiled)] == [None]


def test_what_was_asked_before_a_plan_that_is_there_waits_for_no_other() -> None:
    answered = accepted(filed(a_member(), occurred_on=TODAY - timedelta(2))).states[1]
    assert isinstance(answered, PlanRequests)
    for late in (TODAY - timedelta(3), TODAY - timedelta(2)):
        assert refused(decision := asked_for_plan(a_member(), answered, on=late)) == ("plan-filed", "occurred_on")
        assert isinstance(decision, Refused)
        assert str(TODAY - timedelta(2)) in decision.detail
    earlier = accepted(filed(a_member(), answered, occurred_on=TODAY - timedelta(9))).states[1]
    assert refused(asked_for_plan(a_member(), earlier, on=TODAY - timedelta(3))) == ("plan-filed", "occurred_on")
    accepted(asked_for_plan(a_member(), earlier, on=TODAY - timedelta(1)))


def test_who_was_asked_lately_or_has_left_is_not_asked() -> None:
    asked = accepted(asked_for_plan(a_member(), on=TODAY - timedelta(13))).states[0]
    assert refused(asked_for_plan(a_member(), asked)) == ("asked-lately", "occurred_on")
    assert refused(asked_for_plan(one_who_left())) == ("employer-left", "employer_id")
    assert refused(asked_for_plan(a_member(), on=TOMORROW)) == ("date-in-future", "occurred_on")
    assert isinstance(asked_for_plan(None), Unknown)
