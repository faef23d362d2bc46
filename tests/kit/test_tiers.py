"""What is listed by its name is there by that name."""

import pytest

from tests.tiers import LONG


def test_every_long_test_exists(request: pytest.FixtureRequest) -> None:
    there = {item.nodeid.partition("[")[0] for item in request.session.items}
    files = {item.nodeid.partition("::")[0] for item in request.session.items}
    listed = [name for name in LONG if name.partition("::")[0] in files]
    assert [name for name in listed if name.partition("[")[0] not in there] == []
