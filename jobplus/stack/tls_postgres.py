"""PostgreSQL 18 with TLS, which the local stack's own is built without: the server alone, from Maven's
embedded-postgres-binaries, pinned by its checksum. For the containers' stand-in and what measures TLS."""

import platform
import tarfile
import zipfile
from pathlib import Path

from jobplus.stack.cache import cache_folder, install
from jobplus.stack.errors import StackFailed
from jobplus.stack.jars import Jar, fetch_into

_VERSION = "18.4.0"
_NAME = f"postgres-tls-{_VERSION}"
_CHECKSUMS = {"x86_64": ("amd64", "401d4e69baba9072d3772607710df0d47b39a7632c6b01b2a5f5d85a9514e212")}
"""By machine, as far as they were tried: what the artifact calls it, and its checksum."""


def server_with_tls() -> Path:
    """The folder of its programs: postgres, initdb and pg_ctl."""
    return cache_folder() / _NAME / "bin"


def fetch_server_with_tls() -> None:
    """See that it is in the cache (raises StackFailed)."""
    install(_NAME, _install_into)


def _install_into(folder: Path) -> None:
    if platform.machine() not in _CHECKSUMS:
        raise StackFailed(
            f"PostgreSQL with TLS isn't pinned for {platform.machine()}: {', '.join(_CHECKSUMS)} alone is"
        )
    kind, checksum = _CHECKSUMS[platform.machine()]
    artifact = f"embedded-postgres-binaries-linux-{kind}"
    fetch_into(folder, [Jar("io.zonky.test.postgres", artifact, _VERSION, checksum)], "PostgreSQL with TLS (15 MB)")
    fetched = folder / f"{artifact}-{_VERSION}.jar"
    with zipfile.ZipFile(fetched) as jar:
        (inner,) = [name for name in jar.namelist() if name.endswith(".txz")]
        with jar.open(inner) as packed, tarfile.open(fileobj=packed, mode="r|xz") as files:
            files.extractall(folder, filter="data")
    fetched.unlink()
