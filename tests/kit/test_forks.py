"""Processes that were forked are as any other."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.forks import Forks
from tests.kit.waiting import until


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    made = Forks()
    yield made
    made.close()


def test_no_two_draw_the_same_by_chance(forks: Forks, tmp_path: Path) -> None:
    log = tmp_path / "drawn"
    command = [sys.executable, "-m", "tests.kit.drawn"]
    assert [forks.run(command, {}, log, 30) for _ in range(3)] == [0, 0, 0]
    drawn = [line.split() for line in log.read_text().splitlines()]
    assert len(drawn) == 3
    for kind in zip(*drawn, strict=True):
        assert len(set(kind)) == 3, drawn


def test_one_has_the_environment_that_it_is_given_and_no_other(forks: Forks, tmp_path: Path) -> None:
    log = tmp_path / "said"
    assert forks.run([sys.executable, "-m", "services.intake", "api"], {"JOBPLUS_HTTP_PORT": "many"}, log, 30) == 2
    assert "JOBPLUS_HTTP_PORT: " in log.read_text()
    assert "JOBPLUS_DATABASE_HOST: Field required" in log.read_text()


def test_how_one_ended_is_told(forks: Forks, tmp_path: Path) -> None:
    pid = forks.start([sys.executable, "-m", "tests.kit.drawn", "wait"], {}, tmp_path / "log")
    assert forks.wait(pid, 0) is None
    until(lambda: os.getsid(pid), "it is in a session of its own", lambda session: session == pid)
    os.kill(pid, signal.SIGKILL)
    assert forks.wait(pid, 30) == -signal.SIGKILL
