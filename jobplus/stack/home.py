"""The folder that holds everything a stack keeps: data, logs, secrets, keys and process records."""

import json
import os
import secrets
import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from jobplus.stack.errors import StackFailed
from jobplus.stack.locking import only_one

_MARKER = "jobplus-home.json"
_LOCK = "lock"
_FOLDERS = ("data", "logs", "secrets", "keys", "processes")
_LOCK_SECONDS = 180


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    unfinished = path.with_name(path.name + ".partial")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    unfinished.replace(path)


@dataclass(frozen=True)
class Home:
    """A stack's home; `path` is absolute."""

    path: Path

    @property
    def data(self) -> Path:
        """The data folders of Kafka and PostgreSQL."""
        return self.path / "data"

    @property
    def logs(self) -> Path:
        """One log file a process."""
        return self.path / "logs"

    @property
    def keys(self) -> Path:
        """The key that signs local tokens and its JWKS."""
        return self.path / "keys"

    @property
    def processes(self) -> Path:
        """One record for each process that was started."""
        return self.path / "processes"

    @property
    def is_made(self) -> bool:
        """Whether this is the home of a stack."""
        return (self.path / _MARKER).is_file()

    def base_port(self) -> int | None:
        """The base port that the stack here was last started with; None before its first start."""
        if not self.is_made:
            return None
        try:
            marker = cast("dict[str, object]", json.loads((self.path / _MARKER).read_bytes()))
        except ValueError:
            return None
        port = marker.get("base_port")
        return port if isinstance(port, int) else None

    def refuse_if_foreign(self) -> None:
        """Raises StackFailed when the path holds something else than a stack's home."""
        if self.path.exists() and not self.path.is_dir():
            raise StackFailed(f"{self.path} is a file: give a folder as --home")
        if self.path.exists() and not self.is_made and any(p.name != _LOCK for p in self.path.iterdir()):
            raise StackFailed(
                f"{self.path} is no jobplus home and not empty: give another, empty or new, folder as --home"
            )

    @contextmanager
    def locked(self, say: Callable[[str], None]) -> Generator[None]:
        """Keeps other commands from starting or stopping this stack meanwhile."""
        self.refuse_if_foreign()
        self.path.mkdir(parents=True, exist_ok=True)
        with only_one(
            self.path / _LOCK,
            seconds=_LOCK_SECONDS,
            on_wait=lambda: say(f"waiting for another jobplus command on {self.path}"),
        ):
            self.refuse_if_foreign()
            yield

    def make(self, base_port: int) -> None:
        """Make the folders, and remember the base port."""
        write_private(self.path / _MARKER, json.dumps({"base_port": base_port}).encode())
        for folder in _FOLDERS:
            (self.path / folder).mkdir(exist_ok=True)
        for private in ("secrets", "keys"):
            (self.path / private).chmod(0o700)

    def password(self, name: str) -> str:
        """The password of a database role, made at random when first asked for."""
        path = self.password_file(name)
        if not path.exists():
            write_private(path, secrets.token_urlsafe(24).encode())
        return path.read_text()

    def make_marks_key(self, service: str) -> None:
        """Make the secret at random, unless there is one, by which a service marks rows of imports."""
        if not self.marks_key_file(service).exists():
            write_private(self.marks_key_file(service), secrets.token_urlsafe(36).encode())

    def make_webhook_key(self) -> None:
        """Make the key at random, unless there is one, by which the feed makes the secrets of webhooks."""
        if not self.webhook_key_file.exists():
            write_private(self.webhook_key_file, secrets.token_urlsafe(36).encode())

    @property
    def webhook_key_file(self) -> Path:
        """Where the key is kept by which the feed makes the secrets of webhooks."""
        return self.path / "secrets" / "feed.webhooks"

    def marks_key_file(self, service: str) -> Path:
        """Where the secret of a service is kept by which it marks rows of imports."""
        return self.path / "secrets" / f"{service}.marks"

    def make_sign_in_secrets(self) -> None:
        """Make the secrets at random, unless they are there, by which the pages seal sessions, and by which the
        identity provider for trying knows the pages."""
        for path in (self.session_key_file, self.provider_secret_file):
            if not path.exists():
                write_private(path, secrets.token_urlsafe(36).encode())

    @property
    def session_key_file(self) -> Path:
        """Where the secret is kept by which the pages seal sessions."""
        return self.path / "secrets" / "session.key"

    @property
    def provider_secret_file(self) -> Path:
        """Where the secret is kept by which the identity provider for trying knows the pages."""
        return self.path / "secrets" / "provider.secret"

    def password_file(self, name: str) -> Path:
        """Where the password of a database role is kept."""
        return self.path / "secrets" / f"{name}.password"

    def wipe(self) -> None:
        """Remove everything that a stack keeps; what else lies in the folder stays."""
        self.refuse_if_foreign()
        for folder in _FOLDERS:
            path = self.path / folder
            if path.exists():
                shutil.rmtree(path)
        for name in (_MARKER, _LOCK):
            (self.path / name).unlink(missing_ok=True)
        if not any(self.path.iterdir()):
            self.path.rmdir()
