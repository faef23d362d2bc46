"""TLS and SASL are settings: the topics job and two services work on a Kafka that refuses everybody else."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobplus.stack.local import Stack
from jobplus.stack.ports import free_base_port
from tests.deploy.secured_kafka import Secured, secured_kafka
from tests.kit import forms
from tests.kit.client import StackClient


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[Secured]:
    with secured_kafka(tmp_path, free_base_port()) as kafka:
        yield kafka


def _topics(settings: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "jobplus.cli", "topics", "--json"]
    return subprocess.run(command, env=settings, capture_output=True, text=True, timeout=120, check=False)


def test_events_pass_between_services_over_tls_with_a_password(tmp_path: Path, secured: Secured) -> None:
    made = _topics(secured.settings())
    assert made.returncode == 0, made.stderr + (tmp_path / "kafka.log").read_text()[-2000:]
    assert "jobplus.seekers" in made.stdout
    settings = {name.removeprefix("JOBPLUS_"): value for name, value in secured.settings().items()}
    stack = Stack(tmp_path / "home", free_base_port(), settings=settings)
    try:
        stack.up(only=["intake", "matching"])
        calling = StackClient(stack)
        seeker = calling.made("intake", "/seekers", forms.seeker())["seeker_id"]
        calling.settle(("intake", "matching"))
        assert calling.query("matching", "SELECT count(*) AS n FROM seeker WHERE seeker_id = $1", seeker) == [{"n": 1}]
    finally:
        stack.down(wipe=True)


def test_without_its_settings_the_topics_job_says_what_is_wrong(secured: Secured) -> None:
    settings = secured.settings()
    del settings["JOBPLUS_KAFKA_USER"]
    refused = _topics(settings)
    assert (refused.returncode, refused.stderr) == (
        2,
        "JOBPLUS_KAFKA_SECURITY=SASL_SSL needs JOBPLUS_KAFKA_USER and JOBPLUS_KAFKA_PASSWORD_FILE\n",
    )
