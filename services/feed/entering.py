"""What an entry tells: the fields that were granted, by the partner's own number of the client."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from contracts.passing import EndReason, PassingOnEnded
from services.feed.entries import Entry, Origin, Partner

ENDED_SOURCE = "/jobplus/feed"


def enter(
    partner: Partner,
    event_id: UUID,
    client_number: str,
    fields: Mapping[str, bool],
    link_id: UUID,
    grant_id: UUID,
    told: "Told",
) -> tuple[Partner, Entry]:
    """Enter an event with those of its fields that were granted; of each it is said whether it is an id, in whose
    place the partner has a pseudonym."""
    before, partner = partner.end.mark, partner.after(event_id)
    data = chosen(partner, told.data, fields)
    body = _cloud_event(partner, told.source, told.type, told.time, client_number, data)
    entry = Entry(
        partner.partner, partner.end, before, told.type, told.occurred_on, body, link_id, grant_id, told.origin
    )
    return partner, entry


class Told:
    """An event as it was read."""

    __slots__ = ("data", "occurred_on", "origin", "source", "time", "type")

    def __init__(
        self, source: str, kind: str, time: datetime, occurred_on: date, origin: Origin, data: Mapping[str, Any]
    ) -> None:
        self.source = source
        self.type = kind
        self.time = time
        self.occurred_on = occurred_on
        self.origin = origin
        self.data = data


def chosen(partner: Partner, data: Mapping[str, Any], fields: Mapping[str, bool]) -> dict[str, Any]:
    """Give the granted fields that an event has; one within another is named with a dot, as `person.district`."""
    found: dict[str, Any] = {}
    for name, is_id in fields.items():
        outer, _, inner = name.partition(".")
        value = data.get(outer)
        if inner:
            value = value.get(inner) if isinstance(value, Mapping) else None
        if value is None:
            continue
        if is_id:
            value = str(partner.pseudonym(value))
        if inner:
            found.setdefault(outer, {})[inner] = value
        else:
            found[outer] = value
    return found


def enter_end(
    partner: Partner,
    cause: UUID,
    reason: EndReason,
    at: datetime,
    day: date,
    *,
    client_number: str | None = None,
    types: Sequence[str] = (),
    link_id: UUID | None = None,
) -> tuple[Partner, Entry]:
    """Enter that events are passed on no more: of a client, or of everybody where there is no client number; of some
    types, or of all where none is named. `cause` is the id of what ended it."""
    before, partner = partner.end.mark, partner.after(cause)
    ended = PassingOnEnded(reason=reason, occurred_on=day, types=tuple(types) or None)
    data = ended.model_dump(exclude_none=True)
    body = _cloud_event(partner, ENDED_SOURCE, ended.type, at, client_number, data)
    return partner, Entry(partner.partner, partner.end, before, ended.type, day, body, link_id)


def _cloud_event(
    partner: Partner, source: str, kind: str, time: datetime, client_number: str | None, data: Mapping[str, Any]
) -> bytes:
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": str(partner.end),
            "source": source,
            "type": kind,
            "time": time,
            **({"subject": client_number} if client_number is not None else {}),
            "datacontenttype": "application/json",
            "data": data,
        }
    )
