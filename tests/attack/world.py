"""A centre with people, firms and all that is between them, so that cases meet records that are there."""

import random
from collections import defaultdict, deque
from collections.abc import Sequence
from typing import Any

from jobplus.stack.keys import Bearer
from tests.kit import forms
from tests.kit.client import StackClient

COUNSELLORS, FIRMS, SEEKERS = 3, 4, 24
SHARED = 12
GRANTED = {"jobplus.SosCareGranted": ["occurred_on", "person.district"], "jobplus.Placed": ["placement_id"]}
MOST_LEARNED = 200
"""Ids of a kind that answers told, kept beside those of the world."""
SAME = {"client_id": "seeker_id", "merged_id": "seeker_id"}
"""Names by which a form tells an id of another kind."""


class World:
    """Makes the centre, and knows the ids in it by the names that addresses and forms have for them."""

    def __init__(self, calling: StackClient) -> None:
        self._calling = calling
        self._made: defaultdict[str, list[Any]] = defaultdict(list)
        self._learned: defaultdict[str, deque[Any]] = defaultdict(lambda: deque(maxlen=MOST_LEARNED))
        counsellors = [self._make("intake", "/counsellors", forms.counsellor("youth")) for _ in range(COUNSELLORS)]
        self.counsellor = Bearer("counsellor", counsellors[0]["counsellor_id"])
        firms = [self._make("intake", "/employers", forms.employer()) for _ in range(FIRMS)]
        self.firm = Bearer("employer", firms[0]["employer_id"])
        for place in range(SEEKERS):
            seeker_id = self._make("intake", "/seekers", forms.seeker())["seeker_id"]
            self._serve(seeker_id, counsellors[place % COUNSELLORS]["counsellor_id"], firms[place % FIRMS], place)
        calling.settle()
        self._look("followup", "/contacts?status=planned&limit=50")
        self._look("followup", "/contacts?status=due&limit=50")
        survey = {"asked": 10, "period_from": "2020-01-01", "period_to": str(calling.today("followup"))}
        self._make("followup", "/surveys", survey, role="evaluator")
        self._made["letter_id"] = self._made["position"] = [1, 2, 3]
        self._share()

    def bearers(self) -> Sequence[Bearer]:
        """One who bears each role; the counsellor and the firm are of the world."""
        joining = Bearer("employer", business_number=forms.business_number())
        others = ("manager", "operator", "analyst", "evaluator", "partner")
        return (*(Bearer(role) for role in others), self.counsellor, self.firm, joining)

    def some(self, name: str, chance: random.Random) -> Any:
        """An id of a kind that is there, None where there is none of that name."""
        kind = SAME.get(name, name)
        known = [*self._made.get(kind, ()), *self._learned.get(kind, ())]
        return chance.choice(known) if known else None

    def learn(self, answer: Any) -> None:
        """Take down the ids of an answer."""
        self._note(answer, self._learned)

    def _serve(self, seeker_id: str, counsellor_id: str, firm: Any, place: int) -> None:
        """Do with somebody what a centre does, less with each who comes later."""
        self._make("intake", f"/seekers/{seeker_id}/counsellor", {"counsellor_id": counsellor_id})
        self._make("intake", "/sessions", forms.session(seeker_id, counsellor_id))
        vacancy = self._make("matching", "/vacancies", forms.vacancy(firm["employer_id"], openings=3))
        asked = {"seeker_id": seeker_id, "vacancy_id": vacancy["vacancy_id"]}
        referral = f"/referrals/{self._make('matching', '/referrals', asked)['referral_id']}"
        if place % 3:
            self._make("matching", f"{referral}/answer", {"answer": "accepted"})
        if place % 3 == 2:
            self._make("matching", f"{referral}/placement", {})

    def _share(self) -> None:
        """Have the partner, by the name that its token has, be linked to some and have codes for others, and read."""
        partner = "local-partner"
        form = {"partner": partner, "ground": "law", "law": "welfare act", "types": GRANTED}
        self._make("feed", "/grants", form)
        shared = [*dict.fromkeys(self._made["seeker_id"])][:SHARED]
        for place, seeker_id in enumerate(shared):
            if place % 2:
                code = self._make("feed", "/codes", {"partner": partner, "seeker_id": seeker_id})["code"]
                self._made["code"].append(code)
                continue
            number = f"W-{place}"
            self._make("feed", "/links", {"partner": partner, "client_number": number, "seeker_id": seeker_id})
            self._made["client_number"].append(number)
            self._make("intake", f"/seekers/{seeker_id}/sos-care", {"hardship": "illness"})
        self._calling.settle()
        read = self._calling.get("feed", "/feed", role="partner").json
        # Not the last: who asks after it waits, for as long as was asked.
        self._made["lastEventId"] = [event["id"] for event in read[:-1]]
        self._made["partner"] = [partner]
        self._made["type"] = [[kind] for kind in GRANTED]

    def _make(self, service: str, path: str, form: Any, role: Any = "manager") -> Any:
        answer = self._calling.made(service, path, form, role=role)
        self._note(answer, self._made)
        return answer

    def _look(self, service: str, path: str) -> None:
        self._note(self._calling.get(service, path).json, self._made)

    def _note(self, answer: Any, where: defaultdict[str, Any]) -> None:
        if isinstance(answer, list):
            for one in answer[:20]:
                self._note(one, where)
        elif isinstance(answer, dict):
            for name, value in answer.items():
                if name.endswith("_id") and isinstance(value, str):
                    where[SAME.get(name, name)].append(value)
                else:
                    self._note(value, where)
