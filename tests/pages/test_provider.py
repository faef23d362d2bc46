"""What the pages take from an identity provider as proof of who signed in, and what not; by a real one that lies."""

import time
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from jobplus.stack import provider as trying
from jobplus.stack.keys import make_keys, sign_claims
from jobplus.stack.ports import HOST
from services.reporting.signin.provider import Provider, ProviderAway, SignInRefused

pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
BACK = "http://127.0.0.1:1/ko/signed-in"
Change = Callable[[dict[str, Any]], dict[str, Any]]


class _Lying(trying.Handler):
    """Changes what it says of itself and of who signed in; `keys` signs its ID tokens instead of its own."""

    metadata: Change = staticmethod(lambda told: told)
    claims: Change = staticmethod(lambda told: told)
    signing: Path | None = None

    def _metadata(self) -> dict[str, Any]:
        return type(self).metadata(super()._metadata())

    def id_token(self, granted: trying.Granted) -> str:
        now = int(time.time())
        told = {"iss": self.settings.issuer, "aud": trying.CLIENT, "sub": "local-operator", "iat": now, "exp": now + 60}
        return sign_claims(self.signing or self.settings.keys, type(self).claims({**told, "nonce": granted.nonce}))


@pytest.fixture
def lying(tmp_path: Path) -> Iterator[type[_Lying]]:
    make_keys(tmp_path)

    class Handler(_Lying):
        codes = trying.Codes()

    with ThreadingHTTPServer((HOST, 0), Handler) as server:
        Handler.settings = trying.Settings(server.server_address[1], tmp_path, "secret", BACK)
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        serving.start()
        yield Handler
        server.shutdown()
        serving.join()


def asking(of: type[_Lying], secret: str = "secret") -> Provider:
    """Give what asks a provider."""
    return Provider(of.settings.issuer, trying.CLIENT, secret, "openid profile", BACK)


async def signed_in(provider: Provider) -> Any:
    """Sign in as the operator."""
    address, begun = await provider.begin()
    async with httpx2.AsyncClient(trust_env=False) as browser:
        back = (await browser.get(f"{address}&person=operator")).headers["Location"]
    return await provider.finish(parse_qs(urlsplit(back).query)["code"][0], begun)


async def test_who_signed_in_is_told_with_their_token(lying: type[_Lying]) -> None:
    person = await signed_in(asking(lying))
    assert (person.subject, person.name) == ("local-operator", "")
    assert person.token.count(".") == 2
    lying.claims = staticmethod(lambda told: {**told, "aud": [trying.CLIENT, "another"], "azp": trying.CLIENT})
    assert (await signed_in(asking(lying))).subject == "local-operator"


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://elsewhere.example"}, {"aud": "another"}, {"aud": ["another"]}, {"nonce": "another"},
        {"azp": "another"}, {"at_hash": "of-another-token"}, {"nonce": None}, {"exp": None}, {"sub": None},
        {"aud": None},
    ],
)  # fmt: skip
async def test_an_id_token_that_says_something_else_proves_nothing(lying: type[_Lying], change: dict[str, Any]) -> None:
    lying.claims = staticmethod(
        lambda told: {name: value for name, value in {**told, **change}.items() if value is not None}
    )
    with pytest.raises(SignInRefused, match="ID token"):
        await signed_in(asking(lying))


@pytest.mark.parametrize(("claim", "seconds"), [("exp", -60), ("iat", 600)])
async def test_an_id_token_of_another_time_proves_nothing(lying: type[_Lying], claim: str, seconds: int) -> None:
    lying.claims = staticmethod(lambda told: {**told, claim: int(time.time()) + seconds})
    with pytest.raises(SignInRefused, match="ID token"):
        await signed_in(asking(lying))


async def test_an_id_token_that_another_signed_proves_nothing(lying: type[_Lying], tmp_path: Path) -> None:
    lying.signing = tmp_path / "another"
    lying.signing.mkdir()
    make_keys(lying.signing)
    with pytest.raises(SignInRefused, match="ID token"):
        await signed_in(asking(lying))


async def test_who_does_not_know_the_secret_or_the_verifier_gets_nothing(lying: type[_Lying]) -> None:
    with pytest.raises(SignInRefused, match="invalid_client"):
        await signed_in(asking(lying, "another"))
    provider = asking(lying)
    address, begun = await provider.begin()
    async with httpx2.AsyncClient(trust_env=False) as browser:
        back = (await browser.get(f"{address}&person=operator")).headers["Location"]
    with pytest.raises(SignInRefused, match="invalid_grant"):
        await provider.finish(parse_qs(urlsplit(back).query)["code"][0], begun._replace(verifier="x" * 64))


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://elsewhere.example"}, {"token_endpoint": None}, {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"}, {"token_endpoint": 1},
    ],
)  # fmt: skip
async def test_a_provider_that_tells_nonsense_of_itself_counts_as_away(
    lying: type[_Lying], change: dict[str, Any]
) -> None:
    lying.metadata = staticmethod(lambda told: {**told, **change})
    with pytest.raises(ProviderAway):
        await asking(lying).begin()


def test_where_nobody_is_to_try_anything_it_does_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    for environment in ("production", ""):
        monkeypatch.setenv("JOBPLUS_ENVIRONMENT", environment)
        with pytest.raises(SystemExit) as ended:
            trying.main()
        assert ended.value.code == 2
