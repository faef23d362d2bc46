"""Which process of tests runs what, when several run side by side (pytest-xdist).

Whatever shares a stack goes to one process, one after the other; all else goes test by test to whoever has nothing to
do. A process tells the others' common parent how it groups what it has collected, by a file.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

from tests.tiers import group_of

_GIVEN = "jobplus_groups"


class ByStack(LoadScopeScheduling):
    """Hands out whole groups."""

    def __init__(self, config: pytest.Config, log: Any, groups: Path) -> None:
        super().__init__(config, log)
        self._file = groups
        self._groups: dict[str, str] = {}

    def _split_scope(self, nodeid: str) -> str:
        if not self._groups:
            self._groups = json.loads(self._file.read_text())
        return self._groups.get(nodeid, nodeid)


class SideBySide:
    """The plugin of both sides: of the processes, and of the one that hands out."""

    def __init__(self, groups: Path) -> None:
        self._groups = groups

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput[_GIVEN] = str(self._groups)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> ByStack:
        return ByStack(config, log, self._groups)


def tell_groups(config: pytest.Config, items: Sequence[pytest.Item]) -> None:
    """In a process of tests: write down the groups of what it has collected, as every one of them would."""
    given: dict[str, Any] = getattr(config, "workerinput", {})
    if given.get("workerid") == "gw0":
        grouped = {item.nodeid: group_of(item) for item in items if item.get_closest_marker("real")}
        Path(given[_GIVEN]).write_text(json.dumps(grouped))
