"""What a stack's processes use of the CPU, each with its children: PostgreSQL's backends, a sheet's reader."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Protocol

import psutil

from jobplus.stack.local import Stack

LOAD = "load"
"""The name of the process that measures, and sends the load."""


def used(stack: Stack) -> dict[str, float]:
    """Give the seconds that each running process of a stack has used until now, and this one, by its name."""
    seconds = {name: of(pid) for name in stack.names() if (pid := stack.pid(name)) is not None}
    own = psutil.Process().cpu_times()
    return {**seconds, LOAD: own.user + own.system}


def each(before: Mapping[str, float], after: Mapping[str, float], count: int) -> dict[str, float]:
    """Give what was used between two looks, in microseconds for each of so many, the most first; with the sum of all
    but the load. A process that ended, or began, between the looks isn't in it."""
    spent = {name: (after[name] - before[name]) / count * 1e6 for name in before.keys() & after.keys()}
    ordered = sorted(spent.items(), key=lambda item: -item[1])
    return {"all": round(sum(spent.values()) - spent[LOAD], 1), **{name: round(value, 1) for name, value in ordered}}


class Used(Protocol):
    """What somebody's turn cost of each, in microseconds: its own process, and all."""

    @property
    def own(self) -> float: ...
    @property
    def all(self) -> float: ...


def of_turns(turns: Sequence[Mapping[str, Used]]) -> dict[str, dict[str, int]]:
    """Give the medians of the turns that each had, by its name."""
    return {
        name: {
            "own": round(median(one[name].own for one in turns)),
            "all": round(median(one[name].all for one in turns)),
        }
        for name in turns[0]
    }


def of(pid: int) -> float:
    """Give the seconds that a process, its children and those that it had have used."""
    root = psutil.Process(pid)
    total = 0.0
    for process in (root, *root.children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue  # it ended meanwhile, and its parent has its time
        total += times.user + times.system + times.children_user + times.children_system
    return total
