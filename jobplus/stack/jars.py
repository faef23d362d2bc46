"""Apache Kafka: its own jars, pinned with their checksums in kafka-jars.txt, fetched one by one."""

import hashlib
import shutil
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from jobplus.stack.cache import cache_folder, install
from jobplus.stack.errors import StackFailed
from jobplus.stack.progress import progress_bar

_PINNED = Path(__file__).with_name("kafka-jars.txt")
_THREADS = 8


@dataclass(frozen=True)
class Jar:
    """One line of kafka-jars.txt: `group:artifact:version sha256=...`."""

    group: str
    artifact: str
    version: str
    sha256: str


def _pinned_jars() -> list[Jar]:
    jars: list[Jar] = []
    for line in _PINNED.read_text().splitlines():
        coordinates, _, checksum = line.partition(" sha256=")
        group, artifact, version = coordinates.split(":")
        jars.append(Jar(group, artifact, version, checksum))
    return jars


def _name() -> str:
    return f"kafka-{hashlib.sha256(_PINNED.read_bytes()).hexdigest()[:12]}"


def kafka_jars() -> Path:
    """The folder of the jars."""
    return cache_folder() / _name()


def fetch_jars() -> None:
    """See that all jars are in the cache."""
    install(_name(), lambda folder: fetch_into(folder, _pinned_jars(), "Apache Kafka (44 MB)"))


def fetch_into(folder: Path, jars: list[Jar], what: str) -> None:
    """Fetch the jars into the folder, saying what they are; raises StackFailed when one is missing or differs."""
    with (
        progress_bar(f"fetching {what}", len(jars)) as advance,
        ThreadPoolExecutor(_THREADS) as threads,
    ):
        fetches = [threads.submit(_fetch, jar, folder) for jar in jars]
        try:
            for fetch in as_completed(fetches):
                fetch.result()
                advance()
        except BaseException:
            threads.shutdown(wait=True, cancel_futures=True)
            raise
        finally:
            shutil.rmtree(folder / "repository", ignore_errors=True)


def _fetch(jar: Jar, folder: Path) -> None:
    from jgo.maven import MavenContext
    from requests import RequestException

    what = f"{jar.artifact} {jar.version}"
    repository = MavenContext(repo_cache=folder / "repository")
    try:
        path = repository.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve()
    except (RequestException, RuntimeError) as error:
        said = " ".join(str(error).split())
        raise StackFailed(f"{what} couldn't be fetched: check the network, then try again ({said[:200]})") from error
    if hashlib.sha256(path.read_bytes()).hexdigest() != jar.sha256:
        raise StackFailed(
            f"{what} came with another checksum than the pinned one: try again, and don't use it if it stays"
        )
    path.rename(folder / f"{jar.artifact}-{jar.version}.jar")
