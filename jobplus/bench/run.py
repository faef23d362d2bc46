"""Runs a benchmark by name, on a stack that is made for it and taken down after it."""

import signal
import tempfile
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from jobplus.bench.result import Result
from jobplus.bench.settings import settings_of
from jobplus.stack.local import Stack
from jobplus.stack.ports import free_base_port

NAMES = {
    "register": "register",
    "whole": "whole",
    "import": "bulk",
    "latency": "latency",
    "project": "project",
    "rebuild": "rebuild",
    "idle": "idle",
    "memory": "memory",
    "disk": "disk",
    "scale": "scale",
}
"""Each benchmark's name and its module; a module says by CLOCK where its stack's domain time comes from, and by EVENTS,
where it has a history published first, how many events of it."""


LONG = {"project": 770_000, "rebuild": 770_000, "memory": 1_000_000, "disk": 1_000_000}
"""How many events those have in the long form that have a history published: two years of it, or a million."""


def takes_events(name: str) -> bool:
    """Tell whether a benchmark has a history published before it measures."""
    return hasattr(import_module(f"jobplus.bench.{NAMES[name]}"), "EVENTS")


def run(name: str, say: Callable[[str], None], events: int | None = None) -> Result:
    """Measure, with so many events where the benchmark has a history published; raises KeyError for an unknown name."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends it has its stack taken down
    module = import_module(f"jobplus.bench.{NAMES[name]}")
    with tempfile.TemporaryDirectory(prefix="jobplus-bench-") as folder:
        stack = Stack(Path(folder) / "home", free_base_port(), clock=module.CLOCK)
        try:
            result = module.run(stack, say) if events is None else module.run(stack, say, events)
            return replace(result, settings=settings_of(stack))
        finally:
            stack.down(wipe=True)
