"""When a vacancy opens and closes."""

from dataclasses import replace

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, Unknown, impossible_day
from chassis.problems import ProblemType
from contracts.ids import EmployerId, VisitId
from contracts.topics import FIRMS
from contracts.vacancies import VacancyChanged, VacancyClosed, VacancyOpened
from services.matching.employers.model import Employer
from services.matching.employers.rules import refuse_left
from services.matching.vacancies.commands import (
    ChangeVacancy,
    CloseOfLeft,
    CloseVacancy,
    ExpireVacancy,
    NoteReferralsEnded,
    OpenFoundVacancy,
    OpenVacancy,
    RecordClosing,
)
from services.matching.vacancies.model import ClosedAs, Vacancy
from services.matching.visits.model import Visit
from services.matching.visits.rules import refuse_unvisited

DEADLINE_PASSED = ProblemType("deadline-passed", 422, "A vacancy can't open after its deadline")
NOT_TO_CONVERT = ProblemType("only-interns-convert", 422, "Only interns are made permanent")
DEADLINE_OVER = ProblemType("deadline-over", 422, "An open vacancy's last day to apply is today or later")
FEWER_THAN_FILLED = ProblemType("fewer-openings-than-filled", 409, "More openings are filled than would be left")
NO_FREE_OPENING = ProblemType("no-free-opening", 409, "Every opening of this vacancy is filled")
CLOSED_BEFORE_OPENING = ProblemType("closed-before-opening", 422, "A vacancy closes on the day it opened or later")
VACANCY_CLOSED = ProblemType("vacancy-closed", 409, "This vacancy is closed")


def open_vacancy(employer: Employer | None, command: OpenVacancy | OpenFoundVacancy, now: Now) -> Decision:
    """Open a vacancy for a member company."""
    form = command.form
    day = form.occurred_on or now.day
    if employer is None:
        return Unknown("employer_id", form.employer_id, FIRMS.name)
    if refused := refuse_left(employer) or impossible_day(now, "occurred_on", day):
        return refused
    if form.deadline is not None and form.deadline < day:
        return Refused(DEADLINE_PASSED, f"deadline {form.deadline} is before the opening on {day}", "deadline")
    if form.converts and form.employment != "internship":
        return Refused(
            NOT_TO_CONVERT,
            f"employment is {form.employment}, so there are no interns to make permanent",
            "converts",
            {"employment": form.employment},
        )
    vacancy = Vacancy(
        vacancy_id=command.vacancy_id,
        employer_id=EmployerId(form.employer_id),
        title=form.title,
        occupation=form.occupation,
        openings=form.openings,
        placed=0,
        sector=form.sector,
        employment=form.employment,
        wage=form.wage,
        district=form.district,
        deadline=form.deadline,
        opened_on=day,
        converts=form.converts,
        visit_id=VisitId(form.visit_id) if form.visit_id else None,
    )
    event = VacancyOpened(
        **now.stamp("open_vacancy", day),
        vacancy_id=vacancy.vacancy_id,
        employer_id=vacancy.employer_id,
        occupation=vacancy.occupation,
        openings=vacancy.openings,
        sector=vacancy.sector,
        employment=vacancy.employment,
        district=vacancy.district,
        wage=vacancy.wage,
        deadline=vacancy.deadline,
        converts=vacancy.converts,
        visit_id=vacancy.visit_id,
    )
    return Accepted((vacancy,), (event,), {"vacancy_id": vacancy.vacancy_id})


def open_found_vacancy(employer: Employer | None, visit: Visit | None, command: OpenFoundVacancy, now: Now) -> Decision:
    """Open a vacancy that a visit to its employer found."""
    form = command.form
    if visit is None and form.visit_id is not None:
        return Unknown("visit_id", form.visit_id)
    day = form.occurred_on or now.day
    if visit is not None and (refused := refuse_unvisited(visit, EmployerId(form.employer_id), day)):
        return refused
    return open_vacancy(employer, command, now)


_TERMS = ("deadline", "openings", "title", "wage")


def change_vacancy(vacancy: Vacancy | None, command: ChangeVacancy, now: Now) -> Decision:
    """Change the terms of an open vacancy. One that is left with no free opening closes as filled."""
    form = command.form
    if vacancy is None:
        return Unknown("vacancy_id", command.vacancy_id)
    if refused := refuse_closed(vacancy):
        return refused
    if form.openings < vacancy.placed:
        return Refused(
            FEWER_THAN_FILLED, f"{vacancy.placed} openings are filled", "openings", {"placed": vacancy.placed}
        )
    if form.deadline is not None and form.deadline < now.day:
        return Refused(DEADLINE_OVER, f"deadline {form.deadline} is before today, {now.day}", "deadline")
    changed = tuple(name for name in _TERMS if getattr(form, name) != getattr(vacancy, name))
    answer = {"vacancy_id": vacancy.vacancy_id, "changed": changed}
    if not changed:
        return Accepted(answer=answer)
    after = replace(vacancy, openings=form.openings, title=form.title, wage=form.wage, deadline=form.deadline)
    event = VacancyChanged(
        **now.stamp("change_vacancy"),
        vacancy_id=after.vacancy_id,
        employer_id=after.employer_id,
        occupation=after.occupation,
        openings=after.openings,
        sector=after.sector,
        employment=after.employment,
        district=after.district,
        wage=after.wage,
        deadline=after.deadline,
        converts=after.converts,
        changed=changed,
        openings_before=vacancy.openings,
    )
    if after.placed < after.openings:
        return Accepted((after,), (event,), answer)
    closed, close = closed_as(after, "filled", now)
    return Accepted((closed,), (event, close), answer)


