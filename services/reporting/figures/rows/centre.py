"""Figures of the centre and its members: firms, postings, counsellors, internships and surveys."""

from typing import get_args

from contracts.cases import InternshipBrokenOff, InternshipCompleted, InternshipStarted
from contracts.codes import ClientGroup
from contracts.counselling import CounsellorAssigned
from contracts.counsellors import CounsellorJoined, CounsellorLeft
from contracts.firms import EmployerJoined
from contracts.surveys import SurveyAnswered, SurveyDrawn
from contracts.vacancies import VacancyChanged, VacancyClosed, VacancyOpened
from services.reporting.figures.measures import PERSON
from services.reporting.figures.row import Folds, Published, Row, Split, Sum

ROWS: tuple[Row | Published, ...] = (
    Sum(
        measure="employers",
        of=EmployerJoined,
        by=("size", "district"),
        publish="employers",
        meaning="companies that ever joined",
    ),
    Sum(
        measure="vacancies",
        of=VacancyOpened,
        by=("occupation", "sector", "employment", "district", "found_in"),
        told={"found_in": lambda event: str(event.occurred_on.year) if event.visit_id else None},
        rolled=("found_in",),
        publish="vacancies",
        meaning="postings ever opened; a posting may have several openings",
    ),
    Sum(
        measure="openings",
        of={
            VacancyOpened: lambda event: event.openings,
            VacancyChanged: lambda event: event.openings - event.openings_before,
            VacancyClosed: lambda event: -event.openings,
        },
        by=("occupation",),
        rolled=("occupation",),
        meaning="openings of the postings that are open: + as one opens, + or - as it changes, - as it closes",
    ),
    Sum(
        measure="counsellors",
        of={CounsellorJoined: 1, CounsellorLeft: -1},
        whenever=True,
        publish="counsellors",
        meaning="counsellors in service on the day `as_of`",
    ),
    Sum(
        measure="assigned",
        of=CounsellorAssigned,
        by=("group", "reason", *PERSON),
        rolled=("group",),
        publish=(
            "assigned.total",
            Split(
                "assigned.by_group",
                "`assigned.total` by the client group that the seeker was assigned by",
                "group",
                get_args(ClientGroup),
            ),
        ),
        meaning="assignments of a seeker to a counsellor: on registering, by hand-over, on coming to another client "
        "group, or because a manager said so",
    ),
    Sum(
        measure="internships_started",
        of=InternshipStarted,
        by=("occupation", *PERSON),
        meaning="youth internships begun",
    ),
    Sum(
        measure="internships_broken_off",
        of=InternshipBrokenOff,
        by=("by", "occupation", *PERSON),
        rolled=("by",),
        meaning="youth internships that ended before their time",
    ),
    Sum(
        measure="internships_completed",
        of=InternshipCompleted,
        by=("completed_in", "occupation", *PERSON),
        told={"completed_in": lambda event: str(event.occurred_on.year)},
        rolled=("completed_in",),
        meaning="youth internships served to their end",
    ),
    Folds(
        measure="internships_converted",
        by=("completed_in", "occupation", *PERSON),
        rolled=("completed_in",),
        meaning="completed youth internships that became permanent jobs, by the year of completion",
    ),
    Published(
        "internships",
        "by year: youth internships `started` in it, `broken_off` in it by the intern or the employer, and "
        "`completed` in it, of these the ones `converted` to permanent jobs so far, and their share in percent. A "
        "conversion counts as a placement, starting an internship doesn't, and nobody is placed as an intern",
    ),
    Sum(
        measure="surveyed",
        of={SurveyDrawn: lambda event: event.asked},
        by=("survey_id", "held_on"),
        told={
            "survey_id": lambda event: str(event.survey_id),
            "held_on": lambda event: event.occurred_on.isoformat(),
        },
        rolled=("survey_id", "held_on"),
        meaning="persons in the samples of satisfaction surveys",
    ),
    Sum(
        measure="survey_answers",
        of=SurveyAnswered,
        by=("survey_id", "answer"),
        told={"survey_id": lambda event: str(event.survey_id), "answer": lambda event: str(event.answer)},
        rolled=("survey_id", "answer"),
        meaning="answers to satisfaction surveys, by what was answered",
    ),
    Published(
        "surveys",
        "a list by day: persons `asked` and `answered`, the `score` in points (an answer from 1 to 5 is worth 0, 25, "
        "50, 75 or 100; their mean), the `percent_satisfied` (who answered 4 or 5), the `change` of the score since "
        "the survey before, even where that was held before `from`",
    ),
)
