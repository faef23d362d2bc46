"""What followup's staff and the evaluation office do: contacts after placements, supports, and surveys.

What becomes of a job is told by its person's number, so that it doesn't depend on which contact is seen first.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from jobplus.client import PATIENCE, Refusal
from jobplus.replay.calls import Calls, together
from jobplus.replay.surveys import HeldSurvey

TOO_FEW = b"urn:jobplus:problem:too-few-eligible"
_PAGE = 500
_LEFT_BY: Mapping[str, float] = {"1w": 0.02, "1m": 0.05, "3m": 0.09, "6m": 0.08, "12m": 0.1}
"""Of those still employed at the step before, who aren't any more: about 93 of 100 are at one month, 70 at twelve."""
_LEFT_WITHIN: Mapping[str, int] = {"1w": 3, "1m": 15, "3m": 45, "6m": 60, "12m": 120}
"""Days before a step in which those have left."""
_CHANGED_JOB = 0.25
"""Of those who left."""
_NOT_REACHED = 0.12
"""Of the tries."""
_REASONS = {"resigned": 50, "contract_ended": 25, "dismissed": 10, "firm_closed": 5, "illness": 5, "other": 5}
_SUPPORTS = ("counselling", "counselling", "education", "training")


class Care:
    """Asks followup for what is due there."""

    def __init__(self, calls: Calls, seed: int) -> None:
        self._calls = calls
        self._seed = seed
        self._over: set[str] = set()
        """The placements that were told to have ended: whoever is asked about them once more isn't reached."""

    async def contacts(self) -> None:
        """Try to reach everyone whose contact is due."""
        await self._all_due("contacts", self._contact)

    async def supports(self) -> None:
        """Give every month's support that is due."""
        await self._all_due("supports", self._support)

    async def _all_due(self, what: str, act: Callable[[Any], Coroutine[Any, Any, object]]) -> None:
        """Act on all that are due, page by page: what was acted on is due no more."""
        while True:
            due = (await self._calls.get("followup", f"/{what}?limit={_PAGE}"))[what]
            by_seeker: defaultdict[str, list[Any]] = defaultdict(list)
            for one in due:
                by_seeker[one["seeker_id"]].append(one)
            await together(*(_one_by_one(act, several) for several in by_seeker.values()))
            if len(due) < _PAGE:
                return

    async def _contact(self, contact: Any) -> None:
        contact_id, attempt = contact["contact_id"], contact["attempts"]
        seeker = self._calls.seekers[contact["seeker_id"]]
        rng = random.Random(f"{self._seed} contact {seeker} {contact['step']} {attempt}")
        form = outcome(contact["step"], date.fromisoformat(contact["due_on"]), rng)
        if contact["placement_id"] in self._over:
            form = dict[str, object](outcome="not_reached")
        elif form["outcome"] in {"left", "changed_job"}:
            self._over.add(contact["placement_id"])
        await self._calls.post("followup", f"/contacts/{contact_id}/outcome", form, f"contact-{contact_id}-{attempt}")

    async def _support(self, support: Any) -> None:
        support_id, seeker = support["support_id"], self._calls.seekers[support["seeker_id"]]
        kind = random.Random(f"{self._seed} support {seeker} {support['month']}").choice(_SUPPORTS)
        await self._calls.post("followup", f"/supports/{support_id}", {"kind": kind}, f"support-{support_id}")

    async def survey(self, survey: HeldSurvey) -> None:
        """Draw a sample of those served by the day, and have them answer."""
        survey_id = await self._draw(survey)
        path, invitations, after = f"/surveys/{survey_id}/sample?limit=500", list[str](), ""
        while True:
            page = await self._calls.look_as_evaluator(path + after)
            invitations += [invitation["invitation_id"] for invitation in page["invitations"]]
            if page["next"] is None:
                break
            after = f"&after={page['next']}"
        await together(
            *(
                self._calls.evaluate(
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
                return (await self._calls.evaluate("/surveys", form, f"survey-{survey.on}"))["survey_id"]
            except Refusal as refusal:
                if TOO_FEW not in refusal.answer.body or loop.time() - started > PATIENCE:
                    raise
            await asyncio.sleep(0.2)


async def _one_by_one(act: Callable[[Any], Coroutine[Any, Any, object]], several: Sequence[Any]) -> None:
    """Act on what is due for one person in the order of its days: where followup stood still, several are at once."""
    for one in sorted(several, key=lambda one: one["due_on"]):
        await act(one)


def outcome(step: str, due_on: date, rng: random.Random) -> dict[str, object]:
    """Draw what comes of a try to reach somebody who was employed at the step before."""
    if rng.random() < _NOT_REACHED:
        return {"outcome": "not_reached"}
    if rng.random() >= _LEFT_BY[step]:
        return {"outcome": "still_employed", "satisfaction": rng.choices((3, 4, 5), (2, 5, 3))[0]}
    ended_on = (due_on - timedelta(rng.randint(0, _LEFT_WITHIN[step]))).isoformat()
    if rng.random() < _CHANGED_JOB:
        return {"outcome": "changed_job", "ended_on": ended_on}
    reason = rng.choices(tuple(_REASONS), tuple(_REASONS.values()))[0]
    return {
        "outcome": "left",
        "reason": reason,
        "ended_on": ended_on,
        "satisfaction": rng.choices((2, 3, 4), (3, 5, 2))[0],
    }
