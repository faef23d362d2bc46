"""`jobplus republish`: heals consumers from which Kafka has lost history, topic by topic.

The owner of the topic publishes again what it keeps of it since their last event, then they go on from there; at the
end the owner's numbers are compared with reporting's ledger. By the services' HTTP interfaces alone.
"""

import asyncio
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson

from contracts.notices import NoticeTopic, topic_named
from contracts.topics import TOPICS, Topic
from jobplus.client import Client, Refusal
from jobplus.settling import Addresses
from jobplus.stack.errors import StackFailed
from jobplus.stack.keys import Bearer

MARGIN = timedelta(minutes=2)
"""An event can reach its topic so much later than others that are younger: no transaction takes longer."""
LOOK_SECONDS = 0.5
PATIENCE = 30.0
UNDER_WAY_SECONDS = 10.0
MOST_ROUNDS = 10
SECONDS = 600.0
"""For a topic's owner to get on; it takes as long as it takes otherwise."""

Say = Callable[[str], None]

_OWNED = {topic.name for topic in TOPICS}
"""The topics of which a service is the owner: any other is a partner's."""


class Lost(NamedTuple):
    """What a service has lost of a partition: why it stopped, and how far it had read (None: nothing)."""

    service: str
    topic: str
    partition: int
    reason: str
    read_through: datetime | None


class NotKept(NamedTuple):
    """Events of a topic between two moments that their owner keeps no more (None: from the beginning, or at all); of a
    partner's own topic, which no service can publish again, always. `gone_on`: the services go on without them."""

    topic: Topic | NoticeTopic
    services: tuple[str, ...]
    since: datetime | None
    kept_since: datetime | None
    gone_on: bool = False


class Healed(NamedTuple):
    """What was done: losses that were healed, what is kept no more, and the numbers that reporting's ledger lacks."""

    lost: tuple[Lost, ...]
    not_kept: tuple[NotKept, ...]
    missing: tuple[Mapping[str, Any], ...]


def republish(addresses: Addresses, say: Say, *, incomplete: bool) -> Healed:
    """Heal what is lost. A topic whose owner keeps too little, or is a partner, is left alone, unless what is
    `incomplete` will do (raises StackFailed)."""
    try:
        return asyncio.run(_republish(addresses, say, incomplete))
    except (OSError, Refusal) as error:
        raise StackFailed(str(error)) from error


async def _republish(addresses: Addresses, say: Say, incomplete: bool) -> Healed:
    clients = {service: addresses.client(service, Bearer("operator"), 1) for service in addresses.services}
    try:
        healed, not_kept, gone = list[Lost](), list[NotKept](), list[NotKept]()
        for _ in range(MOST_ROUNDS):
            not_kept, anew = [], list[Lost]()
            lost = await _losses(clients)
            for topic in TOPICS:
                of_topic = [one for one in lost if one.topic == topic.name]
                if not of_topic:
                    continue
                short = await _not_kept(clients[topic.owner], topic, of_topic)
                if short is not None:
                    if not incomplete:
                        not_kept.append(short)
                        continue
                    gone.append(short._replace(gone_on=True))
                await _heal(clients, topic, of_topic, say)
                anew += of_topic
            of_partners = [one for one in lost if one.topic not in _OWNED]
            if incomplete:
                await _go_on(clients, of_partners, say)
                anew += of_partners
                gone += [one._replace(gone_on=True) for one in _of_partners(of_partners)]
            else:
                not_kept += _of_partners(of_partners)
            healed += anew
            if not anew:
                break
            await _arrived(clients, anew, say)  # who goes on may find that more is lost than was seen: asked again
        names = {one.topic for one in healed}
        topics = [topic for topic in TOPICS if topic.name in names and not topic.compacted]
        missing = [one for topic in topics for one in await _missing(clients, topic)]
        return Healed(tuple(healed), (*gone, *not_kept), tuple(missing))
    finally:
        for client in clients.values():
            await client.close()


async def _losses(clients: Mapping[str, Client]) -> list[Lost]:
    found: list[Lost] = []
    for service, client in clients.items():
        for at in (await client.get("/status"))["consumers"]:
            if at["lost"]:
                through = datetime.fromisoformat(at["read_through"]) if at["read_through"] else None
                found.append(Lost(service, at["topic"], at["partition"], at["lost"], through))
    return found


def _of_partners(lost: Sequence[Lost]) -> list[NotKept]:
    """Tell what partners alone can write again, of what was lost of their topics."""
    names = sorted({one.topic for one in lost})
    services = {name: tuple(sorted({one.service for one in lost if one.topic == name})) for name in names}
    return [
        NotKept(topic_named(name), services[name], _since([one for one in lost if one.topic == name]), None)
        for name in names
    ]


def _since(lost: Sequence[Lost]) -> datetime | None:
    moments = [one.read_through for one in lost]
    return None if None in moments else min(moment for moment in moments if moment) - MARGIN


async def _not_kept(owner: Client, topic: Topic, lost: Sequence[Lost]) -> NotKept | None:
    """Tell what the owner keeps too little of; of a compacted topic it publishes what is true now."""
    if topic.compacted:
        return None
    told, since = await owner.get(f"/published-events/{topic.name}"), _since(lost)
    kept_since = datetime.fromisoformat(told["kept_since"]) if told["kept_since"] else None
    enough = since is not None and kept_since is not None and kept_since <= since
    if enough or told["kept"] == told["published"]:
        return None
    return NotKept(topic, tuple(sorted({one.service for one in lost})), since, kept_since)


