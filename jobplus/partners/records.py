"""A partner's record: a JSON file NAME.json in a folder that the operators keep."""

import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path

from chassis.batch.clock import SEOUL
from contracts.notices import KINDS, NoticeTopic
from contracts.topics import GRANTED_TOPICS, TOPICS
from jobplus.stack.errors import OptionRefused, StackFailed
from jobplus.stack.rights import Right

NAME = re.compile(r"[a-z][a-z0-9-]{1,30}[a-z0-9]")
SHORTEST_GROUND = 20
NOTICES_READER = "feed"
"""The service that takes in what partners write."""


@dataclass(frozen=True)
class Partner:
    """Who may read which topics and write which of its own, by which ground, and through which day.

    `writes` are the kinds of its own topics (contracts/notices). The feed may read those also after the last day, since
    it could read nothing else any more where one of its topics was refused.
    `ground` is what allows it: the law or the agreement, and the purpose. Topics keyed by a person are pseudonymous
    personal data, so there is none without. `ended_on` is the day on which it was taken back before that.
    """

    name: str
    topics: tuple[str, ...]
    ground: str
    since: date
    until: date
    rotated_on: date | None = None
    ended_on: date | None = None
    writes: tuple[str, ...] = ()

    @property
    def own_topics(self) -> tuple[NoticeTopic, ...]:
        """The topics that it alone writes."""
        return tuple(NoticeTopic(self.name, kind) for kind in self.writes)

    @property
    def user(self) -> str:
        """Its user in Kafka."""
        return f"partner-{self.name}"

    @property
    def group_prefix(self) -> str:
        """What the ids of its groups of consumers begin with."""
        return f"{self.user}."

    def holds(self, today: date) -> bool:
        """Whether it may read and write."""
        return self.ended_on is None and today <= self.until

    def state(self, today: date) -> str:
        """Say how it stands."""
        if self.ended_on is not None:
            return f"ended on {self.ended_on}"
        return f"until {self.until}" if self.holds(today) else f"over since {self.until}"

    def rights(self) -> set[Right]:
        """Give what it may do in Kafka while it holds."""
        reading = {Right(self.user, "READ", "TOPIC", topic) for topic in self.topics}
        writing = {Right(self.user, "WRITE", "TOPIC", topic.name) for topic in self.own_topics}
        grouping = {Right(self.user, "READ", "GROUP", self.group_prefix, begins=True)} if reading else set[Right]()
        return reading | writing | grouping

    def rights_of_feed(self) -> set[Right]:
        """Give what the feed may do with its topics, from when they were made on."""
        return {Right(NOTICES_READER, "READ", "TOPIC", topic.name) for topic in self.own_topics}


def asked(
    name: str, topics: Sequence[str], ground: str, until: date, today: date, writes: Sequence[str] = ()
) -> Partner:
    """Make the record of one who is asked for (raises OptionRefused)."""
    known = {topic.name: topic for topic in TOPICS}
    full = [topic if topic in known else f"jobplus.{topic}" for topic in topics]
    if not NAME.fullmatch(name):
        raise OptionRefused(f"NAME: 3 to 32 of a-z, 0-9 and -, beginning with a letter, not {name!r}")
    if unknown := [topic for topic, whole in zip(topics, full, strict=True) if whole not in known]:
        raise OptionRefused(f"--topics: there is no topic {unknown[0]!r}; there are {_named(GRANTED_TOPICS)}")
    if inner := [topic for topic in full if known[topic] not in GRANTED_TOPICS]:
        raise OptionRefused(f"--topics: nobody outside may have {inner[0]}; {_named(GRANTED_TOPICS)} can be granted")
    if unwritten := [kind for kind in writes if kind not in KINDS]:
        raise OptionRefused(f"--writes: a partner has no topic {unwritten[0]!r}; there are {', '.join(KINDS)}")
    if not topics and not writes:
        raise OptionRefused("--topics: name what it may read, or by --writes what it may write")
    if len(ground.strip()) < SHORTEST_GROUND:
        raise OptionRefused(f"--ground: the law or agreement, and the purpose, in at least {SHORTEST_GROUND} letters")
    if until < today:
        raise OptionRefused(f"--until: {until} is past")
    distinct, kinds = tuple(dict.fromkeys(full)), tuple(dict.fromkeys(writes))
    return Partner(name, distinct, ground.strip(), today, until, writes=kinds)


def _named(topics: Iterable[object]) -> str:
    return ", ".join(str(getattr(topic, "name", topic)).removeprefix("jobplus.") for topic in topics)


def today() -> date:
    """Tell the day in Seoul, by which rights end."""
    return datetime.now(SEOUL).date()


class Records:
    """The records in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> list[Partner]:
        """Read all, by name (raises StackFailed where a file can't be read as one)."""
        if not self._folder.is_dir():
            raise StackFailed(f"{self._folder} is no folder: make it, or name the one with the partners' records")
        return [_read(path) for path in sorted(self._folder.glob("*.json"))]

    def named(self, name: str) -> Partner:
        """Give a partner's record (raises OptionRefused where there is none)."""
        partners = {partner.name: partner for partner in self.all()}
        if name not in partners:
            raise OptionRefused(f"NAME: there is no partner {name!r}; there are: {', '.join(partners) or 'none'}")
        return partners[name]

    def keep(self, partner: Partner) -> None:
        """Write a partner's record, whole or not at all (raises StackFailed)."""
        text = json.dumps(asdict(partner), default=str, ensure_ascii=False, indent=1) + "\n"
        path = self._folder / f"{partner.name}.json"
        partial = path.with_suffix(".partial")
        try:
            partial.write_text(text)
            os.replace(partial, path)
        except OSError as error:
            raise StackFailed(f"the record of {partner.name} can't be written: {error}") from error


def _read(path: Path) -> Partner:
    try:
        told = json.loads(path.read_text())
        partner = Partner(
            str(told["name"]),
            tuple(map(str, told["topics"])),
            str(told["ground"]),
            date.fromisoformat(told["since"]),
            date.fromisoformat(told["until"]),
            _day(told.get("rotated_on")),
            _day(told.get("ended_on")),
            tuple(map(str, told.get("writes", ()))),
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise StackFailed(f"{path} is no partner's record: {type(error).__name__}: {error}") from error
    if partner.name != path.stem:
        raise StackFailed(f"{path} is no partner's record: it names {partner.name}")
    return partner


def _day(told: str | None) -> date | None:
    return None if told is None else date.fromisoformat(told)


def ended(partner: Partner, today: date) -> Partner:
    """Give the record of one whose right was taken back."""
    return replace(partner, ended_on=partner.ended_on or today)


def rights_now(partners: Iterable[Partner], today: date) -> set[Right]:
    """Give what all who hold may do, and what the feed may do with what was written."""
    known = [*partners]
    of_feed = {right for partner in known for right in partner.rights_of_feed()}
    return of_feed | {right for partner in known if partner.holds(today) for right in partner.rights()}
