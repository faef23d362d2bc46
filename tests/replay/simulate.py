"""A pure interpreter of a history's actions: it enforces what the services enforce, and counts as reporting counts.

The actions of a stage are taken in a shuffled order, so that one that needs another of its stage is found out, and
matching lags behind intake by some days. Of the table of kinds it knows the names alone: what each kind takes, and
when it may come, it says itself.
"""

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import chain, islice
from typing import TypeVar
from uuid import UUID

from contracts.codes import AGE_BANDS, CHANNELS, OCCUPATIONS, AgeBand, CareStage, age_band
from jobplus.replay.drawing.history import DrawnHistory
from jobplus.replay.drawing.jobs import STEPS, left_at
from jobplus.replay.driving import kinds
from jobplus.replay.driving.actions import Action, Day, Form, Kind, Stage
from jobplus.replay.planning.shares import percent, ratio
from services.intake.counselling.commands import SessionForm
from services.intake.counsellors.commands import AbsenceForm, CounsellorForm
from services.intake.firms.commands import EmployerForm, HiringPlanForm
from services.intake.privacy.commands import ConsentForm
from services.intake.seekers.commands import SeekerForm, Withdrawal
from services.intake.sos_care.rules import findings, policy_on
from services.intake.total_care.commands import AssessmentForm, CourseForm
from services.intake.total_care.model import STAGES
from services.intake.total_care.rules import stage_of
from services.matching.corrections.commands import CorrectionForm
from services.matching.internships.commands import BreakingOffForm
from services.matching.placements.commands import SelfFoundForm
from services.matching.referrals.commands import AnswerForm, ReferralForm, WithdrawalForm
from services.matching.vacancies.commands import VacancyForm
from services.matching.visits.commands import VisitForm

_ANY_ID = UUID("0190c0de-0000-7000-8000-000000000001")
WAITING = ("open", "postponed")
PLACEABLE_DAYS = 90
"""Days after a vacancy has closed in which an accepted referral may lead to a job."""
_T = TypeVar("_T")


