"""Whom the law of the youth internship is for."""

from datetime import date

from contracts.codes import Programme, age_in_years

PROGRAMME: Programme = "youth_internship"
MOST_AGE = 29
"""In years, by the year of the start less the year of birth: the law's youth."""


def earliest_birth_year(day: date) -> int:
    """Tell the year of birth of the oldest who may start on a day."""
    return day.year - MOST_AGE


def is_young(birth_year: int, day: date) -> bool:
    """Tell whether somebody may start on a day."""
    return age_in_years(birth_year, day) <= MOST_AGE
