"""The invented centre: what goes on with its invented persons and firms, one after the other, a day like any other.

All of a day follows from the day, the number of the person and what is kept in the sandbox's folder, and each request
has a key of its own: a day that was broken off is gone through again, and nothing of it is done twice.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson

from jobplus.client import Refusal
from jobplus.settling import Addresses
from jobplus.stack.errors import StackFailed
from jobplus.stack.home import write_private
from jobplus.stack.keys import Bearer

CODE = "client.code"
"""The file, beside the one of what is kept, of a one-time code that a client brings to the partner."""
PARTNER = "sandbox-partner"
"""The partner, by the subject of its tokens."""
GRANTED = {
    "jobplus.SosCareGranted": ["occurred_on", "person.district", "person.age_band"],
    "jobplus.SosCareEnded": ["occurred_on", "reason"],
    "jobplus.ReferralMade": ["occurred_on", "referral_id"],
    "jobplus.Placed": ["occurred_on", "placement_id", "referral_id", "occupation", "sector"],
    "jobplus.EmploymentEnded": ["occurred_on", "placement_id", "reason"],
}
SERVICES = ("intake", "matching", "followup", "reporting", "feed")
OPENINGS = 10_000
KEEPS_JOB_DAYS = 3
"""After so many days somebody's first job ends."""
IN_CARE_DAYS = 2
LOOK_SECONDS, MOST_LOOKS = 0.25, 240
_DISTRICTS = ("11110", "11440", "11680", "11710")
_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)


@dataclass
class Kept:
    """What the centre needs to know of the days before: the day that is next; its counsellor and vacancy; on which day
    who was placed, and who was taken into SOS-Care."""

    day: str = ""
    counsellor_id: str = ""
    vacancy_id: str = ""
    placed: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    in_care: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


