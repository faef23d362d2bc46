"""The steps of follow-up care are a setting."""

import pytest
from pydantic import TypeAdapter, ValidationError

from services.followup.settings import Steps


def test_steps_are_some_of_the_known_ones() -> None:
    assert TypeAdapter(Steps).validate_python("1m,12m") == "1m,12m"


@pytest.mark.parametrize("steps", ["", "2w", "1w,", "1w;1m", "1w,1w", "1W"])
def test_other_steps_are_refused(steps: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Steps).validate_python(steps)
