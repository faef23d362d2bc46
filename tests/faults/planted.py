"""Histories for the checker's own test: clean ones, drawn by a seed, and the same with one fault planted."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from tests.faults.checker import Copy, Entry, Seen
from tests.faults.history import Command, Kind

REGISTER = Kind("intake", "Registered", "seekers", "seeker_id", "registered")
CHANGE = Kind("intake", "Changed", "seekers")
REFER = Kind("matching", "Referred", "cases", None, "referrals")
KINDS = (REGISTER, CHANGE, REFER)


class Planted:
    """Commands, and what services would show of them; what is shown may be changed before it is `seen`."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.commands: list[Command] = []
        self.ledger: list[Entry] = []
        self.kept: set[str] = set()
        self._last: Counter[tuple[str, str]] = Counter()
        self._moment = 0.0
        for place in range(self.chance.randint(4, 8)):
            subject = f"seeker-{place}"
            self.ask(REGISTER, subject, "ok")
            for _ in range(self.chance.randint(2, 6)):
                state = self.chance.choices(("ok", "refused", "unknown"), (6, 1, 2))[0]
                self.ask(self.chance.choice((CHANGE, REFER)), subject, state)
        self._interleave()
        registered = [entry.key for entry in self.ledger if entry.type == REGISTER.event]
        self.owned, self.held = list(registered), list(registered)
        self.figures: dict[str, int] = {
            str(kind.measure): sum(entry.type == kind.event for entry in self.ledger) for kind in KINDS if kind.measure
        }

    def ask(self, kind: Kind, subject: str, state: str) -> None:
        """Ask once more; of what is unknown every other one was done."""
        number = len(self.commands)
        command = Command(kind, f"key-{number}", f"correlation-{number}", self._now(), subject)
        self.commands.append(command)
        if state == "refused":
            command.refused()
            return
        if state == "ok":
            command.ok(subject, self._now())
        else:
            command.unknown()
        if state == "ok" or self.chance.random() < 0.5:
            self.kept.add(command.key)
            self.ledger.append(self.entry(kind, subject, command.correlation_id))

    def entry(self, kind: Kind, subject: str, correlation_id: str) -> Entry:
        """The next event of a subject."""
        self._last[kind.topic, subject] += 1
        sequence = self._last[kind.topic, subject]
        event_id = f"{kind.topic}-{subject}-{sequence}"
        return Entry(event_id, kind.topic, subject, sequence, kind.event, correlation_id)

    def seen(self) -> Seen:
        return Seen(self.ledger, self.kept, self.figures, [Copy("seekers of matching", self.owned, self.held)])

    def an_entry(self, of: Callable[[Entry], bool] = lambda _: True) -> int:
        """The place of any entry of such a kind whose command was acknowledged."""
        ok = {command.correlation_id for command in self.commands if command.state == "ok"}
        fitting = [n for n, entry in enumerate(self.ledger) if entry.correlation_id in ok and of(entry)]
        return self.chance.choice(fitting)

    def with_followers(self) -> list[int]:
        """The places of a subject's events on one topic that has more than one."""
        places: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for place, entry in enumerate(self.ledger):
            places[entry.topic, entry.key].append(place)
        return self.chance.choice([of_one for of_one in places.values() if len(of_one) > 1])

    def _interleave(self) -> None:
        """Mix the subjects, as partitions are mixed: each one's order on its topic stays."""
        queues: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
        for entry in self.ledger:
            queues[entry.topic, entry.key].append(entry)
        self.ledger = []
        while queues:
            address = self.chance.choice(sorted(queues))
            self.ledger.append(queues[address].pop(0))
            if not queues[address]:
                del queues[address]

    def _now(self) -> float:
        self._moment += 1.0
        return self._moment


def lost(planted: Planted) -> None:
    """An acknowledged event is gone; every other time its subject's later events moved up, so that no number lacks."""
    gone = planted.ledger.pop(planted.an_entry())
    if planted.chance.random() < 0.5:
        planted.ledger = [
            entry._replace(sequence=entry.sequence - 1)
            if (entry.topic, entry.key) == (gone.topic, gone.key) and entry.sequence > gone.sequence
            else entry
            for entry in planted.ledger
        ]
    _recount(planted)


def doubled(planted: Planted) -> None:
    """An event is there twice: under its own id and number, under others, or in a figure alone."""
    entry = planted.ledger[planted.an_entry()]
    how = planted.chance.randrange(3)
    if how == 0:
        planted.ledger.append(entry)
    elif how == 1:
        kind = next(kind for kind in KINDS if kind.event == entry.type)
        planted.ledger.append(planted.entry(kind, entry.key, entry.correlation_id))
    if how < 2:
        _recount(planted)
    else:
        planted.figures[planted.chance.choice(sorted(planted.figures))] += 1


def phantom(planted: Planted) -> None:
    """There is an event of a refused command, of nobody's, a half-done one, or a copy of no record."""
    how = planted.chance.randrange(4)
    if how == 0:
        planted.ask(CHANGE, "seeker-0", "refused")
        planted.ledger.append(planted.entry(CHANGE, "seeker-0", planted.commands[-1].correlation_id))
    elif how == 1:
        planted.ledger.append(planted.entry(CHANGE, "seeker-0", "of nobody"))
    elif how == 2:
        command_id = planted.ledger[planted.an_entry()].correlation_id
        planted.kept -= {one.key for one in planted.commands if one.correlation_id == command_id}
    else:
        planted.held.append("nobody")


def reordered(planted: Planted) -> None:
    """Two events of a subject stand in the wrong order, or were numbered against the order of their answers."""
    first, second, *_ = planted.with_followers()
    before, after = planted.ledger[first], planted.ledger[second]
    if planted.chance.random() < 0.5:
        planted.ledger[first], planted.ledger[second] = after, before
        return
    commands = {command.correlation_id: command for command in planted.commands}
    for entry in (before, after):
        command = commands[entry.correlation_id]
        command.ok(entry.key, command.began + 0.5)
    planted.ledger[first] = before._replace(type=after.type, correlation_id=after.correlation_id)
    planted.ledger[second] = after._replace(type=before.type, correlation_id=before.correlation_id)


def unseen(planted: Planted) -> None:
    """What is in the ledger isn't in a figure, or a service that must know it doesn't."""
    if planted.chance.random() < 0.5:
        planted.figures["registered"] -= 1
    else:
        planted.held.remove(planted.chance.choice(planted.held))


def _recount(planted: Planted) -> None:
    for kind in KINDS:
        if kind.measure:
            planted.figures[kind.measure] = sum(entry.type == kind.event for entry in planted.ledger)


FAULTS: Mapping[str, Callable[[Planted], Any]] = {
    "lost": lost,
    "doubled": doubled,
    "phantom": phantom,
    "reordered": reordered,
    "unseen": unseen,
}
