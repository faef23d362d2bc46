"""`python -m tests.faults`: starts a stack, injects faults under load, says what came of each, and takes it down.

Exits 0 when all was survived; 1 when anything was lost, doubled, or stalled for over 60 s.
"""

import argparse
import itertools
import random
import signal
import sys
import tempfile
from pathlib import Path

from jobplus.stack.local import Stack
from jobplus.stack.ports import free_base_port
from jobplus.stack.spawning import Launcher
from tests.faults.ground import grounds
from tests.faults.proxies import toxiproxy
from tests.faults.run import Run, draw
from tests.faults.table import FAULTS
from tests.kit.forks import Forks
from tests.stacks import MISSED_SOON


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends it has its stack taken down
    signal.signal(signal.SIGINT, signal.default_int_handler)
    options = argparse.ArgumentParser(prog="tests.faults", description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--seed", type=int, help="the same draws the same; by chance if not given")
    options.add_argument("--rounds", type=int, default=3, help="how often each fault is tried")
    options.add_argument("--most", type=int, help="so many faults of all rounds are tried")
    options.add_argument("--minutes", type=float, default=50.0, help="after so many no other fault is begun")
    options.add_argument("--only", action="append", metavar="NAME", help="of those whose name has this in it")
    options.add_argument("--list", action="store_true", help="name the faults, and end")
    given = options.parse_args()
    if given.list:
        print("\n".join(fault.name for fault in FAULTS))
        return 0
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(1_000_000)
    proxy, without = toxiproxy()
    wanted = [fault for fault in FAULTS if not given.only or any(part in fault.name for part in given.only)]
    faults = [fault for fault in wanted if proxy or not fault.on_network]
    drawn = draw(faults, seed, given.rounds)[: given.most]
    _say(f"seed {seed}: {len(drawn)} faults")
    forks = Forks()
    try:
        with tempfile.TemporaryDirectory(prefix="jobplus-faults-") as folder:
            homes = (Path(folder, f"home-{number}") for number in itertools.count(1))

            def make(launcher: Launcher) -> Stack:
                given = {
                    "environment": "test",
                    "brief": True,
                    "feed": True,
                    "settings": MISSED_SOON,
                    "launcher": launcher,
                }
                return Stack(next(homes), free_base_port(), **given)

            tally = Run(grounds(make, forks, Path(folder), proxy), _say, 60 * given.minutes).of(drawn)
    finally:
        forks.close()
    for line in tally.not_survived:
        print(f"not survived: {line}")
    skipped = [fault.name for fault in wanted if fault not in faults]
    print(f"seed {seed}: {tally}" + (f"; not tried: {', '.join(skipped)} ({without})" if skipped else ""))
    return 0 if tally.good else 1


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
