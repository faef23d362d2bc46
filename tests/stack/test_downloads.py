"""What is downloaded is in the cache whole and checked, or not at all."""

import hashlib
from pathlib import Path

import pytest

from jobplus.stack.cache import cache_folder, install
from jobplus.stack.errors import StackFailed
from jobplus.stack.jars import Jar, fetch_into


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def _fill(folder: Path) -> None:
    (folder / "lib").mkdir()
    (folder / "lib" / "kafka.jar").write_bytes(b"jar")


def test_what_is_installed_once_is_not_fetched_again() -> None:
    fetched: list[Path] = []

    def fill(folder: Path) -> None:
        fetched.append(folder)
        _fill(folder)

    assert install("kafka", fill) == install("kafka", fill)
    assert len(fetched) == 1


def test_a_download_that_fails_leaves_nothing_behind() -> None:
    def fail(folder: Path) -> None:
        _fill(folder)
        raise StackFailed("no network")

    with pytest.raises(StackFailed, match="no network"):
        install("kafka", fail)
    assert [path.name for path in cache_folder().iterdir()] == ["kafka.lock"]


@pytest.mark.parametrize("damage", ["removed", "shortened"])
def test_a_damaged_download_is_fetched_again(damage: str) -> None:
    jar = install("kafka", _fill) / "lib" / "kafka.jar"
    if damage == "removed":
        jar.unlink()
    else:
        jar.write_bytes(b"j")
    install("kafka", _fill)
    assert jar.read_bytes() == b"jar"


def test_what_a_killed_download_left_is_cleared_away() -> None:
    unfinished = cache_folder() / "kafka.partial"
    unfinished.mkdir(parents=True)
    (unfinished / "half.jar").write_bytes(b"h")
    folder = install("kafka", _fill)
    assert not (folder / "half.jar").exists()


def test_a_jar_with_another_checksum_is_refused(tmp_path: Path) -> None:
    stored = tmp_path / "repository" / "org" / "apache" / "kafka" / "kafka-clients" / "4.3.1"

    def offer(content: bytes) -> None:
        stored.mkdir(parents=True, exist_ok=True)
        (stored / "kafka-clients-4.3.1.jar").write_bytes(content)

    jar = Jar("org.apache.kafka", "kafka-clients", "4.3.1", hashlib.sha256(b"right").hexdigest())
    offer(b"wrong")
    with pytest.raises(StackFailed, match=r"kafka-clients 4\.3\.1 came with another checksum"):
        fetch_into(tmp_path, [jar], "a jar")
    assert not (tmp_path / "kafka-clients-4.3.1.jar").exists()

    offer(b"right")
    fetch_into(tmp_path, [jar], "a jar")
    assert (tmp_path / "kafka-clients-4.3.1.jar").read_bytes() == b"right"
