"""Faults of the network between a service and its servers."""

from collections.abc import Iterator

from tests.faults.fault import fault
from tests.faults.ground import Ground

SERVERS = ("kafka", "postgres")


@fault("a network cut", (2.0, 10.0), on_network=True)
def cut(ground: Ground) -> Iterator[str]:
    name = _link(ground)
    with ground.proxies.cut(name):
        yield name


@fault("a network slowed", (3.0, 10.0), on_network=True)
def slowed(ground: Ground) -> Iterator[str]:
    name, milliseconds = _link(ground), ground.chance.choice((50, 300, 1500))
    with ground.proxies.slow(name, milliseconds):
        yield f"{name} by {milliseconds} ms"


@fault("a network open one way", (3.0, 12.0), on_network=True)
def one_way(ground: Ground) -> Iterator[str]:
    name, lost = _link(ground), ground.chance.choice(("upstream", "downstream"))
    with ground.proxies.one_way(name, lost):
        yield f"{name}, nothing goes {lost}"


def _link(ground: Ground) -> str:
    return f"{ground.service()}-{ground.chance.choice(SERVERS)}"


FAULTS = (cut, slowed, one_way)
