"""Which tests need what, which share a process, and which take long."""

from collections.abc import Iterator
from typing import Any

import pytest

REAL = frozenset({"stacks", "new_environment", "written_site"})
"""The fixtures by which a test gets Kafka, PostgreSQL and services, an environment of packages, or what else is
fetched."""

LONG = (
    "tests/chassis/test_clock_and_settings.py::test_a_wrong_or_missing_setting_stops_a_service_with_a_line_that_names_it",
    "tests/chassis/test_commands.py::test_each_command_of_each_service_is_answered_in_a_row_as_alone[intake]",
    "tests/matching/test_referral_life_cycle.py::TestLifeCycle::runTest",
    "tests/replay/test_history.py::test_any_plan_that_passes_the_checks_is_met_exactly",
    "tests/replay/test_history.py::test_the_two_years_are_met_exactly_at_any_scale[1]",
    "tests/replay/test_history.py::test_vacancies_filled_to_the_most_openings_there_can_be_are_met",
    "tests/reporting/test_forecast.py::test_with_a_year_behind_it_the_forecast_of_the_two_years_is_near[placed]",
    "tests/reporting/test_forecast.py::test_with_a_year_behind_it_the_forecast_of_the_two_years_is_near[registered]",
    "tests/test_imports.py::test_each_slice_can_be_imported_before_all_others",
)
"""Tests that need nothing of that but take over 5 s each on a slow machine; they run in `make test` as they are."""

FIRST = (
    "tests/matching/workers",
    "tests/attack/test_attack.py",
    "tests/faults/test_faults.py",
    "tests/thread",
    "tests/followup",
    "tests/matching",
)
"""What takes longest, longest first: it begins first, so that no process is left with it at the end."""


def is_real(item: pytest.Item) -> bool:
    """Tell whether a test uses one of the fixtures in REAL, itself or by another fixture."""
    return bool(REAL.intersection(getattr(item, "fixturenames", ())))


def is_long(item: pytest.Item) -> bool:
    return item.nodeid in LONG


def group_of(item: pytest.Item) -> str:
    """Name those who share a stack: by the folder or file whose fixture makes it, else the test's own file."""
    bases = [base for base, scope in _made_of_stacks(item) if scope != "function"]
    return max(bases, key=len, default="") or item.nodeid.partition("::")[0]


def order_of(item: pytest.Item) -> int:
    """Sort what takes longest first, and what needs no stack last; all else stays as it is."""
    if item.get_closest_marker("long"):
        return 0
    if not item.get_closest_marker("real"):
        return len(FIRST) + 2
    places = (place for place, start in enumerate(FIRST, 1) if item.nodeid.startswith(start))
    return next(places, len(FIRST) + 1)


def _made_of_stacks(item: Any) -> Iterator[tuple[str, str]]:
    """Give where each fixture is defined that a test uses and that is made of `stacks` itself, with its scope."""
    for defined in item._fixtureinfo.name2fixturedefs.values():
        for fixture in defined[-1:]:
            if "stacks" in fixture.argnames:
                yield fixture.baseid, fixture.scope
