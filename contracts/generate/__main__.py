"""python -m contracts.generate [--check]"""

import sys
from pathlib import Path

from contracts.generate.files import generated, out_of_date

HOME = Path(__file__).parents[1]


def main(arguments: list[str]) -> int:
    """Write the files, or with --check name those that are out of date; 1 when there are any."""
    if arguments not in ([], ["--check"]):
        print("usage: python -m contracts.generate [--check]", file=sys.stderr)
        return 2
    stale = out_of_date(HOME)
    if arguments:
        for path in stale:
            print(f"{path} is out of date: run python -m contracts.generate", file=sys.stderr)
        return 1 if stale else 0
    files = generated(HOME)
    for path in stale:
        if path in files:
            path.parent.mkdir(exist_ok=True)
            path.write_text(files[path], encoding="utf-8")
        else:
            path.unlink()
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
