"""Whatever is asked in whatever order: openings are never over-filled, and nobody is placed twice at once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, precondition, rule

from chassis.decisions import Accepted, Decision, Refused, Unknown
from contracts.ids import PlacementId, ReferralId, VacancyId
from services.matching.placements.commands import Place, PlacementForm
from services.matching.placements.model import Placement
from services.matching.placements.rules import place
from services.matching.pool.commands import ReturnToPool
from services.matching.pool.model import Seeker
from services.matching.pool.rules import return_to_pool
from services.matching.referrals.commands import AnswerForm, AnswerReferral, MakeReferral, ReferralForm
from services.matching.referrals.model import Case
from services.matching.referrals.rules import answer, refer
from services.matching.vacancies.commands import CloseVacancy, Closing
from services.matching.vacancies.model import Vacancy
from services.matching.vacancies.rules import close_vacancy
from tests.matching.states import NOW, TODAY, a_seeker, a_vacancy

ANSWERS = st.sampled_from(["accepted"] * 4 + ["refused_by_seeker", "refused_by_employer", "postponed"])
DAYS = st.sampled_from([0] * 4 + [-1, 1])


class LifeCycle(RuleBasedStateMachine):
    """Keeps states as the stores do, and decides commands on them."""

    seekers = Bundle("seekers")
    vacancies = Bundle("vacancies")
    referrals = Bundle("referrals")

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[type[Any], Any], Any] = {}
        self.case_of: dict[UUID, tuple[VacancyId, Any]] = {}
        self.published: list[Any] = []
        self.ended: set[PlacementId] = set()

    def keep(self, decision: Decision) -> bool:
        assert not isinstance(decision, Unknown)
        if isinstance(decision, Refused):
            assert decision.field
            return False
        keys = {Vacancy: "vacancy_id", Seeker: "seeker_id", Case: "seeker_id", Placement: "placement_id"}
        for state in decision.states:
            self.kept[type(state), getattr(state, keys[type(state)])] = state
        self.published += decision.events
        return True

    def all(self, kind: type[Any]) -> list[Any]:
        return [state for (one, _), state in self.kept.items() if one is kind]

    @initialize(target=seekers)
    def someone_is_there(self) -> Any:
        return multiple(*(self.a_person_registers() for _ in range(2)))

    @initialize(target=vacancies)
    def something_is_there(self) -> Any:
        return multiple(*(self.an_employer_seeks_people(openings) for openings in (1, 2)))

    @rule(target=seekers)
    def a_person_registers(self) -> Any:
        seeker = a_seeker()
        self.kept[Seeker, seeker.seeker_id] = seeker
        return seeker.seeker_id

    @rule(target=vacancies, openings=st.integers(1, 3))
    def an_employer_seeks_people(self, openings: int) -> Any:
        vacancy = a_vacancy(openings=openings)
        self.kept[Vacancy, vacancy.vacancy_id] = vacancy
        return vacancy.vacancy_id

    @rule(target=referrals, seeker_id=seekers, vacancy_id=vacancies)
    def a_counsellor_refers(self, seeker_id: Any, vacancy_id: Any) -> Any:
        referral_id = ReferralId(uuids.uuid7())
        command = MakeReferral(referral_id, ReferralForm(seeker_id=seeker_id, vacancy_id=vacancy_id))
        vacancy, seeker = self.kept[Vacancy, vacancy_id], self.kept[Seeker, seeker_id]
        self.keep(refer(vacancy, seeker, self.kept.get((Case, seeker_id)), command, NOW))
        self.case_of[referral_id] = vacancy_id, seeker_id
        return referral_id

    @precondition(lambda self: self.with_status("made", "postponed"))
    @rule(data=st.data(), word=ANSWERS)
    def it_is_answered(self, data: st.DataObject, word: Any) -> None:
        self.answered(data.draw(st.sampled_from(self.with_status("made", "postponed"))), word)

    @rule(referral_id=referrals, word=ANSWERS)
    def any_referral_is_answered(self, referral_id: Any, word: Any) -> None:
        self.answered(referral_id, word)

    def answered(self, referral_id: Any, word: Any) -> None:
        _, seeker_id = self.case_of[referral_id]
        case = self.kept.get((Case, seeker_id))
        if case is None or case.referral(referral_id) is None:
            return
        command = AnswerReferral(referral_id, AnswerForm(answer=word, reason="other"))
        self.keep(answer(self.kept[Seeker, seeker_id], case, command, NOW))

    @rule(referral_id=referrals)
    def someone_is_placed_by_any_referral(self, referral_id: Any) -> None:
        self.placed(referral_id, 0)

    @precondition(lambda self: self.with_status("accepted"))
    @rule(data=st.data(), days=DAYS)
    def someone_is_placed_by_an_accepted_referral(self, data: st.DataObject, days: int) -> None:
        self.placed(data.draw(st.sampled_from(self.with_status("accepted"))), days)

    def with_status(self, *statuses: str) -> list[ReferralId]:
        return [r.referral_id for case in self.all(Case) for r in case.referrals if r.status in statuses]

    def placed(self, referral_id: ReferralId, days: int) -> None:
        vacancy_id, seeker_id = self.case_of[referral_id]
        case = self.kept.get((Case, seeker_id))
        if case is None or case.referral(referral_id) is None:
            return
        seeker, vacancy = self.kept[Seeker, seeker_id], self.kept[Vacancy, vacancy_id]
        status = case.referral(referral_id).status
        form = PlacementForm(occurred_on=TODAY + timedelta(days))
        accepted = self.keep(place(vacancy, seeker, case, Place(PlacementId(uuids.uuid7()), referral_id, form), NOW))
        may_be = status == "accepted" and seeker.placement_id is None and vacancy.closed_on is None and days == 0
        assert accepted is may_be

    @rule(vacancy_id=vacancies, withdraws=st.sampled_from([False] * 3 + [True]))
    def an_employer_may_withdraw(self, vacancy_id: Any, withdraws: bool) -> None:
        if not withdraws:
            return
        command = CloseVacancy(vacancy_id, Closing(reason="withdrawn"))
        self.keep(close_vacancy(self.kept[Vacancy, vacancy_id], command, NOW))

    @rule(seeker_id=seekers)
    def an_employment_ends(self, seeker_id: Any) -> None:
        seeker = self.kept[Seeker, seeker_id]
        if seeker.placement_id is None:
            return
        self.ended.add(seeker.placement_id)
        decision = return_to_pool(seeker, ReturnToPool(seeker_id, seeker.placement_id, TODAY), NOW)
        assert isinstance(decision, Accepted)
        self.keep(decision)

    @invariant()
    def no_vacancy_is_over_filled_and_a_full_one_is_closed(self) -> None:
        for vacancy in self.all(Vacancy):
            placements = [p for p in self.all(Placement) if p.vacancy_id == vacancy.vacancy_id]
            assert vacancy.placed == len(placements) <= vacancy.openings
            if vacancy.placed == vacancy.openings:
                assert vacancy.closed_as == "filled"

    @invariant()
    def nobody_is_placed_twice_at_once(self) -> None:
        for seeker in self.all(Seeker):
            running = {
                p.placement_id
                for p in self.all(Placement)
                if p.seeker_id == seeker.seeker_id and p.placement_id not in self.ended
            }
            assert running == ({seeker.placement_id} if seeker.placement_id else set())

    @invariant()
    def a_placed_seeker_has_no_open_referral_and_nobody_has_two_to_one_vacancy(self) -> None:
        for case in self.all(Case):
            open_to = [referral.vacancy_id for referral in case.open()]
            assert len(open_to) == len(set(open_to))
            if self.kept[Seeker, case.seeker_id].placement_id:
                assert not open_to

    @invariant()
    def every_state_was_published(self) -> None:
        names = [type(event).__name__ for event in self.published]
        statuses = [referral.status for case in self.all(Case) for referral in case.referrals]
        assert names.count("ReferralMade") == len(statuses)
        assert names.count("ReferralEnded") == statuses.count("obsolete")
        assert names.count("Placed") == statuses.count("placed") == len(self.all(Placement))
        assert names.count("VacancyClosed") == sum(1 for v in self.all(Vacancy) if v.closed_on)


TestLifeCycle = LifeCycle.TestCase
TestLifeCycle.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
