"""Compares what was asked with what the services show. Pure, and knows nothing of how the product works inside.

lost       an acknowledged command whose event isn't in the ledger, or a number that a subject's events lack
doubled    an event that is there twice, or counted twice
phantom    an event of nobody's command, of a refused one, or a copy of a record that its owner doesn't have
reordered  a subject's events in another order than their numbers, or than the answers came
unseen     what is in the ledger and not in the figures, or with its owner and not where it has to be known
told       lost too, but named as lost or set aside by the system itself
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.faults.history import Command, Kind

ERASED = "jobplus.SeekerErased"
PASSING_ENDED = "jobplus.PassingOnEnded"


class Entry(NamedTuple):
    """An event as the ledger has it. `by_itself`: no command asked for it, a day or another event did."""

    event_id: str
    topic: str
    key: str
    sequence: int
    type: str
    correlation_id: str
    by_itself: bool = False


class Copy(NamedTuple):
    """Ids of an owner's records, and those that another service has of them."""

    name: str
    owned: Collection[str]
    held: Collection[str]


class Heard(NamedTuple):
    """An event as a partner reads it: its id, type and client number."""

    id: str
    type: str
    client_number: str


class Seen(NamedTuple):
    """What the services show when all is quiet. The ledger is in the order of its positions; `kept` are the keys of the
    commands that their services remember as accepted; `told` are subjects that the system itself names as lost or set
    aside."""

    ledger: Sequence[Entry]
    kept: Collection[str]
    figures: Mapping[str, int]
    copies: Sequence[Copy] = ()
    told: Collection[str] = ()


@dataclass
class Findings:
    """What is wrong, each in a line."""

    lost: list[str] = field(default_factory=list[str])
    doubled: list[str] = field(default_factory=list[str])
    phantom: list[str] = field(default_factory=list[str])
    reordered: list[str] = field(default_factory=list[str])
    unseen: list[str] = field(default_factory=list[str])
    told: list[str] = field(default_factory=list[str])

    def lines(self) -> list[str]:
        """All of them, each with its kind; what was told last."""
        return [f"{kind}: {line}" for kind, found in vars(self).items() for line in found]

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.phantom or self.reordered or self.unseen)


def check(commands: Sequence[Command], seen: Seen, kinds: Iterable[Kind]) -> Findings:
    """Give what is wrong: nothing, when each command was done once, not at all, or either where nobody knows."""
    found = Findings()
    own = _own_events(commands, seen.ledger, found)
    _commands(commands, own, seen, found)
    _subjects(seen, found)
    _answers(commands, own, found)
    _figures(seen, kinds, found)
    for copy in seen.copies:
        owned, held = set(copy.owned), set(copy.held)
        found.unseen += [f"{copy.name}: {one} isn't known" for one in sorted(owned - held)]
        found.phantom += [f"{copy.name}: {one} is of nobody's" for one in sorted(held - owned)]
    return found


def check_partner(
    ledger: Sequence[Entry],
    clients: Mapping[str, str],
    granted: Mapping[str, str],
    heard: Sequence[Heard],
    told: Collection[str] = (),
) -> Findings:
    """Give what is wrong with what a partner reads in the end: it has each event of a granted type of each client
    once, in the order of its topic, of one who was erased the end alone, and nothing of anybody else. `clients` has by
    client number the seeker, `granted` by type its topic."""
    found = Findings()
    times = Counter(one.id for one in heard)
    found.doubled += [f"the partner's event {one} is there {n} times" for one, n in times.items() if n > 1]
    theirs: defaultdict[str, list[str]] = defaultdict(list)
    for one in heard:
        theirs[one.client_number].append(one.type)
    found.phantom += [f"the partner hears of {number}, who is nobody's" for number in sorted(theirs.keys() - clients)]
    happened: defaultdict[str, list[str]] = defaultdict(list)
    for entry in ledger:
        happened[entry.key].append(entry.type)
    for number, seeker in clients.items():
        if ERASED in happened[seeker]:
            expected, topics = [PASSING_ENDED], {"": [*granted, PASSING_ENDED]}
        else:
            expected = [kind for kind in happened[seeker] if kind in granted]
            topics = {topic: [kind for kind, of in granted.items() if of == topic] for topic in granted.values()}
        there, due = Counter(theirs[number]), Counter(expected)
        who = f"{number} ({seeker})"
        lost = [f"the partner lacks {kind} of {who}" for kind in (due - there).elements()]
        (found.told if seeker in told else found.lost).extend(lost)
        for kind in (there - due).elements():
            line = f"the partner has {kind} of {who} too often"
            (found.doubled if kind in due else found.phantom).append(line)
        for kinds in topics.values():
            one_topic = [[kind for kind in order if kind in kinds] for order in (theirs[number], expected)]
            if there == due and one_topic[0] != one_topic[1]:
                found.reordered.append(f"the partner has {one_topic[0]} of {who}, it was {one_topic[1]}")
    return found


