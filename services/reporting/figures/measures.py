"""The words of the figures: measures, what they are split by, and shares. What each means says its row (`rows`).

They are written out here as the interface and the types name them; the measures by `python docs/generate.py`, from the
rows.
"""

from typing import Literal

Dimension = Literal[
    "occupation", "wanted_occupation", "wanted", "age_band", "gender", "district", "income_band", "programme",
    "breadwinner", "sector", "employment", "source", "kind", "channel", "size", "by", "completed_in",
    "survey_id", "held_on", "answer", "step", "outcome", "due_on", "reason", "stage", "year", "plan_secured",
    "found_in", "group", "satisfaction",
]  # fmt: skip
"""What a figure may be split by. A measure has some of them; see what its event tells."""

# measures: written by docs/generate.py
Measure = Literal[
    "registered",
    "registered_in_year",
    "placed",
    "placed_in_year",
    "placements",
    "self_found",
    "self_found_in_year",
    "sessions",
    "referrals",
    "referrals_answered",
    "referrals_ended",
    "referred",
    "referred_in_year",
    "launches",
    "employers",
    "vacancies",
    "openings",
    "counsellors",
    "assigned",
    "internships_started",
    "internships_broken_off",
    "internships_completed",
    "internships_converted",
    "surveyed",
    "survey_answers",
    "sos_care_granted",
    "sos_care_declined",
    "sos_care_ended",
    "sos_care_placed",
    "sos_care_placed_in_year",
    "supports_due",
    "supports_given",
    "care_stages",
    "courses_completed",
    "referrals_overridden",
    "total_care_ended",
    "prospects",
    "plans_asked",
    "plans_answered",
    "hiring_plans",
    "openings_planned",
    "visits_due",
    "visits",
    "retention_due",
    "retention_reached",
    "retention_still_employed",
    "follow_ups",
    "job_satisfaction",
    "jobs_changed",
    "employments_ended",
]
# end of measures

ShareName = Literal[
    "placement_rate_percent", "wanted_percent", "sessions_per_seeker", "referrals_per_seeker",
    "launches_per_session_percent", "internship_conversion_percent",
    "retention_1m_percent", "retention_3m_percent", "retention_6m_percent", "retention_12m_percent",
]  # fmt: skip
"""How much of one count another is; `shares.py` says of which."""

PERSON: tuple[Dimension, ...] = ("age_band", "gender", "district", "income_band", "programme", "breadwinner")
"""What a person's profile tells."""

JOB: tuple[Dimension, ...] = ("occupation", "sector", "employment", "source")
"""What a placement's job tells, of what happens after it as well."""
