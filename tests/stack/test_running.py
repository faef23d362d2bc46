"""What a process of a stack does wrong while it starts and stops is said in words that help."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from jobplus.stack.errors import StackFailed
from jobplus.stack.home import Home
from jobplus.stack.ports import free_base_port
from jobplus.stack.processes import StackProcess
from jobplus.stack.running import GivenUp, Processes
from tests.kit.waiting import until


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    home = Home(tmp_path)
    home.make(7400)
    started = Processes(home)
    yield started
    for name in started.names():
        started.send(name, signal.SIGKILL)


def _process(code: str) -> StackProcess:
    return StackProcess("intake-api", free_base_port(), (sys.executable, "-uc", code), dict(os.environ))


def _wait_for(path: Path, words: str) -> None:
    until(lambda: path.read_text() if path.exists() else "", f"{path.name} says it", lambda said: words in said)


def test_a_process_that_ends_while_starting_is_named_with_the_end_of_its_log(processes: Processes) -> None:
    processes.start(_process("print('line\\n' * 99); raise SystemExit('no such column: seeker.age')"))
    with pytest.raises(StackFailed, match=r"intake-api ended while it started(.|\n)*no such column: seeker\.age"):
        processes.wait_ready("intake-api", lambda: "not yet", seconds=20, give_up=Event())


def test_a_process_that_never_gets_ready_is_named_with_what_it_says_of_itself(processes: Processes) -> None:
    processes.start(_process("import time; time.sleep(60)"))
    with pytest.raises(StackFailed, match=r"intake-api isn't ready after 0 s \(HTTP 503: no database\)"):
        processes.wait_ready("intake-api", lambda: "HTTP 503: no database", seconds=0.2, give_up=Event())


def test_nobody_waits_on_when_another_part_has_failed(processes: Processes) -> None:
    processes.start(_process("import time; time.sleep(60)"))
    failed = Event()
    failed.set()
    with pytest.raises(GivenUp):
        processes.wait_ready("intake-api", lambda: "not yet", seconds=60, give_up=failed)


def test_a_process_that_will_not_end_is_killed_and_that_is_said(processes: Processes, tmp_path: Path) -> None:
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf'); time.sleep(60)"
    processes.start(_process(stubborn))
    _wait_for(tmp_path / "logs" / "intake-api.log", "deaf")
    said: list[str] = []
    processes.stop(["intake-api"], seconds=0.5, say=said.append)
    assert said == ["intake-api didn't end within 0 s and was killed"]
    assert processes.names() == []


def test_a_suspended_process_ends_in_order_too(processes: Processes, tmp_path: Path) -> None:
    orderly = "import signal, time; signal.signal(15, lambda *_: exit(print('bye'))); print('on'); time.sleep(60)"
    processes.start(_process(orderly))
    log = tmp_path / "logs" / "intake-api.log"
    _wait_for(log, "on")
    processes.send("intake-api", signal.SIGSTOP)
    said: list[str] = []
    processes.stop(["intake-api"], seconds=20, say=said.append)
    assert said == []
    assert "bye" in log.read_text()
