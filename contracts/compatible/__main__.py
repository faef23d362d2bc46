"""python -m contracts.compatible [--release]"""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from contracts.compatible.breaks import Break
from contracts.compatible.changelog import untold
from contracts.compatible.changes import changed
from contracts.compatible.events import event_breaks
from contracts.compatible.interfaces import NoOasdiff, interface_breaks
from contracts.compatible.release import NotReleased, take_down
from contracts.compatible.versions import wrong_version
from contracts.generate.revisions import releases
from contracts.version import VERSION

HOME = Path(__file__).parents[1]


def main(arguments: list[str], home: Path = HOME, *, in_ci: bool, version: str = VERSION) -> int:
    """Say what breaks readers: 0 where nothing does. Without oasdiff its part is left out; that is told, 1 in CI."""
    if arguments not in ([], ["--release"]):
        print("usage: python -m contracts.compatible [--release]", file=sys.stderr)
        return 2
    openapi, found, missing = home.parent / "openapi", list(_of_events(home)), ""
    last = releases(home)[-1:]
    try:
        found += [one for release in last for one in interface_breaks(release, openapi)]
    except NoOasdiff as error:
        missing = str(error)
        print(missing, file=sys.stderr)
    for release in last:
        differing = [*changed(release, home, openapi)]
        found += wrong_version(release, home, version, differing)
        found += [] if arguments else untold(home, differing)
    for one in dict.fromkeys(found):
        print(one, file=sys.stderr)
    if found or (missing and (in_ci or arguments)):
        return 1
    if arguments:
        try:
            print(take_down(home, openapi, version))
        except NotReleased as error:
            print(error, file=sys.stderr)
            return 1
    return 0


def _of_events(home: Path) -> Iterator[Break]:
    today = datetime.now(UTC).date()
    for release in releases(home):
        yield from event_breaks(release, home, today)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], in_ci=os.environ.get("CI", "") not in {"", "0", "false"}))
