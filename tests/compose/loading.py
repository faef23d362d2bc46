"""The load of part 4, in a process of its own: it goes on until it is told that there is enough, and must be exact."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.compose.project import ROOT, Project, expect

BEGIN_SECONDS, END_SECONDS = 300, 1800


class Loading:
    """A load that draws its history, and drives it from `begin` to `finish` (both raise CommandFailed)."""

    def __init__(self, project: Project) -> None:
        self._output = project.folder.parent / "load.out"
        command = [sys.executable, "-m", "tests.load", "--at", project.address, "--keys", project.keys]
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT
            )

    def begin(self) -> None:
        """Have it drive, and return when its first day has begun."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")
        self._process.stdin.flush()
        end = time.monotonic() + BEGIN_SECONDS
        while not self._lines():
            self._expect_running()
            expect(time.monotonic() < end, f"the load didn't begin in {BEGIN_SECONDS} s")
            time.sleep(0.3)

    def finish(self) -> dict[str, Any]:
        """Say that there is enough, wait until all has settled, and give what it came to: exact."""
        assert self._process.stdin is not None
        self._expect_running()
        self._process.stdin.close()
        code = self._process.wait(END_SECONDS)
        expect(code == 0, f"the load ended with {code}: {self._tail()}")
        return json.loads(self._lines()[-1])

    def stop(self) -> None:
        """End it, whatever it does."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait(30)

    def _expect_running(self) -> None:
        expect(self._process.poll() is None, f"the load ended by itself: {self._tail()}")

    def _lines(self) -> list[str]:
        return self._output.read_text().splitlines()

    def _tail(self) -> str:
        return self._output.read_text()[-3000:]


@contextmanager
def loading(project: Project) -> Iterator[Loading]:
    """Have a load draw its history and wait; it lasts to the end of the block at most."""
    load = Loading(project)
    try:
        yield load
    finally:
        load.stop()
