"""Refuses to start where the disk is nearly full, since a database that fills it stops in mid-work."""

import shutil
from pathlib import Path

from jobplus.stack.errors import StackFailed

_FREE_BYTES = 1_000_000_000


def refuse_full_disk(folder: Path) -> None:
    """Raises StackFailed when there is less than 1 GB for the data of Kafka and PostgreSQL."""
    free = shutil.disk_usage(folder).free
    if free < _FREE_BYTES:
        raise StackFailed(
            f"only {free // 1_000_000} MB are free in {folder}, {_FREE_BYTES // 1_000_000} are needed: "
            "free some space or choose a --home on another disk"
        )
