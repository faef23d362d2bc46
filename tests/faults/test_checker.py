"""The checker finds what is planted, under its name, and lets clean histories pass."""

import pytest

from tests.faults.checker import ERASED, PASSING_ENDED, Entry, Heard, check, check_partner
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


GRANTED = {"Referred": "cases", "Answered": "cases", "Left": "seekers"}


def entries(*told: tuple[str, str]) -> list[Entry]:
    """A ledger of who and what."""
    return [Entry(f"e{n}", GRANTED.get(kind, "seekers"), key, n, kind, "c") for n, (key, kind) in enumerate(told, 1)]


def heard(*told: tuple[str, str]) -> list[Heard]:
    """A partner's log of which number and what."""
    return [Heard(f"{n}-00", kind, number) for n, (number, kind) in enumerate(told, 1)]


LEDGER = entries(
    ("one", "Registered"), ("one", "Referred"), ("other", "Referred"), ("one", "Left"), ("one", "Answered"),
    ("gone", "Left"), ("gone", ERASED),
)  # fmt: skip
CLIENTS = {"W-1": "one", "W-2": "gone"}
WHOLE = (("W-1", "Left"), ("W-1", "Referred"), ("W-1", "Answered"), ("W-2", PASSING_ENDED))


def test_a_partner_that_reads_each_event_of_its_clients_once_is_clean() -> None:
    assert check_partner(LEDGER, CLIENTS, GRANTED, heard(*WHOLE)).lines() == []


@pytest.mark.parametrize(
    ("log", "kind"),
    [
        (WHOLE[1:], "lost"),
        (WHOLE[:3], "lost"),
        ((*WHOLE, WHOLE[0]), "doubled"),
        ((*WHOLE, ("W-9", "Left")), "phantom"),
        ((*WHOLE, ("W-2", "Left")), "phantom"),
        ((WHOLE[0], WHOLE[2], WHOLE[1], WHOLE[3]), "reordered"),
    ],
)
def test_what_a_partner_lacks_or_may_not_have_is_found(log: tuple[tuple[str, str], ...], kind: str) -> None:
    found = check_partner(LEDGER, CLIENTS, GRANTED, heard(*log))
    assert [name for name, lines in vars(found).items() if lines] == [kind], found.lines()


def test_an_event_that_a_partner_reads_twice_is_found() -> None:
    twice = heard(*WHOLE)
    assert check_partner(LEDGER, CLIENTS, GRANTED, [*twice, twice[0]]).doubled
