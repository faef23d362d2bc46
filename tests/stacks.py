"""Real stacks for tests, each in a folder and on ports of its own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from jobplus.stack.local import Stack
from jobplus.stack.ports import free_base_port


@contextmanager
def a_stack(folders: pytest.TempPathFactory, name: str, only: Sequence[str] = ()) -> Iterator[Stack]:
    """Start Kafka, PostgreSQL and the services (all if none are named), and leave nothing of them afterwards."""
    running = Stack(folders.mktemp(name) / "home", free_base_port(), environment="test")
    try:
        running.up(only=list(only) or None)
        yield running
    finally:
        running.down(wipe=True)
