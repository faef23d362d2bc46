"""Whatever is done to an employment in whatever order, each contact is announced at most once, in its time."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chassis.batch.decisions import Accepted, Actor, Decision, Now, Refused
from contracts.followups import EmploymentEnded, FollowUpDue, FollowUpMade
from services.followup.contacts import rules
from services.followup.contacts.commands import (
    AnnounceContacts,
    CancelContacts,
    EndEmployment,
    EndingForm,
    OutcomeForm,
    PlanContacts,
    RecordContact,
)
from services.followup.contacts.model import Employment
from tests.followup.states import unmerged
from tests.kit.events import placed, somebody

PLACED_ON = date(2009, 3, 3)
OUTCOMES = st.fixed_dictionaries(
    {"outcome": st.sampled_from(["still_employed", "left", "changed_job", "not_reached"])},
    optional={
        "reason": st.sampled_from(["resigned", "firm_closed"]),
        "satisfaction": st.integers(1, 5),
        "days_ago": st.integers(-2, 60),
        "ended_days_ago": st.integers(-2, 90),
    },
)


class LifeCycle(RuleBasedStateMachine):
    """One employment, and every event that was published of it."""

    def __init__(self) -> None:
        super().__init__()
        self.day = PLACED_ON
        self.employment: Employment | None = None
        self.events: list[Any] = []

    def _now(self) -> Now:
        at = datetime(self.day.year, self.day.month, self.day.day, 1, tzinfo=UTC)
        return Now(at, self.day, Actor("counsellor", "c-1"))

    def _take(self, decision: Decision) -> None:
        if isinstance(decision, Accepted):
            for state in decision.states:
                if isinstance(state, Employment):
                    self.employment = state
            self.events.extend(decision.events)
        else:
            assert isinstance(decision, Refused)

    @initialize(late=st.integers(0, 500))
    def plan(self, late: int) -> None:
        self.day = PLACED_ON + timedelta(days=late)
        placement = placed(somebody(), PLACED_ON)
        command = PlanContacts(placement, ("1w", "1m", "3m", "6m", "12m"))
        self._take(rules.plan(None, None, unmerged(placement), command, self._now()))

    @rule(days=st.integers(1, 120))
    def time_passes(self, days: int) -> None:
        self.day += timedelta(days=days)

    @rule()
    def the_day_is_looked_at(self) -> None:
        assert self.employment
        self._take(rules.announce(self.employment, AnnounceContacts(self.employment.placement_id), self._now()))

    @rule(which=st.integers(0, 4), form=OUTCOMES)
    def a_contact_is_recorded(self, which: int, form: dict[str, Any]) -> None:
        assert self.employment
        fields = dict(form)
        for name, ago in (("occurred_on", "days_ago"), ("ended_on", "ended_days_ago")):
            if ago in fields:
                fields[name] = self.day - timedelta(days=fields.pop(ago))
        contact = self.employment.contacts[which]
        self._take(rules.record(self.employment, RecordContact(contact.contact_id, OutcomeForm(**fields)), self._now()))

    @rule(ago=st.integers(-2, 100), changed_job=st.booleans())
    def the_employment_ends(self, ago: int, changed_job: bool) -> None:
        assert self.employment
        form = EndingForm(reason="other", occurred_on=self.day - timedelta(days=ago), changed_job=changed_job)
        self._take(rules.end(self.employment, EndEmployment(self.employment.placement_id, form), self._now()))

    @rule()
    def the_placement_is_corrected(self) -> None:
        assert self.employment
        self._take(rules.cancel(self.employment, CancelContacts(self.employment.placement_id), self._now()))

    @invariant()
    def each_contact_is_announced_once_and_in_its_time(self) -> None:
        due = [event for event in self.events if isinstance(event, FollowUpDue)]
        assert max(Counter(event.contact_id for event in due).values(), default=1) == 1
        assert all(event.due_on == event.occurred_on <= event.recorded_at.date() for event in due)

    @invariant()
    def a_contact_is_made_only_after_it_was_announced(self) -> None:
        announced: set[Any] = set()
        attempts: Counter[Any] = Counter()
        for event in self.events:
            if isinstance(event, FollowUpDue):
                announced.add(event.contact_id)
            elif isinstance(event, FollowUpMade):
                assert event.contact_id in announced
                attempts[event.contact_id] += 1
                assert event.attempt == attempts[event.contact_id]

    @invariant()
    def an_end_is_published_once_and_nothing_is_announced_after_it(self) -> None:
        kinds = [type(event) for event in self.events]
        ends = [event for event in self.events if isinstance(event, EmploymentEnded)]
        assert [event.changed_job for event in ends] in ([], [False], [True], [True, False])
        assert sum(bool(event.unasked) for event in ends) <= 1
        assert all(before.occurred_on <= after.occurred_on for before, after in pairwise(ends))
        if EmploymentEnded in kinds:
            assert FollowUpDue not in kinds[kinds.index(EmploymentEnded) :]

    @invariant()
    def nothing_is_planned_of_what_is_over(self) -> None:
        over = self.employment and (self.employment.ended_on or self.employment.corrected)
        if self.employment and over:
            assert all(contact.status != "planned" for contact in self.employment.contacts)


TestLifeCycle = LifeCycle.TestCase
