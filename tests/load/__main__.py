"""`python -m tests.load --at ADDRESS --keys FOLDER`: drives the heavy load through a deployment that holds no data.

It draws its history, begins at a line on standard input, and has enough when that is closed (Enter and Ctrl-D by hand).
Prints a line of JSON before each day, {"day", "actions"}, and at the end what it came to, with every figure that isn't
what the history says. Exits 0 exact, 1 not.
"""

import argparse
import json
import select
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from jobplus.remote import Remote, signed_with
from tests.load.driving import Load
from tests.load.plans import HEAVY


def main() -> int:
    options = argparse.ArgumentParser(prog="tests.load", description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--at", required=True, help="the address under which the services are")
    options.add_argument("--keys", required=True, type=Path, help="the folder of the key that signs tokens")
    given = options.parse_args()
    load = Load(HEAVY)
    sys.stdin.readline()

    def enough() -> bool:
        _tell({"day": load.course.day, "actions": load.course.done})
        return bool(select.select([sys.stdin], [], [], 0)[0])

    driven = load.drive(Remote(given.at, signed_with(given.keys)), enough)
    _tell(asdict(driven))
    return 1 if driven.differences else 0


def _tell(what: Mapping[str, object]) -> None:
    print(json.dumps(what, default=str), flush=True)


if __name__ == "__main__":
    sys.exit(main())
