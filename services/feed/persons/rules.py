"""What events change in what is known of a person. Of a person who was erased nothing is noted any more."""

from dataclasses import replace
from datetime import date
from typing import Any

from contracts.counselling import CounsellorAssigned
from contracts.seekers import (
    ConsentRecorded,
    SeekerErased,
    SeekerRegistered,
    SeekersMerged,
    SosCareEnded,
    SosCareGranted,
)
from services.feed.persons.model import Care, Person

TOLD_OF = (
    SeekerRegistered,
    ConsentRecorded,
    SosCareGranted,
    SosCareEnded,
    SeekersMerged,
    SeekerErased,
    CounsellorAssigned,
)
"""The events that say something of a person that is kept."""


def heard(person: Person, event: Any) -> Person:
    """Give what is known of a person after an event of theirs."""
    if person.erased:
        return person
    match event:
        case ConsentRecorded(purpose="care_partners"):
            if person.said_at is not None and event.recorded_at < person.said_at:
                return person  # it waited behind a dead letter, and they said something else since
            return replace(person, consents=event.given, said_at=event.recorded_at)
        case SosCareGranted():
            return replace(person, cares=(*ended(person.cares, event.occurred_on), Care(event.occurred_on)))
        case SosCareEnded():
            return replace(person, cares=ended(person.cares, event.occurred_on))
        case CounsellorAssigned():
            return replace(person, counsellor_id=event.counsellor_id)
        case SeekerErased():
            return Person(person.seeker_id, erased=True)
        case _:
            return person


def ended(cares: tuple[Care, ...], on: date) -> tuple[Care, ...]:
    """Give the times in SOS-Care, the last of them ended on a day if it lasts; one of no day is none."""
    if not cares or cares[-1].ended_on is not None:
        return cares
    last = Care(cares[-1].since, on)
    return (*cares[:-1], last) if last.since < on else cares[:-1]


def united(stays: Person, given_up: Person) -> tuple[Person, Person]:
    """Give a person and the record that was given up for theirs: what was said under both counts, and where both said
    something of their consent the one that stays; the care that lasts is the one that stays', and so is the counsellor,
    where it has one."""
    said = given_up if stays.consents is None else stays
    cares = tuple(sorted({*stays.cares, *given_up.cares}, key=lambda care: (care.ended_on is None, care.since)))
    lasting = [care for care in cares if care.ended_on is None]
    cares = (*(care for care in cares if care.ended_on is not None), *lasting[:1])
    return (
        replace(
            stays,
            consents=said.consents,
            said_at=said.said_at,
            cares=cares,
            counsellor_id=stays.counsellor_id or given_up.counsellor_id,
        ),
        Person(given_up.seeker_id, stays=stays.seeker_id, erased=given_up.erased),
    )
