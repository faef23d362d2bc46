"""Runs a benchmark by name, on a stack that is made for it and taken down after it."""

import signal
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any

from jobplus.bench.result import Result
from jobplus.bench.settings import settings_of
from jobplus.bench.walls import walls
from jobplus.stack.local import Stack
from jobplus.stack.ports import free_base_port

NAMES = {
    "register": "register",
    "whole": "whole",
    "import": "bulk",
    "latency": "latency",
    "overload": "overload",
    "project": "project",
    "rebuild": "rebuild",
    "rank": "rank",
    "figures": "figures",
    "growth": "growth",
    "pages": "pages",
    "feed": "feed",
    "live": "live",
    "webhooks": "webhooks",
    "idle": "idle",
    "memory": "memory",
    "disk": "disk",
    "scale": "scale",
}
"""Each benchmark's name and its module. A module says by CLOCK where its stack's domain time comes from, by SETTINGS
what its services are set to, by FEED whether the partners' feed is among them, and by the parameters of its `run` how
it can be told to measure."""

LONG = {
    "project": 770_000,
    "rebuild": 770_000,
    "growth": 23_100_000,
    "feed": 500_000,
    "memory": 1_000_000,
    "disk": 1_000_000,
}
"""How many events those have in the long form that have a history published: two years of it, or a million; that grow,
thirty times two years; and whose partner catches up."""


def options_of(name: str) -> set[str]:
    """Tell which options a benchmark takes."""
    return {*signature(_module(name).run).parameters} - {"stack", "say"}


def _module(name: str) -> Any:
    return import_module(f"jobplus.bench.{NAMES[name]}")


def run(name: str, say: Callable[[str], None], *, walled: bool = False, **options: Any) -> Result:
    """Measure, as some of its options say, or on a stack with walls; raises KeyError for an unknown name."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends it has its stack taken down
    module = _module(name)
    settings, base_port = getattr(module, "SETTINGS", {}), free_base_port()
    with tempfile.TemporaryDirectory(prefix="jobplus-bench-") as folder, ExitStack() as around:
        launcher = around.enter_context(walls(base_port)) if walled else None
        given = {**settings, **(launcher.settings if launcher else {})}
        feed: bool = getattr(module, "FEED", False)
        stack = Stack(
            Path(folder) / "home", base_port, clock=module.CLOCK, settings=given, launcher=launcher, feed=feed
        )
        try:
            if launcher:
                launcher.let_in(stack)
            result = module.run(stack, say, **options)
            return replace(result, settings=settings_of(stack))
        finally:
            stack.down(wipe=True)