class Centre:
    """Everything that has happened so far, by the history's numbers."""

    def __init__(self, seed: int) -> None:
        self.actions = 0
        self.counsellors: dict[int, CounsellorForm] = {}
        self.employers: dict[int, str] = {}
        self.seekers: dict[int, tuple[SeekerForm, date]] = {}
        self.persons: set[tuple[str, date, str]] = set()
        self.kinds: Counter[str] = Counter()
        self.channels: Counter[str] = Counter()
        self.sessions_of: Counter[tuple[int, bool]] = Counter()
        self.startup_clients: set[tuple[int, bool]] = set()
        self.launched: list[tuple[int, bool]] = []
        self.vacancies: dict[int, VacancyForm] = {}
        self.found_by: dict[int, int] = {}
        """The visit that found a vacancy."""
        self.self_found: dict[int, date] = {}
        self.reached: Counter[tuple[str, int]] = Counter()
        """What target measures came to in each year."""
        self.filled: Counter[int] = Counter()
        self.referrals: dict[int, tuple[int, int, date]] = {}
        self.status: dict[int, str] = {}
        self.referred: dict[int, list[int]] = {}
        self.answers: Counter[str] = Counter()
        self.postponed: set[int] = set()
        self.hired_late: set[int] = set()
        """The referrals that led to a job after the last day to apply."""
        self.broken_off: dict[int, int] = {}
        """By seeker the internship that was broken off."""
        self.overridden: dict[int, int] = {}
        """By referral the seeker who is referred before total care's stage allows it."""
        self.interning: set[int] = set()
        self.completed: dict[int, date] = {}
        self.converted: set[int] = set()
        self.placed: dict[int, tuple[str, AgeBand, date]] = {}
        self.corrected: set[int] = set()
        """The referrals whose placement never was."""
        self.late = 0
        """Registrations and sessions that happened before they were recorded."""
        self.begins_on: date | None = None
        self.care = Care(self, seed)

    def take(self, stages: Iterable[Stage], on: date, order: random.Random) -> None:
        """Let a service's stages of a day happen, each in a shuffled order."""
        self.begins_on = self.begins_on or on
        for stage in stages:
            assert stage, "a stage is empty"
            for action in order.sample(stage, len(stage)):
                self.actions += 1
                self._do(action, on)

    def _do(self, action: Action, on: date) -> None:
        match action:
            case Action(kinds.JOIN_COUNSELLOR, {"counsellor": number}, form):
                _add(self.counsellors, number, CounsellorForm.model_validate(dict(form)))
            case Action(kinds.JOIN_EMPLOYER, {"employer": number}, form):
                self.reached["employers", on.year] += 1
                business_number = EmployerForm.model_validate(dict(form)).business_number
                _add(self.employers, number, business_number)
            case Action(kinds.REGISTER_SEEKER, {"seeker": number}, form):
                self._register(number, SeekerForm.model_validate(dict(form)), on)
            case Action(kinds.HOLD_SESSION, {"counsellor": counsellor, **client}, form):
                self._hold(client, counsellor, form, on)
            case Action(kinds.LAUNCH_BUSINESS, client):
                assert _client(client) in self.startup_clients, "a launch without a start-up session"
                self.launched.append(_client(client))
                self.reached["launches", on.year] += 1
            case Action(kinds.OPEN_VACANCY, {"vacancy": number, "employer": employer}, form):
                self._open(number, employer, form, on)
            case Action(kinds.OPEN_FOUND_VACANCY, {"vacancy": number, "employer": employer, "visit": visit}, form):
                self.care.find(visit, employer, on)
                self.found_by[number] = visit
                self._open(number, employer, form, on)
            case Action(kinds.MAKE_REFERRAL, {"referral": number, "seeker": seeker, "vacancy": vacancy}, form):
                self._refer(number, seeker, vacancy, form, on)
            case Action(kinds.ANSWER_REFERRAL, {"referral": referral, "seeker": seeker}, form):
                self._is_of(referral, seeker)
                self._answer(referral, AnswerForm.model_validate(dict(form)), on)
            case Action(kinds.WITHDRAW_REFERRAL, {"referral": referral, "seeker": seeker}, form):
                self._is_of(referral, seeker)
                WithdrawalForm.model_validate(dict(form))
                self._withdraw(referral, on)
            case Action(kinds.PLACE, {"referral": referral, "placement": placement, "seeker": seeker}):
                assert placement == referral
                self._is_of(referral, seeker)
                self._place(referral, on)
            case Action(kinds.CORRECT_PLACEMENT, {"placement": placement}, form):
                CorrectionForm.model_validate(dict(form))
                self._correct(placement, on)
            case Action(kinds.START_INTERNSHIP, {"referral": referral, "internship": internship, "seeker": seeker}):
                assert internship == referral
                self._is_of(referral, seeker)
                self._start(referral, on)
            case Action(kinds.BREAK_OFF_INTERNSHIP, {"internship": referral, "seeker": seeker}, form):
                self._is_of(referral, seeker)
                BreakingOffForm.model_validate(dict(form))
                assert self.status[referral] == "interned"
                self.status[referral] = "broken off"
                vacancy = self.referrals[referral][1]
                self.interning.remove(seeker)
                _add(self.broken_off, seeker, referral)
                if self._is_open(vacancy, on):
                    self.filled[vacancy] -= 1
            case Action(kinds.COMPLETE_INTERNSHIP, {"internship": referral, "seeker": seeker}):
                self._is_of(referral, seeker)
                assert self.status[referral] == "interned"
                self.status[referral] = "completed"
                self.interning.remove(seeker)
                self.completed[referral] = on
                self.reached["internships_completed", on.year] += 1
            case Action(kinds.CONVERT_INTERNSHIP, {"internship": referral, "seeker": seeker}):
                self._is_of(referral, seeker)
                self._convert(referral, on)
            case Action(kinds.FIND_JOB, {"seeker": seeker, "self_found": alone}, form):
                assert alone == seeker
                self._find(seeker, SelfFoundForm.model_validate(dict(form)), on)
            case _:
                self.care.do(action, on)

    def _register(self, number: int, form: SeekerForm, on: date) -> None:
        on = self._happened(form.occurred_on, on)
        assert form.birth_date <= on
        assert (form.last_job_ended_on is None) == (form.last_job_end_reason is None)
        assert form.last_job_ended_on is None or form.last_job_ended_on <= on
        assert 15 <= on.year - form.birth_date.year <= 99
        person = (form.name, form.birth_date, form.phone)
        assert person not in self.persons, "a person registers twice"
        self.persons.add(person)
        _add(self.seekers, number, (form, on))
        self.reached["registered", on.year] += 1

    def _happened(self, occurred_on: date | None, on: date) -> date:
        """Give the day that something counts on, which must be one of the period and of the month it is recorded in."""
        if occurred_on is None:
            return on
        assert self.begins_on is not None
        assert self.begins_on <= occurred_on < on
        assert (occurred_on.year, occurred_on.month) == (on.year, on.month)
        self.late += 1
        return occurred_on

    def _hold(self, refs: Mapping[str, int], counsellor: int, told: Form, on: date) -> None:
        client = number, registered = _client(refs)
        form = SessionForm.model_validate(
            {**told, "client_id": _ANY_ID, "counsellor_id": _ANY_ID, "registered": registered}
        )
        assert counsellor in self.counsellors.keys() - self.care.left, "a session with someone who has left"
        assert number in self.seekers or not registered
        day = self._happened(form.occurred_on, on)
        assert not registered or day >= self.seekers[number][1], "a session before the registration"
        assert not registered or number not in self.care.withdrawn
        assert not self.care.is_away(counsellor, on), "a session with someone who is away"
        assert registered or form.kind == "startup"
        if form.kind == "startup":
            self.startup_clients.add(client)
        self.kinds[form.kind] += 1
        self.channels[form.channel] += 1
        self.sessions_of[client] += 1
        self.reached["sessions", day.year] += 1

    def _open(self, number: int, employer: int, form: Form, on: date) -> None:
        assert employer in self.employers.keys() - self.care.departing
        self.reached["vacancies", on.year] += 1
        _add(self.vacancies, number, VacancyForm.model_validate({**form, "employer_id": _ANY_ID}))
        assert (self.vacancies[number].employment == "internship") == self.vacancies[number].converts

    def _is_of(self, referral: int, seeker: int) -> None:
        assert self.referrals[referral][0] == seeker, "what came of another's referral"

    def _refer(self, number: int, seeker: int, vacancy: int, told: Form, on: date) -> None:
        form = ReferralForm.model_validate({**told, "seeker_id": _ANY_ID, "vacancy_id": _ANY_ID})
        assert seeker in self.seekers
        assert seeker not in self.care.withdrawn, "referred after the withdrawal"
        is_ready = self.care.stage.get(seeker) in {None, "ready"}
        assert is_ready == (form.override is None), "referred too early in total care, or by an override for nothing"
        if form.override is not None:
            self.overridden[number] = seeker
        assert seeker not in self.placed, "referred after the placement"
        assert seeker not in self.self_found, "referred after a job was found alone"
        assert seeker not in self.interning, "referred during an internship"
        assert self._is_open(vacancy, on), "referred to a closed vacancy"
        is_young = on.year - self.seekers[seeker][0].birth_date.year <= 29
        assert is_young or not self.vacancies[vacancy].converts, "referred to an internship that is for the young"
        assert vacancy not in self._open_to(seeker), "referred again before an answer"
        _add(self.referrals, number, (seeker, vacancy, on))
        self.status[number] = "open"
        if all(self.referrals[other][2].year < on.year for other in self.referred.get(seeker, ())):
            self.reached["referred", on.year] += 1
        self.referred.setdefault(seeker, []).append(number)
        self.reached["referrals", on.year] += 1

    def _answer(self, referral: int, form: AnswerForm, on: date) -> None:
        seeker, vacancy, _ = self.referrals[referral]
        assert seeker not in self.care.withdrawn, "answered after the withdrawal"
        assert self.status[referral] in WAITING, f"answered when {self.status[referral]}"
        assert self._is_open(vacancy, on), "answered after the vacancy was closed"
        answer = form.answer
        assert (answer in {"accepted", "postponed"}) == (form.reason is None)
        if answer == "postponed":
            assert referral not in self.postponed, "postponed twice"
            self.postponed.add(referral)
            self.status[referral] = answer
            self.answers[answer] += 1
            return
        self.status[referral] = answer
        self.answers[answer] += 1

    def _withdraw(self, referral: int, on: date) -> None:
        seeker, vacancy, made_on = self.referrals[referral]
        assert seeker not in self.care.withdrawn
        assert self.status[referral] in WAITING, f"taken back when {self.status[referral]}"
        assert self._is_open(vacancy, on)
        assert made_on < on
        self.status[referral] = "withdrawn"

    def _correct(self, referral: int, on: date) -> None:
        seeker, vacancy, _ = self.referrals[referral]
        assert self.status[referral] == "placed"
        assert seeker not in self.care.in_sos_care, "a placement that never was has ended SOS-Care"
        _, _, placed_on = self.placed.pop(seeker)
        assert placed_on < on
        assert (placed_on.year, placed_on.month) == (on.year, on.month), "corrected after the month is closed"
        self.filled[vacancy] -= 1
        self.reached["placed", on.year] -= 1
        self.reached["placements", on.year] -= 1
        if vacancy in self.found_by:
            self.care.came_of_visits["placed", on.year] -= 1
        self.status[referral] = "withdrawn"
        self.corrected.add(referral)

    def _place(self, referral: int, on: date) -> None:
        seeker, vacancy, _ = self.referrals[referral]
        assert seeker not in self.care.withdrawn
        assert self.status[referral] == "accepted"
        assert seeker not in self.placed
        assert seeker not in self.interning, "placed during an internship"
        deadline = self.vacancies[vacancy].deadline
        assert self.filled[vacancy] < self.vacancies[vacancy].openings, "no free opening"
        assert self.vacancies[vacancy].employment != "internship", "placed in an internship"
        if deadline is not None and on > deadline:
            assert (on - deadline).days <= PLACEABLE_DAYS, "placed long after the vacancy was closed"
            self.hired_late.add(referral)
        self.filled[vacancy] += 1
        self._becomes(referral, "placed", on)

    def _start(self, referral: int, on: date) -> None:
        seeker, vacancy, _ = self.referrals[referral]
        assert seeker not in self.care.withdrawn
        assert self.status[referral] == "accepted"
        assert seeker not in self.placed
        assert seeker not in self.interning
        assert self._is_open(vacancy, on), "no free opening"
        assert self.vacancies[vacancy].employment == "internship", "an internship in a job"
        assert on.year - self.seekers[seeker][0].birth_date.year <= 29, "too old for an internship"
        self.filled[vacancy] += 1
        self.interning.add(seeker)
        self._overtake(referral, "interned")

    def _convert(self, referral: int, on: date) -> None:
        assert self.status[referral] == "completed"
        self.converted.add(referral)
        self.reached["internships_converted", on.year] += 1
        self._becomes(referral, "placed", on)

    def _find(self, seeker: int, form: SelfFoundForm, on: date) -> None:
        assert seeker in self.seekers
        assert on >= self.seekers[seeker][1], "found before the registration"
        assert seeker not in self.placed
        assert seeker not in self.self_found
        assert seeker not in self.interning
        assert seeker not in self.care.withdrawn | self.care.in_sos_care | self.care.stage.keys()
        assert form.occupation in self.seekers[seeker][0].wanted_occupations
        self.self_found[seeker] = on
        self.reached["self_found", on.year] += 1
        for other in self.referred.get(seeker, ()):
            if self.status[other] in WAITING:
                self.status[other] = "obsolete"

    def _becomes(self, referral: int, status: str, on: date) -> None:
        seeker, vacancy, _ = self.referrals[referral]
        band = age_band(self.seekers[seeker][0].birth_date.year, on)
        assert seeker not in self.placed
        assert seeker not in self.self_found
        self.reached["placed", on.year] += 1
        self.reached["placements", on.year] += 1
        if vacancy in self.found_by:
            self.care.came_of_visits["placed", on.year] += 1
        self.placed[seeker] = (self.vacancies[vacancy].occupation, band, on)
        self._overtake(referral, status)

    def _overtake(self, referral: int, status: str) -> None:
        seeker, _, _ = self.referrals[referral]
        for other in self.referred[seeker]:
            if self.status[other] in (*WAITING, "accepted"):
                assert other == referral or self.status[other] in WAITING, "another referral was accepted too"
                self.status[other] = "obsolete"
        self.status[referral] = status

    def _open_to(self, seeker: int) -> list[int]:
        """Give the vacancies to which a seeker's referrals are open: nothing has come of those, and nobody refused."""
        referred = self.referred.get(seeker, ())
        return [self.referrals[number][1] for number in referred if self.status[number] in (*WAITING, "accepted")]

    def _is_open(self, vacancy: int, on: date) -> bool:
        deadline = self.vacancies[vacancy].deadline
        return self.filled[vacancy] < self.vacancies[vacancy].openings and (deadline is None or on <= deadline)

    def _unplaced(self, as_of: date) -> dict[str, list[str]]:
        listed: dict[str, list[str]] = {}
        for year in range(min((on.year for _, on in self.seekers.values()), default=as_of.year), as_of.year + 1):
            last = date(year, 12, 31)
            if last <= as_of:
                unplaced = [
                    number
                    for number, (_, on) in self.seekers.items()
                    if on <= last and (number not in self.placed or self.placed[number][2] > last)
                ]
                # a second record wants the same, and is somebody else's until it is merged
                twice = [number for number, since in self.care.twice.items() if since <= last]
                counts = Counter(self.seekers[number][0].wanted_occupations[0] for number in (*unplaced, *twice))
                listed[str(year)] = sorted(counts, key=lambda code: (-counts[code], code))
        return listed

    def figures(self, as_of: date) -> dict[str, object]:
        """Give what `jobplus figures --json` prints."""
        placed, registered = len(self.placed), len(self.seekers) + len(self.care.twice)
        by_occupation = _split((code for code, _, _ in self.placed.values()), OCCUPATIONS)
        by_age = _split((band for _, band, _ in self.placed.values()), AGE_BANDS)
        return {
            "as_of": as_of.isoformat(),
            "registered": registered,
            "placed": {
                "total": placed,
                "rate_percent": _number(percent(placed, registered) if registered else None),
                "by_occupation": by_occupation,
                "by_occupation_percent": _percents(by_occupation, placed),
                "by_age": by_age,
                "by_age_percent": _percents(by_age, placed),
            },
            "placements": placed,
            "sessions": {
                "total": self.kinds.total(),
                "job": self.kinds["job"],
                "startup": self.kinds["startup"],
                "by_channel": _split(self.channels.elements(), CHANNELS),
            },
            "per_seeker": {
                "sessions": _number(ratio(self.kinds["job"], registered)),
                "referrals": _number(ratio(len(self.referrals), registered)),
            },
            "referrals": len(self.referrals),
            "referred": len(self.referred),
            "launches": len(self.launched),
            "employers": len(self.employers),
            "vacancies": len(self.vacancies),
            "counsellors": len(self.counsellors) - len(self.care.left),
            "unplaced_top_occupations": self._unplaced(as_of),
            "internships": {
                str(year): {
                    "completed": sum(on.year == year for on in self.completed.values()),
                    "converted": sum(self.completed[referral].year == year for referral in self.converted),
                }
                for year in {on.year for on in self.completed.values()}
            },
        }