def _own_events(commands: Sequence[Command], ledger: Sequence[Entry], found: Findings) -> Mapping[str, Sequence[Entry]]:
    """Give the event that each command made itself, by its correlation id; and find what no command asked for."""
    asked = {command.correlation_id: command for command in commands}
    own: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in ledger:
        command = asked.get(entry.correlation_id)
        if command is None:
            if not entry.by_itself:
                found.phantom.append(f"{entry.type} of {entry.key}: nobody asked for it")
        elif command.state == "refused":
            found.phantom.append(f"{command} was refused, and there is {entry.type}")
        elif entry.type == command.kind.event and entry.topic == command.kind.topic and not entry.by_itself:
            own[entry.correlation_id].append(entry)
    return own


def _commands(commands: Sequence[Command], own: Mapping[str, Sequence[Entry]], seen: Seen, found: Findings) -> None:
    kept, told = set(seen.kept), set(seen.told)
    for command in commands:
        events = own.get(command.correlation_id, ())
        if len(events) > 1:
            found.doubled.append(f"{command} is there {len(events)} times")
        if command.state == "refused" and command.key in kept:
            found.phantom.append(f"{command} was refused, and is remembered as done")
        if not events and (command.state == "ok" or command.key in kept):
            (found.told if command.subject in told else found.lost).append(str(command))
        if events and command.key not in kept:
            found.phantom.append(f"{command} is half done: its event is there, its answer isn't kept")
        if events and command.state == "ok" and events[0].key != command.subject:
            found.lost.append(f"{command}: its event is of {events[0].key}")


def _subjects(seen: Seen, found: Findings) -> None:
    """A subject's events have the numbers from 1 on, in order, each under one id."""
    ids = Counter(entry.event_id for entry in seen.ledger)
    found.doubled += [f"event {event_id} is there {times} times" for event_id, times in ids.items() if times > 1]
    numbers: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for entry in seen.ledger:
        numbers[entry.topic, entry.key].append(entry.sequence)
    for (topic, key), given in numbers.items():
        where, whole = f"{topic} of {key}", sorted(set(given))
        if len(whole) < len(given):
            found.doubled.append(f"{where} has a number twice: {given}")
        elif given != whole:
            found.reordered.append(f"{where} stands as {given}")
        missing = sorted(set(range(1, whole[-1])) - set(whole))
        if missing:
            (found.told if key in seen.told else found.lost).append(f"{where} lacks {missing}")


def _answers(commands: Sequence[Command], own: Mapping[str, Sequence[Entry]], found: Findings) -> None:
    """What was asked after another's answer comes after it."""
    subjects: defaultdict[tuple[str, str], list[tuple[Command, Entry]]] = defaultdict(list)
    for command in commands:
        if command.state == "ok" and own.get(command.correlation_id):
            entry = own[command.correlation_id][0]
            subjects[entry.topic, entry.key].append((command, entry))
    for of_one in subjects.values():
        of_one.sort(key=lambda pair: pair[1].sequence)
        latest = -float("inf")
        for command, _ in of_one:
            if command.ended < latest:
                found.reordered.append(f"{command} was answered before what stands before it was asked")
            latest = max(latest, command.began)


def _figures(seen: Seen, kinds: Iterable[Kind], found: Findings) -> None:
    """A figure that counts each event of a kind is as many as the ledger has of it."""
    counted = Counter(entry.type for entry in seen.ledger)
    for kind in {kind for kind in kinds if kind.measure}:
        events, figure = counted[kind.event], seen.figures.get(str(kind.measure), 0)
        line = f"{kind.measure} is {figure}, the ledger has {events} {kind.event}"
        if figure < events:
            found.unseen.append(line)
        elif figure > events:
            found.doubled.append(line)
