"""Attacks one service: sends the cases, looks at each answer, sends all that was refused again and looks at the tables.

The api process may come to hold LARGEST_RSS: its container has 256 MB (docker-compose.yml), of which two processes that
read sheets need some, and a request holds at most a body of 1 MB and a page of 500.
"""

import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import requests
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from jobplus.stack.health import unready_because
from jobplus.stack.ports import health_port
from tests.attack.cases import Cases, Drawn
from tests.attack.findings import Findings, Outcome
from tests.attack.kept import changes, kept
from tests.attack.world import World
from tests.kit.client import StackClient
from tests.kit.operations import operations_of

LARGEST_RSS = 200_000_000
"""Bytes at the most, ever."""
ROUNDS = 3
"""So often each operation has its turn: the later ones meet what the earlier ones made."""
AT_ONCE = 200
"""Refused requests between two looks at the tables."""
CHECKS = [content_type_conformance, response_schema_conformance]
ANSWER_SECONDS = 30

Say = Callable[[str], None]


def attack(calling: StackClient, world: World, service: str, cases: int, number: int, say: Say) -> Outcome:
    """Attack a service with so many cases; gives what came of it, and says what was found."""
    return _Attack(calling, world, service, say).run(cases, number)


class Sent(NamedTuple):
    """A request, and the operation that it was drawn for."""

    operation: str
    request: requests.PreparedRequest


class _Attack:
    def __init__(self, calling: StackClient, world: World, service: str, say: Say) -> None:
        self._calling = calling
        self._world = world
        self._service = service
        self._say = say
        self._outcome = Outcome(service)
        self._findings = Findings()
        self._session = requests.Session()
        self._refused: list[Sent] = []

    def run(self, cases: int, number: int) -> Outcome:
        url = self._calling.stack.url(self._service)
        operations = operations_of(self._calling.send(self._service, "GET", "/openapi.json").json)
        tokens = [(who.role, self._calling.stack.token_of(who)) for who in self._world.bearers()]
        drawing = Cases(url, self._world, tokens, number)
        each = max(2, -(-cases // (len(operations) * ROUNDS)))
        for round_ in range(ROUNDS):
            for operation in operations:
                drawing.draw(operation, min(each, cases - self._outcome.cases), number + round_, self._send)
            self._say(f"{self._service}: {self._outcome.cases} of {cases} cases")
        self._send_refused_again()
        self._look_at_the_process()
        for told in self._findings.told:
            self._say(told)
        self._say(str(self._outcome))
        return self._outcome

    def _send(self, drawn: Drawn) -> None:
        self._outcome.cases += 1
        sent = Sent(drawn.case.operation.label, drawn.request)
        answer = self._answer(sent)
        if answer.status_code >= 500:
            self._outcome.broken += 1
            self._take(sent, answer, f"answered {answer.status_code}")
            return
        for wrong in _wrong(drawn, answer):
            self._outcome.wrong += 1
            self._take(sent, answer, wrong)
        if answer.status_code >= 400:
            self._outcome.refusals += 1
            self._refused.append(sent)
        elif answer.status_code < 300:
            self._world.learn(answer.json())

    def _send_refused_again(self) -> None:
        """Send what was refused again, while nothing else goes on. What is taken this time is left out, and the tables
        are looked at anew: what was refused beside it is sent once more."""
        left = self._refused
        while left:
            asked, left = left[:AT_ONCE], left[AT_ONCE:]
            while asked:
                self._calling.settle()
                before = kept(self._calling, self._service)
                refused = [sent for sent in asked if self._is_refused(sent)]
                if len(refused) == len(asked):
                    break
                asked = refused
            else:
                continue
            self._outcome.again += len(asked)
            if changed := changes(before, kept(self._calling, self._service)):
                self._outcome.written += 1
                self._outcome.troubles.append(f"{len(asked)} refused requests wrote: {changed}")
                self._say(self._outcome.troubles[-1])
            self._say(f"{self._service}: {len(left)} of {len(self._refused)} refusals left to be sent again")

    def _is_refused(self, sent: Sent) -> bool:
        sent.request.headers["Idempotency-Key"] = str(uuid.uuid4())
        answer = self._answer(sent)
        if answer.status_code >= 500:
            self._outcome.broken += 1
            self._take(sent, answer, f"answered {answer.status_code} the second time")
        return answer.status_code >= 400

    def _look_at_the_process(self) -> None:
        stack = self._calling.stack
        if trouble := unready_because(health_port(stack.base_port, self._service, "api")):
            self._outcome.troubles.append(f"not ready: {trouble}")
        pid = stack.pid(f"{self._service}-api")
        peak = _peak_rss(pid) if pid else None
        if peak is None or peak > LARGEST_RSS:
            self._outcome.troubles.append(f"the api process came to hold {peak} bytes, over {LARGEST_RSS}")
        self._say(f"{self._service}: the api process held at most {peak} bytes")

    def _answer(self, sent: Sent) -> requests.Response:
        return self._session.send(sent.request, timeout=ANSWER_SECONDS, allow_redirects=False)

    def _take(self, sent: Sent, answer: requests.Response, kind: str) -> None:
        asked = f"{sent.request.url} {sent.request.body!r:.400}"
        self._findings.take(sent.operation, kind, f"{asked} -> {answer.status_code} {answer.text[:300]}")


def _wrong(drawn: Drawn, answer: requests.Response) -> Sequence[str]:
    """Tell what of an answer isn't as described."""
    found: list[str] = []
    if answer.status_code >= 400 and (why := _no_problem(answer)):
        found.append(why)
    try:
        drawn.case.validate_response(answer, checks=CHECKS)
    except FailureGroup as group:
        found += [_first_line(error) for error in group.exceptions]
    except Failure as failure:
        found.append(_first_line(failure))
    return found


def _first_line(error: BaseException) -> str:
    return " ".join(str(error).split("\n")[:3])[:200]


def _no_problem(answer: requests.Response) -> str | None:
    """Tell why a refusal is no problem document; one of what was sent names the field."""
    if answer.headers.get("Content-Type") != "application/problem+json":
        return f"a refusal of type {answer.headers.get('Content-Type')}"
    problem: Any = orjson.loads(answer.content)
    if answer.status_code == 422 and not problem.get("errors"):
        return "a refusal that names no field"
    return None


def _peak_rss(pid: int) -> int | None:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return None
