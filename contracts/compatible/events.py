"""What of the events would break a reader: types, their schemas, channels and keys, and samples that can't be read."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from contracts.compatible.breaks import Break, Node, schema_breaks
from contracts.compatible.changelog import ended_types
from contracts.decoding import Undecodable, decode
from contracts.event import EVENTS, Event
from contracts.generate.schemas import schemas_of_all
from contracts.notices import KINDS, NOTICES, Notice, NoticeTopic, decode_notice
from contracts.upcasters import UPCASTERS


def event_breaks(release: Path, home: Path, today: date) -> Iterator[Break]:
    """Compare the events of a release with the present ones in `home`."""
    ended = ended_types(home, today)
    yield from _types(release, home, ended)
    yield from _samples(release, home)
    yield from _channels(_named(release / "asyncapi.yaml", home), document_of(release), document_of(home), ended)


def document_of(folder: Path) -> Node:
    """Read the AsyncAPI document in a folder, by libyaml where it is: ten times as fast."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((folder / "asyncapi.yaml").read_text("utf-8"), Loader=loader)


def stable_schemas(release: Path) -> Mapping[str, Node]:
    """Give the schemas of a release's stable types."""
    schemas = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((release / "schemas").glob("*.json"))}
    return {name: schema for name, schema in schemas.items() if schema["x-stability"] == "stable"}


def _types(release: Path, home: Path, ended: frozenset[str]) -> Iterator[Break]:
    present = schemas_of_all()
    for name, schema in stable_schemas(release).items():
        file = _named(release / "schemas" / f"{name}.json", home)
        if name in UPCASTERS and name in ended:
            continue
        if name not in present:
            told = "keep its class until an end that contracts/CHANGELOG.md has announced, then read it by upcasters.py"
            yield Break(file, name, "the event is gone", told)
        elif present[name]["x-stability"] != "stable":
            yield Break(file, name, "it is a draft again", "what was stable stays so")
        else:
            yield from schema_breaks(file, schema, present[name])


def _samples(release: Path, home: Path) -> Iterator[Break]:
    """Read each sample of a stable type as a consumer does."""
    stable = stable_schemas(release)
    for path in sorted((release / "samples").glob("*.json")):
        sample = json.loads(path.read_text("utf-8"))
        if sample["type"] not in stable:
            continue
        file, newest = _named(path, home), sample["type"]
        while newest in UPCASTERS:
            newest = UPCASTERS[newest][0]
        data = json.dumps(sample["data"]).encode() if "data" in sample else None
        try:
            event = _read(newest, sample, data)
        except Undecodable as error:
            yield Break(file, sample["type"], f"it can't be read any more: {error}", "read what was published for ever")
            continue
        if data is None or newest != sample["type"]:
            continue
        again: dict[str, Any] = json.loads(event.model_dump_json(exclude_none=True))
        for field in sample["data"].keys() - again.keys():
            yield Break(file, field, "it is lost in reading", "keep the field")


def _read(newest: str, sample: Node, data: bytes | None) -> Event | Notice:
    """Read a sample of an event, or of a notice (raises Undecodable); `newest` is the type as which it is read."""
    name, subject = sample["type"], sample["subject"]
    if name.startswith("partners."):
        kind = NOTICES[newest].kind if newest in NOTICES else KINDS[0]
        return decode_notice(name, NoticeTopic(sample["source"].rpartition("/")[2], kind).name, subject, data)
    return decode(name, EVENTS[newest].topic.name if newest in EVENTS else "", subject, data)


def _channels(file: str, released: Node, present: Node, ended: frozenset[str]) -> Iterator[Break]:
    channels = {channel["address"]: channel for channel in present["channels"].values()}
    for channel in released["channels"].values():
        messages = [released["components"]["messages"][name] for name in channel["messages"]]
        stable = [one for one in messages if one["x-stability"] == "stable" and one["name"] not in ended]
        address, now = channel["address"], channels.get(channel["address"])
        if not stable:
            continue
        if now is None:
            yield Break(file, address, "the topic is gone", "keep it, and publish on a new one beside it")
            continue
        kafka, kafka_now = channel["bindings"]["kafka"], now["bindings"]["kafka"]
        for setting in ("partitions", "topicConfiguration"):
            if kafka[setting] != kafka_now[setting]:
                reason = f"{setting} was {kafka[setting]} and is {kafka_now[setting]}"
                yield Break(file, address, reason, "keep it: keys would change their partition, or records be lost")
        for message in stable:
            yield from _message(file, address, message, now, released, present)


def _message(file: str, address: str, message: Node, channel: Node, released: Node, present: Node) -> Iterator[Break]:
    place = f"{address} {message['title']}"
    if message["title"] not in channel["messages"]:
        yield Break(file, place, "the event isn't on the topic any more", "leave it on its topic")
        return
    now = present["components"]["messages"][message["title"]]
    if message["bindings"]["kafka"]["key"] != now["bindings"]["kafka"]["key"]:
        yield Break(file, place, "its key is another", "leave the key: order and compaction go by it")
    for old, new in zip(message["headers"]["allOf"], now["headers"]["allOf"], strict=True):
        for broken in schema_breaks(file, {**released, **old}, {**present, **new}):
            yield broken._replace(place=f"{place} {broken.place}", instead="leave the header as it is")


def _named(path: Path, home: Path) -> str:
    return str(path.relative_to(home.parent)) if path.is_relative_to(home.parent) else path.name
