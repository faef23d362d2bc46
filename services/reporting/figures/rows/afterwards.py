"""Figures of what becomes of placements: retention, and what follow-up care hears of jobs."""

from typing import get_args

from contracts.followups import EmploymentEnded, FollowUpMade
from services.reporting.figures.measures import JOB, PERSON
from services.reporting.figures.row import Folds, Published, Row, Split, Sum

JOB_ENDS: tuple[str, ...] = get_args(EmploymentEnded.model_fields["reason"].annotation)

SATISFACTIONS = ("1", "2", "3", "4", "5")

ROWS: tuple[Row | Published, ...] = (
    Folds(
        measure="retention_due",
        by=("step", *JOB, *PERSON),
        rolled=("step",),
        meaning="valid placements through the centre, on the day of each step of follow-up care",
    ),
    Folds(
        measure="retention_reached",
        by=("step", "due_on", *JOB, *PERSON),
        rolled=("step", "due_on"),
        meaning="of these, those whom a contact of the step reached, and those whose job is known to have ended before "
        "its day",
    ),
    Folds(
        measure="retention_still_employed",
        by=("step", "due_on", *JOB, *PERSON),
        rolled=("step", "due_on"),
        meaning="of these, those who still had the job",
    ),
    Published(
        "retention",
        "by months after the placement (1, 3, 6, 12): valid placements through the centre `due`, of these the ones "
        "`reached`, of these the ones `still_employed`, and their share of the reached in percent",
    ),
    Sum(
        measure="follow_ups",
        of=FollowUpMade,
        by=("step", "outcome", *JOB, *PERSON),
        rolled=("step", "outcome"),
        meaning="contacts tried after placements, whatever their source",
    ),
    Sum(
        measure="job_satisfaction",
        of=FollowUpMade,
        where=lambda event: event.satisfaction is not None,
        by=("satisfaction", "step", *JOB, *PERSON),
        told={"satisfaction": lambda event: str(event.satisfaction)},
        rolled=("satisfaction",),
        publish=(
            "after_placement.satisfaction.answered",
            Published("after_placement.satisfaction.average", "the mean of what they said, from 1 (worst) to 5 (best)"),
            Split(
                "after_placement.satisfaction.by_answer",
                "`after_placement.satisfaction.answered` by what they said",
                "satisfaction",
                SATISFACTIONS,
            ),
        ),
        meaning="contacts after a placement, of any source, in which the seeker said how satisfied they are with the "
        "job. It is no survey: the centre asks",
    ),
    Sum(
        measure="jobs_changed",
        of=EmploymentEnded,
        where=lambda event: event.changed_job,
        by=("reason", *JOB, *PERSON),
        publish="after_placement.jobs_changed",
        meaning="jobs of placed seekers, of any source, that they left for another job",
    ),
    Sum(
        measure="employments_ended",
        of=EmploymentEnded,
        where=lambda event: not event.changed_job,
        by=("reason", *JOB, *PERSON),
        rolled=("reason",),
        publish=(
            "after_placement.ended.total",
            Split("after_placement.ended.by_reason", "`after_placement.ended.total` by the reason", "reason", JOB_ENDS),
        ),
        meaning="other jobs of placed seekers, of any source, that have ended; that of a placement that was corrected "
        "later stays counted",
    ),
)
