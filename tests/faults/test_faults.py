"""A sample of the faults, on a real stack under load: `make faults` is the same code with all of them. It takes about a
minute, as each fault lasts for seconds, and processes come back after it."""

from pathlib import Path

from tests.faults.ground import grounds
from tests.faults.proxies import toxiproxy
from tests.faults.run import Run, draw
from tests.faults.table import FAULTS
from tests.stacks import MISSED_SOON, Stacks

SEED, MOST = 294, 4


def test_a_sample_of_the_faults_is_survived(stacks: Stacks, tmp_path: Path) -> None:
    proxy, _ = toxiproxy()
    said: list[str] = []
    make = grounds(
        lambda launcher: stacks.new("faults", feed=True, settings=MISSED_SOON, launcher=launcher),
        stacks.forks,
        tmp_path,
        proxy,
    )
    drawn = draw([fault for fault in FAULTS if proxy or not fault.on_network], SEED, 1)[:MOST]
    tally = Run(make, said.append).of(drawn)
    assert tally.good, "\n".join([*said, *tally.not_survived])
    assert tally.injected == MOST, said
    assert tally.acknowledged > 100 * MOST
