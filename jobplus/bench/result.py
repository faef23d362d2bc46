"""What a benchmark gives, and how it is written."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any


class Lost(Exception):
    """Something was lost, doubled or changed that was acknowledged: there is no result."""


@dataclass(frozen=True)
class Peer:
    """An alternative measured in the same rounds: its median, ours over it, and the least ratio wanted (None: none)."""

    measured: float
    ratio: float
    goal: float | None

    @property
    def met(self) -> bool:
        return self.goal is None or self.ratio >= self.goal


@dataclass(frozen=True)
class Result:
    """A benchmark's outcome. `measured` is the median of the rounds; `met` only when every goal of its row holds;
    `settings` are those that it ran with, as whoever ran it found them."""

    name: str
    measured: float
    unit: str
    goal: str
    met: bool
    rounds: Sequence[Mapping[str, float]]
    peers: Mapping[str, Peer] = field(default_factory=dict[str, Peer])
    detail: Mapping[str, Any] = field(default_factory=dict[str, Any])
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "measured": round(self.measured, 1),
            "unit": self.unit,
            "goal": self.goal,
            "met": self.met,
            "peers": {
                name: {"measured": round(p.measured, 1), "ratio": round(p.ratio, 3), "goal": p.goal}
                for name, p in self.peers.items()
            },
            "rounds": [{name: round(value, 1) for name, value in one.items()} for one in self.rounds],
            "detail": {**self.detail, "machine": machine()},
            "settings": self.settings,
        }


def medians(rounds: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Give the median of each figure over the rounds."""
    return {name: median(one[name] for one in rounds) for name in rounds[0]}


def peers_of(name: str, middle: Mapping[str, float], goals: Mapping[str, float | None]) -> dict[str, Peer]:
    """Give the peers of a benchmark, which have its rounds too, by the medians of all and the goals."""
    return {peer: Peer(middle[peer], middle[name] / middle[peer], goal) for peer, goal in goals.items()}


def spread(rounds: Sequence[Mapping[str, float]], digits: int = 0) -> dict[str, str]:
    """Give the least and the greatest of each figure over the rounds."""
    return {
        name: f"{min(r[name] for r in rounds):.{digits}f} to {max(r[name] for r in rounds):.{digits}f}"
        for name in rounds[0]
    }


def machine() -> str:
    """Name the machine that this runs on."""
    model = platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    return f"{len(os.sched_getaffinity(0))} cores of {model}, Python {platform.python_version()}"
