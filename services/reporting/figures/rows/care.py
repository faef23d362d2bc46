"""Figures of care: SOS-Care and its supports, and total care with its stages."""

from typing import get_args

from contracts.cases import ReferralMade
from contracts.codes import CareStage
from contracts.followups import SupportDue, SupportGiven
from contracts.seekers import (
    CareStageChanged,
    CourseCompleted,
    SosCareDeclined,
    SosCareEnded,
    SosCareGranted,
    TotalCareEnded,
)
from services.reporting.figures.measures import PERSON
from services.reporting.figures.row import OneOf, Persons, Row, Split, Sum
from services.reporting.figures.rows.seekers import PLACED

CARE_ENDS: tuple[str, ...] = get_args(TotalCareEnded.model_fields["reason"].annotation)

ROWS: tuple[Row, ...] = (
    Sum(
        measure="sos_care_granted",
        of=SosCareGranted,
        by=PERSON,
        publish="sos_care.granted",
        meaning="requests for SOS-Care that were granted: a person as often as granted",
    ),
    Sum(
        measure="sos_care_declined",
        of=SosCareDeclined,
        by=PERSON,
        publish="sos_care.declined",
        meaning="requests for SOS-Care that were declined",
    ),
    Sum(
        measure="sos_care_ended",
        of=SosCareEnded,
        by=("reason", *PERSON),
        rolled=("reason",),
        publish=(
            "sos_care.ended",
            OneOf(
                "sos_care.private_job",
                "of these, the ones that a private job ended. Where its placement is corrected later, SOS-Care stays "
                "ended, and stays counted: it is granted again by another triage",
                "reason",
                "private_job",
            ),
        ),
        meaning="times that SOS-Care ended, however",
    ),
    Persons(
        measure="sos_care_placed",
        by=PLACED,
        publish="sos_care.placed",
        meaning="persons with at least one valid placement through the centre in a public, fixed-term or public-works "
        "job under SOS-Care in the period",
        in_year=(
            "sos_care_placed_in_year",
            "persons, on the day of their first valid placement through the centre in such a job in each calendar year",
        ),
    ),
    Sum(
        measure="supports_due",
        of=SupportDue,
        by=PERSON,
        publish="sos_care.supports_due",
        meaning="months' supports of persons in such a job that have fallen due",
    ),
    Sum(
        measure="supports_given",
        of=SupportGiven,
        by=("kind", *PERSON),
        publish="sos_care.supports",
        meaning="months' supports given to persons in such a job",
    ),
    Sum(
        measure="care_stages",
        of=CareStageChanged,
        by=("stage", *PERSON),
        rolled=("stage",),
        publish=(
            Split(
                "care_stages",
                "times that a person in total care was moved to each stage",
                "stage",
                get_args(CareStage),
            ),
        ),
        meaning="times that a person in total care was moved to a stage",
    ),
    Sum(
        measure="courses_completed",
        of=CourseCompleted,
        by=("stage", *PERSON),
        publish="total_care.courses_completed",
        meaning="courses that persons in total care completed",
    ),
    Sum(
        measure="referrals_overridden",
        of=ReferralMade,
        where=lambda event: event.override is not None,
        by=("occupation", "reason", *PERSON),
        told={"reason": lambda event: event.override},
        publish="total_care.referrals_overridden",
        meaning="of `referrals`, the ones made before total care's stage allows it, with the reason recorded",
    ),
    Sum(
        measure="total_care_ended",
        of=TotalCareEnded,
        by=("reason", "stage", *PERSON),
        rolled=("reason", "stage"),
        publish=(
            "total_care.ended.total",
            Split("total_care.ended.by_reason", "`total_care.ended.total` by the reason", "reason", CARE_ENDS),
            Split(
                "total_care.ended.by_stage",
                "the same by the stage that the person had reached",
                "stage",
                get_args(CareStage),
            ),
        ),
        meaning="times that a person left total care. Those who are placed stay in it until someone records that they "
        "left",
    ),
)
