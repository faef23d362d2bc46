"""The events that may be granted, with their fields, as the contracts have them."""

import types
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel

from contracts import EVENTS
from contracts.counselling import CounsellorAssigned, RecordOpened
from contracts.seekers import ConsentRecorded, SeekerErased, SeekersMerged
from services.feed.subscriptions import OF_PERSONS

WITHIN = frozenset({ConsentRecorded, CounsellorAssigned, RecordOpened, SeekerErased, SeekersMerged})
"""What stays within the centre: what a partner needs to know of these, the end of passing on tells it."""

NEVER = frozenset({"actor", "rule", "imported", "recorded_at", "seeker_id", "client_id", "counsellor_id"})
"""Fields that no partner gets: who did it here, the ids that stand for a person, and the moment, which the envelope
has."""

GRANTABLE = {kind.type: kind for kind in EVENTS.values() if kind.topic in OF_PERSONS and kind not in WITHIN}


@cache
def fields_of(kind: str) -> Mapping[str, bool]:
    """Give the fields of a type that may be granted, and of each whether it is an id; one within another is named with
    a dot."""
    return {
        name: is_id
        for outer, field in GRANTABLE[kind].model_fields.items()
        if outer not in NEVER
        for name, is_id in _named(outer, field.annotation)
    }


def _named(name: str, annotation: Any) -> Iterator[tuple[str, bool]]:
    (kind, *_) = [each for each in _alternatives(annotation) if each is not type(None)]
    kind = getattr(kind, "__supertype__", kind)  # the ids are NewTypes of UUID
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from ((f"{name}.{inner}", False) for inner in kind.model_fields)
    else:
        yield name, kind is UUID


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else (annotation,)
