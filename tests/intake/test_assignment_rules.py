"""Which counsellor a seeker is given, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple, get_args
from uuid import UUID

import pytest
import uuid_utils.compat as uuids
from hypothesis import given
from hypothesis import strategies as st

from chassis.batch.decisions import Accepted, Actor, Decision, Now, Refused, Unknown
from contracts.codes import ClientGroup
from contracts.counselling import CounsellorAssigned
from contracts.ids import CounsellorId, SeekerId
from services.intake.assignments import groups, rules
from services.intake.assignments.commands import AssignByGroup, AssignByLoad, AssignmentForm, AssignTo
from services.intake.assignments.model import Assignment, Desk, Specialist
from services.intake.counsellors.model import Absence, Absences, Counsellor
from services.intake.counsellors.rules import NOT_IN_SERVICE
from services.intake.seekers.model import Declared, GroupInDoubt, Seeker
from services.intake.seekers.rules import NOT_REGISTERED

DAY = date(2010, 6, 1)
LONGEST = 14
GROUPS: tuple[ClientGroup, ...] = get_args(ClientGroup)
NEW = SeekerId(uuids.uuid7())


def now_on(day: date) -> Now:
    return Now(datetime(day.year, day.month, day.day, 1, tzinfo=UTC), day, Actor("system", "due"))


def seeker(
    born: int = 1970, gender: Any = "male", status: Any = "active", seeker_id: SeekerId = NEW, **declared: Any
) -> Seeker:
    return Seeker(
        seeker_id,
        "김보람",
        date(born, 5, 14),
        "010-0000-1234",
        gender,
        "11440",
        ("02",),
        None,
        None,
        None,
        status,
        date(2010, 1, 4),
        Declared(**declared),
    )


def specialist(number: int, *of: ClientGroup, seekers: int = 0, away_days: int = 0) -> Specialist:
    return Specialist(CounsellorId(UUID(int=number)), of, seekers, away_days)


def given_to(desk: Desk, who: Seeker, assignment: Assignment | None = None) -> int | None:
    """Tell the number of the counsellor who is given to a seeker, None if nobody is."""
    decision = rules.assign_by_load(
        desk, who, assignment or Assignment(who.seeker_id), AssignByLoad(who.seeker_id, desk.day, LONGEST), now_on(DAY)
    )
    assert isinstance(decision, Accepted)
    return next((event.counsellor_id.int for event in decision.events if isinstance(event, CounsellorAssigned)), None)


def assign_to(
    counsellor: Counsellor | None,
    who: Seeker | None,
    absences: Absences | None = None,
    assignment: Assignment | None = None,
) -> Decision:
    assignment = assignment or (Assignment(who.seeker_id) if who else None)
    counsellor_id = counsellor.counsellor_id if counsellor else UUID(int=9)
    command = AssignTo(NEW, AssignmentForm(counsellor_id=counsellor_id))
    return rules.assign_to(counsellor, absences, who, assignment, command, now_on(DAY))


@pytest.mark.parametrize(
    ("who", "startup", "name", "group"),
    [
        (seeker(1990), True, "starts_a_business", "startup"),
        (seeker(1990, dependants=1, other_earners=0), False, "only_earner_with_dependants", "breadwinner"),
        (seeker(1990, dependants=1, other_earners=1), False, "young", "youth"),
        (seeker(1990, dependants=1), False, "young", "youth"),
        (seeker(1990, dependants=0, other_earners=0), False, "young", "youth"),
        (seeker(1981), False, "young", "youth"),
        (seeker(1980), False, "anyone_else", "middle_aged"),
        (seeker(1956), False, "anyone_else", "middle_aged"),
        (seeker(1955), False, "older", "senior"),
        (seeker(1975, "female", last_job_ended_on=date(2009, 6, 1)), False, "woman_after_a_career_break", "women"),
        (seeker(1975, "female", last_job_ended_on=date(2009, 6, 2)), False, "anyone_else", "middle_aged"),
        (seeker(1975, "male", last_job_ended_on=date(2001, 6, 1)), False, "anyone_else", "middle_aged"),
        (seeker(1975, "female"), False, "anyone_else", "middle_aged"),
    ],
)
def test_the_first_rule_that_holds_says_the_group(who: Seeker, startup: bool, name: str, group: ClientGroup) -> None:
    rule = groups.group_of(who, startup, DAY)
    assert (rule.name, rule.group) == (name, group)


def test_every_group_has_a_rule() -> None:
    assert {rule.group for rule in groups.RULES} == set(GROUPS)


def test_a_policy_holds_from_its_day_on(monkeypatch: pytest.MonkeyPatch) -> None:
    later = replace(groups.POLICIES[0], since=date(2010, 7, 1), youth_to=34)
    monkeypatch.setattr(groups, "POLICIES", (later, *groups.POLICIES))
    assert groups.group_of(seeker(1977), False, date(2010, 6, 30)).group == "middle_aged"
    assert groups.group_of(seeker(1977), False, date(2010, 7, 1)).group == "youth"


def test_the_least_loaded_of_the_group_is_chosen_and_ties_go_by_id() -> None:
    desk = Desk(
        DAY,
        (
            specialist(1, "middle_aged"),
            specialist(4, "youth", seekers=5),
            specialist(3, "youth", "women", seekers=5),
            specialist(2, "youth", seekers=6),
        ),
    )
    assert given_to(desk, seeker(1990)) == 3


def test_where_nobody_has_the_group_the_least_loaded_of_all_is_chosen() -> None:
    desk = Desk(DAY, (specialist(1, "senior", seekers=2), specialist(2, "women", seekers=1)))
    assert given_to(desk, seeker(1990)) == 2


def test_nobody_new_is_given_to_who_is_away_unless_everyone_is() -> None:
    away = specialist(1, "youth", away_days=1)
    assert given_to(Desk(DAY, (away, specialist(2, "senior", seekers=9))), seeker(1990)) == 2
    assert given_to(Desk(DAY, (away,)), seeker(1990)) == 1


def test_where_nobody_is_in_service_nobody_is_given() -> None:
    assert given_to(Desk(DAY, ()), seeker(1990)) is None


def test_a_seeker_keeps_their_counsellor_until_a_long_absence() -> None:
    theirs = Assignment(NEW, CounsellorId(UUID(int=1)), "youth", DAY)
    other = specialist(2, "youth")
    for days, given_then in ((0, None), (LONGEST, None), (LONGEST + 1, 2)):
        desk = Desk(DAY, (specialist(1, "youth", seekers=50, away_days=days), other))
        assert given_to(desk, seeker(1990), theirs) == given_then
    everyone_away = Desk(DAY, (specialist(1, "youth", away_days=30), specialist(2, "youth", away_days=30)))
    assert given_to(everyone_away, seeker(1990), theirs) is None


def test_who_withdrew_is_not_handed_over() -> None:
    theirs = Assignment(NEW, CounsellorId(UUID(int=1)), "youth", DAY)
    assert given_to(Desk(DAY, (specialist(2, "youth"),)), seeker(1990, status="withdrawn"), theirs) is None


def test_a_hand_over_says_that_it_is_one() -> None:
    desk, command = Desk(DAY, (specialist(2, "youth"),)), AssignByLoad(NEW, DAY, LONGEST)
    for before, reason in ((None, "registered"), (CounsellorId(UUID(int=1)), "handed_over")):
        decision = rules.assign_by_load(desk, seeker(1990), Assignment(NEW, before), command, now_on(DAY))
        assert isinstance(decision, Accepted)
        (event,) = decision.events
        assert isinstance(event, CounsellorAssigned)
        assert (event.group, event.reason, event.person.age_band) == ("youth", reason, "-29")
    assert isinstance(rules.assign_by_load(desk, None, None, command, now_on(DAY)), Unknown)


def test_a_manager_gives_a_seeker_another_counsellor() -> None:
    counsellor = Counsellor(CounsellorId(UUID(int=1)), "이", ("senior",), DAY)
    decision = assign_to(counsellor, seeker(1990))
    assert isinstance(decision, Accepted)
    (event,) = decision.events
    assert isinstance(event, CounsellorAssigned)
    assert (event.counsellor_id.int, event.group, event.reason) == (1, "youth", "asked")
    assert decision.states[0].chosen
    again = assign_to(counsellor, seeker(1990), None, decision.states[0])
    assert isinstance(again, Accepted)
    assert not again.events


def test_a_manager_gives_nobody_who_is_not_there_and_only_who_is_on_the_register() -> None:
    there = Counsellor(CounsellorId(UUID(int=1)), "이", ("senior",), DAY)
    away = Absences(there.counsellor_id, (Absence(DAY, DAY),))
    refusals = (
        (assign_to(replace(there, left_on=DAY), seeker()), NOT_IN_SERVICE),
        (assign_to(there, seeker(), away), rules.COUNSELLOR_AWAY),
        (assign_to(there, seeker(status="withdrawn")), NOT_REGISTERED),
    )
    for decision, problem in refusals:
        assert isinstance(decision, Refused)
        assert decision.problem == problem
    for unknown in (assign_to(None, seeker()), assign_to(there, None)):
        assert isinstance(unknown, Unknown)


def regrouped(desk: Desk, who: Seeker, assignment: Assignment) -> tuple[int | None, str | None]:
    """Tell whom a seeker in doubt is given to, and why; the doubt is settled whatever is decided."""
    decision = rules.assign_by_group(desk, who, assignment, AssignByGroup(NEW, desk.day), now_on(DAY))
    assert isinstance(decision, Accepted)
    assert decision.effects == (GroupInDoubt(NEW, settled=True),)
    given = [event for event in decision.events if isinstance(event, CounsellorAssigned)]
    return (given[0].counsellor_id.int, given[0].reason) if given else (None, None)


def test_who_comes_to_belong_to_another_group_is_given_to_its_least_loaded_counsellor() -> None:
    theirs = Assignment(NEW, CounsellorId(UUID(int=1)), "youth", DAY, startup=True)
    starts = specialist(3, "startup", seekers=2)
    desk = Desk(DAY, (specialist(1, "youth", seekers=9), specialist(2, "startup", seekers=7), starts))
    assert regrouped(desk, seeker(1990), theirs) == (3, "group_changed")
    earning = Desk(DAY, (specialist(1, "youth"), specialist(2, "breadwinner", seekers=5)))
    only_earner = seeker(1990, dependants=1, other_earners=0)
    assert regrouped(earning, only_earner, replace(theirs, startup=False)) == (2, "group_changed")
    assert regrouped(earning, seeker(1990), replace(theirs, startup=False)) == (None, None)
    decision = rules.assign_by_group(desk, seeker(1990), theirs, AssignByGroup(NEW, DAY), now_on(DAY))
    assert isinstance(decision, Accepted)
    loads = {one.counsellor_id.int: one.seekers for one in decision.states[0].specialists}
    assert loads == {1: 8, 2: 7, 3: 3}


def test_who_came_to_another_group_keeps_a_counsellor_who_looks_after_it_or_was_chosen() -> None:
    theirs = Assignment(NEW, CounsellorId(UUID(int=1)), "youth", DAY, startup=True)
    starts = specialist(2, "startup")
    kept = (
        (Desk(DAY, (specialist(1, "youth", "startup", seekers=9), starts)), theirs),
        (Desk(DAY, (specialist(1, "youth"), starts)), replace(theirs, chosen=True)),
        (Desk(DAY, (specialist(1, "youth"), specialist(2, "senior"))), theirs),
        (Desk(DAY, (specialist(1, "youth"), specialist(2, "startup", away_days=1))), theirs),
        (Desk(DAY, (starts,)), Assignment(NEW)),
    )
    for desk, assignment in kept:
        assert regrouped(desk, seeker(1990), assignment) == (None, None)


class _Step(NamedTuple):
    """What happens on a day: to which counsellor or seeker, and for how many days."""

    what: str
    who: int
    days: int


_STEPS = st.lists(
    st.builds(
        _Step,
        st.sampled_from(("join", "leave", "away", "register", "withdraw", "next_day")),
        st.integers(0, 4),
        st.integers(1, 40),
    ),
    max_size=40,
)


class _Centre:
    """A centre in memory: its counsellors by number, their absences, its seekers and their assignments."""

    def __init__(self) -> None:
        self.day = DAY
        self.counsellors: dict[int, Counsellor] = {}
        self.absences: dict[int, tuple[Absence, ...]] = {}
        self.seekers: dict[SeekerId, Seeker] = {}
        self.assignments: dict[SeekerId, Assignment] = {}

    def happen(self, step: _Step) -> None:
        known = self.counsellors.get(step.who)
        match step.what:
            case "join" if known is None:
                groups_of = (GROUPS[step.who], GROUPS[step.days % len(GROUPS)])
                self.counsellors[step.who] = Counsellor(CounsellorId(UUID(int=step.who)), "이", groups_of, self.day)
            case "leave" if known is not None and known.left_on is None:
                self.counsellors[step.who] = replace(known, left_on=self.day)
            case "away" if known is not None:
                last = self.day + timedelta(step.days)
                self.absences[step.who] = (Absence(self.day, last),)
            case "register":
                made = seeker(1950 + step.days, seeker_id=SeekerId(uuids.uuid7()))
                self.seekers[made.seeker_id] = made
                self.assignments[made.seeker_id] = Assignment(made.seeker_id)
            case "withdraw" if self.seekers:
                gone = next(iter(self.seekers))
                self.seekers[gone] = replace(self.seekers[gone], status="withdrawn")
            case "next_day":
                self.day += timedelta(step.days)
            case _:
                pass

    def desk(self) -> Desk:
        in_service: list[Specialist] = []
        for number, counsellor in self.counsellors.items():
            if counsellor.in_service(self.day):
                absence = Absences(counsellor.counsellor_id, self.absences.get(number, ())).on(self.day)
                seekers = sum(
                    self.seekers[a.seeker_id].status == "active" and a.counsellor_id == counsellor.counsellor_id
                    for a in self.assignments.values()
                )
                days = absence.days if absence else 0
                in_service.append(Specialist(counsellor.counsellor_id, counsellor.groups, seekers, days))
        return Desk(self.day, tuple(in_service))

    def do_what_is_due(self) -> int:
        """Assign everyone as due work does; gives how many were assigned."""
        desk, assigned = self.desk(), 0
        for seeker_id, one in self.seekers.items():
            command = AssignByLoad(seeker_id, self.day, LONGEST)
            decision = rules.assign_by_load(desk, one, self.assignments[seeker_id], command, now_on(self.day))
            assert isinstance(decision, Accepted)
            assigned += len(decision.events)
            for state in decision.states:
                if isinstance(state, Desk):
                    desk = state
                else:
                    self.assignments[seeker_id] = state
        return assigned


@given(_STEPS)
def test_nobody_is_left_without_a_counsellor_in_service_as_long_as_there_is_one(steps: list[_Step]) -> None:
    centre = _Centre()
    for step in steps:
        centre.happen(step)
        centre.do_what_is_due()
        desk = centre.desk()
        for seeker_id, one in centre.seekers.items():
            theirs = desk.specialist(centre.assignments[seeker_id].counsellor_id)
            if one.status == "active" and desk.specialists:
                assert theirs is not None
                assert theirs.away_days <= LONGEST or not desk.present
        assert centre.do_what_is_due() == 0
