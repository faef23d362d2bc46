"""Which companies are known, and which of them are members."""

from dataclasses import replace

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, Unknown
from chassis.problems import ProblemType
from contracts import refusals
from services.matching.employers.commands import KnowEmployer, NoteLeft, NoteVacanciesClosed
from services.matching.employers.model import Employer

EMPLOYER_LEFT = ProblemType(*refusals.EMPLOYER_LEFT)


def know(employer: Employer | None, command: KnowEmployer, now: Now) -> Decision:
    """Remember a member company; a company joins once."""
    if employer is not None:
        return Accepted()
    return Accepted((Employer(command.employer_id, command.joined_on),))


def note_left(employer: Employer | None, command: NoteLeft, now: Now) -> Decision:
    """Remember that a company left, or that it is back."""
    if employer is None:
        return Unknown("employer_id", command.employer_id)
    return Accepted((replace(employer, left_on=command.on, vacancies_closed=False),))


def note_vacancies_closed(employer: Employer | None, command: NoteVacanciesClosed, now: Now) -> Decision:
    """Remember that a company which left has no open vacancy any more; it can't open another."""
    if employer is None:
        return Unknown("employer_id", command.employer_id)
    return Accepted((replace(employer, vacancies_closed=employer.left_on is not None),))


def refuse_left(employer: Employer) -> Refused | None:
    """Refuse what only a member may do."""
    if employer.left_on is None:
        return None
    return Refused(EMPLOYER_LEFT, f"left on {employer.left_on}", "employer_id", {"left_on": employer.left_on})


DECIDERS: Deciders = {KnowEmployer: know, NoteLeft: note_left, NoteVacanciesClosed: note_vacancies_closed}
