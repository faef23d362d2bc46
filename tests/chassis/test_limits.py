"""Who asks too often is told when to come again; nobody else is kept from asking."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from chassis.batch.decisions import Actor
from chassis.http.addresses import address_of, networks_of
from chassis.http.auth import Verifier
from chassis.http.limits import Limits
from chassis.http.rates import Rate, rates_of
from chassis.running.service import interface
from jobplus.stack.keys import Role, jwks_file, sign_token
from services.intake.bootstrap import blueprint
from services.intake.settings import IntakeSettings
from tests.chassis.asking import Answer, ask
from tests.chassis.test_tokens import settings_with
from tests.kit.standing import StandingClock

INTAKE = blueprint(IntakeSettings.model_construct())
TOO_MANY = "urn:jobplus:problem:too-many-requests"

pytestmark = pytest.mark.usefixtures("rates_clock")


@pytest.fixture
def logs() -> Iterator[list[Any]]:
    with capture_logs() as captured:
        yield captured


def limited(keys: Path, **given: Any) -> FastAPI:
    """Intake with limits: none by address, and for a subject 1 a second and 3 at once."""
    rates = {"request_limits": "any=1/3", "address_limit": "none", **given}
    settings = settings_with(str(jwks_file(keys)), **rates)
    return interface(
        INTAKE,
        verifier=Verifier(settings),
        limits=Limits(settings),
        trusted=networks_of(settings.trusted_proxies),
    )


def counsellor(keys: Path, subject: str = "c-1", role: Role = "counsellor") -> str:
    return sign_token(keys, role, subject=subject)


async def nowhere(app: FastAPI, token: str | None, **given: Any) -> Answer:
    return await ask(app, "GET", "/nowhere", token, **given)


def told(by: str) -> float:
    return REGISTRY.get_sample_value("jobplus_http_limited_total", {"by": by}) or 0.0


async def test_one_request_too_many_is_told_when_to_come_again(keys: Path) -> None:
    app, token, before = limited(keys), counsellor(keys), told("subject")
    assert [(await nowhere(app, token)).status for _ in range(3)] == [404, 404, 404]

    answer = await nowhere(app, token)
    assert (answer.status, answer.problem["type"]) == (429, TOO_MANY)
    assert answer.headers[b"retry-after"] == b"1"
    assert answer.problem["detail"] == "more requests than one subject may make; come again in 1 s"
    assert told("subject") == before + 1


async def test_who_waited_may_ask_again(keys: Path, rates_clock: StandingClock) -> None:
    app, token = limited(keys, request_limits="any=2/1"), counsellor(keys)
    assert [(await nowhere(app, token)).status for _ in range(2)] == [404, 429]
    rates_clock.now += 0.25
    assert (await nowhere(app, token)).status == 429
    rates_clock.now += 0.25
    assert [(await nowhere(app, token)).status for _ in range(2)] == [404, 429]


async def test_a_subject_is_counted_by_itself_and_under_all_its_tokens(keys: Path) -> None:
    app = limited(keys)
    for ttl in (600, 601, 602):
        again = sign_token(keys, "counsellor", subject="c-1", ttl_seconds=ttl)
        assert (await nowhere(app, again)).status == 404
    assert (await nowhere(app, counsellor(keys))).status == 429
    assert (await nowhere(app, counsellor(keys, "c-2"))).status == 404


async def test_a_managers_bulk_requests_have_a_rate_of_their_own(keys: Path) -> None:
    app = limited(keys, request_limits="any=1/1,manager:bulk=1/2")
    manager = counsellor(keys, role="manager")
    bulk = [(await ask(app, "POST", "/nowhere/bulk", manager)).status for _ in range(3)]
    assert bulk == [404, 404, 429]
    assert [(await nowhere(app, manager)).status for _ in range(2)] == [404, 429]
    colleague = [(await ask(app, "POST", "/nowhere/bulk", counsellor(keys))).status for _ in range(2)]
    assert colleague == [404, 429]


async def test_processes_share_what_one_may_ask(keys: Path) -> None:
    limits = Limits(settings_with("", request_limits="any=2/9", address_limit="none", replicas=4))
    asked = [limits.subject(Actor("counsellor", "c-1"), bulk=False) for _ in range(3)]
    assert asked[:2] == [None, None]
    # 2 a second of all four together: the next after 2 s
    assert asked[2] is not None
    assert asked[2].retry_after == 2


async def test_a_flood_of_bad_tokens_is_cut_off_by_its_address_and_not_looked_at(keys: Path) -> None:
    app = limited(keys, address_limit="1/2")
    flood = [await nowhere(app, f"made-up-{n}", peer="192.0.2.1") for n in range(3)]
    assert [one.status for one in flood] == [401, 401, 429]
    assert flood[2].headers[b"connection"] == b"close"
    assert not flood[2].read
    assert (await nowhere(app, "made-up", peer="192.0.2.2")).status == 401


async def test_whose_token_is_known_goes_on_asking_from_an_address_that_floods(keys: Path) -> None:
    app, token = limited(keys, address_limit="1/2"), counsellor(keys)
    assert (await nowhere(app, token, peer="192.0.2.1")).status == 404
    flood = [(await nowhere(app, "made-up", peer="192.0.2.1")).status for _ in range(2)]
    assert flood == [401, 429]
    assert (await nowhere(app, token, peer="192.0.2.1")).status == 404


async def test_addresses_of_one_network_of_ipv6_are_counted_together(keys: Path) -> None:
    app = limited(keys, address_limit="1/2")
    flood = [(await nowhere(app, "made-up", peer=f"2001:db8::{n}")).status for n in range(1, 4)]
    assert flood == [401, 401, 429]
    assert (await nowhere(app, "made-up", peer="2001:db8:0:1::1")).status == 401


async def test_behind_a_proxy_it_is_who_asked_the_proxy(keys: Path) -> None:
    app = limited(keys, address_limit="1/1", trusted_proxies="10.0.0.0/8")
    said = {"x-forwarded-for": "203.0.113.9"}
    flood = [(await nowhere(app, "made-up", peer="10.0.0.1", headers=said)).status for _ in range(2)]
    assert flood == [401, 429]
    other = await nowhere(app, "made-up", peer="10.0.0.1", headers={"x-forwarded-for": "203.0.113.10"})
    assert other.status == 401


@pytest.mark.parametrize(
    ("peer", "said", "found"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # no proxy of ours: what it says counts for nothing
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),  # the first was made up
        ("10.0.0.1", "198.51.100.1, whatever, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("::ffff:10.0.0.1", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_address_is_the_last_that_no_trusted_proxy_has(peer: str, said: str, found: str) -> None:
    scope = {"client": (peer, 1), "headers": [(b"x-forwarded-for", said.encode())] if said else []}
    assert address_of(scope, networks_of("10.0.0.0/8")) == found


async def test_it_is_said_once_in_the_log_who_asks_too_often(keys: Path, logs: list[Any]) -> None:
    app, token = limited(keys), counsellor(keys)
    for _ in range(6):
        await nowhere(app, token)
    said = [line for line in logs if line["event"] == "too_many_requests"]
    assert said == [{"by": "subject", "who": "counsellor/c-1", "event": "too_many_requests", "log_level": "warning"}]


async def test_the_schema_is_not_limited(keys: Path) -> None:
    app = limited(keys, request_limits="any=1/1", address_limit="1/1")
    assert [(await ask(app, "GET", "/openapi.json")).status for _ in range(3)] == [200, 200, 200]


async def test_where_there_is_no_limit_nobody_is_refused(keys: Path) -> None:
    app, token = limited(keys, request_limits="none"), counsellor(keys)
    assert {(await nowhere(app, token)).status for _ in range(300)} == {404}


def test_rates_are_read_as_they_are_written() -> None:
    assert rates_of("any=5/60, manager:bulk=none") == {"any": Rate(5, 60), "manager:bulk": None}
    assert rates_of("none") == {}


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("any=5", "'5' is no rate: write it PER_SECOND/BURST, as 5/60, or none"),
        ("any=0/5", "'0/5' is no rate"),
        ("manager=5/60", "any=RATE is missing: it is for every role that is not named"),
        ("any=5/60,any=6/60", "any has two rates"),
        ("5/60", "'5/60' is not written ROLE=RATE"),
    ],
)
def test_what_is_no_rate_is_refused_with_what_is_wrong(written: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{reason}"):
        rates_of(written)