class Centre:
    """Goes through the days of a stack whose clock is simulated. `pause` is awaited between persons, so that a day
    takes its time; it gives whether to go on."""

    def __init__(self, addresses: Addresses, file: Path, pause: Callable[[], Awaitable[bool]]) -> None:
        self._file = file
        self._pause = pause
        self._clients = {service: addresses.client(service, Bearer("manager"), 4) for service in SERVICES}
        self._operators = {service: addresses.client(service, Bearer("operator"), 1) for service in SERVICES}
        self._kept = Kept(**orjson.loads(file.read_bytes())) if file.exists() else Kept()
        self._day = date.min

    async def open(self) -> date:
        """Bring all clocks to one day, and see that there are a counsellor, a firm with work, and what the partner is
        granted; gives the day."""
        days = [date.fromisoformat((await one.get("/status"))["clock"]["day"]) for one in self._operators.values()]
        self._day = max(*days, date.fromisoformat(self._kept.day)) if self._kept.day else max(days)
        await self._move()
        if not self._kept.vacancy_id:
            types = {"partner": PARTNER, "ground": "consent", "types": GRANTED}
            await self._ask("feed", "/grants", types, "grant")
            joined = await self._ask(
                "intake", "/counsellors", {"name": "가상 상담사", "groups": ["youth"]}, "counsellor"
            )
            firm = {"business_number": _business_number(1), "name": "가상 회사", "size": "mid", "district": "11680"}
            employer_id = (await self._ask("intake", "/employers", firm, "firm"))["employer_id"]
            vacancy = {"employer_id": employer_id, "occupation": "02", "openings": OPENINGS, "title": "회계"}
            vacancy |= {"sector": "private", "employment": "permanent", "district": "11440"}
            opened = await self._ask("matching", "/vacancies", vacancy, "vacancy")
            self._kept.counsellor_id, self._kept.vacancy_id = joined["counsellor_id"], opened["vacancy_id"]
            self._keep()
        return self._day

    async def go_through(self, persons: int) -> date | None:
        """Go through the day with so many new persons, then begin the next; gives that, None where it was told not to
        go on."""
        day = self._day
        placed, over = _parted(self._kept.placed, day - timedelta(days=KEEPS_JOB_DAYS))
        for placement_id in over:
            path = f"/placements/{placement_id}/ending"
            await self._ask("followup", path, {"reason": "resigned"}, f"ending-{placement_id}")
        in_care, over = _parted(self._kept.in_care, day - timedelta(days=IN_CARE_DAYS))
        for seeker_id in over:
            path = f"/seekers/{seeker_id}/sos-care/ending"
            await self._ask("intake", path, {"reason": "no_longer_in_hardship"}, f"care-{seeker_id}")
        for number in range(persons):
            if not await self._pause():
                return None
            await self._person(number, placed, in_care)
        if not await self._pause():
            return None
        self._kept.placed, self._kept.in_care = placed, in_care
        self._day = day + timedelta(days=1)
        self._kept.day = str(self._day)
        self._keep()
        await self._move()
        return self._day

    async def close(self) -> None:
        """End all connections."""
        for client in (*self._clients.values(), *self._operators.values()):
            await client.close()

    async def _person(self, number: int, placed: list[tuple[str, str]], in_care: list[tuple[str, str]]) -> None:
        """Register somebody, share them with the partner or give them a code to bring there, counsel them; take them
        into SOS-Care, or find them a job."""
        day, chance = str(self._day), random.Random(f"{self._day} {number}")
        mark, hardship = f"{self._day}-{number}", number % 3 == 0
        form: dict[str, Any] = {
            "name": f"가상{self._day:%y%m%d}{number}",
            "birth_date": f"{chance.randrange(1955, 1990)}-05-14",
            "phone": "010-0000-1234",
            "gender": chance.choice(("female", "male")),
            "district": chance.choice(_DISTRICTS),
            "wanted_occupations": ["02", "10"],
        }
        if hardship:
            form |= {"dependants": 2, "other_earners": 0, "income_band": "low"}
        seeker_id = (await self._ask("intake", "/seekers", form, mark))["seeker_id"]
        path = f"/seekers/{seeker_id}"
        consent = {"purpose": "care_partners", "given": True, "text_version": "t2026-01"}
        await self._ask("intake", f"{path}/consents", consent, f"consent-{mark}")
        whose = {"counsellor_id": self._kept.counsellor_id}
        await self._ask("intake", f"{path}/counsellor", whose, f"assigned-{mark}")
        session = {"client_id": seeker_id, **whose, "kind": "job", "channel": "visit", "minutes": 30}
        await self._ask("intake", "/sessions", session, f"session-{mark}")
        if number % 2 == 0:
            link = {"partner": PARTNER, "client_number": f"S-{mark}", "seeker_id": seeker_id}
            await self._ask("feed", "/links", link, f"link-{mark}")
        else:
            given = await self._ask("feed", "/codes", {"partner": PARTNER, "seeker_id": seeker_id}, f"code-{mark}")
            if given["code"]:  # it is told once: not when a day that was broken off is gone through again
                write_private(self._file.with_name(CODE), given["code"].encode())
        if hardship:
            care = await self._ask("intake", f"{path}/sos-care", {"hardship": "illness"}, f"sos-{mark}")
            if care["granted"]:
                in_care.append((day, seeker_id))
            return
        asked = {"seeker_id": seeker_id, "vacancy_id": self._kept.vacancy_id}
        referral_id = (await self._ask("matching", "/referrals", asked, f"referral-{mark}"))["referral_id"]
        path = f"/referrals/{referral_id}"
        await self._ask("matching", f"{path}/answer", {"answer": "accepted"}, f"answer-{mark}")
        job = await self._ask("matching", f"{path}/placement", {}, f"placement-{mark}")
        placed.append((day, job["placement_id"]))

    async def _ask(self, service: str, path: str, form: Any, key: str) -> Any:
        """Have something done once; again for a while where the feed hasn't heard of a consent."""
        for _ in range(MOST_LOOKS):
            try:
                return await self._clients[service].post(path, orjson.dumps(form), f"sandbox-{key}")
            except Refusal as refusal:
                if b"urn:jobplus:problem:no-ground" not in refusal.answer.body:
                    raise
                await asyncio.sleep(LOOK_SECONDS)
        raise StackFailed(f"the feed hears of no consent: {path}; jobplus status tells how the services are")

    async def _move(self) -> None:
        for client in self._operators.values():
            await client.post("/clock", orjson.dumps({"day": self._day}), f"sandbox-clock-{self._day}")

    def _keep(self) -> None:
        write_private(self._file, orjson.dumps(asdict(self._kept)))


def _parted(begun: list[tuple[str, str]], through: date) -> tuple[list[tuple[str, str]], list[str]]:
    """Part what began on days into what goes on, and the ids of what began up to a day."""
    goes_on = [(day, one) for day, one in begun if date.fromisoformat(day) > through]
    return goes_on, [one for day, one in begun if date.fromisoformat(day) <= through]


def _business_number(number: int) -> str:
    """Make up a business registration number with a right check digit."""
    digits = [int(digit) for digit in f"{number + 900_000_000:09d}"]
    total = sum(d * w for d, w in zip(digits, _WEIGHTS, strict=True)) + digits[8] * 5 // 10
    return "".join(map(str, digits)) + str((10 - total % 10) % 10)
