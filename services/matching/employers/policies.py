"""From events about firms to commands."""

from collections.abc import Sequence

from contracts.firms import EmployerJoined, EmployerLeft, EmployerReturned
from services.matching.employers.commands import KnowEmployer, NoteLeft


def know(event: EmployerJoined) -> Sequence[KnowEmployer]:
    """A company that joined may open vacancies."""
    return (KnowEmployer(event.employer_id, event.occurred_on),)


def note_left(event: EmployerLeft) -> Sequence[NoteLeft]:
    """A company that left opens no vacancies, and those that it has open close."""
    return (NoteLeft(event.employer_id, event.occurred_on),)


def note_returned(event: EmployerReturned) -> Sequence[NoteLeft]:
    """A company that is back may open vacancies again; those that were closed stay closed."""
    return (NoteLeft(event.employer_id, None),)