def close_of_left(employer: Employer | None, vacancy: Vacancy | None, command: CloseOfLeft, now: Now) -> Decision:
    """Close an open vacancy whose employer has left, and not come back meanwhile."""
    if vacancy is None or employer is None:
        return Unknown("vacancy_id", command.vacancy_id)
    if vacancy.closed_as is not None or employer.left_on is None:
        return Accepted()
    closed, event = closed_as(vacancy, "withdrawn", now)
    return Accepted((closed,), (event,))


def close_vacancy(vacancy: Vacancy | None, command: CloseVacancy, now: Now) -> Decision:
    """Close a vacancy that its employer has withdrawn."""
    if vacancy is None:
        return Unknown("vacancy_id", command.vacancy_id)
    if refused := refuse_closed(vacancy):
        return refused
    closed, event = closed_as(vacancy, command.closing.reason, now)
    return Accepted((closed,), (event,), {"vacancy_id": vacancy.vacancy_id})


def record_closing(vacancy: Vacancy | None, command: RecordClosing, now: Now) -> Decision:
    """Record that a vacancy of an earlier time closed on its day."""
    row = command.row
    day = row.occurred_on or now.day
    if vacancy is None:
        return Unknown("vacancy_id", row.vacancy_id)
    if refused := impossible_day(now, "occurred_on", day) or refuse_closed(vacancy):
        return refused
    if day < vacancy.opened_on:
        return Refused(CLOSED_BEFORE_OPENING, f"opened on {vacancy.opened_on}", "occurred_on")
    closed, event = closed_as(vacancy, row.reason, replace(now, day=day))
    return Accepted((closed,), (event,), {"vacancy_id": vacancy.vacancy_id})


def expire_vacancy(vacancy: Vacancy | None, command: ExpireVacancy, now: Now) -> Decision:
    """Close an open vacancy on the day after its last day to apply, once."""
    if vacancy is None:
        return Unknown("vacancy_id", command.vacancy_id)
    if vacancy.closed_as is not None or vacancy.deadline is None or vacancy.deadline >= now.day:
        return Accepted()
    closed, event = closed_as(vacancy, "expired", now)
    return Accepted((closed,), (event,))


def note_referrals_ended(vacancy: Vacancy | None, command: NoteReferralsEnded, now: Now) -> Decision:
    """Remember that every open referral to a closed vacancy has met its closing.

    If an opening was taken since they were looked at, they are looked at again.
    """
    if vacancy is None:
        return Unknown("vacancy_id", command.vacancy_id)
    if vacancy.closed_as is None or vacancy.placed != command.placed:
        return Accepted()
    return Accepted((replace(vacancy, referrals_ended=True),))


def closed_as(vacancy: Vacancy, reason: ClosedAs, now: Now) -> tuple[Vacancy, VacancyClosed]:
    """Close an open vacancy: what it is then, and what is published."""
    event = VacancyClosed(
        **now.stamp("close_vacancy"),
        vacancy_id=vacancy.vacancy_id,
        employer_id=vacancy.employer_id,
        reason=reason,
        placed=vacancy.placed,
        openings=vacancy.openings,
        occupation=vacancy.occupation,
    )
    return replace(vacancy, closed_on=now.day, closed_as=reason), event


def take_opening(vacancy: Vacancy, now: Now) -> tuple[Vacancy, tuple[VacancyClosed, ...]]:
    """Take an opening; with the last one the vacancy closes as filled.

    One that has closed before stays closed as it was, and what is left of its referrals ends.
    """
    taken = replace(vacancy, placed=vacancy.placed + 1)
    if taken.placed < taken.openings:
        return taken, ()
    if taken.closed_as is not None:
        return replace(taken, referrals_ended=False), ()
    closed, event = closed_as(taken, "filled", now)
    return closed, (event,)


def free_opening(vacancy: Vacancy) -> Vacancy:
    """Free an opening that was taken. A vacancy that has closed as filled stays closed."""
    return replace(vacancy, placed=vacancy.placed - 1)


def refuse_untakable(vacancy: Vacancy) -> Refused | None:
    """Refuse a job or an internship by a vacancy that has no free opening, or was filled: then its referrals ended."""
    if vacancy.placed < vacancy.openings:
        return refuse_closed(vacancy) if vacancy.closed_as == "filled" else None
    return Refused(
        NO_FREE_OPENING,
        f"{vacancy.placed} of {vacancy.openings} openings are filled",
        "vacancy_id",
        {"placed": vacancy.placed, "openings": vacancy.openings},
    )


def refuse_closed(vacancy: Vacancy) -> Refused | None:
    """Refuse what only an open vacancy allows."""
    if vacancy.closed_as is None:
        return None
    return Refused(
        VACANCY_CLOSED,
        f"closed on {vacancy.closed_on} as {vacancy.closed_as}",
        "vacancy_id",
        {"closed_as": vacancy.closed_as, "placed": vacancy.placed, "openings": vacancy.openings},
    )


DECIDERS: Deciders = {
    OpenVacancy: open_vacancy,
    OpenFoundVacancy: open_found_vacancy,
    ChangeVacancy: change_vacancy,
    CloseOfLeft: close_of_left,
    CloseVacancy: close_vacancy,
    RecordClosing: record_closing,
    ExpireVacancy: expire_vacancy,
    NoteReferralsEnded: note_referrals_ended,
}
