"""How each action of matching is asked for."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from jobplus.client import Refusal
from jobplus.replay.actions import (
    AnswerReferral,
    BreakOffInternship,
    CompleteInternship,
    ConvertInternship,
    CorrectPlacement,
    FilePlan,
    FindJob,
    JoinCounsellor,
    JoinEmployer,
    MakeReferral,
    OpenVacancy,
    Place,
    RecordVisit,
    RegisterSeeker,
    StartInternship,
    WithdrawReferral,
)
from jobplus.replay.calls import Calls, heard

NOT_READY = "not-ready-for-referral"
"""What a referral is refused with where total care closes it."""


class MatchingSteps:
    """Asks matching for what a history brings."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self.steps: Mapping[type[Any], Callable[[Any], Awaitable[None]]] = {
            OpenVacancy: self._open_vacancy,
            MakeReferral: self._refer,
            AnswerReferral: self._answer,
            WithdrawReferral: self._withdraw,
            Place: self._place,
            CorrectPlacement: self._correct,
            StartInternship: self._start_internship,
            BreakOffInternship: self._break_off_internship,
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
        seeker = self._calls.ids[RegisterSeeker][action.seeker]
        body: dict[str, object] = {"seeker_id": seeker, "vacancy_id": self._calls.ids[OpenVacancy][action.vacancy]}
        if action.override is not None:
            await heard(lambda: self._closed_to(seeker))
            body["override"] = action.override
        answer = await heard(lambda: self._referred(body, f"referral-{action.number}"))
        self._calls.ids[MakeReferral][action.number] = answer["referral_id"]

    async def _closed_to(self, seeker: str) -> bool:
        """Tell whether matching knows that a seeker is in total care and not ready."""
        gate = (await self._calls.get("matching", f"/seekers/{seeker}/vacancies?limit=1"))["gate"]
        return gate is not None and gate["problem"] == NOT_READY

    async def _referred(self, body: dict[str, object], key: str) -> Any:
        """Refer someone; gives nothing while matching hasn't heard that total care has made them ready."""
        try:
            return await self._calls.post("matching", "/referrals", body, key)
        except Refusal as refusal:
            if f"urn:jobplus:problem:{NOT_READY}".encode() not in refusal.answer.body:
                raise
            return None

    async def _answer(self, action: AnswerReferral) -> None:
        referral = self._calls.ids[MakeReferral][action.referral]
        body: dict[str, object] = {"answer": action.answer}
        if action.reason is not None:
            body["reason"] = action.reason
        key = f"{'postponed' if action.answer == 'postponed' else 'answer'}-{action.referral}"
        await self._calls.post("matching", f"/referrals/{referral}/answer", body, key)

    async def _withdraw(self, action: WithdrawReferral) -> None:
        referral = self._calls.ids[MakeReferral][action.referral]
        path, key = f"/referrals/{referral}/withdrawal", f"referral-withdrawn-{action.referral}"
        await self._calls.post("matching", path, {"reason": action.reason}, key)
        self._calls.ids[WithdrawReferral][action.referral] = referral

    async def _place(self, action: Place) -> None:
        referral = self._calls.ids[MakeReferral][action.referral]
        path, key = f"/referrals/{referral}/placement", f"placement-{action.referral}"
        answer = await self._calls.post("matching", path, {}, key)
        self._calls.ids[Place][action.referral] = answer["placement_id"]

    async def _correct(self, action: CorrectPlacement) -> None:
        placement = self._calls.ids[Place][action.referral]
        path, key = f"/placements/{placement}/correction", f"correction-{action.referral}"
        await self._calls.post("matching", path, {"reason": action.reason}, key)
        self._calls.ids[CorrectPlacement][action.referral] = placement

    async def _start_internship(self, action: StartInternship) -> None:
        referral = self._calls.ids[MakeReferral][action.referral]
        answer = await self._calls.post(
            "matching", f"/referrals/{referral}/internship", {}, f"internship-{action.referral}"
        )
        self._calls.ids[StartInternship][action.referral] = answer["internship_id"]

    async def _break_off_internship(self, action: BreakOffInternship) -> None:
        internship = self._calls.ids[StartInternship][action.referral]
        path, key = f"/internships/{internship}/breaking-off", f"breaking-off-{action.referral}"
        await self._calls.post("matching", path, {"by": action.by}, key)

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
        if action.plan is not None:
            body["plan_id"] = self._calls.ids[FilePlan][action.plan]
        answer = await self._calls.post("matching", "/visits", body, f"visit-{action.number}")
        self._calls.ids[RecordVisit][action.number] = answer["visit_id"]
