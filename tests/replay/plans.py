"""Plans for tests, as JSON gives them."""

import pytest

from jobplus.replay.plan import PlanRefused, parse


def a_plan(**changes: object) -> dict[str, object]:
    """A small plan that can be met and says only what it must; with these keys changed or added."""
    return {
        "name": "small",
        "from": "2009-12-01",
        "to": "2010-12-31",
        "counsellors": 2,
        "employers": 3,
        "registered": 10,
        "placed": {"total": 4},
        "sessions": {"job": 30, "startup": 5},
        "referrals": 12,
        "launches": 2,
        **changes,
    }


def reasons_against(plan: object) -> list[str]:
    """Every reason why the plan is refused; a plan that isn't fails the test."""
    with pytest.raises(PlanRefused) as refused:
        parse(plan)
    return refused.value.reasons
