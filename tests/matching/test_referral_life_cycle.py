"""Whatever is asked in whatever order: no opening is filled twice, and nobody has two jobs or internships at once.

But for what two records of one person had when they were merged.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, precondition, rule

from chassis.batch.decisions import Accepted, Decision, Refused, Unknown
from contracts.ids import InternshipId, PlacementId, ReferralId, VacancyId
from services.matching.corrections.commands import CorrectionForm, CorrectPlacement
from services.matching.corrections.rules import correct
from services.matching.internships.commands import (
    BreakingOffForm,
    BreakOffInternship,
    CompleteInternship,
    CompletionForm,
    ConversionForm,
    ConvertInternship,
    StartForm,
    StartInternship,
)
from services.matching.internships.model import Internship
from services.matching.internships.rules import (
    break_off_internship,
    complete_internship,
    convert_internship,
    start_internship,
)
from services.matching.merging.commands import MergeSeekers
from services.matching.merging.model import TakenOver
from services.matching.merging.rules import merge
from services.matching.placements.commands import (
    Place,
    PlacementForm,
    PlaceSelfFound,
    SelfFoundForm,
)
from services.matching.placements.model import Placement
from services.matching.placements.rules import place, place_self_found
from services.matching.pool.commands import ReturnToPool
from services.matching.pool.model import Seeker
from services.matching.pool.rules import return_to_pool
from services.matching.referrals.closings import lapse, meet_closing
from services.matching.referrals.commands import (
    AnswerForm,
    AnswerReferral,
    ChaseReferral,
    LapseReferral,
    MakeReferral,
    MeetClosing,
    ReferralForm,
    WithdrawalForm,
    WithdrawReferral,
)
from services.matching.referrals.ends import chase, withdraw
from services.matching.referrals.model import Case
from services.matching.referrals.rules import answer, refer
from services.matching.vacancies.commands import CloseVacancy, Closing
from services.matching.vacancies.model import Vacancy
from services.matching.vacancies.rules import close_vacancy
from tests.matching.states import NOW, TODAY, a_seeker, a_vacancy, an_intern_is_sought

ANSWERS = st.sampled_from(["accepted"] * 4 + ["refused_by_seeker", "refused_by_employer", "postponed"])
DAYS = st.sampled_from([0] * 4 + [-1, 1])


class LifeCycle(RuleBasedStateMachine):
    """Keeps states and does effects as the stores do, and decides commands on them."""

    seekers = Bundle("seekers")
    vacancies = Bundle("vacancies")
    referrals = Bundle("referrals")

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[type[Any], Any], Any] = {}
        self.case_of: dict[UUID, tuple[VacancyId, Any]] = {}
        self.published: list[Any] = []
        self.ended: set[PlacementId] = set()
        self.taken_by: dict[Any, list[Any]] = {}
        """The jobs and internships of a seeker, the last one last."""
        self.united: set[Any] = set()
        """Those into whose records others were merged: of what came last to them, nothing is said here."""

    def keep(self, decision: Decision) -> bool:
        assert not isinstance(decision, Unknown)
        if isinstance(decision, Refused):
            assert decision.field
            return False
        keys = {
            Vacancy: "vacancy_id",
            Seeker: "seeker_id",
            Case: "seeker_id",
            Internship: "internship_id",
            Placement: "placement_id",
        }
        for state in decision.states:
            own = getattr(state, keys[type(state)])
            if isinstance(state, Placement | Internship) and (type(state), own) not in self.kept:
                self.taken_by.setdefault(state.seeker_id, []).append(own)
            self.kept[type(state), own] = state
        for effect in decision.effects:
            if isinstance(effect, TakenOver):
                self.taken_over(effect)
        self.published += decision.events
        return True

    def taken_over(self, moved: TakenOver) -> None:
        for (kind, own), state in self.kept.items():
            if isinstance(state, Placement | Internship) and state.seeker_id == moved.seeker_id:
                self.kept[kind, own] = replace(state, seeker_id=moved.kept_id)
        for referral_id, (vacancy_id, seeker_id) in self.case_of.items():
            if seeker_id == moved.seeker_id:
                self.case_of[referral_id] = vacancy_id, moved.kept_id

    def all(self, kind: type[Any]) -> list[Any]:
        return [state for (one, _), state in self.kept.items() if one is kind]

    @initialize(target=seekers)
    def someone_is_there(self) -> Any:
        return multiple(*(self.a_person_registers() for _ in range(2)))

    @initialize(target=vacancies)
    def something_is_there(self) -> Any:
        return multiple(self.an_employer_seeks_people(1, False), self.an_employer_seeks_people(2, True))

    @rule(target=seekers)
    def a_person_registers(self) -> Any:
        seeker = a_seeker(birth_year=1985)
        self.kept[Seeker, seeker.seeker_id] = seeker
        return seeker.seeker_id

    @rule(data=st.data(), merges=st.sampled_from([False] * 2 + [True]))
    def two_records_may_turn_out_to_be_of_one_person(self, data: st.DataObject, merges: bool) -> None:
        placed = [seeker for seeker in self.all(Seeker) if seeker.jobs]
        seekers = placed if len(placed) > 1 else self.all(Seeker)
        merged, kept = data.draw(st.permutations(seekers))[:2]
        if not merges or merged.merged_into:
            return
        ids = merged.seeker_id, kept.seeker_id
        decision = merge(merged, kept, *(self.kept.get((Case, id_)) for id_ in ids), MergeSeekers(*ids, TODAY), NOW)
        assert self.keep(decision) is (kept.merged_into is None)
        if kept.merged_into is None:
            self.united.add(kept.seeker_id)

    @rule(target=vacancies, openings=st.integers(1, 3), interns=st.booleans())
    def an_employer_seeks_people(self, openings: int, interns: bool) -> Any:
        vacancy = an_intern_is_sought(openings=openings) if interns else a_vacancy(openings=openings)
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
        referral = case.referral(referral_id) if case else None
        if referral is None:
            return
        command = AnswerReferral(referral_id, AnswerForm(answer=word, reason="other"), referral.version)
        self.keep(answer(self.kept[Seeker, seeker_id], case, command, NOW))

    @rule(referral_id=referrals)
    def someone_is_placed_by_any_referral(self, referral_id: Any) -> None:
        self.placed(referral_id, 0)

    @precondition(lambda self: self.with_status("accepted"))
    @rule(data=st.data(), days=DAYS)
    def someone_is_placed_by_an_accepted_referral(self, data: st.DataObject, days: int) -> None:
        self.placed(data.draw(st.sampled_from(self.with_status("accepted"))), days)

    @rule(referral_id=referrals, withdraws=st.sampled_from([False] * 3 + [True]))
    def the_centre_may_take_a_referral_back(self, referral_id: Any, withdraws: bool) -> None:
        _, seeker_id = self.case_of[referral_id]
        case = self.kept.get((Case, seeker_id))
        referral = case.referral(referral_id) if case else None
        if not withdraws or case is None or referral is None:
            return
        command = WithdrawReferral(referral_id, WithdrawalForm(reason="other"))
        accepted = self.keep(withdraw(self.kept[Seeker, seeker_id], case, command, NOW))
        assert accepted is (referral.status in {"made", "postponed", "accepted"})

    @rule(referral_id=referrals, step=st.integers(1, 2))
    def a_referral_may_be_chased(self, referral_id: Any, step: int) -> None:
        _, seeker_id = self.case_of[referral_id]
        case = self.kept.get((Case, seeker_id))
        referral = case.referral(referral_id) if case else None
        if case is None or referral is None:
            return
        asks = referral.status in {"made", "postponed"} and referral.chased < step
        before = len(self.published)
        self.keep(chase(self.kept[Seeker, seeker_id], case, ChaseReferral(referral_id, step), NOW))
        assert len(self.published) == before + asks

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
        takes = self.is_free(seeker) and self.takes_somebody(vacancy) and not vacancy.converts
        assert accepted is (status == "accepted" and takes and days == 0)

    def takes_somebody(self, vacancy: Vacancy) -> bool:
        return vacancy.closed_as != "filled" and vacancy.placed < vacancy.openings

    def is_free(self, seeker: Seeker) -> bool:
        return seeker.profile is not None and seeker.placement_id is None and seeker.internship_id is None

    @precondition(lambda self: self.with_status("accepted"))
    @rule(data=st.data())
    def an_internship_starts(self, data: st.DataObject) -> None:
        referral_id = data.draw(st.sampled_from(self.with_status("accepted")))
        vacancy_id, seeker_id = self.case_of[referral_id]
        vacancy, seeker = self.kept[Vacancy, vacancy_id], self.kept[Seeker, seeker_id]
        command = StartInternship(InternshipId(uuids.uuid7()), referral_id, StartForm())
        accepted = self.keep(start_internship(vacancy, seeker, self.kept[Case, seeker_id], command, NOW))
        assert accepted is (vacancy.converts and self.is_free(seeker) and self.takes_somebody(vacancy))

    @precondition(lambda self: self.all(Internship))
    @rule(data=st.data(), completes=st.booleans())
    def an_internship_ends(self, data: st.DataObject, completes: bool) -> None:
        internship = self.an_internship(data, "running")
        vacancy, seeker = self.kept[Vacancy, internship.vacancy_id], self.kept[Seeker, internship.seeker_id]
        complete = CompleteInternship(internship.internship_id, CompletionForm())
        break_off = BreakOffInternship(internship.internship_id, BreakingOffForm(by="intern"))
        accepted = self.keep(
            complete_internship(seeker, internship, complete, NOW)
            if completes
            else break_off_internship(vacancy, seeker, internship, break_off, NOW)
        )
        assert accepted is (internship.status == "running")

    @precondition(lambda self: self.all(Internship))
    @rule(data=st.data())
    def an_internship_is_converted(self, data: st.DataObject) -> None:
        internship = self.an_internship(data, "completed")
        vacancy, seeker = self.kept[Vacancy, internship.vacancy_id], self.kept[Seeker, internship.seeker_id]
        case = self.kept[Case, internship.seeker_id]
        command = ConvertInternship(internship.internship_id, PlacementId(uuids.uuid7()), ConversionForm())
        is_last = self.taken_by.get(seeker.seeker_id, [])[-1:] == [internship.internship_id]
        accepted = self.keep(convert_internship(vacancy, seeker, case, internship, command, NOW))
        may = internship.status == "completed" and self.is_free(seeker)
        if seeker.seeker_id in self.united:
            assert may or not accepted
        else:
            assert accepted is (may and is_last)

    def an_internship(self, data: st.DataObject, mostly: str) -> Internship:
        internships = self.all(Internship)
        fitting = [internship for internship in internships if internship.status == mostly]
        return data.draw(st.sampled_from(fitting * 3 + internships))

    @rule(seeker_id=seekers)
    def someone_finds_a_job_alone(self, seeker_id: Any) -> None:
        seeker = self.kept[Seeker, seeker_id]
        form = SelfFoundForm(occupation="10", sector="private", employment="permanent")
        command = PlaceSelfFound(PlacementId(uuids.uuid7()), seeker_id, form)
        accepted = self.keep(place_self_found(seeker, self.kept.get((Case, seeker_id)), command, NOW))
        assert accepted is self.is_free(seeker)

    @precondition(lambda self: self.all(Placement))
    @rule(data=st.data())
    def a_placement_never_was(self, data: st.DataObject) -> None:
        placement = data.draw(st.sampled_from(self.all(Placement)))
        seeker_id, placement_id = placement.seeker_id, placement.placement_id
        seeker = self.kept[Seeker, seeker_id]
        vacancy, case = self.kept.get((Vacancy, placement.vacancy_id)), self.kept.get((Case, seeker_id))
        internship = next((i for i in self.all(Internship) if i.placement_id == placement_id), None)
        command = CorrectPlacement(placement_id, CorrectionForm(reason="never_started"))
        accepted = self.keep(correct(vacancy, seeker, case, internship, placement, command, NOW))
        assert accepted is (placement.corrected_on is None)
        if accepted and seeker.placement_id == placement_id and seeker_id not in self.united:
            assert self.taken_by[seeker_id].pop() == placement_id

    @rule(vacancy_id=vacancies, withdraws=st.sampled_from([False] * 3 + [True]))
    def an_employer_may_withdraw(self, vacancy_id: Any, withdraws: bool) -> None:
        if not withdraws:
            return
        command = CloseVacancy(vacancy_id, Closing(reason="withdrawn"))
        self.keep(close_vacancy(self.kept[Vacancy, vacancy_id], command, NOW))

    @rule(referral_id=referrals)
    def a_referral_meets_the_closing(self, referral_id: Any) -> None:
        vacancy_id, seeker_id = self.case_of[referral_id]
        case, vacancy = self.kept.get((Case, seeker_id)), self.kept[Vacancy, vacancy_id]
        referral = case.referral(referral_id) if case else None
        if case is None or referral is None:
            return
        met = meet_closing(vacancy, self.kept[Seeker, seeker_id], case, MeetClosing(referral_id), NOW)
        self.keep(met)
        left = self.kept[Case, seeker_id].referral(referral_id)
        if referral.is_open and vacancy.closed_on and not self.kept[Seeker, seeker_id].merged_into:
            stays = referral.status != "made" and self.takes_somebody(vacancy)
            assert (left.is_open, left.vacancy_closed_on == TODAY) == (stays, stays)
        else:
            assert left == referral

    @precondition(lambda self: self.left_by_closing())
    @rule(data=st.data())
    def a_referral_lapses(self, data: st.DataObject) -> None:
        referral = data.draw(st.sampled_from(self.left_by_closing()))
        vacancy, seeker = self.kept[Vacancy, referral.vacancy_id], self.kept[Seeker, referral.seeker_id]
        case = self.kept[Case, referral.seeker_id]
        self.keep(lapse(vacancy, seeker, case, LapseReferral(referral.referral_id), NOW))
        assert self.kept[Case, referral.seeker_id].referral(referral.referral_id).status == "lapsed"

    def left_by_closing(self) -> list[Any]:
        return [r for case in self.all(Case) for r in case.open() if r.vacancy_closed_on]

    @precondition(lambda self: self.standing())
    @rule(data=st.data())
    def an_employment_ends(self, data: st.DataObject) -> None:
        placement = data.draw(st.sampled_from(self.standing()))
        self.ended.add(placement.placement_id)
        command = ReturnToPool(placement.seeker_id, placement.placement_id, TODAY)
        decision = return_to_pool(self.kept[Seeker, placement.seeker_id], command, NOW)
        assert isinstance(decision, Accepted)
        self.keep(decision)

    @invariant()
    def no_vacancy_is_over_filled_and_a_full_one_is_closed(self) -> None:
        for vacancy in self.all(Vacancy):
            referred = [p for p in self.standing() if p.source == "referral"]
            served = [i for i in self.all(Internship) if i.status != "broken_off"]
            taken = [one for one in (*referred, *served) if one.vacancy_id == vacancy.vacancy_id]
            assert vacancy.placed == len(taken) <= vacancy.openings
            if vacancy.placed == vacancy.openings:
                assert vacancy.closed_as

    def standing(self) -> list[Placement]:
        return [placement for placement in self.all(Placement) if placement.corrected_on is None]

    @invariant()
    def nobody_is_placed_twice_at_once_and_whoever_has_a_job_is_placed(self) -> None:
        for seeker in self.all(Seeker):
            running = {
                p.placement_id
                for p in self.standing()
                if p.seeker_id == seeker.seeker_id and p.placement_id not in self.ended
            }
            assert running == {job.placement_id for job in seeker.jobs}
            assert len(running) <= 1 or seeker.seeker_id in self.united

    @invariant()
    def nobody_serves_two_internships_or_one_beside_a_job(self) -> None:
        for seeker in self.all(Seeker):
            served = [i for i in self.all(Internship) if i.seeker_id == seeker.seeker_id and i.status == "running"]
            running = [i.internship_id for i in served]
            if seeker.seeker_id in self.united:
                assert seeker.internship_id is None or seeker.internship_id in running
            else:
                assert running == ([seeker.internship_id] if seeker.internship_id else [])
                assert not (served and seeker.placement_id)

    @invariant()
    def a_taken_seeker_has_no_open_referral_and_nobody_has_two_to_one_vacancy(self) -> None:
        for case in self.all(Case):
            open_to = [referral.vacancy_id for referral in case.open()]
            assert len(open_to) == len(set(open_to))
            if not self.is_free(self.kept[Seeker, case.seeker_id]):
                assert not open_to

    @invariant()
    def every_state_was_published(self) -> None:
        names = [type(event).__name__ for event in self.published]
        statuses = [referral.status for case in self.all(Case) for referral in case.referrals]
        assert names.count("ReferralMade") == len(statuses)
        sources = [placement.source for placement in self.standing()]
        corrected = [placement.source for placement in self.all(Placement) if placement.corrected_on]
        assert names.count("Placed") == len(sources) + len(corrected)
        assert names.count("PlacementCorrected") == len(corrected)
        withdrawn = statuses.count("withdrawn") - corrected.count("referral")
        assert names.count("ReferralEnded") == statuses.count("obsolete") + statuses.count("lapsed") + withdrawn
        assert statuses.count("placed") == len(sources) - sources.count("self_found")
        internships = [internship.status for internship in self.all(Internship)]
        assert names.count("InternshipStarted") == len(internships)
        assert names.count("InternshipBrokenOff") == internships.count("broken_off")
        assert names.count("InternshipCompleted") == internships.count("completed") + internships.count("converted")
        assert internships.count("converted") == sources.count("internship")
        conversions = internships.count("converted") + corrected.count("internship")
        assert names.count("InternshipConverted") == conversions
        assert statuses.count("interned") == len(internships) - internships.count("converted")
        assert names.count("VacancyClosed") == sum(1 for v in self.all(Vacancy) if v.closed_on)


TestLifeCycle = LifeCycle.TestCase
TestLifeCycle.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
