"""What is asked for an action: by whom, where, with which ids; and what is known afterwards."""

from collections.abc import Iterable
from typing import Any, NamedTuple, cast

import orjson
import pytest

from jobplus.client import Answer, Client, Refusal
from jobplus.replay.driving import kinds
from jobplus.replay.driving.actions import Action
from jobplus.replay.driving.calls import Calls
from jobplus.replay.driving.sending import Sender
from jobplus.settling import Addresses
from jobplus.stack.keys import Bearer

BEGUN = [
    Action(kinds.JOIN_COUNSELLOR, {"counsellor": 0}),
    Action(kinds.JOIN_COUNSELLOR, {"counsellor": 1}),
    Action(kinds.JOIN_EMPLOYER, {"employer": 0}, {"business_number": "9999999990"}),
    Action(kinds.REGISTER_SEEKER, {"seeker": 0}),
    Action(kinds.OPEN_VACANCY, {"vacancy": 0, "employer": 0}, {"openings": 1}),
    Action(kinds.MAKE_REFERRAL, {"referral": 0, "seeker": 0, "vacancy": 0}),
]


class Asked(NamedTuple):
    """A request as a service gets it."""

    by: Bearer
    path: str
    body: dict[str, object]
    version: int | None


class Services:
    """Intake and matching, which take what they are asked, and number what they give; `mine` has all seekers."""

    def __init__(self, mine: str | None = None) -> None:
        self.asked: list[Asked] = []
        self.mine = mine
        self._given = 0

    def token_of(self, bearer: Bearer) -> Any:
        return bearer

    def client(self, service: str, bearer: Bearer, connections: int = 1) -> Client:
        return cast(Client, _Client(self, bearer))

    def take(self, by: Bearer, method: str, path: str, body: bytes, version: int | None) -> dict[str, object]:
        self.asked.append(Asked(by, path, orjson.loads(body or b"{}"), version))
        if self.mine and by.role == "counsellor" and by.own != self.mine:
            refused = {"type": "urn:jobplus:problem:seeker-of-another", "facts": {"counsellor_id": self.mine}}
            raise Refusal(method, path, Answer(409, orjson.dumps(refused)))
        self._given += 1
        things = ("counsellor", "employer", "seeker", "vacancy", "referral", "placement", "visit", "plan")
        return {"version": self._given, "name": "한빛", **{f"{of}_id": f"{of}-{self._given}" for of in things}}


class _Client:
    repeated = 0

    def __init__(self, services: Services, bearer: Bearer) -> None:
        self._services, self._bearer = services, bearer

    def bearing(self, token: Any) -> "_Client":
        return _Client(self._services, token())

    async def get(self, path: str, *, patience: float = 0.0) -> Any:
        return self._services.take(self._bearer, "GET", path, b"", None)

    async def post(self, path: str, body: bytes, key: str, *, version: int | None = None) -> Any:
        return self._services.take(self._bearer, "POST", path, body, version)

    async def put(self, path: str, body: bytes, key: str, version: int) -> Any:
        return self._services.take(self._bearer, "PUT", path, body, version)


async def sent(*actions: Action, services: Services | None = None) -> tuple[Calls, list[Asked]]:
    """Send the actions after those that a centre begins with; give what is known then, and what was asked for them."""
    services = services or Services()
    calls = Calls(cast(Addresses, services), "test")
    await _send(calls, BEGUN)
    services.asked.clear()
    await _send(calls, actions)
    return calls, services.asked


async def _send(calls: Calls, actions: Iterable[Action]) -> None:
    sender = Sender(calls)
    for action in actions:
        await sender.send(action)


async def test_ids_stand_for_numbers_in_the_address_and_in_the_fields_of_the_row() -> None:
    visit = Action(kinds.RECORD_VISIT, {"visit": 0, "employer": 0, "counsellor": 1}, {"officials": 1})
    found = Action(kinds.OPEN_FOUND_VACANCY, {"vacancy": 1, "employer": 0, "visit": 0}, {"openings": 2})
    gone = Action(kinds.LEAVE_EMPLOYER, {"employer": 0})

    calls, asked = await sent(visit, found, gone)

    firm = calls.ids["employer"][0]
    counsellor = calls.ids["counsellor"][1]
    assert [(each.by.role, each.by.own, each.path) for each in asked[::2]] == [
        ("counsellor", counsellor, "/visits"),
        ("employer", firm, f"/employers/{firm}/departure"),
    ]
    assert asked[0].body == {"officials": 1, "employer_id": firm, "counsellors": [counsellor]}
    assert asked[1].body == {"openings": 2, "employer_id": firm, "visit_id": calls.ids["visit"][0]}
    assert calls.ended["employer"] == {0: firm}


async def test_what_was_put_off_is_answered_under_the_version_that_it_had_then() -> None:
    off, accepted = ({"answer": answer} for answer in ("postponed", "accepted"))
    refs = {"referral": 0, "seeker": 0}

    calls, asked = await sent(*(Action(kinds.ANSWER_REFERRAL, refs, form) for form in (off, accepted)))

    assert {each.path for each in asked} == {f"/referrals/{calls.ids['referral'][0]}/answer"}
    assert [(each.body, each.version) for each in asked] == [(off, None), (accepted, len(BEGUN) + 1)]


@pytest.mark.parametrize("whose", ["counsellor-1", "counsellor-2"])
async def test_a_session_is_held_by_the_counsellor_who_has_the_seeker_as_the_first_refusal_tells(whose: str) -> None:
    services, session = Services(), {"kind": "job", "channel": "call", "minutes": 5}
    held = Action(kinds.HOLD_SESSION, {"counsellor": 0, "seeker": 0}, session)
    calls = Calls(cast(Addresses, services), "test")
    await _send(calls, BEGUN)
    services.mine = whose
    services.asked.clear()

    await _send(calls, [held, held])

    seeker = calls.ids["seeker"][0]
    tried = ["counsellor-1"] if whose == "counsellor-1" else ["counsellor-1", "counsellor-2"]
    assert [each.by.own for each in services.asked] == [*tried, whose]
    assert services.asked[-1].body == {**session, "client_id": seeker, "registered": True, "counsellor_id": whose}


async def test_a_stranger_has_an_id_that_is_the_same_each_time_and_no_record() -> None:
    session = {"kind": "startup", "channel": "call", "minutes": 5}
    held = Action(kinds.HOLD_SESSION, {"counsellor": 0, "stranger": 7}, session)

    _, (first, launch) = await sent(held, Action(kinds.LAUNCH_BUSINESS, {"stranger": 7}))

    assert first.body["registered"] is False
    assert launch.body == {"client_id": first.body["client_id"]}


async def test_a_second_record_says_what_the_first_does_and_is_gone_when_it_is_merged() -> None:
    refs = {"seeker": 0, "second_record": 0}
    again = Action(kinds.REGISTER_AGAIN, refs, {"phone": "010-0000-0001"})

    calls, asked = await sent(again, Action(kinds.MERGE_RECORDS, refs))

    first, second = calls.ids["seeker"][0], calls.ids["second_record"][0]
    assert [each.path for each in asked] == [
        f"/seekers/{first}/opening",
        f"/seekers/{first}",
        "/seekers",
        f"/seekers/{first}/merge",
    ]
    assert asked[2].body.items() >= {"name": "한빛", "phone": "010-0000-0001"}.items()
    assert not asked[2].body.keys() & {"seeker_id", "version"}
    assert asked[3].body == {"merged_id": second}
    assert calls.ended["second_record"] == {0: second}
    assert calls.seekers == {first: 0}
