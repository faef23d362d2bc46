"""Marks of rows whose person was erased: a hash of the row's name by a secret of the service's own.

Without the secret nobody can try out which import and `ref` a mark is of, so it tells nothing of anybody.
"""

import hmac
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import orjson
from pydantic import AfterValidator, Field

from chassis.running.settings import ServiceSettings

LEAST_CHARACTERS = 32


def long_enough(file: Path) -> Path:
    """Refuse a file with a short secret; one that can't be read is told with all that can't."""
    if file.is_file() and len(file.read_bytes().strip()) < LEAST_CHARACTERS:
        raise ValueError(f"the file holds fewer than {LEAST_CHARACTERS} characters: deploy/make-secrets.sh makes one")
    return file


class MarkingSettings(ServiceSettings):
    """What a service is told beside what every one is that takes rows of imports about persons."""

    marks_key_file: Annotated[Path, AfterValidator(long_enough)] = Field(
        description=f"File that holds the secret, of {LEAST_CHARACTERS} characters or more, by which a row of an "
        "import is known whose person was erased; with another one it isn't"
    )

    def marks_key(self) -> bytes:
        """Read the secret (raises OSError when its file can't be read)."""
        return self.marks_key_file.read_bytes().strip()


class Marks:
    """Makes marks by a secret, which is read when the first is made."""

    def __init__(self, key: Callable[[], bytes]) -> None:
        self._read = key
        self._key = b""

    def of(self, named: tuple[str, ...]) -> bytes:
        """Give the mark of what has a name."""
        self._key = self._key or self._read()
        return hmac.digest(self._key, orjson.dumps(named), "sha256")
