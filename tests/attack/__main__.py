"""`python -m tests.attack`: starts a stack, attacks it, says what came of it, and takes the stack down.

Exits 0 when nothing answered 5xx or against its OpenAPI, and no refused request has written anything; otherwise 1.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from jobplus.stack.local import Stack
from jobplus.stack.ports import FEED, SERVICES, free_base_port
from tests.attack.attack import attack
from tests.attack.findings import Outcome
from tests.attack.world import World
from tests.kit.client import StackClient

CASES = 10_000


def main() -> int:
    options = argparse.ArgumentParser(prog="tests.attack", description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument(
        "services", nargs="*", default=[*SERVICES, FEED], metavar="SERVICE", help="all if none is named"
    )
    options.add_argument("--cases", type=int, default=CASES, help="for each service")
    options.add_argument("--seed", type=int, default=1, help="another draws other cases")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="jobplus-attack-") as folder:
        stack = Stack(
            Path(folder) / "home", free_base_port(), clock="system", environment="test", brief=True, feed=True
        )
        try:
            stack.up()
            _say("the stack is up; the world is made")
            calling = StackClient(stack)
            world = World(calling)
            outcomes = [attack(calling, world, service, given.cases, given.seed, _say) for service in given.services]
        finally:
            stack.down(wipe=True)
    print("; ".join(str(outcome) for outcome in (*outcomes, sum(outcomes, Outcome("all")))))
    return 0 if all(outcome.good for outcome in outcomes) else 1


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
