"""What a run draws, and what it comes to."""

from tests.faults.checker import Findings
from tests.faults.run import Tally, draw
from tests.faults.table import FAULTS


def test_the_same_seed_draws_the_same_and_each_fault_once_a_round() -> None:
    drawn = draw(FAULTS, 7, 3)
    assert drawn == draw(FAULTS, 7, 3)
    assert drawn != draw(FAULTS, 8, 3)
    rounds = [[one.fault for one in drawn[start : start + len(FAULTS)]] for start in range(0, len(drawn), len(FAULTS))]
    assert [len(round_) for round_ in rounds] == [len(FAULTS)] * 3
    assert all(set(round_) == set(FAULTS) for round_ in rounds)
    assert rounds[0] != rounds[1]


def test_what_a_fault_draws_follows_from_the_seed_its_round_and_its_name() -> None:
    alone = draw([fault for fault in FAULTS if fault.name == "Kafka killed"], 7, 2)
    assert [one.seed for one in alone] == ["7/0/Kafka killed", "7/1/Kafka killed"]
    assert {one.seed for one in alone} <= {one.seed for one in draw(FAULTS, 7, 2)}


def test_no_two_faults_have_the_same_name() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


def test_a_run_that_tried_nothing_or_lost_something_is_not_good() -> None:
    assert not Tally().good
    assert Tally(injected=1).good
    lost = Tally(injected=1, not_survived=["7/0/Kafka killed: lost"])
    lost.add(Findings(lost=["an event", "another"], told=["a third"]))
    assert not lost.good
    assert "lost 2, told 1, doubled 0, stalled over 60 s 0" in str(lost)
