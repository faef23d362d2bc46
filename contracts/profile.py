"""The person as events carry them: bands and codes only, for topics that are kept for ever."""

from pydantic import BaseModel, ConfigDict

from contracts.codes import AgeBand, District, Gender, IncomeBand, Occupation, Programme


class Bands(BaseModel):
    """The profile that an event was decided on, as of its day; the occupation wanted most comes first."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    age_band: AgeBand
    gender: Gender
    district: District
    wanted_occupations: tuple[Occupation, ...]
    income_band: IncomeBand | None = None
    programme: Programme | None = None
