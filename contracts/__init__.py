"""The public event language: one module a subject, one class an event.

Imports nothing of the services, and names its own modules relatively: partners install it as `jobplus_contracts`.
AsyncAPI 3 and a JSON Schema a type are generated from it (`python -m contracts.generate`); partners start at
contracts/README.md.
"""

from . import (
    cases,
    counselling,
    counsellors,
    firms,
    flags,
    followups,
    profiles,
    reports,
    revocations,
    seekers,
    surveys,
    vacancies,
    visits,
)
from .decoding import Undecodable, UnknownType, decode, decode_counted
from .event import EVENTS, Actor, Event
from .topics import TOPICS

__all__ = [
    "EVENTS",
    "TOPICS",
    "Actor",
    "Event",
    "Undecodable",
    "UnknownType",
    "cases",
    "counselling",
    "counsellors",
    "decode",
    "decode_counted",
    "firms",
    "flags",
    "followups",
    "profiles",
    "reports",
    "revocations",
    "seekers",
    "surveys",
    "vacancies",
    "visits",
]
