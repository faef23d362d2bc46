"""Which firms are visited and how they are scored; what a visit found; and how vacancies change."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
import uuid_utils.compat as uuids
from hypothesis import given
from hypothesis import strategies as st

from chassis.batch.decisions import Accepted, Decision, Refused, Unknown
from contracts.codes import Occupation
from contracts.firms import EmployerChanged, EmployerJoined, EmployerLeft, EmployerReturned, HiringPlanFiled
from contracts.ids import CounsellorId, EmployerId, HiringPlanId, VacancyId, VisitId
from contracts.reports import UnplacedOccupationsPublished
from contracts.vacancies import VacancyChanged, VacancyClosed, VacancyOpened
from contracts.visits import VisitDue, VisitMade
from services.matching.counsellors import policies as counsellor_policies
from services.matching.counsellors import rules as counsellor_rules
from services.matching.counsellors.model import Counsellor, Staff
from services.matching.employers import policies as employer_policies
from services.matching.employers import rules as employer_rules
from services.matching.employers.commands import NoteLeft, NoteVacanciesClosed
from services.matching.employers.model import Employer
from services.matching.vacancies import rules as vacancy_rules
from services.matching.vacancies.commands import (
    ChangeVacancy,
    CloseOfLeft,
    OpenFoundVacancy,
    OpenVacancy,
    TermsForm,
    VacancyForm,
)
from services.matching.visits import policies, rules
from services.matching.visits.commands import (
    DropPlan,
    HidePlans,
    KeepPlan,
    KnowProspect,
    ListVisit,
    NoteFirm,
    RecordVisit,
    VisitForm,
)
from services.matching.visits.model import Plan, PlanningFirm, UnplacedOfYear, Visit, due_visit_id
from services.matching.visits.rules import could_take
from tests.kit import forms
from tests.kit.events import counsellor_joined, counsellor_left, event_of
from tests.matching.states import NOW, TODAY, a_vacancy

YEAR = TODAY.year
FIRM = EmployerId(uuids.uuid7())
UNPLACED = UnplacedOfYear(YEAR - 1, {"02": 40, "11": 7, "10": 5, "07": 3, "08": 2})
NOBODY = Staff({})


def a_plan(openings: int = 12, occupations: tuple[Occupation, ...] = ("02",), days: int = 30) -> Plan:
    return Plan(HiringPlanId(uuids.uuid7()), openings, occupations, TODAY + timedelta(days))


def a_firm(*plans: Plan, looked_for: int = 0) -> PlanningFirm:
    return PlanningFirm(FIRM, "11680", plans, looked_for)


def published(version: int, **unplaced: int) -> UnplacedOccupationsPublished:
    return event_of(
        UnplacedOccupationsPublished, TODAY, measure="unplaced_top_occupations", year=YEAR - 1, version=version,
        occupations=tuple(unplaced), unplaced=tuple(unplaced.values()),
    )  # fmt: skip


def a_due_visit(**details: Any) -> Visit:
    due = Visit(due_visit_id(FIRM, YEAR), FIRM, YEAR, "11680", TODAY - timedelta(10), 12, 12)
    return replace(due, **details)


def listed(firm: PlanningFirm, visit: Visit | None = None) -> Accepted:
    decision = rules.list_visit(UNPLACED, firm, visit, ListVisit(FIRM, YEAR), NOW)
    assert isinstance(decision, Accepted), decision
    return decision


def recorded(
    firm: PlanningFirm | None,
    due: Visit | None = None,
    employer: Employer | None = None,
    staff: Staff = NOBODY,
    **form: Any,
) -> Decision:
    asked = VisitForm.model_validate({"employer_id": FIRM, "officials": 1, **form})
    return rules.record_visit(employer, firm, due, staff, RecordVisit(VisitId(uuids.uuid7()), asked), NOW)


def refused(decision: Decision) -> tuple[str, str | None]:
    assert isinstance(decision, Refused), decision
    return decision.problem.code, decision.field


@pytest.mark.parametrize(
    ("plans", "score"),
    [
        ([a_plan(12, ("02",))], 12),
        ([a_plan(60, ("02",))], 40),
        ([a_plan(60, ("11", "10"))], 12),
        ([a_plan(50, ("01", "24"))], 0),
        ([a_plan(6, ("11",)), a_plan(6, ("11",))], 7),
        ([a_plan(6, ("11",)), a_plan(6, ("11", "10"))], 12),
        ([a_plan(99, ("11", "24")), a_plan(2, ("02",))], 9),
        ([], 0),
    ],
)
def test_a_score_counts_the_unplaced_whom_the_plans_could_take(plans: list[Plan], score: int) -> None:
    assert could_take(plans, UNPLACED.unplaced) == score


_CODES: tuple[Occupation, ...] = ("02", "11", "10")


@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.lists(st.sampled_from((*_CODES, "24")), min_size=1, max_size=3, unique=True)),
        max_size=3,
    ),
    st.fixed_dictionaries({code: st.integers(0, 3) for code in _CODES}),
)
def test_a_score_is_the_best_of_all_ways_to_fill_the_openings(
    plans: list[tuple[int, list[Occupation]]], unplaced: dict[Occupation, int]
) -> None:
    choices = [[*(c for c in codes if c in unplaced), None] for openings, codes in plans for _ in range(openings)]
    best = max(sum(min(way.count(code), persons) for code, persons in unplaced.items()) for way in product(*choices))
    assert could_take([a_plan(openings, tuple(codes)) for openings, codes in plans], unplaced) == best


def test_a_firm_that_plans_ten_or_more_is_due_once_in_a_year() -> None:
    decision = listed(a_firm(a_plan(4, ("02",)), a_plan(6, ("11", "24"))))
    firm, due = decision.states
    (event,) = decision.events
    assert isinstance(event, VisitDue)
    assert (event.openings, event.score, event.district, event.due_on) == (10, 10, "11680", TODAY)
    assert event.visit_id == due.visit_id == due_visit_id(FIRM, YEAR)
    assert listed(firm, due) == Accepted()


def test_a_firm_that_plans_fewer_is_not_due_nor_one_whose_plans_are_over() -> None:
    for firm in (a_firm(a_plan(9)), a_firm(a_plan(9), a_plan(5, days=-1))):
        decision = listed(firm)
        assert decision.events == ()
        assert decision.states == (replace(firm, looked_for=YEAR, looked_by=1),)


def test_a_newer_plan_changes_the_score_and_lists_nobody_twice() -> None:
    firm = a_firm(a_plan(12), looked_for=YEAR)
    decision = rules.keep_plan(firm, KeepPlan(FIRM, "11680", a_plan(8)), NOW)
    assert isinstance(decision, Accepted)
    again = listed(decision.states[0], a_due_visit())
    assert again.events == ()
    assert (again.states[1].openings, again.states[1].score) == (20, 20)


def test_a_firm_is_scored_anew_by_a_later_version_of_the_unplaced_and_listed_once() -> None:
    (keep,) = policies.keep_unplaced(published(2, **{"11": 5, "10": 3}))
    decision = rules.keep_unplaced(UNPLACED, keep, NOW)
    assert isinstance(decision, Accepted)
    (better,) = decision.states
    assert better == UnplacedOfYear(YEAR - 1, {"11": 5, "10": 3}, 2)
    firm = a_firm(a_plan(12, ("02", "11")), looked_for=YEAR)
    again = rules.list_visit(better, firm, a_due_visit(), ListVisit(FIRM, YEAR), NOW)
    assert again == Accepted((replace(firm, looked_by=2), a_due_visit(score=5)))
    made = a_due_visit(made_on=TODAY)
    assert rules.list_visit(better, firm, made, ListVisit(FIRM, YEAR), NOW) == Accepted((replace(firm, looked_by=2),))
    seen = replace(firm, looked_by=2)
    assert rules.list_visit(better, seen, a_due_visit(), ListVisit(FIRM, YEAR), NOW) == Accepted()
    for version in (1, 2):
        (late,) = policies.keep_unplaced(published(version, **{"02": 40}))
        assert rules.keep_unplaced(better, late, NOW) == Accepted()


def test_a_firm_of_which_nobody_knows_by_which_version_it_was_scored_is_scored_once_more_and_nothing_is_told() -> None:
    command = ListVisit(FIRM, YEAR)
    for firm, visit, left in (
        (a_firm(a_plan(12), looked_for=YEAR), a_due_visit(score=3), [a_due_visit(score=12)]),
        (a_firm(a_plan(9), looked_for=YEAR), None, []),
        (a_firm(a_plan(12), looked_for=YEAR), a_due_visit(made_on=TODAY), []),
    ):
        decision = rules.list_visit(UNPLACED, firm, visit, command, NOW)
        seen = replace(firm, looked_by=1)
        assert decision == Accepted((seen, *left))
        assert rules.list_visit(UNPLACED, seen, visit, command, NOW) == Accepted()


def test_the_plans_of_a_firm_that_left_count_again_when_it_is_back() -> None:
    firm = a_firm(a_plan(12), looked_for=YEAR)
    left = rules.hide_plans(firm, HidePlans(FIRM), NOW)
    assert isinstance(left, Accepted)
    (gone,) = left.states
    assert (gone.plans, gone.holding(TODAY)) == (firm.plans, ())
    assert listed(gone).events == ()
    assert listed(gone, a_due_visit()).states[1] == a_due_visit(openings=0, score=0)
    back = rules.note_firm(gone, NoteFirm(FIRM, "11680"), NOW)
    assert back == Accepted((a_firm(*firm.plans),))
    assert isinstance(back, Accepted)
    assert listed(back.states[0]).events != ()
    assert rules.know_prospect(gone, KnowProspect(FIRM, "11680"), NOW) == back
    for nothing in (rules.hide_plans(None, HidePlans(FIRM), NOW), rules.note_firm(None, NoteFirm(FIRM, "11680"), NOW)):
        assert nothing == Accepted()


def test_a_visit_that_waits_goes_where_the_firm_has_moved_and_one_that_was_made_stays_as_it_was() -> None:
    firm = a_firm(a_plan(12), looked_for=YEAR)
    assert rules.note_firm(firm, NoteFirm(FIRM, "11680"), NOW) == Accepted((firm,))
    moved = rules.note_firm(firm, NoteFirm(FIRM, "11440"), NOW)
    assert isinstance(moved, Accepted)
    (due,) = listed(moved.states[0]).events
    assert isinstance(due, VisitDue)
    assert due.district == "11440"
    assert listed(moved.states[0], a_due_visit()).states[1].district == "11440"
    seen = replace(moved.states[0], looked_for=YEAR, looked_by=1)
    assert listed(moved.states[0], a_due_visit(made_on=TODAY)).states == (seen,)


def test_an_unknown_list_or_firm_lists_nobody() -> None:
    command = ListVisit(FIRM, YEAR)
    assert isinstance(rules.list_visit(None, a_firm(), None, command, NOW), Unknown)
    assert isinstance(rules.list_visit(UNPLACED, None, None, command, NOW), Unknown)


def test_a_due_visit_is_made_with_its_team_and_the_plan_it_secured() -> None:
    plan = a_plan()
    counsellor = CounsellorId(uuids.uuid7())
    decision = recorded(
        a_firm(plan),
        a_due_visit(),
        staff=Staff({counsellor: Counsellor(counsellor, TODAY)}),
        plan_id=plan.plan_id,
        counsellors=[counsellor, counsellor],
        vacancies_found=2,
    )
    assert isinstance(decision, Accepted)
    (visit,), (event,) = decision.states, decision.events
    assert isinstance(event, VisitMade)
    assert (event.due, event.officials, event.counsellors, event.vacancies_found) == (True, 1, 1, 2)
    assert event.plan_id == plan.plan_id
    assert visit.visit_id == event.visit_id == due_visit_id(FIRM, YEAR)
    assert (visit.made_on, visit.score) == (TODAY, 12)


@pytest.mark.parametrize(
    "due",
    [
        None,
        a_due_visit(made_on=TODAY - timedelta(3)),
        a_due_visit(year=YEAR - 1),
        a_due_visit(due_on=TODAY + timedelta(1)),
    ],
)
def test_a_visit_that_was_not_due_is_recorded_beside_the_list(due: Visit | None) -> None:
    decision = recorded(a_firm(), due)
    assert isinstance(decision, Accepted)
    assert decision.answer["due"] is False
    assert decision.answer["visit_id"] != due_visit_id(FIRM, YEAR)


def test_a_member_without_plans_may_be_visited_and_a_firm_that_nobody_knows_may_not() -> None:
    assert isinstance(recorded(None, employer=Employer(FIRM, date(2009, 2, 2))), Accepted)
    unknown = recorded(None)
    assert isinstance(unknown, Unknown)
    assert unknown.field == "employer_id"


def test_a_visit_needs_a_team_a_day_that_has_come_and_a_plan_that_is_known() -> None:
    assert refused(recorded(a_firm(), officials=0)) == ("visit-without-team", "officials")
    assert refused(recorded(a_firm(), occurred_on=TODAY + timedelta(1))) == ("date-in-future", "occurred_on")
    unknown = recorded(a_firm(a_plan()), plan_id=uuids.uuid7())
    assert isinstance(unknown, Unknown)
    assert unknown.field == "plan_id"


def test_a_team_has_counsellors_who_were_in_service_on_the_day() -> None:
    one, unheard_of = CounsellorId(uuids.uuid7()), uuids.uuid7()
    staff = NOBODY
    for _ in range(2):
        (know,) = counsellor_policies.know(counsellor_joined(one, TODAY))
        decision = counsellor_rules.know(staff, know, NOW)
        assert isinstance(decision, Accepted)
        staff = decision.states[0] if decision.states else staff
    assert staff == Staff({one: Counsellor(one, TODAY)})
    assert isinstance(recorded(a_firm(), staff=staff, counsellors=[one]), Accepted)
    unknown = recorded(a_firm(), staff=staff, counsellors=[one, unheard_of])
    assert unknown == Unknown("counsellors", unheard_of, "jobplus.counsellors")
    before = recorded(a_firm(), staff=staff, counsellors=[one], occurred_on=TODAY - timedelta(1))
    assert refused(before) == ("counsellor-not-in-service", "counsellors")
    (left,) = counsellor_policies.note_left(counsellor_left(one, TODAY))
    gone = counsellor_rules.note_left(staff, left, NOW)
    assert isinstance(gone, Accepted)
    assert refused(recorded(a_firm(), staff=gone.states[0], counsellors=[one])) == (
        "counsellor-not-in-service",
        "counsellors",
    )
    assert isinstance(counsellor_rules.note_left(NOBODY, left, NOW), Unknown)


def test_plans_come_and_go() -> None:
    known = rules.know_prospect(None, KnowProspect(FIRM, "11440"), NOW)
    assert known == Accepted((PlanningFirm(FIRM, "11440"),))
    one, other = a_plan(), a_plan()
    firm = a_firm(one, other, looked_for=YEAR)
    assert rules.drop_plan(firm, DropPlan(FIRM, one.plan_id), NOW) == Accepted((a_firm(other),))
    assert rules.drop_plan(None, DropPlan(FIRM, one.plan_id), NOW) == Accepted()
    moved = replace(firm, district="11440", looked_for=0)
    assert rules.know_prospect(firm, KnowProspect(FIRM, "11440"), NOW) == Accepted((moved,))


def test_events_become_what_visits_go_by() -> None:
    filed = event_of(
        HiringPlanFiled, TODAY, employer_id=FIRM, plan_id=uuids.uuid7(), openings=12, occupations=["02"],
        hire_by=TODAY, size="mid", district="11680", member=False,
    )  # fmt: skip
    (kept,) = policies.keep_plan(filed)
    assert kept == KeepPlan(FIRM, "11680", Plan(filed.plan_id, 12, ("02",), TODAY))
    told = {"employer_id": FIRM, "size": "mid", "district": "11440"}
    for event in (
        event_of(EmployerJoined, TODAY, **told),
        event_of(EmployerReturned, TODAY, **told),
        event_of(EmployerChanged, TODAY, **told, changed=["district"]),
    ):
        assert policies.note_firm(event) == (NoteFirm(FIRM, "11440"),)
    left = event_of(EmployerLeft, TODAY, employer_id=FIRM)
    assert policies.hide_plans(left) == (HidePlans(FIRM),)
    (unplaced,) = policies.keep_unplaced(published(1, **{"02": 4, "11": 3}))
    assert (unplaced.year, unplaced.unplaced) == (YEAR - 1, {"02": 4, "11": 3})


def open_vacancy(employer: Employer | None, visit: Visit | None, **details: Any) -> Decision:
    form = VacancyForm.model_validate(forms.vacancy(FIRM, openings=2, district="11680", **details))
    vacancy_id = VacancyId(uuids.uuid7())
    if form.visit_id:
        return vacancy_rules.open_found_vacancy(employer, visit, OpenFoundVacancy(vacancy_id, form), NOW)
    return vacancy_rules.open_vacancy(employer, OpenVacancy(vacancy_id, form), NOW)


A_MEMBER = Employer(FIRM, date(2009, 2, 2))


def test_a_vacancy_names_the_visit_that_found_it() -> None:
    visit = a_due_visit(made_on=TODAY)
    decision = open_vacancy(A_MEMBER, visit, visit_id=visit.visit_id)
    assert isinstance(decision, Accepted)
    (event,) = decision.events
    assert isinstance(event, VacancyOpened)
    assert event.visit_id == decision.states[0].visit_id == visit.visit_id


@pytest.mark.parametrize(
    ("visit", "problem"),
    [
        (a_due_visit(), "visit-not-made"),
        (a_due_visit(made_on=TODAY, employer_id=EmployerId(uuids.uuid7())), "visit-to-another-firm"),
        (a_due_visit(made_on=TODAY + timedelta(1)), "before-visit"),
    ],
)
def test_a_vacancy_names_no_visit_that_cannot_have_found_it(visit: Visit, problem: str) -> None:
    assert refused(open_vacancy(A_MEMBER, visit, visit_id=visit.visit_id)) == (problem, "visit_id")
    assert isinstance(open_vacancy(A_MEMBER, None, visit_id=visit.visit_id), Unknown)


def test_who_left_opens_no_vacancy_and_may_again_when_back() -> None:
    (left,) = employer_policies.note_left(event_of(EmployerLeft, TODAY, employer_id=FIRM))
    gone = employer_rules.note_left(A_MEMBER, left, NOW)
    assert isinstance(gone, Accepted)
    assert refused(open_vacancy(gone.states[0], None)) == ("employer-left", "employer_id")
    returned = event_of(EmployerReturned, TODAY, employer_id=FIRM, size="mid", district="11680")
    (back,) = employer_policies.note_returned(returned)
    assert employer_rules.note_left(gone.states[0], back, NOW) == Accepted((A_MEMBER,))
    assert isinstance(employer_rules.note_left(None, NoteLeft(FIRM, TODAY), NOW), Unknown)


def test_the_vacancies_of_one_who_left_close_as_withdrawn() -> None:
    vacancy, gone = a_vacancy(openings=2), replace(A_MEMBER, left_on=TODAY)
    command = CloseOfLeft(vacancy.vacancy_id, FIRM)
    decision = vacancy_rules.close_of_left(gone, vacancy, command, NOW)
    assert isinstance(decision, Accepted)
    (event,) = decision.events
    assert isinstance(event, VacancyClosed)
    assert (event.reason, event.openings, event.occupation) == ("withdrawn", 2, "02")
    assert vacancy_rules.close_of_left(gone, decision.states[0], command, NOW) == Accepted()
    assert vacancy_rules.close_of_left(A_MEMBER, vacancy, command, NOW) == Accepted()
    noted = employer_rules.note_vacancies_closed(gone, NoteVacanciesClosed(FIRM), NOW)
    assert noted == Accepted((replace(gone, vacancies_closed=True),))
    assert employer_rules.note_vacancies_closed(A_MEMBER, NoteVacanciesClosed(FIRM), NOW) == Accepted((A_MEMBER,))


def change(vacancy: Any, **terms: Any) -> Decision:
    form = {"openings": vacancy.openings, "title": vacancy.title, "wage": vacancy.wage, "deadline": vacancy.deadline}
    command = ChangeVacancy(vacancy.vacancy_id, TermsForm.model_validate({**form, **terms}))
    return vacancy_rules.change_vacancy(vacancy, command, NOW)


def test_a_change_of_terms_says_what_changed() -> None:
    decision = change(a_vacancy(openings=2), openings=5, title="경리", deadline=TODAY)
    assert isinstance(decision, Accepted)
    (event,) = decision.events
    assert isinstance(event, VacancyChanged)
    assert event.changed == ("deadline", "openings", "title")
    assert (event.openings, event.openings_before, event.deadline) == (5, 2, TODAY)


def test_a_vacancy_that_is_left_without_a_free_opening_closes_as_filled() -> None:
    decision = change(a_vacancy(openings=3, placed=2), openings=2)
    assert isinstance(decision, Accepted)
    assert [event.type for event in decision.events] == ["jobplus.VacancyChanged", "jobplus.VacancyClosed"]
    assert decision.states[0].closed_as == "filled"


def test_a_change_that_changes_nothing_publishes_nothing_about_the_vacancy() -> None:
    decision = change(a_vacancy())
    assert isinstance(decision, Accepted)
    assert (decision.states, decision.events) == ((), ())


@pytest.mark.parametrize(
    ("details", "terms", "problem"),
    [
        ({"openings": 3, "placed": 2}, {"openings": 1}, ("fewer-openings-than-filled", "openings")),
        ({}, {"deadline": TODAY - timedelta(1)}, ("deadline-over", "deadline")),
        ({"closed_on": TODAY, "closed_as": "filled"}, {"openings": 9}, ("vacancy-closed", "vacancy_id")),
    ],
)
def test_a_change_is_refused(details: dict[str, Any], terms: dict[str, Any], problem: tuple[str, str]) -> None:
    assert refused(change(a_vacancy(**details), **terms)) == problem
