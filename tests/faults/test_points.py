"""A process obeys its switch at the point that it names, once; and its clock is off where services read it."""

import signal
import subprocess
import sys
from pathlib import Path

from tests.faults.points import POINTS, Switch
from tests.kit.waiting import PATIENCE

ROOT = Path(__file__).parents[2]

PASSES_POINTS = """
import asyncio, sys
from pathlib import Path
from chassis.stream.record_batch import RecordBatches
from tests.faults.pointed import wrap_points
from tests.faults.points import Switch

async def applied(batches, records):
    print("applied", flush=True)

RecordBatches.apply = applied
wrap_points(Switch(Path(sys.argv[1]), "one").reach)
asyncio.run(RecordBatches.apply(None, []))
"""

TELLS_TIMES = """
from datetime import UTC, datetime
import uuid_utils.compat as uuids
from chassis.batch import clock
from chassis.batch.unknown_ids import born
from tests.faults.clocks import shift

shift(3600)
true = datetime.now(UTC)
print(round((clock.datetime.now(UTC) - true).total_seconds()), round((born(uuids.uuid7()) - true).total_seconds()))
print(isinstance(true, clock.datetime), clock.datetime(2009, 2, 2).isoformat(), clock.datetime.combine)
"""


def _run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_a_process_kills_itself_at_the_point_that_it_was_told_once(tmp_path: Path) -> None:
    switch = Switch(tmp_path, "one")
    switch.arm("batch read", signal.SIGKILL)
    killed = _run(PASSES_POINTS, str(tmp_path))
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, ""), killed.stderr
    assert switch.hit.exists()
    again = _run(PASSES_POINTS, str(tmp_path))
    assert (again.returncode, again.stdout) == (0, "applied\n"), again.stderr


def test_another_point_and_a_disarmed_switch_are_passed(tmp_path: Path) -> None:
    switch = Switch(tmp_path, "one")
    switch.arm("committed", signal.SIGKILL)
    assert _run(PASSES_POINTS, str(tmp_path)).returncode == 0
    assert not switch.hit.exists()
    switch.arm("batch read", signal.SIGKILL)
    switch.disarm()
    for point in POINTS:
        switch.reach(point)
    assert list(tmp_path.iterdir()) == []


def test_a_clock_is_off_in_what_services_read_of_it_and_nowhere_else() -> None:
    told = _run(TELLS_TIMES)
    assert told.returncode == 0, told.stderr
    moments, kinds = told.stdout.splitlines()
    assert moments == "3600 3600"
    assert kinds.startswith("True 2009-02-02T00:00:00 <built-in method combine")
