"""A lock file that only one process holds at a time; the system frees it when its holder dies."""

import fcntl
import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from jobplus.stack.errors import StackFailed


@contextmanager
def only_one(path: Path, *, seconds: float, on_wait: Callable[[], None]) -> Generator[None]:
    """Hold the lock at `path`, waiting for at most `seconds`; `on_wait` is called once if it must wait.

    Raises StackFailed when the time is up.
    """
    deadline = time.monotonic() + seconds
    waited = False
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Its last holder may have deleted the file (a wipe): then this lock guards nothing.
            if path.exists() and os.fstat(descriptor).st_ino == path.stat().st_ino:
                break
        except BlockingIOError:
            if not waited:
                on_wait()
                waited = True
            if time.monotonic() > deadline:
                os.close(descriptor)
                raise StackFailed(
                    f"another jobplus command has held {path} for {seconds:.0f} s: let it end, or end it, and try again"
                ) from None
            time.sleep(0.1)
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
    try:
        yield
    finally:
        os.close(descriptor)
