"""Figures of seekers: who registered, who was placed, and what was done for them on the way."""

from typing import get_args

from contracts.cases import Answer, ReferralAnswered, ReferralEnded, ReferralMade
from contracts.codes import AGE_BANDS, CHANNELS, OCCUPATIONS, Employment, Sector
from contracts.counselling import BusinessLaunched, SessionHeld
from services.reporting.figures.measures import JOB, PERSON, Dimension
from services.reporting.figures.row import (
    Folds,
    OfTwo,
    OneOf,
    Persons,
    Row,
    Split,
    SplitBeside,
    SplitPercent,
    Sum,
)

THROUGH_THE_CENTRE = ("referral", "internship")
"""The sources of the placements that `placed` counts."""

PLACED: tuple[Dimension, ...] = (*JOB, "wanted", *PERSON)
"""What a placement tells."""

ROWS: tuple[Row, ...] = (
    Persons(
        measure="registered",
        by=("wanted_occupation", *PERSON),
        publish="registered",
        meaning="persons, each at the first registration. Whoever comes back is not counted again",
        in_year=("registered_in_year", "persons, on the day of their first registration, in its year"),
    ),
    Persons(
        measure="placed",
        by=PLACED,
        rolled=("occupation", "age_band", "source", "sector", "employment", "wanted"),
        publish=(
            "placed.total",
            OfTwo("placed.rate_percent", "`placed.total` of `registered`, in percent", "placement_rate_percent"),
            Split(
                "placed.by_occupation",
                "the persons of `placed.total` by the occupation of their first valid placement in the period",
                "occupation",
                OCCUPATIONS,
            ),
            Split("placed.by_age", "the same persons by their age band at that placement", "age_band", AGE_BANDS),
            SplitPercent(
                "placed.by_occupation_percent",
                "`placed.by_occupation` of `placed.total`, in percent",
                "occupation",
                OCCUPATIONS,
            ),
            SplitPercent(
                "placed.by_age_percent", "`placed.by_age` of `placed.total`, in percent", "age_band", AGE_BANDS
            ),
            OneOf(
                "placed.wanted", "the same persons, those placed in an occupation that they wanted", "wanted", "true"
            ),
            OfTwo("placed.wanted_percent", "`placed.wanted` of `placed.total`, in percent", "wanted_percent"),
            Split(
                "placed.by_source",
                "the same persons by what the placement came of; an internship is one that was converted",
                "source",
                THROUGH_THE_CENTRE,
            ),
            Split(
                "placed.by_sector",
                "the same persons by the sector of the job",
                "sector",
                get_args(Sector),
            ),
            Split(
                "placed.by_employment", "the same persons by the kind of employment", "employment", get_args(Employment)
            ),
        ),
        meaning="persons with at least one valid placement through the centre in the period",
        in_year=(
            "placed_in_year",
            "persons, on the day of their first valid placement through the centre in each calendar year",
        ),
    ),
    Folds(
        measure="placements",
        by=(*PLACED, "found_in"),
        rolled=("found_in",),
        publish="placements",
        meaning="valid placements through the centre: a person counts as often as placed",
    ),
    Persons(
        measure="self_found",
        by=PLACED,
        publish="self_found.total",
        meaning="persons with at least one valid job that they found alone in the period",
        in_year=(
            "self_found_in_year",
            "persons, on the day of their first valid job that they found alone in each calendar year",
        ),
    ),
    Sum(
        measure="sessions",
        of=SessionHeld,
        by=("kind", "channel", "wanted_occupation", *PERSON),
        told={"wanted_occupation": lambda event: event.person.wanted_occupations[0] if event.person else None},
        rolled=("kind", "channel"),
        publish=(
            "sessions.total",
            SplitBeside(
                "sessions",
                "of these, by their kind",
                "kind",
                ("job", "startup"),
                ("of these, the ones about finding a job", "of these, the ones about starting a business"),
            ),
            Split(
                "sessions.by_channel",
                "`sessions.total` by how they were held",
                "channel",
                CHANNELS,
            ),
            OfTwo("per_seeker.sessions", "`sessions.job` for each person in `registered`", "sessions_per_seeker"),
            OfTwo(
                "per_session.launches_percent",
                "`launches` of `sessions.startup`, in percent: how many businesses were launched for a hundred "
                "start-up sessions",
                "launches_per_session_percent",
            ),
        ),
        meaning="counselling sessions held, of both kinds",
    ),
    Sum(
        measure="referrals",
        of=ReferralMade,
        by=("occupation", "sector", "employment", *PERSON),
        publish=(
            OfTwo("per_seeker.referrals", "`referrals` for each person in `registered`", "referrals_per_seeker"),
            "referrals",
        ),
        meaning="referrals made, whatever came of them",
    ),
    Sum(
        measure="referrals_answered",
        of=ReferralAnswered,
        by=("answer", "reason", "occupation", *PERSON),
        rolled=("answer",),
        publish=(
            "referral_answers.total",
            Split(
                "referral_answers.by_answer",
                "`referral_answers.total` by what was answered",
                "answer",
                get_args(Answer),
            ),
        ),
        meaning="answers to referrals by the seeker or the employer, each time: what was postponed, or accepted in "
        "vain, is answered again",
    ),
    Sum(
        measure="referrals_ended",
        of=ReferralEnded,
        by=("occupation", "reason", *PERSON),
        meaning="referrals that ended without a job, an internship or a refusal: withdrawn, expired, obsolete or "
        "lapsed",
    ),
    Persons(
        measure="referred",
        by=("occupation", *PERSON),
        publish="referred",
        meaning="persons with at least one referral",
        in_year=("referred_in_year", "persons, on the day of their first referral in each calendar year"),
    ),
    Sum(
        measure="launches",
        of=BusinessLaunched,
        by=("occupation", *PERSON),
        publish="launches",
        meaning="businesses launched",
    ),
)
