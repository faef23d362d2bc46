"""The keys that sign tokens: read from a JWKS, rotated without a restart, good for a while when their source is away.

A file is looked at every CHECK_SECONDS and read when it is another one (a secret is mounted as a folder whose link
moves). An https address is asked every REFRESH_SECONDS, and sooner for a key that isn't known, by one task at a time.
Who waits for that is only who has nothing to go by; an id that no key has is remembered, so that made-up ids make no
requests.
"""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import jwt
import structlog
from starlette.concurrency import run_in_threadpool

log = structlog.get_logger()

CHECK_SECONDS = 1.0
REFRESH_SECONDS = 300.0
RETRY_SECONDS = 10.0
"""After a failure, or for an id that isn't known, the source is asked again at most so often."""
FETCH_SECONDS = 5.0
UNKNOWN_SECONDS = 60.0
MOST_UNKNOWN = 1_000

Keys = dict[str, jwt.PyJWK]


class UnknownKey(Exception):
    """No key has this id."""


class KeysAway(Exception):
    """The source has given no keys for too long: nobody's token can be verified for now."""


class Source(Protocol):
    """Where keys come from."""

    every: float
    """Seconds after which it is to be asked again."""

    def read(self) -> Keys | None:
        """Give the keys, None when they are those that it gave last (raises OSError, ValueError, PyJWTError)."""
        ...


class FileSource:
    """A JWKS file; one that was replaced is read anew."""

    every = CHECK_SECONDS

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None

    def read(self) -> Keys | None:
        stat = os.stat(self._path)
        seen = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
        if seen == self._seen:
            return None
        keys = _usable(jwt.PyJWKSet.from_json(self._path.read_text()))
        self._seen = seen
        return keys


class AddressSource:
    """A JWKS at an https address."""

    every = REFRESH_SECONDS

    def __init__(self, address: str) -> None:
        self._address = address

    def read(self) -> Keys | None:
        return _usable(jwt.PyJWKClient(self._address, cache_jwk_set=False, timeout=FETCH_SECONDS).get_jwk_set())


def source_of(setting: str) -> Source:
    """Give the source that the setting names: an https address, or a file's path."""
    return AddressSource(setting) if setting.startswith("https://") else FileSource(Path(setting))


class KeyRing:
    """The keys as their source gave them last; `good_seconds` is how long they serve while it is away.

    `replaced` is called when the source gives others.
    """

    def __init__(self, source: Source, good_seconds: float, replaced: Callable[[], None]) -> None:
        self._source = source
        self._good_seconds = good_seconds
        self._replaced = replaced
        self._keys: Keys = {}
        self._read_at = float("-inf")
        self._asked_at = float("-inf")
        self._unknown: dict[str, float] = {}
        self._asking: asyncio.Task[None] | None = None

    def good(self) -> bool:
        """Tell whether the keys serve, and have the source asked when that is due: nobody waits for it."""
        age = time.monotonic() - self._read_at
        if age > self._source.every:
            self._begin_asking(self._source.every if self._asked_at <= self._read_at else self._pause)
        return age <= self._good_seconds

    async def key(self, key_id: str) -> jwt.PyJWK:
        """Give a key (raises UnknownKey, KeysAway)."""
        if not self.good():
            await self._asked()  # there is nothing to go by
            if not self.good():
                raise KeysAway
        if key_id not in self._keys and self._is_new(key_id) and self._begin_asking(self._pause):
            await self._asked()
            if key_id not in self._keys:
                self._remember_unknown(key_id)
        try:
            return self._keys[key_id]
        except KeyError:
            raise UnknownKey from None

    @property
    def _pause(self) -> float:
        return min(RETRY_SECONDS, self._source.every)

    async def _asked(self) -> None:
        """Wait for whoever asks the source by now."""
        if self._asking is not None:
            await asyncio.shield(self._asking)

    def _is_new(self, key_id: str) -> bool:
        return self._unknown.get(key_id, float("-inf")) < time.monotonic() - UNKNOWN_SECONDS

    def _begin_asking(self, pause: float) -> bool:
        """Have the source asked, unless it was within `pause` seconds; tell whether it is being asked."""
        if self._asking is not None and not self._asking.done():
            return True
        if time.monotonic() - self._asked_at < pause:
            return False
        self._asked_at = time.monotonic()
        self._asking = asyncio.ensure_future(self._ask())
        return True

    async def _ask(self) -> None:
        try:
            keys = await run_in_threadpool(self._source.read)
        except (OSError, ValueError, jwt.PyJWTError) as error:
            log.warning("keys_away", error=str(error), kind=type(error).__name__)
            return
        self._read_at = time.monotonic()
        if keys is not None:
            self._keys = keys
            self._replaced()

    def _remember_unknown(self, key_id: str) -> None:
        if len(self._unknown) >= MOST_UNKNOWN:
            self._unknown.clear()
        self._unknown[key_id] = time.monotonic()


def _usable(keys: jwt.PyJWKSet) -> Keys:
    """Give the keys that sign, by their ids."""
    return {key.key_id: key for key in keys.keys if key.key_id and key.public_key_use in (None, "sig")}
