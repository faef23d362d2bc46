"""What is asked at the same time, or while a test goes on: each in a thread of its own."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Answer = TypeVar("Answer")


def at_once(*asks: Callable[[], Answer]) -> list[Answer]:
    """Ask all at once; gives the answers in the order of asking."""
    with ThreadPoolExecutor(len(asks)) as threads:
        return list(threads.map(lambda ask: ask(), asks))


def begin(ask: Callable[[], Answer]) -> Future[Answer]:
    """Ask, and go on meanwhile; its `result()` waits for the answer."""
    threads = ThreadPoolExecutor(1)
    try:
        return threads.submit(ask)
    finally:
        threads.shutdown(wait=False)
