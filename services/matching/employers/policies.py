"""From events about firms to commands."""

from collections.abc import Sequence

from contracts.firms import EmployerJoined
from services.matching.employers.commands import KnowEmployer


def know(event: EmployerJoined) -> Sequence[KnowEmployer]:
    """A company that joined may open vacancies."""
    return (KnowEmployer(event.employer_id, event.occurred_on),)
