"""Partners of a secured Kafka, made by `jobplus partner` as operators make them."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from jobplus.partners.records import today
from tests.deploy.secured_kafka import Secured

GROUND = "복지서비스 연계 협약 2026-11, 위기가구 지원"


def in_90_days() -> str:
    """Give the last day of a grant that holds when a test runs."""
    return str(today() + timedelta(days=90))


def folder(secured: Secured) -> Path:
    """Name the folder of their records."""
    return secured.secrets.parents[1] / "partners"


def topics_job(secured: Secured) -> dict[str, Any]:
    """Run the job that makes topics, users and rights; gives which rights came and went."""
    folder(secured).mkdir(exist_ok=True)
    passwords = str(secured.secrets.parents[1] / "passwords")
    done = jobplus(secured, "topics", "--json", "--users", passwords, "--partners", str(folder(secured)))
    assert done.returncode == 0, done.stderr + done.stdout
    return json.loads(done.stdout.splitlines()[-1])


def partner(secured: Secured, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run `jobplus partner`."""
    return jobplus(secured, "partner", *arguments, "--partners", str(folder(secured)))


def jobplus(secured: Secured, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the command as who administers."""
    command = [sys.executable, "-m", "jobplus.cli", *arguments]
    environment = {**os.environ, **secured.settings()}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180, check=False)


def granted(
    secured: Secured, name: str, out: Path, *more: str, topics: str = "cases", writes: str = ""
) -> dict[str, Any]:
    """Add a partner, or do what else is given; gives what stands in the credentials that it is handed."""
    asked = more or ("add", name, "--topics", topics, "--writes", writes, "--ground", GROUND, "--until", in_90_days())
    done = partner(secured, *asked, "--out", str(out), "--for-partners", secured.partners)
    assert done.returncode == 0, done.stderr
    assert out.stat().st_mode & 0o077 == 0
    return json.loads(out.read_text())
