"""How each action of matching is asked for."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from jobplus.replay.actions import (
    AnswerReferral,
    CompleteInternship,
    ConvertInternship,
    FindJob,
    JoinCounsellor,
    JoinEmployer,
    MakeReferral,
    OpenVacancy,
    Place,
    RecordVisit,
    RegisterSeeker,
    StartInternship,
)
from jobplus.replay.calls import Calls


class MatchingSteps:
    """Asks matching for what a history brings."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self.steps: Mapping[type[Any], Callable[[Any], Awaitable[None]]] = {
            OpenVacancy: self._open_vacancy,
            MakeReferral: self._refer,
            AnswerReferral: self._answer,
            Place: self._place,
            StartInternship: self._start_internship,
            CompleteInternship: self._complete_internship,
            ConvertInternship: self._convert_internship,
            FindJob: self._find_job,
            RecordVisit: self._record_visit,
        }

    async def _open_vacancy(self, action: OpenVacancy) -> None:
        body = {**action.form, "employer_id": self._calls.ids[JoinEmployer][action.employer]}
        if action.visit is not None:
            body["visit_id"] = self._calls.ids[RecordVisit][action.visit]
        answer = await self._calls.post("matching", "/vacancies", body, f"vacancy-{action.number}")
        self._calls.ids[OpenVacancy][action.number] = answer["vacancy_id"]

    async def _refer(self, action: MakeReferral) -> None:
        body: dict[str, object] = {
            "seeker_id": self._calls.ids[RegisterSeeker][action.seeker],
            "vacancy_id": self._calls.ids[OpenVacancy][action.vacancy],
        }
        answer = await self._calls.post("matching", "/referrals", body, f"referral-{action.number}")
        self._calls.ids[MakeReferral][action.number] = answer["referral_id"]

    async def _answer(self, action: AnswerReferral) -> None:
        referral = self._calls.ids[MakeReferral][action.referral]
        body: dict[str, object] = {"answer": action.answer}
        if action.reason is not None:
            body["reason"] = action.reason
        await self._calls.post("matching", f"/referrals/{referral}/answer", body, f"answer-{action.referral}")

    async def _place(self, action: Place) -> None:
        referral = self._calls.ids[MakeReferral][action.referral]
        await self._calls.post("matching", f"/referrals/{referral}/placement", {}, f"placement-{action.referral}")

    async def _start_internship(self, action: StartInternship) -> None:
        referral = self._calls.ids[MakeReferral][action.referral]
        answer = await self._calls.post(
            "matching", f"/referrals/{referral}/internship", {}, f"internship-{action.referral}"
        )
        self._calls.ids[StartInternship][action.referral] = answer["internship_id"]

    async def _complete_internship(self, action: CompleteInternship) -> None:
        internship = self._calls.ids[StartInternship][action.referral]
        await self._calls.post("matching", f"/internships/{internship}/completion", {}, f"completion-{action.referral}")

    async def _convert_internship(self, action: ConvertInternship) -> None:
        internship = self._calls.ids[StartInternship][action.referral]
        await self._calls.post("matching", f"/internships/{internship}/conversion", {}, f"conversion-{action.referral}")

    async def _find_job(self, action: FindJob) -> None:
        seeker = self._calls.ids[RegisterSeeker][action.seeker]
        path, key = f"/seekers/{seeker}/self-found", f"self-found-{action.seeker}"
        answer = await self._calls.post("matching", path, dict(action.form), key)
        self._calls.ids[FindJob][action.seeker] = answer["placement_id"]

    async def _record_visit(self, action: RecordVisit) -> None:
        body = {
            **action.form,
            "employer_id": self._calls.ids[JoinEmployer][action.employer],
            "counsellors": [self._calls.ids[JoinCounsellor][action.counsellor]],
        }
        answer = await self._calls.post("matching", "/visits", body, f"visit-{action.number}")
        self._calls.ids[RecordVisit][action.number] = answer["visit_id"]
