"""The jobplus command refuses in one line, with exit code 3 and no traceback."""

import inspect
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from jobplus.cli import dlq, jobplus
from jobplus.cli.options import Where
from jobplus.dead_letters import discarded, redriven
from jobplus.stack.ports import HOST, free_base_port, service_port
from tests.kit.waiting import PATIENCE


def _jobplus(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "jobplus.cli", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)


@pytest.fixture
def taken() -> Iterator[tuple[int, int]]:
    base_port = free_base_port()
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, service_port(base_port, "matching", "worker")))
        listener.listen()
        yield base_port, listener.getsockname()[1]


def test_a_taken_port_is_one_line_that_says_whose_it_is(tmp_path: Path, taken: tuple[int, int]) -> None:
    base_port, port = taken
    done = _jobplus("up", "--home", str(tmp_path / "home"), "--base-port", str(base_port))
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert f"port {port}, which matching-worker needs, is taken" in done.stderr
    assert "choose another --base-port" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["up", "--base-port", "70000"], "must lie from 1024"),
        (["down", "--wipe", "--home", "FILE"], "is a file: give a folder"),
        (["token", "--role", "operator", "--home", "NONE"], "start the stack first with jobplus up"),
    ],
)
def test_what_can_not_be_done_is_one_line(tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / "file").touch()
    places = {"FILE": str(tmp_path / "file"), "NONE": str(tmp_path / "none")}
    done = _jobplus(*(places.get(argument, argument) for argument in arguments))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert done.stderr.startswith("jobplus: ")
    assert words in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--at", "http://127.0.0.1:1", "--token", "analyst=NONE"], "none: the file can't be read: No such file"),
        (["--at", "http://127.0.0.1:1", "--token", "analyst=NONE", "--keys", "NONE"], "either --token or --keys"),
        (["--at", "http://127.0.0.1:1"], "--at goes with tokens, or keys"),
        (["--token", "analyst=NONE"], "--token goes with --at"),
    ],
)
def test_an_option_that_can_not_be_is_one_line_with_exit_code_2(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    none = str(tmp_path / "none")
    done = _jobplus("figures", *(argument.replace("NONE", none) for argument in arguments))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert words in done.stderr


def test_the_status_of_a_stack_that_does_not_run_is_told_with_exit_code_3(tmp_path: Path) -> None:
    done = _jobplus("status", "--json", "--home", str(tmp_path / "none"))
    assert done.returncode == 3
    assert '"healthy": false' in done.stdout
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("stopped_at", "applied", "said"),
    [
        (None, True, "applied"),
        (9, False, "failed again: why"),
        (7, False, "not tried: letter 7 is older, of the same key, and failed again: why\n"),
        (12, True, "applied; then its key stopped at letter 12: why"),
    ],
)
def test_a_redrive_says_at_which_letter_the_key_stopped(stopped_at: int | None, applied: bool, said: str) -> None:
    answer = {"applied": applied, "stopped_at": stopped_at, "error": stopped_at and "why"}
    told = redriven("feed", 9, answer)
    assert told.startswith(said)
    assert ("jobplus dlq show feed 7" in told) == (stopped_at == 7)
    assert discarded({"stopped_at": None, "error": None}) == "discarded"
    assert discarded(answer).startswith("discarded; then its key stopped at letter ") == (stopped_at is not None)


_COMMANDS = [
    command for group in (jobplus, dlq) for command in group.commands.values() if not isinstance(command, click.Group)
]


@pytest.mark.parametrize("command", _COMMANDS, ids=lambda command: command.name)
def test_a_command_takes_what_its_options_give(command: click.Command) -> None:
    assert command.callback is not None
    takes = set(inspect.signature(command.callback).parameters)
    if "where" in takes:
        takes = takes - {"where"} | set(Where.__annotations__)
    assert {option.name for option in command.params} == takes
