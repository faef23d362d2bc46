"""What a browser keeps for us and can neither read nor change: encrypted and signed (Fernet), by keys made of the
secrets that a file holds, a key for each purpose, so that nothing sealed for one is taken for another."""

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LEAST_CHARACTERS = 32


def secrets_in(file: Path) -> list[bytes]:
    """Read the secrets of a file, one a line (raises OSError, and ValueError where there is none or a short one)."""
    found = file.read_bytes().split()
    if not found or any(len(one) < LEAST_CHARACTERS for one in found):
        raise ValueError(f"the file holds a secret a line, each of {LEAST_CHARACTERS} characters or more")
    return found


class Sealed:
    """Seals by the first of the secrets, and opens what was sealed by any of them."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        self._secrets = secrets

    def seal(self, purpose: str, content: Mapping[str, Any]) -> str:
        """Give a text that a cookie may hold."""
        return self._by(purpose).encrypt(orjson.dumps(content)).decode()

    def opened(self, purpose: str, text: str, seconds: int) -> dict[str, Any] | None:
        """Give what was sealed for a purpose within the last seconds; None of anything else."""
        try:
            return orjson.loads(self._by(purpose).decrypt(text, ttl=seconds))
        except InvalidToken:
            return None

    def _by(self, purpose: str) -> MultiFernet:
        return MultiFernet([Fernet(_key(secret, purpose)) for secret in self._secrets])


def _key(secret: bytes, purpose: str) -> bytes:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"jobplus pages {purpose}".encode()).derive(secret)
    return base64.urlsafe_b64encode(made)
