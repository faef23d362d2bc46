"""Services behind one shared address, as docker-compose.yml publishes them, with the key of their test tokens."""

from pathlib import Path

from jobplus.stack.keys import Role, sign_token


class Remote:
    """Addresses and tokens of a deployment that trusts the key in `keys`; never one that people use."""

    def __init__(self, address: str, keys: Path) -> None:
        self._address = address.rstrip("/")
        self._keys = keys

    def url(self, service: str) -> str:
        return f"{self._address}/{service}"

    def token(self, role: Role) -> str:
        return sign_token(self._keys, role)
