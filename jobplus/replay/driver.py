"""Drives a history through the running services' HTTP interfaces, day by day, with the simulated clock.

Each service has a lane of its own that goes through the days in order: intake leads by a few days at most, matching
follows when intake has done the day, followup and reporting follow matching. So the services work at the same time,
as they would in life, and each one's clock stands on the day that its lane drives.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import date
from typing import Any

import orjson

from jobplus.client import PATIENCE, Client, Refusal
from jobplus.replay.actions import (
    Action,
    AnswerReferral,
    CompleteInternship,
    ConvertInternship,
    Day,
    HoldSession,
    JoinCounsellor,
    JoinEmployer,
    LaunchBusiness,
    MakeReferral,
    OpenVacancy,
    Place,
    RegisterSeeker,
    Stage,
    StartInternship,
)
from jobplus.replay.model import Target
from jobplus.replay.surveys import HeldSurvey
from jobplus.settling import Addresses

SERVICES = ("intake", "matching", "followup", "reporting")
LEAD_DAYS = 3
"""How far intake may run ahead of matching."""
CARE_EVERY = 5
"""Days between two rounds of the follow-up contacts."""
STAFF = "manager"
TOO_FEW = b"urn:jobplus:problem:too-few-eligible"

Done = Callable[[int], None]
"""Is told how many more actions are done."""


class _Reached:
    """The number of days that a lane has done; others wait for it."""

    def __init__(self) -> None:
        self._days = 0
        self._changed = asyncio.Condition()

    async def set(self, days: int) -> None:
        async with self._changed:
            self._days = days
            self._changed.notify_all()

    async def wait_for(self, days: int) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: self._days >= days)


class Driver:
    """Drives one history. `name` makes its Idempotency-Keys, so that a repeated request is done once."""

    def __init__(self, addresses: Addresses, name: str, seed: int, done: Done) -> None:
        self._name = name
        self._chance = random.Random(seed)
        self._done = done
        self._staff = {service: Client(addresses.url(service), addresses.token(STAFF)) for service in SERVICES}
        self._operator = {
            service: Client(addresses.url(service), addresses.token("operator"), 2) for service in SERVICES
        }
        self._evaluator = Client(addresses.url("followup"), addresses.token("evaluator"))
        self._ids: dict[type[Any], dict[int, str]] = {
            kind: {}
            for kind in (JoinCounsellor, JoinEmployer, RegisterSeeker, OpenVacancy, MakeReferral, StartInternship)
        }
        self._clients: dict[int, str] = {}
        self._sent = 0
        self._steps: dict[type[Any], Callable[[Any], Awaitable[None]]] = {
            JoinCounsellor: self._join_counsellor,
            JoinEmployer: self._join_employer,
            RegisterSeeker: self._register,
            HoldSession: self._hold_session,
            LaunchBusiness: self._launch,
            OpenVacancy: self._open_vacancy,
            MakeReferral: self._refer,
            AnswerReferral: self._answer,
            Place: self._place,
            StartInternship: self._start_internship,
            CompleteInternship: self._complete_internship,
            ConvertInternship: self._convert_internship,
        }

    @property
    def repeated(self) -> int:
        """How many requests had to be sent again."""
        return sum(client.repeated for client in self._staff.values())

    async def drive(
        self, days: Sequence[Day], last: date, surveys: Sequence[HeldSurvey] = (), targets: Sequence[Target] = ()
    ) -> None:
        """Set the targets on the first day, drive all days, the surveys on theirs, and leave every clock on the last.

        Raises Refusal, Unanswered.
        """
        await self._set(targets, days[0].day)
        intake, matching = _Reached(), _Reached()
        await _together(
            self._lead(days, intake, matching),
            self._match(days, intake, matching),
            self._care(days, matching, surveys),
        )
        for service in SERVICES:
            await self._move_clock(service, last)

    async def close(self) -> None:
        """End all connections."""
        for client in (*self._staff.values(), *self._operator.values(), self._evaluator):
            await client.close()

    async def _set(self, targets: Sequence[Target], first: date) -> None:
        if targets:
            await self._move_clock("reporting", first)
        for target in targets:
            value = float(target.value) if target.is_percentage else int(target.value)
            form: dict[str, object] = {"year": target.year, "measure": target.measure, "value": value}
            await self._post("reporting", "/targets", form, f"target-{target.year}-{target.measure}")

    async def _lead(self, days: Sequence[Day], intake: _Reached, matching: _Reached) -> None:
        for number, day in enumerate(days):
            await matching.wait_for(number - LEAD_DAYS)
            await self._move_clock("intake", day.day)
            await self._stages(day.intake)
            await intake.set(number + 1)

    async def _match(self, days: Sequence[Day], intake: _Reached, matching: _Reached) -> None:
        for number, day in enumerate(days):
            await intake.wait_for(number + 1)
            await self._move_clock("matching", day.day)
            await self._stages(day.matching)
            await matching.set(number + 1)

    async def _care(self, days: Sequence[Day], matching: _Reached, surveys: Sequence[HeldSurvey]) -> None:
        for number, day in enumerate(days, 1):
            held = [survey for survey in surveys if survey.on == day.day]
            await matching.wait_for(number)
            if number % CARE_EVERY == 0 or held:
                await self._move_clock("followup", day.day)
            if number % CARE_EVERY == 0:
                await self._move_clock("reporting", day.day)
                await self._contacts()
            for survey in held:
                await self._survey(survey)

    async def _survey(self, survey: HeldSurvey) -> None:
        """Draw a sample of those served by the day, and have them answer."""
        survey_id = await self._draw(survey)
        path, invitations, after = f"/surveys/{survey_id}/sample?limit=500", list[str](), ""
        while True:
            page = await self._evaluator.get(path + after, patience=PATIENCE)
            invitations += [invitation["invitation_id"] for invitation in page["invitations"]]
            if page["next"] is None:
                break
            after = f"&after={page['next']}"
        await _together(
            *(
                self._evaluate(
                    f"/surveys/{survey_id}/answers",
                    {"invitation_id": invitation, "answer": answer},
                    f"answer-{invitation}",
                )
                for invitation, answer in zip(invitations, survey.answers, strict=False)
            )
        )

    async def _draw(self, survey: HeldSurvey) -> str:
        """Draw, once followup has heard of enough who were served: it may be seconds behind."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        form: dict[str, object] = {
            "asked": survey.asked,
            "period_from": survey.served_from,
            "period_to": survey.on,
            "occurred_on": survey.on,
        }
        while True:
            try:
                return (await self._evaluate("/surveys", form, f"survey-{survey.on}"))["survey_id"]
            except Refusal as refusal:
                if TOO_FEW not in refusal.answer.body or loop.time() - started > PATIENCE:
                    raise
            await asyncio.sleep(0.2)

    async def _evaluate(self, path: str, body: dict[str, object], key: str) -> Any:
        return await self._evaluator.post(path, orjson.dumps(body), f"{self._name}-{key}")

    async def _contacts(self) -> None:
        """Reach everyone whose contact is due; all of them are still employed and say how content they are."""
        due = await self._staff["followup"].get("/contacts?limit=500", patience=PATIENCE)
        outcomes = [
            (contact["contact_id"], self._chance.choices((3, 4, 5), (2, 5, 3))[0]) for contact in due["contacts"]
        ]
        await _together(
            *(
                self._post(
                    "followup",
                    f"/contacts/{contact_id}/outcome",
                    {"outcome": "still_employed", "satisfaction": satisfaction},
                    f"contact-{contact_id}",
                )
                for contact_id, satisfaction in outcomes
            )
        )

    async def _stages(self, stages: Sequence[Stage]) -> None:
        for stage in stages:
            await _together(*(self._act(action) for action in stage))

    async def _act(self, action: Action) -> None:
        await self._steps[type(action)](action)
        self._done(1)

    async def _move_clock(self, service: str, day: date) -> None:
        body = orjson.dumps({"day": day})
        await self._operator[service].post("/clock", body, f"{self._name}-clock-{day}")

    async def _post(self, service: str, path: str, body: dict[str, object], key: str) -> Any:
        return await self._staff[service].post(path, orjson.dumps(body), f"{self._name}-{key}")

    def _client(self, number: int, registered: bool) -> str:
        """Give the id of a session's client: a seeker's, or a made-up one for who never registers."""
        if registered:
            return self._ids[RegisterSeeker][number]
        return self._clients.setdefault(number, f"00000000-0000-4000-8000-{number:012d}")

    async def _join_counsellor(self, action: JoinCounsellor) -> None:
        answer = await self._post("intake", "/counsellors", dict(action.form), f"counsellor-{action.number}")
        self._ids[JoinCounsellor][action.number] = answer["counsellor_id"]

    async def _join_employer(self, action: JoinEmployer) -> None:
        answer = await self._post("intake", "/employers", dict(action.form), f"employer-{action.number}")
        self._ids[JoinEmployer][action.number] = answer["employer_id"]

    async def _register(self, action: RegisterSeeker) -> None:
        answer = await self._post("intake", "/seekers", dict(action.form), f"seeker-{action.number}")
        self._ids[RegisterSeeker][action.number] = answer["seeker_id"]

    async def _hold_session(self, action: HoldSession) -> None:
        self._sent += 1
        body = {
            **action.form,
            "client_id": self._client(action.client, action.registered),
            "registered": action.registered,
            "counsellor_id": self._ids[JoinCounsellor][action.counsellor],
        }
        await self._post("intake", "/sessions", body, f"session-{self._sent}")

    async def _launch(self, action: LaunchBusiness) -> None:
        self._sent += 1
        client = self._client(action.client, action.registered)
        await self._post("intake", "/launches", {"client_id": client}, f"launch-{self._sent}")

    async def _open_vacancy(self, action: OpenVacancy) -> None:
        body = {**action.form, "employer_id": self._ids[JoinEmployer][action.employer]}
        answer = await self._post("matching", "/vacancies", body, f"vacancy-{action.number}")
        self._ids[OpenVacancy][action.number] = answer["vacancy_id"]

    async def _refer(self, action: MakeReferral) -> None:
        body: dict[str, object] = {
            "seeker_id": self._ids[RegisterSeeker][action.seeker],
            "vacancy_id": self._ids[OpenVacancy][action.vacancy],
        }
        answer = await self._post("matching", "/referrals", body, f"referral-{action.number}")
        self._ids[MakeReferral][action.number] = answer["referral_id"]

    async def _answer(self, action: AnswerReferral) -> None:
        referral = self._ids[MakeReferral][action.referral]
        body: dict[str, object] = {"answer": action.answer}
        if action.reason is not None:
            body["reason"] = action.reason
        await self._post("matching", f"/referrals/{referral}/answer", body, f"answer-{action.referral}")

    async def _place(self, action: Place) -> None:
        referral = self._ids[MakeReferral][action.referral]
        await self._post("matching", f"/referrals/{referral}/placement", {}, f"placement-{action.referral}")

    async def _start_internship(self, action: StartInternship) -> None:
        referral = self._ids[MakeReferral][action.referral]
        answer = await self._post("matching", f"/referrals/{referral}/internship", {}, f"internship-{action.referral}")
        self._ids[StartInternship][action.referral] = answer["internship_id"]

    async def _complete_internship(self, action: CompleteInternship) -> None:
        internship = self._ids[StartInternship][action.referral]
        await self._post("matching", f"/internships/{internship}/completion", {}, f"completion-{action.referral}")

    async def _convert_internship(self, action: ConvertInternship) -> None:
        internship = self._ids[StartInternship][action.referral]
        await self._post("matching", f"/internships/{internship}/conversion", {}, f"conversion-{action.referral}")


async def _together(*work: Coroutine[Any, Any, object]) -> None:
    """Run coroutines at once; the first failure ends the others and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            for one in work:
                group.create_task(one)
    except BaseExceptionGroup as failures:
        raise _first(failures) from None


def _first(failure: BaseException) -> BaseException:
    while isinstance(failure, BaseExceptionGroup):
        failure = failure.exceptions[0]
    return failure
