"""What followup's staff and the evaluation office do: contacts after placements, supports, and surveys."""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jobplus.client import PATIENCE, Refusal
from jobplus.replay.drawing.jobs import told
from jobplus.replay.drawing.surveys import HeldSurvey
from jobplus.replay.driving.actions import Form
from jobplus.replay.driving.calls import EVALUATOR, Calls, together

TOO_FEW = b"urn:jobplus:problem:too-few-eligible"
_PAGE = 500
_SUPPORTS = ("counselling", "counselling", "education", "training")


@dataclass(slots=True)
class FollowedUp:
    """What followup's rounds came to. By step, of the placements through the centre: those due, of these the ones
    reached, and of these the ones still employed; by year of the contact those of the latter half a year after; and how
    many months' supports were given."""

    due: Counter[str] = field(default_factory=Counter[str])
    reached: Counter[str] = field(default_factory=Counter[str])
    still_employed: Counter[str] = field(default_factory=Counter[str])
    after_half_a_year: Counter[int] = field(default_factory=Counter[int])
    supports: int = 0


class Care:
    """Asks followup for what is due there."""

    def __init__(self, calls: Calls, seed: int) -> None:
        self._calls = calls
        self._evaluator = calls.asker("followup", EVALUATOR)
        self._seed = seed
        self._ended: dict[str, str] = {}
        """The day on which a placement was told to have ended: whoever is asked about it once more isn't reached."""
        self._came = FollowedUp()
        self._unreached: dict[str, Any] = {}
        """The contacts through which nobody was reached, so far, by their ids."""

    async def contacts(self, day: date) -> None:
        """Try to reach everyone whose contact is due on a day, on which followup's clock stands."""
        await self._all_due("contacts", lambda contact: self._contact(contact, day))

    async def supports(self) -> None:
        """Give every month's support that is due."""
        await self._all_due("supports", self._support)

    async def _all_due(self, what: str, act: Callable[[Any], Coroutine[Any, Any, object]]) -> None:
        """Act on all that are due, page by page: what was acted on is due no more."""
        while True:
            due = (await self._calls.asker("followup").get(f"/{what}?limit={_PAGE}"))[what]
            by_seeker: defaultdict[str, list[Any]] = defaultdict(list)
            for one in due:
                by_seeker[one["seeker_id"]].append(one)
            await together(*(_one_by_one(act, several) for several in by_seeker.values()))
            if len(due) < _PAGE:
                return

    async def _contact(self, contact: Any, day: date) -> None:
        if self._never_was(contact):
            return  # followup hears of the correction any moment
        contact_id, attempt, step = contact["contact_id"], contact["attempts"], contact["step"]
        seeker = self._calls.seekers[contact["seeker_id"]]
        form = told(self._seed, seeker, step, attempt, date.fromisoformat(contact["due_on"]))
        if contact["placement_id"] in self._ended:
            form = dict[str, object](outcome="not_reached")
        elif form["outcome"] in {"left", "changed_job"}:
            self._ended[contact["placement_id"]] = str(form["ended_on"])
        path, key = f"/contacts/{contact_id}/outcome", f"contact-{contact_id}-{attempt}"
        await self._of_seeker(contact["seeker_id"], path, form, key)
        self._note(contact, str(form["outcome"]), day)

    def _never_was(self, contact: Any) -> bool:
        """Tell whether a contact is about a placement that was corrected: nobody is asked, and nothing is counted."""
        return contact["placement_id"] in self._calls.ended["placement"].values()

    def _note(self, contact: Any, outcome: str, day: date) -> None:
        """Take down what came of a try."""
        step = contact["step"]
        if contact["attempts"] == 0:
            self._note_due(contact)
        if outcome != "not_reached" and self._unreached.pop(contact["contact_id"], None):
            self._came.reached[step] += 1
            self._came.still_employed[step] += outcome == "still_employed"
            self._came.after_half_a_year[day.year] += (step, outcome) == ("6m", "still_employed")

    def _note_due(self, contact: Any) -> None:
        """Take down that a contact was due, unless the job was found alone."""
        if self._calls.seekers[contact["seeker_id"]] not in self._calls.ids["self_found"]:
            self._came.due[contact["step"]] += 1
            self._unreached[contact["contact_id"]] = contact

    async def followed_up(self, last: date) -> FollowedUp:
        """Tell what all contacts that were due by the last day came to; asked once, when all has settled.

        Nobody tries those that fell due after the last round, or after the job was told to have ended.
        """
        for status in ("due", "cancelled"):
            async for contact in self._listed(status):
                is_untried = contact["attempts"] == 0 and date.fromisoformat(contact["due_on"]) <= last
                if is_untried and not self._never_was(contact):
                    self._note_due(contact)
        for contact in self._unreached.values():
            ended_on = self._ended.get(contact["placement_id"])
            self._came.reached[contact["step"]] += ended_on is not None and ended_on < contact["due_on"]
        return self._came

    async def _listed(self, status: str) -> AsyncIterator[Any]:
        path, after = f"/contacts?status={status}&limit={_PAGE}", ""
        while True:
            page = await self._calls.asker("followup").get(path + after)
            for contact in page["contacts"]:
                yield contact
            if page["next"] is None:
                return
            after = f"&after={page['next']}"

    async def _support(self, support: Any) -> None:
        support_id, seeker = support["support_id"], self._calls.seekers[support["seeker_id"]]
        kind = random.Random(f"{self._seed} support {seeker} {support['month']}").choice(_SUPPORTS)
        try:
            path, key = f"/supports/{support_id}", f"support-{support_id}"
            await self._of_seeker(support["seeker_id"], path, {"kind": kind}, key)
        except Refusal as refusal:
            if b"problem:support-cancelled" not in refusal.answer.body:
                raise  # otherwise the job or the care ended between the list and this, as heard from another service
        else:
            self._came.supports += 1

    async def _of_seeker(self, seeker: str, path: str, form: Form, key: str) -> None:
        await self._calls.of_seeker("followup", seeker, lambda asker, _: asker.post(path, form, key))

    async def survey(self, survey: HeldSurvey) -> None:
        """Draw a sample of those served by the day, and have them answer."""
        survey_id = await self._draw(survey)
        path, invitations, after = f"/surveys/{survey_id}/sample?limit=500", list[str](), ""
        while True:
            page = await self._evaluator.get(path + after)
            invitations += [invitation["invitation_id"] for invitation in page["invitations"]]
            if page["next"] is None:
                break
            after = f"&after={page['next']}"
        await together(
            *(
                self._evaluator.post(
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
                return (await self._evaluator.post("/surveys", form, f"survey-{survey.on}"))["survey_id"]
            except Refusal as refusal:
                if TOO_FEW not in refusal.answer.body or loop.time() - started > PATIENCE:
                    raise
            await asyncio.sleep(0.2)


async def _one_by_one(act: Callable[[Any], Coroutine[Any, Any, object]], several: Sequence[Any]) -> None:
    """Act on what is due for one person in the order of its days: where followup stood still, several are at once."""
    for one in sorted(several, key=lambda one: one["due_on"]):
        await act(one)
