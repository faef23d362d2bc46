"""The clients are made as the settings say, with no default of the library's that is unsafe."""

from pathlib import Path
from typing import Any

import pytest

from chassis.running.settings import ServiceSettings
from chassis.stream import kafka


def _settings(tmp_path: Path, **changes: Any) -> ServiceSettings:
    given = {
        "environment": "test",
        "database_host": "127.0.0.1",
        "database_name": "counting",
        "database_user": "counting",
        "database_password_file": tmp_path / "password",
        "kafka_servers": "127.0.0.1:1,127.0.0.1:2",
        "jwks": "nowhere.json",
        **changes,
    }
    return ServiceSettings(**given)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The arguments that clients were made with."""
    arguments: dict[str, Any] = {}
    for client in ("AIOKafkaConsumer", "AIOKafkaProducer"):
        monkeypatch.setattr(kafka, client, lambda **given: arguments.update(given))
    return arguments


def test_a_member_of_a_group_is_given_up_after_12_s_unless_told_otherwise(tmp_path: Path, made: dict[str, Any]) -> None:
    kafka.consumer(_settings(tmp_path), "group")
    timing = ("session_timeout_ms", "heartbeat_interval_ms", "fetch_max_wait_ms")
    assert [made[name] for name in timing] == [12_000, 3_000, 500]
    other = {"kafka_session_seconds": 1.5, "kafka_heartbeat_seconds": 0.3, "kafka_fetch_wait_seconds": 0.05}
    kafka.consumer(_settings(tmp_path, **other), "group")
    assert [made[name] for name in timing] == [1_500, 300, 50]


def test_a_consumer_never_moves_or_commits_by_itself_and_a_producer_awaits_every_replica(
    tmp_path: Path, made: dict[str, Any]
) -> None:
    kafka.consumer(_settings(tmp_path), "group")
    assert (made["enable_auto_commit"], made["auto_offset_reset"]) == (False, "none")
    kafka.producer(_settings(tmp_path))
    assert (made["enable_idempotence"], made["acks"]) == (True, "all")
    assert made["bootstrap_servers"] == ["127.0.0.1:1", "127.0.0.1:2"]
