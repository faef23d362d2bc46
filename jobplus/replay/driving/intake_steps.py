"""How each action of intake is asked for."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from jobplus.replay.driving.actions import (
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
from jobplus.replay.driving.calls import Asker, Calls
from jobplus.stack.keys import Bearer

_NO_DETAILS = ("seeker_id", "status", "registered_on", "care_stage", "sos_care", "version")
"""What a seeker's record says that nobody can change by hand."""


class IntakeSteps:
    """Asks intake for what a history brings."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._manager = calls.asker("intake")
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
        answer = await self._manager.post("/counsellors", action.form, f"counsellor-{action.number}")
        self._calls.ids[JoinCounsellor][action.number] = answer["counsellor_id"]

    async def _join_employer(self, action: JoinEmployer) -> None:
        """A firm joins by its number, with a token that names no record yet; the answer tells the id."""
        joining = Bearer("employer", business_number=str(action.form["business_number"]))
        firm = self._calls.asker("intake", joining)
        answer = await firm.post("/employers", action.form, f"employer-{action.number}")
        self._calls.ids[JoinEmployer][action.number] = answer["employer_id"]

    async def _leave_counsellor(self, action: LeaveCounsellor) -> None:
        counsellor = self._calls.ids[JoinCounsellor][action.counsellor]
        await self._manager.post(f"/counsellors/{counsellor}/departure", {}, f"left-{action.counsellor}")
        self._calls.ids[LeaveCounsellor][action.counsellor] = counsellor

    async def _leave_employer(self, action: LeaveEmployer) -> None:
        employer = self._calls.ids[JoinEmployer][action.employer]
        firm = self._calls.firm("intake", action.employer)
        await firm.post(f"/employers/{employer}/departure", {}, f"left-employer-{action.employer}")
        self._calls.ids[LeaveEmployer][action.employer] = employer

    async def _register(self, action: RegisterSeeker) -> None:
        answer = await self._calls.desk("intake").post("/seekers", action.form, f"seeker-{action.number}")
        self._calls.ids[RegisterSeeker][action.number] = answer["seeker_id"]
        self._calls.seekers[answer["seeker_id"]] = action.number

    async def _hold_session(self, action: HoldSession) -> None:
        """A session is held by the counsellor who has the client; with who has none by the one in the history."""
        body = {
            **action.form,
            "client_id": self._client(action.client, action.registered),
            "registered": action.registered,
        }
        key, first = self._calls.next_key("session"), self._calls.ids[JoinCounsellor][action.counsellor]

        async def hold(asker: Asker, counsellor: str) -> None:
            await asker.post("/sessions", {**body, "counsellor_id": counsellor}, key)

        await self._calls.of_seeker("intake", str(body["client_id"]), hold, first)

    async def _launch(self, action: LaunchBusiness) -> None:
        client, key = self._client(action.client, action.registered), self._calls.next_key("launch")
        await self._calls.of_seeker(
            "intake", client, lambda asker, _: asker.post("/launches", {"client_id": client}, key)
        )

    async def _record_consent(self, action: RecordConsent) -> None:
        await self._of_seeker(action.seeker, "consents", action.form)

    async def _change(self, action: ChangeSeeker) -> None:
        seeker, key = self._calls.ids[RegisterSeeker][action.seeker], self._calls.next_key("change")

        async def change(asker: Asker, _: str) -> None:
            record = await asker.get(f"/seekers/{seeker}")
            await asker.put(f"/seekers/{seeker}", {**_details(record), **action.form}, key, record["version"])

        await self._calls.of_seeker("intake", seeker, change)

    async def _withdraw(self, action: Withdraw) -> None:
        await self._of_seeker(action.seeker, "withdrawal", action.form)

    async def _come_back(self, action: ComeBack) -> None:
        await self._of_seeker(action.seeker, "return", {})

    async def _register_again(self, action: RegisterAgain) -> None:
        """Somebody is registered once more, by a counsellor who opened the record first: they say that they had one."""
        seeker = self._calls.ids[RegisterSeeker][action.seeker]
        desk = self._calls.desk("intake")
        await desk.post(f"/seekers/{seeker}/opening", {"reason": "walk_in"}, f"opening-{action.seeker}")
        record = await desk.get(f"/seekers/{seeker}")
        answer = await desk.post("/seekers", {**_details(record), **action.form}, f"seeker-again-{action.seeker}")
        self._calls.ids[RegisterAgain][action.seeker] = answer["seeker_id"]

    async def _merge(self, action: MergeRecords) -> None:
        merged = self._calls.ids[RegisterAgain][action.seeker]
        await self._of_seeker_by_manager(action.seeker, "merge", {"merged_id": merged})
        self._calls.ids[MergeRecords][action.seeker] = merged

    async def _erase(self, action: EraseSeeker) -> None:
        await self._of_seeker_by_manager(action.seeker, "erasure", {})
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
        await self._manager.post(path, action.form, self._calls.next_key("absence"))

    async def _file_plan(self, action: FilePlan) -> None:
        employer = self._calls.ids[JoinEmployer][action.employer]
        firm = self._calls.firm("intake", action.employer)
        answer = await firm.post(f"/employers/{employer}/hiring-plans", action.form, f"plan-{action.number}")
        self._calls.ids[FilePlan][action.number] = answer["plan_id"]

    async def _list_prospect(self, action: ListProspect) -> None:
        answer = await self._calls.desk("intake").post("/prospects", action.form, f"prospect-{action.number}")
        self._calls.ids[JoinEmployer][action.number] = answer["employer_id"]

    async def _of_seeker(self, number: int, what: str, form: Form) -> Any:
        seeker, key = self._calls.ids[RegisterSeeker][number], self._calls.next_key("of-seeker")
        return await self._calls.of_seeker(
            "intake", seeker, lambda asker, _: asker.post(f"/seekers/{seeker}/{what}", form, key)
        )

    async def _of_seeker_by_manager(self, number: int, what: str, form: Form) -> None:
        path = f"/seekers/{self._calls.ids[RegisterSeeker][number]}/{what}"
        await self._manager.post(path, form, self._calls.next_key("of-seeker"))


def _details(record: Mapping[str, object]) -> dict[str, object]:
    """Give of a seeker's record what a form says."""
    return {name: value for name, value in record.items() if name not in _NO_DETAILS}
