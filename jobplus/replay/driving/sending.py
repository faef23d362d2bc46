"""How actions are asked for: by their rows of the table, and a few by steps of their own."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from jobplus.client import Refusal
from jobplus.replay.driving.actions import Action, Kind, Step, Thing
from jobplus.replay.driving.calls import Asker, Calls, heard
from jobplus.stack.keys import Bearer

_NOT_READY = "not-ready-for-referral"
"""What a referral is refused with where total care closes it."""
_NO_DETAILS = ("seeker_id", "status", "registered_on", "care_stage", "sos_care", "version")
"""What a seeker's record says that nobody can change by hand."""


class _Request(NamedTuple):
    """What a row makes of an action. `ids` are those of what it is about, by thing."""

    action: Action
    ids: Mapping[Thing, str]
    path: str
    body: dict[str, object]
    key: str

    @property
    def kind(self) -> Kind:
        return self.action.kind

    @property
    def client(self) -> str:
        """The id of the seeker, or of the client who never registers."""
        return self.ids.get("seeker") or self.ids["stranger"]


class Sender:
    """Asks the services for actions, and takes down the ids of what they give, and of what they end."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._answered: dict[int, int] = {}
        """The version of a referral that was answered, by its number."""
        self._steps: Mapping[Step, Callable[[_Request], Awaitable[Any]]] = {
            "hold": self._hold,
            "change": self._change,
            "register again": self._register_again,
            "refer": self._refer,
            "answer": self._answer,
            "visit": self._visit,
        }

    async def send(self, action: Action) -> None:
        """Ask for an action (raises Refusal, Unanswered)."""
        kind, request = action.kind, self._request(action)
        answer = await (self._post(request) if kind.step is None else self._steps[kind.step](request))
        if kind.gives is not None:
            thing, field = kind.gives
            self._calls.know(thing, action.refs[thing], answer[field])
        if kind.ends is not None:
            self._calls.ended[kind.ends][action.refs[kind.ends]] = request.ids[kind.ends]

    def _request(self, action: Action) -> _Request:
        kind = action.kind
        given = kind.gives and kind.gives[0]
        ids: dict[Thing, str] = {
            thing: self._calls.id_of(thing, number) for thing, number in action.refs.items() if thing != given
        }
        named = {field: ids[thing] for thing, field in kind.fields.items() if thing in ids}
        key = self._calls.next_key(kind.address.rpartition("/")[2])
        return _Request(action, ids, kind.address.format(**ids), {**action.form, **named}, key)

    async def _post(self, request: _Request, version: int | None = None) -> Any:
        async def post(asker: Asker, _: str) -> Any:
            return await asker.post(request.path, request.body, request.key, version)

        if request.kind.by == "seeker's counsellor":
            return await self._calls.of_seeker(request.kind.service, request.client, post)
        return await post(self._asker(request), "")

    def _asker(self, request: _Request) -> Asker:
        service = request.kind.service
        match request.kind.by:
            case "counsellor":
                return self._calls.asker(service, Bearer("counsellor", request.ids["counsellor"]))
            case "firm":
                return self._calls.asker(service, Bearer("employer", request.ids["employer"]))
            case "joining firm":
                number = str(request.body["business_number"])
                return self._calls.asker(service, Bearer("employer", business_number=number))
            case "desk":
                return self._calls.desk(service)
            case _:
                return self._calls.asker(service)

    async def _hold(self, request: _Request) -> Any:
        """A session is held by the counsellor who has the client; with who has none by the one in the history."""
        body = {**request.body, "client_id": request.client, "registered": "seeker" in request.ids}

        async def hold(asker: Asker, counsellor: str) -> Any:
            return await asker.post(request.path, {**body, "counsellor_id": counsellor}, request.key)

        return await self._calls.of_seeker("intake", request.client, hold, request.ids["counsellor"])

    async def _change(self, request: _Request) -> Any:
        async def change(asker: Asker, _: str) -> Any:
            record = await asker.get(request.path)
            body = {**_details(record), **request.body}
            return await asker.put(request.path, body, request.key, record["version"])

        return await self._calls.of_seeker("intake", request.client, change)

    async def _register_again(self, request: _Request) -> Any:
        """Somebody is registered once more, by a counsellor who opened the record first: they say that they had one."""
        desk, first = self._asker(request), f"/seekers/{request.client}"
        await desk.post(f"{first}/opening", {"reason": "walk_in"}, self._calls.next_key("opening"))
        record = await desk.get(first)
        return await desk.post(request.path, {**_details(record), **request.body}, request.key)

    async def _refer(self, request: _Request) -> Any:
        """Refer someone, as soon as matching has heard what their stage in total care allows."""
        if "override" in request.body:
            await heard(lambda: self._is_closed_to(request))
        return await heard(lambda: self._referred(request))

    async def _is_closed_to(self, request: _Request) -> bool:
        """Tell whether matching knows that a seeker is in total care and not ready."""
        path = f"/seekers/{request.client}/vacancies?limit=1"
        answer = await self._calls.of_seeker("matching", request.client, lambda asker, _: asker.get(path))
        return answer["gate"] is not None and answer["gate"]["problem"] == _NOT_READY

    async def _referred(self, request: _Request) -> Any:
        """Refer someone; gives nothing while matching hasn't heard that total care has made them ready."""
        try:
            return await self._post(request)
        except Refusal as refusal:
            if f"urn:jobplus:problem:{_NOT_READY}".encode() not in refusal.answer.body:
                raise
            return None

    async def _answer(self, request: _Request) -> Any:
        """One that was put off is answered under the version that it had then."""
        number = request.action.refs["referral"]
        answer = await self._post(request, self._answered.get(number))
        self._answered[number] = answer["version"]
        return answer

    async def _visit(self, request: _Request) -> Any:
        request.body["counsellors"] = [request.ids["counsellor"]]
        return await self._post(request)


def _details(record: Mapping[str, object]) -> dict[str, object]:
    """Give of a seeker's record what a form says."""
    return {name: value for name, value in record.items() if name not in _NO_DETAILS}