async def _heal(clients: Mapping[str, Client], topic: Topic, lost: Sequence[Lost], say: Say) -> None:
    owner, since = clients[topic.owner], _since(lost)
    wanted = {
        "topic": topic.name,
        "partitions": sorted({one.partition for one in lost}),
        "services": sorted({one.service for one in lost}),
        "since": since and since.isoformat(),
    }
    asked = await owner.post("/republications", orjson.dumps(wanted), str(uuid.uuid4()), patience=PATIENCE)
    told = await _done(owner, topic, asked["id"], say)
    if told["error"]:
        raise StackFailed(f"{topic.owner} can't publish {topic.name} again: {told['error']}")
    for one in lost:
        offset = told["begins"][str(one.partition)]
        to = {"topic": topic.name, "partition": one.partition, "offset": offset}
        await clients[one.service].post("/positions", orjson.dumps(to), str(uuid.uuid4()), patience=PATIENCE)
        say(f"{one.service} goes on with {topic.name}/{one.partition} at {offset}")


async def _go_on(clients: Mapping[str, Client], lost: Sequence[Lost], say: Say) -> None:
    """Have services go on with what a topic holds that none of them can publish again."""
    for one in lost:
        to = {"topic": one.topic, "partition": one.partition, "offset": "begin"}
        await clients[one.service].post("/positions", orjson.dumps(to), str(uuid.uuid4()), patience=PATIENCE)
        say(f"{one.service} goes on with {one.topic}/{one.partition} where its log begins")


async def _done(owner: Client, topic: Topic, republication: int, say: Say) -> Mapping[str, Any]:
    sent, waited = -1, 0.0
    while True:
        told = await owner.get(f"/republications/{republication}")
        if told["done_at"]:
            say(f"{topic.owner} has sent {told['sent']} events of {topic.name} again")
            return told
        if told["sent"] != sent:
            sent, waited = told["sent"], 0.0
            say(f"{topic.owner} sends {topic.name} again: {sent} events")
        waited += LOOK_SECONDS
        if waited > SECONDS:
            raise StackFailed(f"{topic.owner} sends nothing of {topic.name} for {SECONDS:.0f} s: does its relay run?")
        await asyncio.sleep(LOOK_SECONDS)


async def _arrived(clients: Mapping[str, Client], healed: Sequence[Lost], say: Say) -> None:
    """Wait until each consumer has come as far as its partition went when it was first looked at again, or until one of
    these services stands still since it has lost something else; others' work goes on meanwhile."""
    ends: dict[tuple[str, str, int], int] = {}
    waited, before = 0.0, -1
    while True:
        left = 0
        for service in {one.service for one in healed}:
            mine = {(one.topic, one.partition) for one in healed if one.service == service}
            consumers = (await clients[service].get("/status"))["consumers"]
            left += len(mine - {(at["topic"], at["partition"]) for at in consumers})  # not taken up where a log begins
            for at in consumers:
                if at["lost"]:
                    return
                if (at["topic"], at["partition"]) not in mine:
                    continue
                looked = at["not_looked_seconds"] is not None and at["not_looked_seconds"] < waited
                end = ends.setdefault((service, at["topic"], at["partition"]), at["end_offset"]) if looked else None
                left += end is None or at["next_offset"] < end
        if not left:
            return
        if left != before:
            say(f"{left} partitions still have to catch up")
            before, waited = left, min(waited, LOOK_SECONDS)
        if waited > SECONDS:
            raise StackFailed(f"{left} partitions don't catch up for {SECONDS:.0f} s: do the workers run?")
        await asyncio.sleep(LOOK_SECONDS)
        waited += LOOK_SECONDS


async def _missing(clients: Mapping[str, Client], topic: Topic) -> list[Mapping[str, Any]]:
    """Compare the numbers that a topic's owner has given with those in the ledger; what is only under way arrives
    within UNDER_WAY_SECONDS."""
    found: list[Mapping[str, Any]] = []
    after = ""
    while True:
        path = f"/published-events/{topic.name}/sequences?limit=500" + (f"&after={after}" if after else "")
        page = await clients[topic.owner].get(path)
        lasts: dict[str, int] = {row["key"]: row["last"] for row in page["sequences"]}
        found += await _not_in_ledger(clients["reporting"], topic, lasts)
        if page["next"] is None:
            return found
        after = page["next"]


async def _not_in_ledger(reporting: Client, topic: Topic, lasts: dict[str, int]) -> list[Mapping[str, Any]]:
    """Give the numbers up to each key's last that don't come."""
    waited = 0.0
    while lasts:
        body = orjson.dumps({"source": topic.source, "topic": topic.name, "sequences": lasts})
        answer = await reporting.post("/ledger/missing", body, str(uuid.uuid4()), patience=PATIENCE)
        if not answer["missing"] or waited > UNDER_WAY_SECONDS:
            return [{"topic": topic.name, **one} for one in answer["missing"]]
        late = {one["key"] for one in answer["missing"]}
        lasts = {key: last for key, last in lasts.items() if key in late}
        await asyncio.sleep(LOOK_SECONDS)
        waited += LOOK_SECONDS
    return []
