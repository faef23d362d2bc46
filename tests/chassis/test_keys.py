"""Keys are rotated without a restart, serve for a while when their source is away, and one at a time asks for them."""

import asyncio
import json
import threading
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.http import keys
from chassis.http.auth import NotAuthenticated, Verifier
from chassis.http.keys import FileSource, KeyRing, Keys, KeysAway, UnknownKey
from jobplus.stack.keys import jwks_file, make_keys, sign_token
from tests.chassis.serving import until
from tests.chassis.test_tokens import settings_with
from tests.kit.standing import StandingClock
from tests.kit.waiting import PATIENCE


class Provider:
    """A source of keys that a test has in hand: it counts who asks and is answered, and may be away, or hold answers
    back while it is not `free`."""

    every = 300.0

    def __init__(self, *ids: str) -> None:
        self.ids = list(ids)
        self.asked = self.answered = 0
        self.away = False
        self.free = threading.Event()
        self.free.set()

    def read(self) -> Keys | None:
        self.asked += 1
        self.free.wait(PATIENCE)
        self.answered += 1
        if self.away:
            raise jwt.PyJWKClientConnectionError("no answer")
        return {kid: _key(kid) for kid in self.ids}


def _key(kid: str) -> jwt.PyJWK:
    public = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(Ed25519PrivateKey.generate().public_key()))
    return jwt.PyJWK({**public, "kid": kid, "alg": "EdDSA"})


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> StandingClock:
    """Time as `chassis.http.keys` sees it."""
    made = StandingClock()
    monkeypatch.setattr(keys, "time", made)
    return made


def _ring(source: Provider | FileSource, replaced: list[int] | None = None) -> KeyRing:
    told = replaced if replaced is not None else []
    return KeyRing(source, 3600, lambda: told.append(1))


async def test_of_many_who_come_at_once_one_asks(clock: StandingClock) -> None:
    provider = Provider("a")
    provider.free.clear()
    ring = _ring(provider)
    asking = asyncio.gather(*(ring.key("a") for _ in range(50)))
    await until(lambda: provider.asked > 0)
    provider.free.set()
    found = await asking
    assert {key.key_id for key in found} == {"a"}
    assert provider.asked == 1


async def test_made_up_ids_make_few_requests(clock: StandingClock) -> None:
    provider = Provider("a")
    ring = _ring(provider)
    await ring.key("a")
    for number in range(200):
        with pytest.raises(UnknownKey):
            await ring.key(f"made-up-{number % 20}")
        clock.now += 0.1
    assert provider.asked <= 3


async def test_a_new_key_is_found_soon(clock: StandingClock) -> None:
    provider = Provider("a")
    ring = _ring(provider)
    await ring.key("a")
    provider.ids.append("b")
    clock.now += keys.RETRY_SECONDS + 1
    assert (await ring.key("b")).key_id == "b"


async def test_a_new_key_that_came_too_soon_after_a_look_is_found_by_the_next(clock: StandingClock) -> None:
    provider = Provider("a")
    ring = _ring(provider)
    await ring.key("a")
    provider.ids.append("b")
    clock.now += 1
    with pytest.raises(UnknownKey):
        await ring.key("b")
    clock.now += keys.RETRY_SECONDS
    assert (await ring.key("b")).key_id == "b"


async def test_with_the_provider_away_known_keys_serve_for_an_hour_and_nobody_waits_for_it(
    clock: StandingClock,
) -> None:
    provider = Provider("a")
    ring = _ring(provider)
    await ring.key("a")
    provider.away, before = True, provider.answered
    for number in range(1, 12):
        clock.now += 301
        provider.free.clear()
        async with asyncio.timeout(PATIENCE / 2):
            await ring.key("a")
        assert provider.answered < before + number
        provider.free.set()
        await until(lambda number=number: ring.good() and provider.answered == before + number)
    clock.now += 600
    with pytest.raises(KeysAway):
        await ring.key("a")
    provider.away = False
    clock.now += keys.RETRY_SECONDS + 1
    assert (await ring.key("a")).key_id == "a"


async def test_without_any_keys_nobody_is_refused_as_unknown(clock: StandingClock) -> None:
    provider = Provider("a")
    provider.away = True
    with pytest.raises(KeysAway):
        await _ring(provider).key("a")


async def test_keys_of_another_use_than_signing_are_none(tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    public = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(Ed25519PrivateKey.generate().public_key()))
    file.write_text(json.dumps({"keys": [{**public, "kid": "a", "use": "enc", "alg": "EdDSA"}]}))
    with pytest.raises(UnknownKey):
        await _ring(FileSource(file)).key("a")


async def test_a_file_that_is_replaced_brings_its_keys_and_takes_the_old_ones_away(tmp_path: Path) -> None:
    old, new, mounted = tmp_path / "old", tmp_path / "new", tmp_path / "mounted"
    for folder in (old, new):
        folder.mkdir()
        make_keys(folder)
    mounted.symlink_to(old)
    verifier = Verifier(settings_with(str(jwks_file(mounted))))
    before, after = (f"Bearer {sign_token(folder, 'counsellor')}" for folder in (old, new))
    await verifier.actor(before)
    with pytest.raises(NotAuthenticated):
        await verifier.actor(after)
    # As secrets are: the folder's link moves, in one step.
    (tmp_path / "next").symlink_to(new)
    (tmp_path / "next").replace(mounted)

    async def is_gone() -> bool:
        try:
            await verifier.actor(before)
        except NotAuthenticated:
            return True
        return False

    await until(is_gone, seconds=5)
    assert (await verifier.actor(after)).role == "counsellor"


async def test_a_file_that_is_broken_leaves_the_known_keys_for_an_hour(tmp_path: Path, clock: StandingClock) -> None:
    make_keys(tmp_path)
    file = jwks_file(tmp_path)
    (kid,) = (key["kid"] for key in json.loads(file.read_bytes())["keys"])
    ring = _ring(FileSource(file))
    await ring.key(kid)
    file.write_text("{")
    clock.now += 3000
    assert (await ring.key(kid)).key_id == kid
    clock.now += 3000
    with pytest.raises(KeysAway):
        await ring.key(kid)
