"""Services behind one shared address, as docker-compose.yml publishes them, or a proxy with TLS before it."""

import ssl
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from jobplus.client import CONNECTIONS, Client
from jobplus.stack.errors import OptionRefused
from jobplus.stack.keys import Bearer, renewing
from jobplus.stack.ports import FEED, SERVICES


class Remote:
    """A deployment at `--at`; `--ca` is the file of the authority of its certificate, without it the system's are
    trusted (raises OptionRefused). `token` gives the token of a bearer that is valid now; with `feed` there is the
    partners' feed too."""

    def __init__(
        self, at: str, token: Callable[[Bearer], str], authority: Path | None = None, *, feed: bool = False
    ) -> None:
        secure = _scheme(at) == "https"
        if authority is not None and not secure:
            raise OptionRefused("--ca goes with an --at that begins with https://")
        self._address = at.rstrip("/")
        self._token = token
        self.services = (*SERVICES, FEED) if feed else SERVICES
        self._trust = _trust(authority) if secure else None

    def token_of(self, bearer: Bearer) -> str:
        return self._token(bearer)

    def client(self, service: str, bearer: Bearer, connections: int = CONNECTIONS) -> Client:
        return Client(f"{self._address}/{service}", partial(self._token, bearer), connections, self._trust)


def signed_with(keys: Path) -> Callable[[Bearer], str]:
    """Tokens of a deployment that trusts the key in a folder; never one that people use."""
    return renewing(keys)


def _scheme(at: str) -> str:
    try:
        parts = urlsplit(at)
        if parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0:
            return parts.scheme
    except ValueError:  # a port that is none
        pass
    raise OptionRefused(f"--at {at}: an address is https://HOST or https://HOST:PORT, or the same with http")


def _trust(authority: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=authority)
    except ssl.SSLError as error:
        raise OptionRefused(f"--ca {authority}: the file holds no certificates (PEM)") from error
    except OSError as error:
        raise OptionRefused(f"--ca {authority}: the file can't be read: {error.strerror}") from error
