"""One run: faults drawn by a seed, one after the other under load, and after each the question whether all is well."""

import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import NamedTuple

import psycopg
from aiokafka.errors import KafkaError

from jobplus.stack.errors import StackFailed
from jobplus.stack.ports import SERVICES
from tests.faults.checker import Findings, check, check_partner
from tests.faults.fault import Fault
from tests.faults.ground import LIMIT_SECONDS, Ground, NotInjected, NotSurvived
from tests.faults.kinds import KINDS
from tests.faults.looking import facts, see, trouble
from tests.faults.partner import GRANTED

BEFORE_SECONDS = 1.5
"""So long commands go on before a fault, and again after it: it comes into work, and leads back into work."""
LOOK_SECONDS = 0.3
REBUILD_SECONDS = 600


class Drawn(NamedTuple):
    """A fault at its place of a run; what it draws follows from `seed` alone."""

    fault: Fault
    seed: str


@dataclass
class Tally:
    """What a run came to. What must not be is in `not_survived`, with the seeds."""

    injected: int = 0
    not_injected: int = 0
    acknowledged: int = 0
    told: int = 0
    lost: int = 0
    doubled: int = 0
    phantom: int = 0
    reordered: int = 0
    unseen: int = 0
    stalled: int = 0
    not_survived: list[str] = field(default_factory=list[str])

    @property
    def good(self) -> bool:
        return self.injected > 0 and not self.not_survived

    def add(self, found: Findings) -> None:
        for kind in fields(found):
            setattr(self, kind.name, getattr(self, kind.name) + len(getattr(found, kind.name)))

    def __str__(self) -> str:
        return (
            f"faults injected {self.injected}, acknowledged {self.acknowledged}, lost {self.lost}, told {self.told}, "
            f"doubled {self.doubled}, stalled over {LIMIT_SECONDS:.0f} s {self.stalled} "
            f"(phantom {self.phantom}, reordered {self.reordered}, unseen {self.unseen}, "
            f"not injected {self.not_injected})"
        )


def draw(faults: Sequence[Fault], seed: int, rounds: int) -> list[Drawn]:
    """Put every fault in each round once, in an order of chance."""
    drawn: list[Drawn] = []
    for number in range(rounds):
        order = list(faults)
        random.Random(f"{seed}/{number}").shuffle(order)
        drawn += [Drawn(fault, f"{seed}/{number}/{fault.name}") for fault in order]
    return drawn


class Run:
    """Injects what was drawn until all is tried or `seconds` are over. `ground` makes a stack and all around it: the
    first, and another after each fault that left something wrong, so that no fault is blamed for another."""

    def __init__(self, ground: Callable[[], Ground], say: Callable[[str], None], seconds: float = float("inf")) -> None:
        self._ground = ground
        self._say = say
        self._seconds = seconds
        self.tally = Tally()

    def of(self, drawn: Sequence[Drawn]) -> Tally:
        """Try them; gives what they came to."""
        left, ends = list(drawn), time.monotonic() + self._seconds
        while left and time.monotonic() < ends:
            ground = self._ground()
            with ground.running(left[0].seed):
                self._on(ground, left, ends, len(drawn))
            self.tally.acknowledged += ground.history.acknowledged
        return self.tally

    def _on(self, ground: Ground, left: list[Drawn], ends: float, whole: int) -> None:
        while left and time.monotonic() < ends:
            one = left.pop(0)
            place = f"{whole - len(left)}/{whole} {one.fault.name}"
            wrong, said = self._try(ground, one)
            self._say(f"{place}: {said}; {ground.history.acknowledged} acknowledged")
            for line in wrong:
                self._say(f"    {line}")
            if wrong:
                self.tally.not_survived.append(f"{one.seed}: {wrong[0]}")
                return
        if wrong := _rebuilt(ground):
            self._say(f"    {wrong}")
            self.tally.unseen += 1
            self.tally.not_survived.append(wrong)

    def _try(self, ground: Ground, one: Drawn) -> tuple[list[str], str]:
        """Try one; gives what is wrong after it, and what happened in words."""
        ground.chance = random.Random(one.seed)
        ground.load.go_on()
        time.sleep(BEFORE_SECONDS)
        what, wrong = "", list[str]()
        try:
            with one.fault.happens(ground) as what:
                time.sleep(ground.chance.uniform(*one.fault.lasts))
        except NotInjected as reason:
            self.tally.not_injected += 1
            return [], f"NOT injected, {reason}"
        except (NotSurvived, psycopg.Error, KafkaError, OSError, AssertionError, StackFailed) as reason:
            wrong.append(f"stalled: {reason or type(reason).__name__}")
        self.tally.injected += 1
        ended = time.monotonic()
        time.sleep(BEFORE_SECONDS)
        reason = _awaited(ended, lambda: _still_silent(ground, ended))
        ground.load.pause()
        reason = reason or _awaited(ended, lambda: trouble(ground.stack))
        seconds = time.monotonic() - ended
        if reason:
            wrong.append(f"stalled: not well after {seconds:.0f} s: {reason}")
            ground.by_hand()  # so that what is late isn't taken for lost
            _awaited(time.monotonic(), lambda: trouble(ground.stack))
        if ground.load.broke:
            wrong.append(f"the load broke: {ground.load.broke!r}")
        self.tally.stalled += bool(wrong)
        seen = see(ground.stack)
        heard = [*ground.partner.reads(ground.calling)]
        for found in (
            check(ground.history.commands, seen, KINDS),
            check_partner(seen.ledger, ground.partner.clients, GRANTED, heard, seen.told),
        ):
            self.tally.add(found)
            wrong += [] if found.clean else found.lines()[:20]
        said = f"{what}, " if what else ""
        return wrong, said + ("NOT survived" if wrong else f"well after {seconds:.1f} s")


def _awaited(since: float, reason: Callable[[], str | None]) -> str | None:
    """Wait until there is no reason any more, LIMIT_SECONDS from a moment on; gives the last one."""
    while (left := reason()) and time.monotonic() - since < LIMIT_SECONDS:
        time.sleep(LOOK_SECONDS)
    return left


def _still_silent(ground: Ground, since: float) -> str | None:
    """Say which services have accepted nothing that was asked since a moment."""
    spoken = {one.kind.service for one in ground.history.commands if one.began > since and one.state == "ok"}
    silent = [service for service in SERVICES if service not in spoken]
    return f"{', '.join(silent)} accepted nothing that was asked since" if silent else None


def _rebuilt(ground: Ground) -> str | None:
    """Count all figures anew from the ledger; say where they differ from those that were counted event by event."""
    before = facts(ground.stack)
    subprocess.run(
        [sys.executable, "-m", "services.reporting.rebuild"],
        check=True,
        env=ground.stack.environment("reporting", "worker"),
        stderr=subprocess.DEVNULL,
        timeout=REBUILD_SECONDS,
    )
    differing = set(before) ^ set(facts(ground.stack))
    return f"figures differ from a recount of the ledger: {sorted(map(str, differing))[:3]}" if differing else None
