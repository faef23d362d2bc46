"""The person as events carry them: bands and codes only, for topics that are kept for ever."""

from typing import Annotated

from pydantic import ConfigDict, Field

from .codes import AgeBand, District, Gender, IncomeBand, Occupation, Programme
from .open_codes import ReadsOpen


class Bands(ReadsOpen):
    """The profile that an event was decided on, as of its day. What figures count a person by."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    age_band: AgeBand
    """In years, by the year of the day less the year of birth."""
    gender: Gender
    district: District
    """Where the person lives."""
    wanted_occupations: Annotated[tuple[Occupation, ...], Field(min_length=1)]
    """The one wanted most comes first."""
    income_band: IncomeBand | None = None
    programme: Programme | None = None
    """The programme that the person was in, if any."""
    breadwinner: bool | None = None
    """Whether the person is the only earner of a family with dependants; absent where it was not declared."""
