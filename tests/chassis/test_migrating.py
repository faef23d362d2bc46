"""A migration that is killed leaves nothing that stops the next one; two at once wait for each other."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from structlog.testing import capture_logs

from chassis.database import migrating
from chassis.database.migrating import migrate
from chassis.running.settings import ServiceSettings
from jobplus.stack.local import Stack
from jobplus.stack.postgres import SUPERUSER
from tests.kit.client import LOCKED_OUT
from tests.kit.threads import begin
from tests.kit.waiting import until

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(stack: Stack) -> dict[str, str]:
    """Of a service whose database is empty."""
    name = f"migrating_{uuid4().hex}"
    with psycopg.connect(stack.database_url(), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
    password = str(stack.home.password_file(SUPERUSER))
    own = {"NAME": name, "USER": SUPERUSER, "PASSWORD_FILE": password}
    return {**stack.environment("intake"), **{f"JOBPLUS_DATABASE_{part}": value for part, value in own.items()}}


@pytest.fixture
def database(stack: Stack, environment: dict[str, str]) -> Iterator[psycopg.Connection[Any]]:
    url = stack.database_url().rpartition("/")[0] + "/" + environment["JOBPLUS_DATABASE_NAME"]
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def settings(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> ServiceSettings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return ServiceSettings()  # pyright: ignore[reportCallIssue]  (the values come from the environment)


def later(folder: Path, sql: str) -> Path:
    (folder / "centre-0001.sql").write_text(f"-- depends: chassis-0003-revocations\n{sql}\n")
    return folder


def _waiting(database: psycopg.Connection[Any]) -> list[Any]:
    return database.execute(LOCKED_OUT.encode()).fetchall()


def test_a_migration_that_is_killed_while_it_waits_for_a_table_is_gone_and_the_next_one_goes_on(
    environment: dict[str, str], database: psycopg.Connection[Any], settings: ServiceSettings, tmp_path: Path
) -> None:
    migrate(settings, tmp_path)
    database.execute("CREATE TABLE IF NOT EXISTS yoyo_lock (locked int DEFAULT 1, ctime timestamp, pid int NOT NULL)")
    database.execute("INSERT INTO yoyo_lock VALUES (1, now(), 4711)")  # as an earlier version left it that was killed
    with database.transaction():
        database.execute("LOCK TABLE _yoyo_migration")
        command = [sys.executable, "-m", "services.intake", "migrate"]
        migrator = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
        until(lambda: _waiting(database), "it waits for the table", bool)
        migrator.send_signal(signal.SIGKILL)
        assert migrator.wait(10) == -signal.SIGKILL
        until(lambda: _waiting(database), "PostgreSQL has noticed", lambda waiting: not waiting, seconds=10)
    assert migrate(settings, later(tmp_path, "CREATE TABLE later (one int)")) == 1
    assert database.execute("SELECT to_regclass('yoyo_lock')").fetchone() == (None,)


def test_a_migration_that_ends_before_it_is_noted_as_applied_was_not(
    database: psycopg.Connection[Any], settings: ServiceSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(settings, tmp_path)
    later(tmp_path, "CREATE TABLE later (one int)")

    def ends(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patching:
        patching.setattr(migrating._Database, "mark_one", ends)
        with pytest.raises(KeyboardInterrupt):
            migrate(settings, tmp_path)
    assert database.execute("SELECT to_regclass('later')").fetchone() == (None,)
    assert migrate(settings, tmp_path) == 1
    assert migrate(settings, tmp_path) == 0


def test_of_two_that_migrate_at_once_one_waits_and_says_so_and_each_migration_is_applied_once(
    database: psycopg.Connection[Any], settings: ServiceSettings, tmp_path: Path
) -> None:
    with database.transaction(), capture_logs() as logs:
        database.execute(f"SELECT pg_advisory_xact_lock({migrating.LOCK_KEY})".encode())
        both = [begin(lambda: migrate(settings, later(tmp_path, "CREATE TABLE later (one int)"))) for _ in range(2)]
        until(lambda: logs, "both say that they wait", lambda told: len(told) == 2)
        assert database.execute("SELECT to_regclass('outbox')").fetchone() == (None,)
    applied = sorted(one.result() for one in both)
    assert applied[0] == 0
    assert applied[1] >= 4
    assert {line["event"] for line in logs} == {"waiting_for_another_migration"}