class Care:
    """What happens unplanned, which must leave the figures as they are."""

    def __init__(self, centre: Centre, seed: int) -> None:
        self._centre = centre
        self._seed = seed
        self.counts: Counter[Kind] = Counter()
        self.withdrawn: set[int] = set()
        self.withdrawn_after_job: set[int] = set()
        self.twice: dict[int, date] = {}
        """Who has two records, and since when."""
        self.erased: dict[int, date] = {}
        self.left: set[int] = set()
        """The counsellors who have left."""
        self.departing: set[int] = set()
        """The members that have left."""
        self.in_sos_care: set[int] = set()
        self.stage: dict[int, CareStage] = {}
        self.moved: Counter[CareStage] = Counter()
        self.courses: dict[int, tuple[int, CareStage, date]] = {}
        self.away: dict[int, tuple[date, date]] = {}
        self.prospects: dict[int, str] = {}
        self.plans: dict[int, tuple[int, HiringPlanForm, date]] = {}
        self.visits: dict[int, tuple[int, date]] = {}
        self.promised: Counter[int] = Counter()
        """The vacancies that a visit was promised and that haven't opened yet."""
        self.came_of_visits: Counter[tuple[str, int]] = Counter()

    @property
    def visited(self) -> dict[str, dict[str, int]]:
        years = {year for _, year in self.came_of_visits}
        names = ("made", "plans_secured", "vacancies_found", "placed")
        return {str(year): {name: self.came_of_visits[name, year] for name in names} for year in years}

    def find(self, visit: int, employer: int, on: date) -> None:
        """Have a vacancy open that a visit found."""
        assert self.visits[visit][0] == employer, "found at another firm"
        assert self.visits[visit][1] < on, "opened before the visit"
        self.promised[visit] -= 1
        self.came_of_visits["vacancies_found", on.year] += 1

    def is_away(self, counsellor: int, on: date) -> bool:
        return counsellor in self.away and self.away[counsellor][0] <= on <= self.away[counsellor][1]

    def do(self, action: Action, on: date) -> None:
        self.counts[action.kind] += 1
        match action:
            case Action(kinds.RECORD_CONSENT, {"seeker": seeker}, form):
                self._looking(seeker)
                ConsentForm.model_validate(dict(form))
            case Action(kinds.CHANGE_SEEKER, {"seeker": seeker}, form):
                self._looking(seeker)
                before = self._centre.seekers[seeker][0]
                SeekerForm.model_validate({**before.model_dump(), **form})
                assert not {"birth_date", "wanted_occupations"} & form.keys(), "a change that figures are counted by"
                assert seeker not in self.in_sos_care, "changed while a placement may end SOS-Care"
            case Action(kinds.WITHDRAW, {"seeker": seeker}, form):
                self._looking(seeker)
                Withdrawal.model_validate(dict(form))
                assert seeker not in self._centre.self_found
                if seeker in self._centre.placed:
                    self._has_left(seeker, on)
                self.withdrawn.add(seeker)
            case Action(kinds.COME_BACK, {"seeker": seeker}):
                assert seeker not in self.erased
                self.withdrawn.remove(seeker)
            case Action(kinds.REGISTER_AGAIN, {"seeker": seeker, "second_record": second}, form):
                assert second == seeker
                self._looking(seeker)
                self._register_again(seeker, form, on)
            case Action(kinds.MERGE_RECORDS, {"seeker": seeker, "second_record": second}):
                assert second == seeker
                self._looking(seeker)
                assert (self.twice[seeker].year, self.twice[seeker].month) == (on.year, on.month)
                assert self.twice.pop(seeker) < on
                self._centre.reached["registered", on.year] -= 1
            case Action(kinds.ERASE_SEEKER, {"seeker": seeker}):
                assert seeker in self.withdrawn
                assert seeker not in self._centre.placed.keys() | self._centre.self_found.keys() | self.twice.keys()
                in_vain = {self._centre.referrals[referral][0] for referral in self._centre.corrected}
                assert seeker not in in_vain, "nothing would be left to ask of a placement that never was"
                _add(self.erased, seeker, on)
            case Action(kinds.ASK_FOR_SOS_CARE, {"seeker": seeker}, _, outcome):
                self._looking(seeker)
                assert seeker not in self.in_sos_care
                judged = findings(self._centre.seekers[seeker][0], None, policy_on(on), on)
                granted = all(finding.met for finding in judged)
                assert outcome == ("granted" if granted else "declined")
                if granted:
                    self.in_sos_care.add(seeker)
            case Action(kinds.ASSESS, {"seeker": seeker}, form, stage):
                self._looking(seeker)
                AssessmentForm.model_validate(dict(form))
                assert stage_of(form) == stage  # pyright: ignore[reportArgumentType]
                self._move(seeker, stage)
            case Action(kinds.ENROL, {"course": number, "seeker": seeker}, form):
                self._looking(seeker)
                assert CourseForm.model_validate(dict(form)).stage == self.stage[seeker]
                _add(self.courses, number, (seeker, self.stage[seeker], on))
            case Action(kinds.COMPLETE_COURSE, {"course": course, "seeker": seeker}, _, stage):
                self._looking(seeker)
                of, before, since = self.courses.pop(course)
                assert of == seeker
                assert since <= on
                assert STAGES[STAGES.index(before) + 1] == stage
                self._move(seeker, stage)
            case _:
                self._of_firms(action, on)

    def _of_firms(self, action: Action, on: date) -> None:
        match action:
            case Action(kinds.BE_AWAY, {"counsellor": counsellor}, form):
                told = AbsenceForm.model_validate(dict(form))
                assert on < told.first <= told.last
                assert counsellor in self._centre.counsellors
                assert counsellor not in self.left
                _add(self.away, counsellor, (told.first, told.last))
            case Action(kinds.LEAVE_COUNSELLOR, {"counsellor": counsellor}):
                assert counsellor in self._centre.counsellors.keys() - self.left
                self.left.add(counsellor)
            case Action(kinds.LEAVE_EMPLOYER, {"employer": employer}):
                assert employer in self._centre.employers.keys() - self.departing
                self.departing.add(employer)
            case Action(kinds.FILE_PLAN, {"plan": number, "employer": employer}, form):
                assert employer in self._centre.employers.keys() - self.departing | self.prospects.keys()
                plan = HiringPlanForm.model_validate(dict(form))
                assert plan.hire_by > on
                _add(self.plans, number, (employer, plan, on))
            case Action(kinds.LIST_PROSPECT, {"employer": number}, form):
                listed = EmployerForm.model_validate(dict(form))
                assert listed.size != "large"
                assert listed.programmes
                assert listed.business_number not in self._centre.employers.values()
                _add(self.prospects, number, listed.business_number)
            case Action(
                kinds.RECORD_VISIT, {"visit": number, "employer": employer, "counsellor": counsellor, **filed}, form
            ):
                promised = VisitForm.model_validate({**form, "employer_id": _ANY_ID}).vacancies_found
                _add(self.visits, number, (employer, on))
                self.promised[number] = promised
                self.came_of_visits["made", on.year] += 1
                assert counsellor in self._centre.counsellors
                before = [plan for of, plan, since in self.plans.values() if of == employer and since < on]
                large = any(plan.openings >= 10 and plan.hire_by >= on for plan in before)
                assert large or employer in self.prospects, "a member that plans to hire few is visited"
                assert not promised or employer in self._centre.employers, "a prospect opens no vacancy"
                if filed:
                    of, _, since = self.plans[filed["plan"]]
                    assert (of, since) == (employer, on), "a plan that wasn't filed at the visit"
                    self.came_of_visits["plans_secured", on.year] += 1
            case _:
                raise AssertionError(f"nobody takes {action}")

    def _register_again(self, seeker: int, form: Form, on: date) -> None:
        first, registered_on = self._centre.seekers[seeker]
        second = SeekerForm.model_validate({**first.model_dump(), **form, "occurred_on": None})
        person = (second.name, second.birth_date, second.phone)
        assert person not in self._centre.persons, "the same record twice is none"
        self._centre.persons.add(person)
        assert second.wanted_occupations == first.wanted_occupations
        assert registered_on < on
        _add(self.twice, seeker, on)
        self._centre.reached["registered", on.year] += 1

    def _move(self, seeker: int, stage: CareStage) -> None:
        assert self.stage.get(seeker) != stage
        self.stage[seeker] = stage
        self.moved[stage] += 1

    def _has_left(self, seeker: int, on: date) -> None:
        """Demand that someone placed has told that the job has ended, and of no other."""
        step = left_at(self._seed, seeker)
        assert step is not None, "withdrawn from a job"
        assert (on - self._centre.placed[seeker][2]).days > STEPS[step], "withdrawn before the job's end was told"
        self.withdrawn_after_job.add(seeker)

    def _looking(self, seeker: int) -> None:
        assert seeker in self._centre.seekers
        assert seeker not in self.withdrawn


