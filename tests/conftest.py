"""What every folder of tests stands on: real stacks, and which tests need one.

Tests that share a stack run one after the other in one process; `make test` has several processes, so that folders run
side by side. Which tests need Kafka, PostgreSQL, the network or a new environment is told by the fixtures that they
use; the rest, but for those that take long, is `make check`.
"""

import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from throttled import utils

from jobplus.stack.local import Stack
from jobplus.stack.starting import Start
from tests.kit.client import StackClient
from tests.kit.standing import StandingClock
from tests.side_by_side import SideBySide, tell_groups
from tests.stacks import Stacks, end_stacks_below
from tests.tiers import is_long, is_real, order_of

settings.register_profile("untimed", parent=settings(), deadline=None)
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """Have SIGTERM end the tests as an interrupt does: what they started is taken down."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if not hasattr(config, "workerinput"):
        folder = tempfile.TemporaryDirectory(prefix="jobplus-tests-")
        config.add_cleanup(folder.cleanup)
        config.pluginmanager.register(SideBySide(Path(folder.name, "groups.json")))
    config.addinivalue_line("markers", "real: needs Kafka, PostgreSQL, the network or a new environment")
    config.addinivalue_line("markers", "long: takes over 5 s though it needs none of them")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what is real and what is long."""
    if is_real(item):
        item.add_marker(pytest.mark.real)
    elif is_long(item):
        item.add_marker(pytest.mark.long)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items.sort(key=order_of)
    tell_groups(config, items)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Take down what a process of tests left that was ended before it could."""
    if not hasattr(session.config, "workerinput"):
        end_stacks_below(Path(session.config._tmp_path_factory.getbasetemp()))


@pytest.fixture(autouse=True)
def _no_hidden_stack(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that starts a stack past the fixture would run where none can be had."""
    if request.node.get_closest_marker("real"):
        return

    def refuse(_: Start) -> None:
        raise AssertionError("this test starts a stack: it must take it from the fixture `stacks`")

    monkeypatch.setattr(Start, "run", refuse)


@pytest.fixture(scope="session")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stacks]:
    """Where stacks come from."""
    made = Stacks(tmp_path_factory)
    yield made
    made.close()


@pytest.fixture
def new_environment(tmp_path: Path) -> Path:
    """A folder for an environment that is made anew from the locked packages, which may come over the network."""
    return tmp_path / "venv"


@pytest.fixture(scope="session")
def stack(stacks: Stacks) -> Iterator[Stack]:
    """The system for tests whose folder has none of its own: each service is started when a test first asks it."""
    with stacks.as_asked("stack") as running:
        yield running


@pytest.fixture(scope="session")
def calling(stack: Stack) -> StackClient:
    return StackClient(stack)


@pytest.fixture
def rates_clock(monkeypatch: pytest.MonkeyPatch) -> StandingClock:
    """The clock that requests are counted by in this process: it stands until a test moves it."""
    clock = StandingClock()
    monkeypatch.setattr(utils, "now_mono_f", clock.monotonic)
    return clock
