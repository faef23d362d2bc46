"""`python -m jobplus.bench [--long] [NAME...]`: runs all benchmarks, or some, one after the other, each on a stack of
its own, and writes what they gave into docs/performance.json, the table of docs/performance.md and docs/plots/.

Exits 1 only where one couldn't be measured, lost something, or fell below what is committed (`verdict.py`).
"""

import argparse
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jobplus.bench.kept import commit_of, committed_rows, read_rows, row_of, write_rows
from jobplus.bench.page import write_page
from jobplus.bench.plots import write_plots
from jobplus.bench.result import machine
from jobplus.bench.run import LONG, NAMES
from jobplus.bench.verdict import troubles

Run = Callable[[str, int | None], dict[str, Any] | str]
"""Runs a benchmark, with so many events or its own; gives what it prints, or why it gave nothing."""


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = argparse.ArgumentParser(prog="python -m jobplus.bench")
    options.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all of them without any")
    options.add_argument("--long", action="store_true", help="with the events of two years, or a million")
    given = options.parse_args()
    if unknown := sorted(set(given.names) - NAMES.keys()):
        options.error(f"there is no benchmark {', '.join(unknown)}; there are: {', '.join(NAMES)}")
    wanted = [name for name in NAMES if name in (given.names or NAMES)]
    return run_all(Path(), wanted, run_one, long=given.long)


def run_all(project: Path, names: Sequence[str], run: Run, *, long: bool) -> int:
    """Run benchmarks, and write into a project's folder what came of them; gives the exit code."""
    committed, commit = committed_rows(project), commit_of(project)
    measured: dict[str, dict[str, Any]] = {}
    failed: dict[str, str] = {}
    for number, name in enumerate(names, 1):
        began = time.monotonic()
        print(f"== {name}, {number} of {len(names)}", file=sys.stderr, flush=True)
        result = run(name, LONG.get(name) if long else None)
        if isinstance(result, str):
            failed[name] = result
        else:
            on = str(datetime.now(UTC).date())
            where = {"date": on, "machine": machine(), "commit": commit, "settings": result["settings"]}
            measured[name] = row_of(result, measured) | where
            write_rows(project, {**read_rows(project), **measured})
        print(f"   {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    write_plots(project, read_rows(project))
    write_page(project, read_rows(project))
    said = troubles(measured, failed, committed)
    for line in said:
        print(line, file=sys.stderr)
    return 1 if said else 0


def run_one(name: str, events: int | None) -> dict[str, Any] | str:
    """Run a benchmark in a process of its own."""
    command = [sys.executable, "-m", "jobplus.cli", "bench", name, "--json"]
    command += [] if events is None else ["--events", str(events)]
    # in a session of its own, for an interrupt to reach it once: the second would stop it from taking its stack down
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        last = ""
        try:
            for line in process.stderr:
                print(f"   {line}", end="", file=sys.stderr, flush=True)
                last = line.strip() or last
            printed = process.stdout.read()
        finally:
            process.terminate()
    return json.loads(printed) if printed else f"exit code {process.returncode}: {last}"


if __name__ == "__main__":
    sys.exit(main())
