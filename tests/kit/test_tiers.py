"""What is listed by its name is there by that name."""

from pathlib import Path

import pytest

from tests.tiers import LONG

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", LONG)
def test_a_long_test_exists(name: str) -> None:
    file, _, test = name.partition("::")
    assert test.partition("[")[0].partition("::")[0] in (ROOT / file).read_text()
