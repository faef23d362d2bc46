"""Each service starts from its own files with only its own dependency group installed, as its image has them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jobplus.stack.health import get, unready_because
from jobplus.stack.local import Stack
from jobplus.stack.ports import SERVICES, free_base_port
from tests.kit.waiting import PATIENCE, until

ROOT = Path(__file__).parent.parent.parent
UV = Path(sys.executable).parent / "uv"


def _installed(environment: Path, lock: str) -> Path:
    """An environment with what a lock file names and nothing else."""
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, environment], check=True)
    python = environment / "bin" / "python"
    subprocess.run(
        [UV, "pip", "sync", "--quiet", "--python", python, "--require-hashes", ROOT / "locks" / f"{lock}.txt"],
        check=True,
    )
    return python


def _copied(folder: Path, *parts: str) -> Path:
    """Only the given parts of the project, as an image copies them."""
    app = folder / "app"
    for part in parts:
        target = app / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / part, target)
    return app


@contextmanager
def _running(command: list[str], app: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, cwd=app, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def _trouble(port: int, process: subprocess.Popen[bytes]) -> str | None:
    assert process.poll() is None, "it has ended"
    return unready_because(port)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("role", ["all"])
def test_a_service_starts_with_only_its_own_group_and_files(
    stack: Stack, tmp_path: Path, new_environment: Path, service: str, role: str
) -> None:
    python = _installed(new_environment, service)
    app = _copied(tmp_path, "chassis", "contracts", "services/__init__.py", f"services/{service}")
    port = free_base_port()
    environment = {
        **{name: value for name, value in stack.environment(service, "api").items() if name.startswith("JOBPLUS_")},
        "PATH": os.environ["PATH"],
        "JOBPLUS_HTTP_PORT": str(port),
        "JOBPLUS_HEALTH_PORT": str(port + 1),
    }
    with _running([str(python), "-m", f"services.{service}", role], app, environment) as process:
        until(lambda: _trouble(port + 1, process), f"{service} is ready", lambda why: why is None)
        assert [get(port, path, seconds=PATIENCE)[0] for path in ("/health/ready", "/metrics", "/openapi.json")] == [
            404,
            404,
            200,
        ]
        assert [get(port + 1, path, seconds=PATIENCE)[0] for path in ("/health/live", "/metrics", "/openapi.json")] == [
            200,
            200,
            404,
        ]
        health = subprocess.run(
            [python, "-m", "chassis.running.healthcheck"], cwd=app, env=environment, timeout=PATIENCE
        )
        assert health.returncode == 0
    assert process.returncode == 0


def test_the_topics_job_runs_with_only_its_own_group_and_files(
    stack: Stack, tmp_path: Path, new_environment: Path
) -> None:
    python = _installed(new_environment, "topics")
    app = _copied(tmp_path, "chassis", "contracts", "jobplus")
    command = [python, "-m", "jobplus.cli", "topics", "--servers", stack.kafka_servers]
    done = subprocess.run(
        command, cwd=app, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    users = subprocess.run([python, "-c", "import jobplus.stack.users"], cwd=app, capture_output=True, text=True)
    assert users.returncode == 0, users.stderr
