"""Commands at a modest steady rate: stories of persons, each command under a key of its own, and all noted.

A story registers somebody, changes the record, counsels, refers, answers, places, and ends the job; beside it firms
join and open vacancies, the city sets targets, and some ask what must be refused. A command that nobody knows the fate
of is most often sent again under its key, as a client would; some are left as they are.
"""

import asyncio
import random
import threading
import uuid
from typing import Any, NamedTuple

import orjson

from jobplus.client import NOT_YET_KNOWN, Answer, Client, Refusal
from jobplus.stack.keys import Bearer
from jobplus.stack.local import Stack
from tests.faults import kinds
from tests.faults.history import History, Kind
from tests.faults.partner import NAME, Partner
from tests.kit import forms

ANSWER_SECONDS = 8.0
"""After so long a client gives up: then nobody knows."""
MOST_SENT = 40
PAUSE_SECONDS = 0.5
MOST_STORIES = 120
COMMANDS_A_STORY = 8
UNKNOWN_LEFT = 0.2
"""How many of those that nobody knows the fate of aren't sent again."""
LINKED = 0.4
"""How many are linked to the partner."""
_AWAY = {500, 502, 503, 504}


class _Firm(NamedTuple):
    employer_id: str
    vacancy_id: str


class Load:
    """Asks in a thread of its own, on a loop of its own, until it is closed."""

    def __init__(self, stack: Stack, history: History, partner: Partner, seed: str, rate: float) -> None:
        self._history = history
        self._partner = partner
        self._chance = random.Random(seed)
        self._rate = rate
        self._clients: dict[str, Client] = {}
        self._stack = stack
        self._counsellors: list[str] = []
        self._firms: list[_Firm] = []
        self._going = asyncio.Event()
        self._in_flight = 0
        self._answered = asyncio.Event()
        self._answered.set()
        self._loop = asyncio.new_event_loop()
        self._ending = False
        self._thread = threading.Thread(target=self._run, name="load", daemon=True)
        self.broke: BaseException | None = None
        self.broken = 0
        """Answers of 500."""
        self._thread.start()

    def go_on(self) -> None:
        """Ask, from now on."""
        self._loop.call_soon_threadsafe(self._going.set)

    def pause(self) -> None:
        """Ask nothing more; returns when all that was asked has its answer, or was given up."""
        asyncio.run_coroutine_threadsafe(self._quiet(), self._loop).result(ANSWER_SECONDS + 30)

    def close(self) -> None:
        """End it, whatever is under way."""
        self._ending = True
        self.go_on()
        self._thread.join(30)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._ask())
        except BaseException as error:
            self.broke = error
        finally:
            self._loop.close()

    async def _quiet(self) -> None:
        self._going.clear()
        await self._answered.wait()

    async def _ask(self) -> None:
        self._clients = {service: self._stack.client(service, Bearer("manager")) for service in self._stack.services}
        stories: set[asyncio.Task[None]] = set()
        await self._going.wait()
        try:
            while not self._ending:
                await self._going.wait()
                if len(stories) < MOST_STORIES:
                    story = asyncio.create_task(self._story())
                    stories.add(story)
                await asyncio.sleep(COMMANDS_A_STORY / self._rate)
                done = {story for story in stories if story.done()}
                stories -= done
                for story in done:
                    story.result()
        finally:
            for story in stories:
                story.cancel()
            await asyncio.gather(*stories, return_exceptions=True)
            for client in self._clients.values():
                await client.close()

    async def _story(self) -> None:
        chance = self._chance
        if len(self._counsellors) < 3 and (joined := await self._do(kinds.COUNSELLOR, "/counsellors", _counsellor())):
            self._counsellors.append(joined["counsellor_id"])
        if len(self._firms) < 2 or chance.random() < 0.2:
            await self._new_firm()
        if chance.random() < 0.15:
            target = {"year": 2030 + chance.randrange(20), "measure": "placed", "value": chance.randrange(10_000)}
            await self._do(kinds.TARGET, "/targets", target, "placed")
        await self._seeker()

    async def _new_firm(self) -> None:
        form = forms.employer()
        firm = await self._do(kinds.EMPLOYER, "/employers", form)
        if firm is None:
            return
        await self._do(kinds.EMPLOYER, "/employers", form)  # the same once more is refused
        employer_id = firm["employer_id"]
        opened = await self._do(kinds.VACANCY, "/vacancies", forms.vacancy(employer_id, openings=400))
        if opened is not None:
            self._firms.append(_Firm(employer_id, opened["vacancy_id"]))

    async def _seeker(self) -> None:
        chance, form = self._chance, forms.seeker()
        registered = await self._do(kinds.REGISTER, "/seekers", form)
        if registered is None:
            return
        seeker_id = registered["seeker_id"]
        path = f"/seekers/{seeker_id}"
        if chance.random() < 0.5:
            changed = {**form, "district": "11680"}
            await self._do(kinds.CHANGE, path, changed, seeker_id, method="PUT", more={"If-Match": '"1"'})
        consent = {"purpose": "employers", "given": True, "text_version": "t2026-01"}
        await self._do(kinds.CONSENT, f"{path}/consents", consent, seeker_id)
        if chance.random() < LINKED:
            await self._link(seeker_id)
        if chance.random() < 0.1:
            await self._do(kinds.SESSION, "/sessions", forms.session(seeker_id, str(uuid.uuid4())), seeker_id)
        if self._counsellors:
            session = forms.session(seeker_id, chance.choice(self._counsellors))
            await self._do(kinds.SESSION, "/sessions", session, seeker_id)
        if self._firms and chance.random() < 0.8:
            await self._job(seeker_id, chance.choice(self._firms))
        else:
            await self._do(kinds.WITHDRAW, f"{path}/withdrawal", {"reason": "moved_away"}, seeker_id)
            if chance.random() < 0.2:
                await self._do(kinds.ERASURE, f"{path}/erasure", {}, seeker_id)

    async def _job(self, seeker_id: str, firm: _Firm) -> None:
        asked = {"seeker_id": seeker_id, "vacancy_id": firm.vacancy_id}
        referral = await self._do(kinds.REFERRAL, "/referrals", asked, seeker_id)
        if referral is None:
            return
        path = f"/referrals/{referral['referral_id']}"
        if await self._do(kinds.ANSWER, f"{path}/answer", {"answer": "accepted"}, seeker_id) is None:
            return
        placed = await self._do(kinds.PLACEMENT, f"{path}/placement", {}, seeker_id)
        if placed is not None and self._chance.random() < 0.5:
            ending = f"/placements/{placed['placement_id']}/ending"
            await self._do(kinds.ENDING, ending, {"reason": "resigned"}, seeker_id)

    async def _link(self, seeker_id: str) -> None:
        """Link somebody to the partner, asked under one key until it is answered."""
        number = self._partner.number()
        form = orjson.dumps({"partner": NAME, "client_number": number, "seeker_id": seeker_id})
        headers = {"Idempotency-Key": number, "Content-Type": "application/json"}
        while True:
            answer = await self._send("feed", "POST", "/links", form, headers)
            if answer is not None and answer.status < 300:
                self._partner.note(number, seeker_id)
                return
            if answer is not None and not Refusal("POST", "/links", answer).may_pass and answer.status != 500:
                raise AssertionError(f"a link was refused: {answer.body!r:.300}")
            await asyncio.sleep(PAUSE_SECONDS)

    async def _do(
        self,
        kind: Kind,
        path: str,
        form: Any,
        subject: str | None = None,
        *,
        method: str = "POST",
        more: dict[str, str] | None = None,
    ) -> Any:
        """Have something done, once; gives the answer, None where it was refused or nobody knows."""
        await self._going.wait()
        command = self._history.invoke(kind, subject)
        headers = {
            "Idempotency-Key": command.key,
            "X-Correlation-Id": command.correlation_id,
            "Content-Type": "application/json",
            **(more or {}),
        }
        for _ in range(MOST_SENT):
            answer = await self._send(kind.service, method, path, orjson.dumps(form), headers)
            if answer is not None and answer.status < 300:
                said = answer.json()
                self._history.accept(command, said[kind.names] if kind.names else str(subject))
                return said
            self.broken += answer is not None and answer.status == 500
            if answer is None or answer.status in _AWAY:
                command.unknown()
                if self._chance.random() < UNKNOWN_LEFT:
                    return None
            elif NOT_YET_KNOWN not in answer.body and answer.status != 429:
                break
            await asyncio.sleep(PAUSE_SECONDS)
        command.refused()
        return None

    async def _send(self, service: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer | None:
        """Send once, unless paused; None where no answer came."""
        await self._going.wait()
        self._in_flight += 1
        self._answered.clear()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._clients[service].once(method, path, body, headers)
        except (OSError, TimeoutError):
            return None
        finally:
            self._in_flight -= 1
            if not self._in_flight:
                self._answered.set()


def _counsellor() -> dict[str, Any]:
    return forms.counsellor("youth")
