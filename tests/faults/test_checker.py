"""The checker finds what is planted, under its name, and lets clean histories pass."""

import pytest

from tests.faults.checker import check
from tests.faults.history import Command
from tests.faults.planted import FAULTS, KINDS, REGISTER, Planted

SEEDS = range(20)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_planted_is_found_under_its_name(fault: str, seed: int) -> None:
    planted = Planted(seed)
    FAULTS[fault](planted)
    found = check(planted.commands, planted.seen(), KINDS)
    assert getattr(found, fault), found.lines()
    assert not found.clean


@pytest.mark.parametrize("seed", range(len(FAULTS) * len(SEEDS)))
def test_a_clean_history_passes(seed: int) -> None:
    planted = Planted(seed)
    assert {command.state for command in planted.commands} <= {"ok", "refused", "unknown"}
    assert check(planted.commands, planted.seen(), KINDS).lines() == []


def test_what_the_system_itself_names_as_lost_is_told() -> None:
    planted = Planted(1)
    gone = planted.ledger.pop(planted.an_entry(lambda entry: entry.type == REGISTER.event))
    planted.figures["registered"] -= 1
    commands, seen = planted.commands, planted.seen()
    assert check(commands, seen, KINDS).lost
    found = check(commands, seen._replace(told=[gone.key]), KINDS)
    assert found.told
    assert found.clean


def test_what_was_unknown_is_known_by_an_acceptance_alone() -> None:
    command = Command(REGISTER, "key", "correlation", 1.0)
    command.unknown()
    command.refused()
    assert command.state == "unknown"
    command.ok("seeker-1", 2.0)
    assert (command.state, command.ended) == ("ok", 2.0)
