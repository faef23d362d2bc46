"""The jobplus command answers at once: it imports what one command needs in that command, and only when it needs it."""

import subprocess
import sys
from pathlib import Path

import pytest

from jobplus.stack.home import Home
from jobplus.stack.keys import make_keys
from jobplus.stack.ports import free_base_port
from tests.kit.waiting import PATIENCE

_IMPORTED = "imported:"
_RUN = f"""
import sys
from jobplus.cli import app
try:
    app()
finally:
    print("{_IMPORTED}", *sys.modules, file=sys.stderr)
"""

CLIENTS = {"aiokafka", "asyncpg", "psycopg", "yoyo"}
SERVERS = {"chassis.running.service", "fastapi", "faust", "services", "uvicorn"}
LANGUAGE = {"contracts", "pydantic"}
TABLES = {"openpyxl", "rich"}
HEAVY = CLIENTS | SERVERS | LANGUAGE | TABLES | {"jwt", "pydantic_settings"}


@pytest.fixture
def stopped(tmp_path: Path) -> Path:
    """The home of a stack that has run and is down: a command goes as far as asking it."""
    home = Home(tmp_path / "home")
    home.path.mkdir()
    home.make(free_base_port())
    make_keys(home.keys)
    return home.path


def _run(*arguments: str) -> tuple[int, str, set[str]]:
    """Run a command; gives its exit code, all that it printed, and the modules that it imported."""
    command = [sys.executable, "-c", _RUN, *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)
    told, _, imported = done.stderr.partition(_IMPORTED)
    return done.returncode, done.stdout + told, set(imported.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["import", "--help"],
        ["import", "bring", "--help"],
        ["replay", "--help"],
        ["figures", "--help"],
        ["dlq", "list", "--help"],
    ],
    ids=" ".join,
)
def test_help_imports_nothing_that_a_command_works_with(arguments: list[str]) -> None:
    code, told, imported = _run(*arguments)
    assert (code, told.split()[:2]) == (0, ["Usage:", "jobplus"])
    assert imported & {*HEAVY, "asyncio", "cryptography"} == set()
    assert "jobplus.cli" in imported


@pytest.mark.parametrize(
    ("arguments", "told_by"),
    [(["figures"], "reporting does not answer"), (["dlq", "list"], "intake: "), (["status"], "its api doesn't run")],
    ids=["figures", "dlq list", "status"],
)
def test_a_command_has_asked_before_it_imports_what_reads_or_draws_answers(
    stopped: Path, arguments: list[str], told_by: str
) -> None:
    code, told, imported = _run(*arguments, "--home", str(stopped))
    assert (code, told_by in told) == (3, True), told
    drawn = {"rich"} if arguments == ["status"] else set[str]()
    assert imported & HEAVY == drawn


def test_a_command_that_works_with_events_imports_their_language(tmp_path: Path) -> None:
    code, _, imported = _run("replay", str(tmp_path / "none.json"))
    assert code == 2
    assert imported >= {*LANGUAGE, "rich"}