def simulate(history: DrawnHistory, lag: int = 3, shuffled_by: int = 0) -> dict[str, object]:
    """Drive a history and give the figures at its end."""
    return driven(history, lag, shuffled_by).figures(history.period.date(history.period.last))


def driven(history: DrawnHistory, lag: int = 3, shuffled_by: int = 0) -> Centre:
    """Drive a history to its end, where nothing is left over, and give the centre there."""
    centre = driven_for(history, history.period.length, lag, shuffled_by)
    assert centre.actions == history.total
    numbered = (centre.counsellors, centre.employers, centre.seekers, centre.vacancies, centre.referrals)
    assert all(set(each) == set(range(len(each))) for each in numbered), "numbers are left out"
    firms = [*centre.employers.values(), *centre.care.prospects.values()]
    assert len(set(firms)) == len(firms), "a business number comes twice"
    assert not centre.employers.keys() & centre.care.prospects.keys(), "a prospect has a member's number"
    assert len(set(centre.launched)) == len(centre.launched), "a client launches twice"
    assert not centre.care.twice, "somebody is left with two records"
    assert not any(centre.care.promised.values()), "a visit found more or fewer than it was promised"
    return centre


def driven_for(history: DrawnHistory, days: int, lag: int = 3, shuffled_by: int = 0) -> Centre:
    """Drive the first days of a history, matching so many days after intake, and give the centre when all have done
    the last of them."""
    centre, order = Centre(history.seed), random.Random(shuffled_by)
    waiting: list[Day] = []
    for day in islice(history.days, days):
        assert not waiting or waiting[-1].day < day.day
        centre.take(day.intake, day.day, order)
        waiting.append(day)
        if len(waiting) > lag:
            late = waiting.pop(0)
            centre.take(late.matching, late.day, order)
    for late in waiting:
        centre.take(late.matching, late.day, order)
    return centre


def actions(history: DrawnHistory) -> list[Action]:
    """Give all actions of a history, in order."""
    return [action for day in history.days for stage in chain(day.intake, day.matching) for action in stage]


def _client(refs: Mapping[str, int]) -> tuple[int, bool]:
    """Give the number of a session's client, and whether it is a seeker's."""
    ((thing, number),) = refs.items()
    assert thing in {"seeker", "stranger"}
    return number, thing == "seeker"


def _add(known: dict[int, _T], number: int, what: _T) -> None:
    assert number not in known, "a number comes twice"
    known[number] = what


def _split(values: Iterable[str], codes: Iterable[str]) -> dict[str, int]:
    counts = Counter(values)
    return {code: counts[code] for code in codes}


def _percents(counts: Mapping[str, int], whole: int) -> dict[str, float | None]:
    return {code: _number(percent(count, whole)) for code, count in counts.items()}


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))
