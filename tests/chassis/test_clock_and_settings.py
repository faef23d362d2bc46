"""The simulated clock, and settings that stop a process at once."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from chassis.batch.clock import SimulatedClock
from chassis.batch.unknown_ids import born
from chassis.database.db import Pool
from chassis.running.settings import ServiceSettings


async def test_the_simulated_day_goes_forward_and_never_back(pool: Pool) -> None:
    clock = SimulatedClock()
    async with pool.acquire() as conn:
        assert (await clock.now(conn)).day >= date(2026, 1, 1)
        assert await clock.move(conn, date(2009, 1, 28)) == date(2009, 1, 28)
        first = await clock.now(conn)
        assert await clock.move(conn, date(2009, 1, 27)) == date(2009, 1, 28)
        second = await clock.now(conn)
        assert await clock.move(conn, date(2009, 1, 29)) == date(2009, 1, 29)
        third = await clock.now(conn)
    assert first.day == second.day == date(2009, 1, 28)
    assert first.at < second.at < third.at
    assert datetime(2009, 1, 27, 15, tzinfo=UTC) <= first.at < datetime(2009, 1, 28, 15, tzinfo=UTC)


def test_ids_tell_their_age_by_the_systems_clock() -> None:
    import uuid_utils.compat as uuids

    birth = born(uuids.uuid7())
    assert birth is not None
    assert abs(birth - datetime.now(UTC)) < timedelta(seconds=5)


def _started(tmp_path: Path, **changes: str | None) -> subprocess.CompletedProcess[str]:
    password = tmp_path / "password"
    password.write_text("secret")
    marks = tmp_path / "marks"
    marks.write_text("a secret that is long enough for marks")
    given = {
        "JOBPLUS_ENVIRONMENT": "test",
        "JOBPLUS_DATABASE_HOST": "127.0.0.1",
        "JOBPLUS_DATABASE_NAME": "intake",
        "JOBPLUS_DATABASE_USER": "intake",
        "JOBPLUS_DATABASE_PASSWORD_FILE": str(password),
        "JOBPLUS_MARKS_KEY_FILE": str(marks),
        "JOBPLUS_KAFKA_SERVERS": "127.0.0.1:1",
        "JOBPLUS_JWKS": "nowhere.json",
        **changes,
    }
    environment = {"PATH": os.environ["PATH"], **{name: value for name, value in given.items() if value is not None}}
    command = [sys.executable, "-m", "services.intake", "api"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


def test_a_wrong_or_missing_setting_stops_a_service_with_a_line_that_names_it(tmp_path: Path) -> None:
    missing = _started(tmp_path, JOBPLUS_KAFKA_SERVERS=None)
    assert (missing.returncode, missing.stderr) == (2, "JOBPLUS_KAFKA_SERVERS: Field required\n")
    wrong = _started(tmp_path, JOBPLUS_HTTP_PORT="many")
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("JOBPLUS_HTTP_PORT: ")
    unreadable = _started(tmp_path, JOBPLUS_DATABASE_PASSWORD_FILE=str(tmp_path / "none"))
    assert unreadable.returncode == 2
    assert unreadable.stderr.startswith("JOBPLUS_DATABASE_PASSWORD_FILE: ")
    (tmp_path / "short").write_text("short\n")
    short = _started(tmp_path, JOBPLUS_MARKS_KEY_FILE=str(tmp_path / "short"))
    assert short.returncode == 2
    assert short.stderr.startswith("JOBPLUS_MARKS_KEY_FILE: the file holds fewer than 32 characters")


def test_an_opening_day_is_a_day_or_none(tmp_path: Path) -> None:
    for wrong in ("2009-02-30", "28.1.2009", "0"):
        refused = _started(tmp_path, JOBPLUS_OPENED_ON=wrong)
        assert (refused.returncode, refused.stderr.split(":")[0]) == (2, "JOBPLUS_OPENED_ON")
    none = _started(tmp_path, JOBPLUS_OPENED_ON="", JOBPLUS_KAFKA_SERVERS=None)
    assert (none.returncode, none.stderr) == (2, "JOBPLUS_KAFKA_SERVERS: Field required\n")


def test_production_refuses_a_simulated_clock(tmp_path: Path) -> None:
    refused = _started(tmp_path, JOBPLUS_ENVIRONMENT="production", JOBPLUS_CLOCK="simulated")
    assert refused.returncode == 2
    assert "CLOCK=simulated is refused" in refused.stderr


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kafka_security": "PLAINTEXT"}, "JOBPLUS_KAFKA_SECURITY=PLAINTEXT is refused where"),
        ({"database_tls": False}, "JOBPLUS_DATABASE_TLS must be true where"),
    ],
)
def test_production_refuses_kafka_by_plaintext_and_postgresql_without_tls(given: dict[str, Any], said: str) -> None:
    walls: dict[str, Any] = {
        **dict.fromkeys(("database_host", "database_name", "database_user", "kafka_servers", "jwks"), "any"),
        "database_password_file": "any",
        "kafka_security": "SSL",
        "database_tls": True,
    }
    assert ServiceSettings(environment="production", **walls)
    with pytest.raises(ValidationError, match=f"{said} JOBPLUS_ENVIRONMENT=production"):
        ServiceSettings(environment="production", **{**walls, **given})
    assert ServiceSettings(environment="test", **{**walls, **given})


def test_heartbeats_that_are_too_rare_for_the_session_are_refused(tmp_path: Path) -> None:
    refused = _started(tmp_path, JOBPLUS_KAFKA_SESSION_SECONDS="6", JOBPLUS_KAFKA_HEARTBEAT_SECONDS="2.1")
    assert refused.returncode == 2
    assert "JOBPLUS_KAFKA_HEARTBEAT_SECONDS may be a third of JOBPLUS_KAFKA_SESSION_SECONDS at most" in refused.stderr


def test_a_loop_that_looked_too_rarely_would_be_taken_for_stuck_and_is_refused(tmp_path: Path) -> None:
    for name in ("RELAY_POLL_SECONDS", "DUE_POLL_SECONDS", "DUE_REST_SECONDS", "LEADERSHIP_SECONDS"):
        refused = _started(tmp_path, **{f"JOBPLUS_{name}": "60"})
        assert (refused.returncode, refused.stderr.split(":")[0]) == (2, f"JOBPLUS_{name}")
