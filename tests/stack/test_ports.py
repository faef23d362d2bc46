"""A port is free where somebody can listen on it and be reached."""

import socket
from collections.abc import Iterator

import pytest

from jobplus.stack import ports
from jobplus.stack.errors import StackFailed
from jobplus.stack.ports import HOST, all_ports, free_base_port, refuse_taken_port


@pytest.fixture
def free() -> int:
    return free_base_port()


@pytest.fixture
def listening(free: int) -> Iterator[int]:
    with socket.create_server((HOST, free)):
        yield free


def test_a_port_that_is_free_is_left_as_it_was(free: int) -> None:
    for port in all_ports(free):
        refuse_taken_port(port, "kafka")
        with socket.create_server((HOST, port)):
            pass


def test_a_port_on_which_somebody_listens_is_refused(listening: int) -> None:
    with pytest.raises(StackFailed, match=f"port {listening}, which kafka needs, is taken by process"):
        refuse_taken_port(listening, "kafka")


def test_a_port_that_the_machine_sends_elsewhere_is_refused(free: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """As by a rule for the port of a container, which whoever listens on the port doesn't see."""
    reached = socket.create_connection

    def elsewhere(address: tuple[str, int], timeout: float) -> socket.socket:
        if address[1] == free:
            raise ConnectionRefusedError
        return reached(address, timeout)

    monkeypatch.setattr(socket, "create_connection", elsewhere)
    with pytest.raises(StackFailed, match=f"port {free}, which kafka needs, is taken"):
        refuse_taken_port(free, "kafka")
    monkeypatch.setattr(ports.random, "shuffle", lambda candidates: candidates.sort(key=lambda port: port != free))
    assert free_base_port() != free
