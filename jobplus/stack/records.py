"""Which processes of a stack run: a record of each, by pid and by when it began.

A pid alone proves nothing, since the system gives it to another process once ours has ended. Together with
the moment at which the process began it names one process for ever.
"""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from jobplus.stack.home import write_private


def began(pid: int) -> str | None:
    """A mark of when the process began, stable while it lives; None when there is none, or it has ended."""
    if sys.platform != "linux":
        return _began_by_psutil(pid)
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The command's name stands in brackets and may hold spaces and brackets itself.
    state, *fields = stat.rpartition(")")[2].split()
    # A killed process with threads looks like a zombie while the last of them still hold its ports.
    if state in {"Z", "X"} and int(fields[16]) <= 1:
        _reap(pid)
        return None
    # Ticks since boot, unlike a time of day, don't move when the clock is set.
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return f"{boot}:{fields[18]}"


def _began_by_psutil(pid: int) -> str | None:
    import psutil

    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            _reap(pid)
            return None
        return f"{process.create_time():.2f}"
    except psutil.NoSuchProcess:
        return None


def _reap(pid: int) -> None:
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return


@dataclass(frozen=True)
class ProcessRecords:
    """The records in one folder, one file a process."""

    folder: Path

    def write(self, name: str, pid: int) -> None:
        """Record the process that was just started."""
        record = {"pid": pid, "began": began(pid)}
        write_private(self.folder / f"{name}.json", json.dumps(record).encode())

    def running(self, name: str) -> int | None:
        """The pid of this process while it runs."""
        try:
            record = cast("dict[str, object]", json.loads((self.folder / f"{name}.json").read_bytes()))
        except (FileNotFoundError, ValueError):
            return None
        pid = record.get("pid")
        if not isinstance(pid, int) or record.get("began") is None:
            return None
        return pid if began(pid) == record["began"] else None

    def forget(self, name: str) -> None:
        """Remove the record of a process that has ended."""
        (self.folder / f"{name}.json").unlink(missing_ok=True)

    def names(self) -> list[str]:
        """All processes with a record, whether they still run or not."""
        return sorted(path.stem for path in self.folder.glob("*.json"))
