"""A benchmark's stack with walls: services come to PostgreSQL and Kafka by TLS, and events pass."""

from collections.abc import Iterator

import pytest

from jobplus.bench.walls import PORT, walls
from jobplus.stack.local import Stack
from jobplus.stack.ports import HOST, free_base_port
from tests.kit import forms
from tests.kit.client import StackClient
from tests.stacks import Stacks


@pytest.fixture
def walled(stacks: Stacks, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    base_port = free_base_port()
    with walls(base_port) as launcher:
        home = tmp_path_factory.mktemp("walled") / "home"
        stack = Stack(home, base_port, settings=launcher.settings, launcher=launcher, environment="test", brief=True)
        try:
            launcher.let_in(stack)
            stack.up(only=["intake", "matching"])
            yield stack
        finally:
            stack.down(wipe=True)


def test_services_come_by_tls_and_events_pass(walled: Stack) -> None:
    assert walled.environment("intake")["JOBPLUS_KAFKA_SERVERS"] == f"{HOST}:{walled.base_port + PORT}"
    calling = StackClient(walled)
    seeker = calling.made("intake", "/seekers", forms.seeker())["seeker_id"]
    calling.settle(("intake", "matching"))
    known = calling.query("matching", "SELECT count(*) AS n FROM seeker WHERE seeker_id = $1", seeker)
    assert known == [{"n": 1}]
    found = calling.query(
        "intake",
        """SELECT DISTINCT s.ssl FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)
           WHERE a.application_name LIKE 'jobplus intake%'""",
    )
    assert found == [{"ssl": True}]
