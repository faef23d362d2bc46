"""python -m contracts.generate [--check]"""

import sys
from pathlib import Path

from contracts.generate.files import drafts, generated, out_of_date

HOME = Path(__file__).parents[1]


def main(arguments: list[str]) -> int:
    """Write the files, samples that are missing first; or with --check name those that are out of date, and give 1."""
    if arguments not in ([], ["--check"]):
        print("usage: python -m contracts.generate [--check]", file=sys.stderr)
        return 2
    if not arguments:
        for path, draft in drafts(HOME).items():
            path.write_text(draft, encoding="utf-8")
            print(f"{path}: a first sample, to be edited by hand")
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
