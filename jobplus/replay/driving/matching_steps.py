"""How each action of matching is asked for."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from jobplus.client import Refusal
from jobplus.replay.driving.actions import (
    AnswerReferral,
    BreakOffInternship,
    CompleteInternship,
    ConvertInternship,
    CorrectPlacement,
    FilePlan,
    FindJob,
    Form,
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
from jobplus.replay.driving.calls import Calls, heard

NOT_READY = "not-ready-for-referral"
"""What a referral is refused with where total care closes it."""


class MatchingSteps:
    """Asks matching for what a history brings."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._seekers: dict[int, str] = {}
        """Who was referred, by the referral's number."""
        self._answered: dict[int, int] = {}
        """The version of a referral that was answered, by its number."""
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
        """A firm opens its vacancy; one that a visit found whoever visited it."""
        body = {**action.form, "employer_id": self._calls.ids[JoinEmployer][action.employer]}
        if action.visit is None:
            asker = self._calls.firm("matching", action.employer)
        else:
            asker = self._calls.desk("matching")
            body["visit_id"] = self._calls.ids[RecordVisit][action.visit]
        answer = await asker.post("/vacancies", body, f"vacancy-{action.number}")
        self._calls.ids[OpenVacancy][action.number] = answer["vacancy_id"]

    async def _refer(self, action: MakeReferral) -> None:
        seeker = self._calls.ids[RegisterSeeker][action.seeker]
        body: dict[str, object] = {"seeker_id": seeker, "vacancy_id": self._calls.ids[OpenVacancy][action.vacancy]}
        if action.override is not None:
            await heard(lambda: self._closed_to(seeker))
            body["override"] = action.override
        answer = await heard(lambda: self._referred(seeker, body, f"referral-{action.number}"))
        self._calls.ids[MakeReferral][action.number] = answer["referral_id"]
        self._seekers[action.number] = seeker

    async def _closed_to(self, seeker: str) -> bool:
        """Tell whether matching knows that a seeker is in total care and not ready."""
        path = f"/seekers/{seeker}/vacancies?limit=1"
        gate = (await self._calls.of_seeker("matching", seeker, lambda asker, _: asker.get(path)))["gate"]
        return gate is not None and gate["problem"] == NOT_READY

    async def _referred(self, seeker: str, body: dict[str, object], key: str) -> Any:
        """Refer someone; gives nothing while matching hasn't heard that total care has made them ready."""
        try:
            return await self._of_seeker(seeker, "/referrals", body, key)
        except Refusal as refusal:
            if f"urn:jobplus:problem:{NOT_READY}".encode() not in refusal.answer.body:
                raise
            return None

    async def _answer(self, action: AnswerReferral) -> None:
        body: dict[str, object] = {"answer": action.answer}
        if action.reason is not None:
            body["reason"] = action.reason
        key = f"{'postponed' if action.answer == 'postponed' else 'answer'}-{action.referral}"
        version = self._answered.get(action.referral)
        answer = await self._of_referral(action.referral, "answer", body, key, version)
        self._answered[action.referral] = answer["version"]

    async def _withdraw(self, action: WithdrawReferral) -> None:
        form = {"reason": action.reason}
        await self._of_referral(action.referral, "withdrawal", form, f"referral-withdrawn-{action.referral}")
        self._calls.ids[WithdrawReferral][action.referral] = self._calls.ids[MakeReferral][action.referral]

    async def _place(self, action: Place) -> None:
        answer = await self._of_referral(action.referral, "placement", {}, f"placement-{action.referral}")
        self._calls.ids[Place][action.referral] = answer["placement_id"]

    async def _correct(self, action: CorrectPlacement) -> None:
        placement = self._calls.ids[Place][action.referral]
        path, key = f"/placements/{placement}/correction", f"correction-{action.referral}"
        await self._calls.asker("matching").post(path, {"reason": action.reason}, key)
        self._calls.ids[CorrectPlacement][action.referral] = placement

    async def _start_internship(self, action: StartInternship) -> None:
        answer = await self._of_referral(action.referral, "internship", {}, f"internship-{action.referral}")
        self._calls.ids[StartInternship][action.referral] = answer["internship_id"]

    async def _break_off_internship(self, action: BreakOffInternship) -> None:
        form = {"by": action.by}
        await self._of_internship(action.referral, "breaking-off", form, f"breaking-off-{action.referral}")

    async def _complete_internship(self, action: CompleteInternship) -> None:
        await self._of_internship(action.referral, "completion", {}, f"completion-{action.referral}")

    async def _convert_internship(self, action: ConvertInternship) -> None:
        await self._of_internship(action.referral, "conversion", {}, f"conversion-{action.referral}")

    async def _find_job(self, action: FindJob) -> None:
        seeker = self._calls.ids[RegisterSeeker][action.seeker]
        path, key = f"/seekers/{seeker}/self-found", f"self-found-{action.seeker}"
        answer = await self._of_seeker(seeker, path, action.form, key)
        self._calls.ids[FindJob][action.seeker] = answer["placement_id"]

    async def _record_visit(self, action: RecordVisit) -> None:
        body = {
            **action.form,
            "employer_id": self._calls.ids[JoinEmployer][action.employer],
            "counsellors": [self._calls.ids[JoinCounsellor][action.counsellor]],
        }
        if action.plan is not None:
            body["plan_id"] = self._calls.ids[FilePlan][action.plan]
        counsellor = self._calls.counsellor("matching", action.counsellor)
        answer = await counsellor.post("/visits", body, f"visit-{action.number}")
        self._calls.ids[RecordVisit][action.number] = answer["visit_id"]

    async def _of_referral(self, number: int, what: str, form: Form, key: str, version: int | None = None) -> Any:
        path = f"/referrals/{self._calls.ids[MakeReferral][number]}/{what}"
        return await self._of_seeker(self._seekers[number], path, form, key, version)

    async def _of_internship(self, number: int, what: str, form: Form, key: str) -> None:
        """An internship has the number of its referral."""
        path = f"/internships/{self._calls.ids[StartInternship][number]}/{what}"
        await self._of_seeker(self._seekers[number], path, form, key)

    async def _of_seeker(self, seeker: str, path: str, form: Form, key: str, version: int | None = None) -> Any:
        return await self._calls.of_seeker("matching", seeker, lambda asker, _: asker.post(path, form, key, version))
