"""What a fault is: a name, and what happens from its cause to the cause's end."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import NamedTuple

from tests.faults.ground import Ground


class Fault(NamedTuple):
    """A row of the table. Entering `happens` injects it and gives what was drawn, in words; leaving ends its cause,
    after so many seconds of `lasts`. `on_network`: it needs the proxies."""

    name: str
    happens: Callable[[Ground], AbstractContextManager[str]]
    lasts: tuple[float, float]
    on_network: bool = False


def fault(
    name: str, lasts: tuple[float, float] = (2.0, 5.0), *, on_network: bool = False
) -> Callable[[Callable[[Ground], Iterator[str]]], Fault]:
    """Make a row of the table from a function that injects, gives what was drawn, and heals."""
    return lambda happens: Fault(name, contextmanager(happens), lasts, on_network)
