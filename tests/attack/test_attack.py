"""A short attack of each service: `make attack` is the same code with more cases. It takes about a minute, as each case
is drawn by schemathesis and sent to the real stack."""

from collections.abc import Iterator

import pytest

from jobplus.stack.ports import FEED, SERVICES
from tests.attack.attack import attack
from tests.attack.kept import changes, kept
from tests.attack.world import World
from tests.kit import forms
from tests.kit.client import StackClient
from tests.stacks import SOON, Stacks

CASES = 500


@pytest.fixture(scope="module")
def calling(stacks: Stacks) -> Iterator[StackClient]:
    with stacks.running("attack", clock="system", settings=SOON, feed=True) as running:
        yield StackClient(running)


@pytest.fixture(scope="module")
def world(calling: StackClient) -> World:
    return World(calling)


@pytest.mark.parametrize("service", [*SERVICES, FEED])
def test_nothing_that_is_sent_breaks_a_service_and_no_refusal_writes(
    calling: StackClient, world: World, service: str
) -> None:
    said: list[str] = []
    outcome = attack(calling, world, service, CASES, 1, said.append)
    assert outcome.good, "\n".join(said)
    assert outcome.cases > 0.9 * CASES
    assert 0 < outcome.again <= outcome.refusals < outcome.cases


def test_what_is_written_is_seen(calling: StackClient) -> None:
    before = kept(calling, "intake")
    calling.made("intake", "/employers", forms.employer())
    seen = {told.partition(":")[0] for told in changes(before, kept(calling, "intake"))}
    assert {"employer", "outbox_sequence", "idempotency"} <= seen
