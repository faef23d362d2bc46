"""Numbers and words that events carry, each with its bounds: no event has room for free text."""

from typing import Annotated

from pydantic import Field

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.:=-]{0,63}$")]
"""A word from a list that its owner keeps: lower case, no spaces. Never a person's own words."""

Count = Annotated[int, Field(ge=0)]
AtLeastOne = Annotated[int, Field(ge=1)]
Won = Annotated[int, Field(ge=0, description="Won a month.")]
Score = Annotated[int, Field(ge=1, le=5, description="From 1 (worst) to 5 (best).")]
