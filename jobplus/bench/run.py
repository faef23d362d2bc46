"""Runs a benchmark by name, on a stack that is made for it and taken down after it."""

import signal
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from jobplus.bench.result import Result
from jobplus.stack.local import Stack
from jobplus.stack.ports import free_base_port

NAMES = {
    "register": "register",
    "whole": "whole",
    "import": "bulk",
    "latency": "latency",
    "rank": "rank",
    "figures": "figures",
}
"""Each benchmark's name and its module; a module says by CLOCK where its stack's domain time comes from, and by
SETTINGS what its services are set to."""

SHORT = ("rank", "figures")
"""Those that can be tried in a short form."""


def run(name: str, say: Callable[[str], None], *, short: bool = False) -> Result:
    """Measure, in the short form if it has one; raises KeyError for an unknown name."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends it has its stack taken down
    module = import_module(f"jobplus.bench.{NAMES[name]}")
    with tempfile.TemporaryDirectory(prefix="jobplus-bench-") as folder:
        settings = getattr(module, "SETTINGS", {})
        stack = Stack(Path(folder) / "home", free_base_port(), clock=module.CLOCK, settings=settings)
        try:
            return module.run(stack, say, short=True) if short else module.run(stack, say)
        finally:
            stack.down(wipe=True)
