"""The named points at which a process stops or kills itself, and the files by which it is told to."""

import os
import signal
from pathlib import Path
from typing import Literal, NamedTuple, get_args

Point = Literal[
    "before the commit", "after the commit",
    "sent and not acknowledged", "acknowledged and not deleted",
    "batch read", "applied and not committed", "committed",
]  # fmt: skip
POINTS: tuple[Point, ...] = get_args(Point)

ROLES: dict[Point, str] = {
    "before the commit": "api",
    "after the commit": "api",
    "sent and not acknowledged": "relay",
    "acknowledged and not deleted": "relay",
    "batch read": "worker",
    "applied and not committed": "worker",
    "committed": "worker",
}
"""Which process of a service passes a point under load."""


class Switch(NamedTuple):
    """One process's file: written by who injects, read by the process at each point, renamed when it obeys."""

    folder: Path
    process: str

    @property
    def armed(self) -> Path:
        return self.folder / f"{self.process}.armed"

    @property
    def hit(self) -> Path:
        return self.folder / f"{self.process}.hit"

    def arm(self, point: Point, how: signal.Signals) -> None:
        """Have the process send itself a signal when it comes to a point the next time."""
        self.hit.unlink(missing_ok=True)
        unfinished = self.armed.with_suffix(".partial")
        unfinished.write_text(f"{point}:{how.value}")
        unfinished.replace(self.armed)

    def disarm(self) -> None:
        self.armed.unlink(missing_ok=True)

    def reach(self, point: Point) -> None:
        """Come to a point: obey where that was asked for."""
        if not os.path.exists(self.armed):  # most often so, and the cheapest way to see it
            return
        try:
            asked, _, how = self.armed.read_text().partition(":")
            if asked != point:
                return
            self.armed.rename(self.hit)
        except FileNotFoundError:
            return
        os.kill(os.getpid(), int(how))
