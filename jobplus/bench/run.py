"""Runs a benchmark by name, on a stack that is made for it and taken down after it."""

import signal
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from jobplus.bench.result import Result
from jobplus.stack.local import Stack
from jobplus.stack.ports import free_base_port

NAMES = {"register": "register", "whole": "whole", "import": "bulk", "latency": "latency", "overload": "overload"}
"""Each benchmark's name and its module; a module says by CLOCK where its stack's domain time comes from."""
TIMED = frozenset({"overload"})
"""Those that can be told how long to measure."""


def run(name: str, say: Callable[[str], None], seconds: float | None = None) -> Result:
    """Measure, one of TIMED for so many seconds; raises KeyError for an unknown name."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends it has its stack taken down
    module = import_module(f"jobplus.bench.{NAMES[name]}")
    with tempfile.TemporaryDirectory(prefix="jobplus-bench-") as folder:
        stack = Stack(Path(folder) / "home", free_base_port(), clock=module.CLOCK)
        try:
            return module.run(stack, say) if seconds is None else module.run(stack, say, seconds)
        finally:
            stack.down(wipe=True)
