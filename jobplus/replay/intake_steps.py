"""How each action of intake is asked for."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from jobplus.replay.actions import (
    AskForSosCare,
    Assess,
    BeAway,
    ChangeSeeker,
    ComeBack,
    CompleteCourse,
    Enrol,
    EraseSeeker,
    FilePlan,
    Form,
    HoldSession,
    JoinCounsellor,
    JoinEmployer,
    LaunchBusiness,
    LeaveCounsellor,
    LeaveEmployer,
    ListProspect,
    MergeRecords,
    RecordConsent,
    RegisterAgain,
    RegisterSeeker,
    Withdraw,
)
from jobplus.replay.calls import Calls

_NO_DETAILS = ("seeker_id", "status", "registered_on", "care_stage", "sos_care", "version")
"""What a seeker's record says that nobody can change by hand."""


class IntakeSteps:
    """Asks intake for what a history brings."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._clients: dict[int, str] = {}
        self.steps: Mapping[type[Any], Callable[[Any], Awaitable[None]]] = {
            JoinCounsellor: self._join_counsellor,
            JoinEmployer: self._join_employer,
            LeaveCounsellor: self._leave_counsellor,
            LeaveEmployer: self._leave_employer,
            RegisterSeeker: self._register,
            HoldSession: self._hold_session,
            LaunchBusiness: self._launch,
            RecordConsent: self._record_consent,
            ChangeSeeker: self._change,
            Withdraw: self._withdraw,
            ComeBack: self._come_back,
            RegisterAgain: self._register_again,
            MergeRecords: self._merge,
            EraseSeeker: self._erase,
            AskForSosCare: self._ask_for_sos_care,
            Assess: self._assess,
            Enrol: self._enrol,
            CompleteCourse: self._complete_course,
            BeAway: self._be_away,
            FilePlan: self._file_plan,
            ListProspect: self._list_prospect,
        }

    def _client(self, number: int, registered: bool) -> str:
        """Give the id of a session's client: a seeker's, or a made-up one for who never registers."""
        if registered:
            return self._calls.ids[RegisterSeeker][number]
        return self._clients.setdefault(number, f"00000000-0000-4000-8000-{number:012d}")

    async def _join_counsellor(self, action: JoinCounsellor) -> None:
        answer = await self._calls.post("intake", "/counsellors", dict(action.form), f"counsellor-{action.number}")
        self._calls.ids[JoinCounsellor][action.number] = answer["counsellor_id"]

    async def _join_employer(self, action: JoinEmployer) -> None:
        answer = await self._calls.post("intake", "/employers", dict(action.form), f"employer-{action.number}")
        self._calls.ids[JoinEmployer][action.number] = answer["employer_id"]

    async def _leave_counsellor(self, action: LeaveCounsellor) -> None:
        counsellor = self._calls.ids[JoinCounsellor][action.counsellor]
        await self._calls.post("intake", f"/counsellors/{counsellor}/departure", {}, f"left-{action.counsellor}")
        self._calls.ids[LeaveCounsellor][action.counsellor] = counsellor

    async def _leave_employer(self, action: LeaveEmployer) -> None:
        employer = self._calls.ids[JoinEmployer][action.employer]
        await self._calls.post("intake", f"/employers/{employer}/departure", {}, f"left-employer-{action.employer}")
        self._calls.ids[LeaveEmployer][action.employer] = employer

    async def _register(self, action: RegisterSeeker) -> None:
        answer = await self._calls.post("intake", "/seekers", dict(action.form), f"seeker-{action.number}")
        self._calls.ids[RegisterSeeker][action.number] = answer["seeker_id"]
        self._calls.seekers[answer["seeker_id"]] = action.number

    async def _hold_session(self, action: HoldSession) -> None:
        body = {
            **action.form,
            "client_id": self._client(action.client, action.registered),
            "registered": action.registered,
            "counsellor_id": self._calls.ids[JoinCounsellor][action.counsellor],
        }
        await self._calls.post("intake", "/sessions", body, self._calls.next_key("session"))

    async def _launch(self, action: LaunchBusiness) -> None:
        client = self._client(action.client, action.registered)
        await self._calls.post("intake", "/launches", {"client_id": client}, self._calls.next_key("launch"))

    async def _record_consent(self, action: RecordConsent) -> None:
        await self._of_seeker(action.seeker, "consents", action.form)

    async def _change(self, action: ChangeSeeker) -> None:
        path = f"/seekers/{self._calls.ids[RegisterSeeker][action.seeker]}"
        record = await self._calls.get("intake", path)
        body = {**_details(record), **action.form}
        await self._calls.put("intake", path, body, self._calls.next_key("change"), record["version"])

    async def _withdraw(self, action: Withdraw) -> None:
        await self._of_seeker(action.seeker, "withdrawal", action.form)

    async def _come_back(self, action: ComeBack) -> None:
        await self._of_seeker(action.seeker, "return", {})

    async def _register_again(self, action: RegisterAgain) -> None:
        record = await self._calls.get("intake", f"/seekers/{self._calls.ids[RegisterSeeker][action.seeker]}")
        body = {**_details(record), **action.form}
        answer = await self._calls.post("intake", "/seekers", body, f"seeker-again-{action.seeker}")
        self._calls.ids[RegisterAgain][action.seeker] = answer["seeker_id"]

    async def _merge(self, action: MergeRecords) -> None:
        merged = self._calls.ids[RegisterAgain][action.seeker]
        await self._of_seeker(action.seeker, "merge", {"merged_id": merged})
        self._calls.ids[MergeRecords][action.seeker] = merged

    async def _erase(self, action: EraseSeeker) -> None:
        await self._of_seeker(action.seeker, "erasure", {})
        self._calls.ids[EraseSeeker][action.seeker] = self._calls.ids[RegisterSeeker][action.seeker]

    async def _ask_for_sos_care(self, action: AskForSosCare) -> None:
        await self._of_seeker(action.seeker, "sos-care", {})

    async def _assess(self, action: Assess) -> None:
        await self._of_seeker(action.seeker, "care-assessments", action.form)

    async def _enrol(self, action: Enrol) -> None:
        answer = await self._of_seeker(action.seeker, "courses", action.form)
        self._calls.ids[Enrol][action.number] = answer["course_id"]

    async def _complete_course(self, action: CompleteCourse) -> None:
        await self._of_seeker(action.seeker, f"courses/{self._calls.ids[Enrol][action.course]}/completion", {})

    async def _be_away(self, action: BeAway) -> None:
        path = f"/counsellors/{self._calls.ids[JoinCounsellor][action.counsellor]}/absences"
        await self._calls.post("intake", path, dict(action.form), self._calls.next_key("absence"))

    async def _file_plan(self, action: FilePlan) -> None:
        path = f"/employers/{self._calls.ids[JoinEmployer][action.employer]}/hiring-plans"
        answer = await self._calls.post("intake", path, dict(action.form), f"plan-{action.number}")
        self._calls.ids[FilePlan][action.number] = answer["plan_id"]

    async def _list_prospect(self, action: ListProspect) -> None:
        answer = await self._calls.post("intake", "/prospects", dict(action.form), f"prospect-{action.number}")
        self._calls.ids[JoinEmployer][action.number] = answer["employer_id"]

    async def _of_seeker(self, seeker: int, what: str, form: Form) -> Any:
        path = f"/seekers/{self._calls.ids[RegisterSeeker][seeker]}/{what}"
        return await self._calls.post("intake", path, dict(form), self._calls.next_key("of-seeker"))


def _details(record: Mapping[str, object]) -> dict[str, object]:
    """Give of a seeker's record what a form says."""
    return {name: value for name, value in record.items() if name not in _NO_DETAILS}
