"""Each row of the table of actions is an endpoint of its service, and all that is drawn fits its row."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from jobplus.replay.drawing.history import history
from jobplus.replay.driving import kinds
from jobplus.replay.driving.actions import Action, Count, Kind
from jobplus.replay.driving.kinds import KINDS
from jobplus.replay.planning.plan import read
from jobplus.replay.planning.scaling import scale
from services.reporting.figures.period import Period
from services.reporting.figures.publish import publish
from services.reporting.figures.rows import MEASURES
from tests.replay.simulate import actions

ROOT = Path(__file__).parents[2]
AT_WILL = {kinds.HOLD_SESSION, kinds.LAUNCH_BUSINESS, kinds.RECORD_VISIT}
"""Of these an action may leave a thing out: it is with a seeker or a stranger, or without a plan."""


def _endpoint(kind: Kind) -> dict[str, Any]:
    """Give what the interface of its service says of a kind's address."""
    paths = json.loads((ROOT / "openapi" / f"{kind.service}.json").read_text(encoding="utf-8"))["paths"]
    (of_address,) = (told for path, told in paths.items() if re.sub("{[^}]*}", "{}", path) == _bare(kind.address))
    return of_address["put" if kind is kinds.CHANGE_SEEKER else "post"]


def _bare(address: str) -> str:
    return re.sub("{[^}]*}", "{}", address)


def _takes(kind: Kind) -> set[str]:
    """Give the things whose numbers an action of a kind has."""
    by = {"counsellor": {"counsellor"}, "firm": {"employer"}, "seeker's counsellor": {"seeker"}}.get(kind.by, set())
    given = {kind.gives[0]} if kind.gives else set()
    of_step = {"hold": {"counsellor", "stranger"}, "register again": {"seeker"}}.get(kind.step or "", set())
    return {*re.findall("{([^}]*)}", kind.address), *kind.fields, *by, *given, *of_step}


@pytest.mark.parametrize("name", KINDS)
def test_a_row_is_an_endpoint_of_its_service_that_takes_its_fields_and_answers_with_the_id_of_what_it_gives(
    name: str,
) -> None:
    kind = KINDS[name]
    schemas = json.loads((ROOT / "openapi" / f"{kind.service}.json").read_text(encoding="utf-8"))["components"][
        "schemas"
    ]
    endpoint = _endpoint(kind)
    if kind.fields:
        form = endpoint["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        assert {*kind.fields.values()} <= schemas[form]["properties"].keys()
    if kind.gives:
        answer = endpoint["responses"]["201"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        assert kind.gives[1] in schemas[answer]["properties"]


def test_whatever_a_history_brings_has_the_numbers_that_its_row_takes() -> None:
    drawn: defaultdict[Kind, set[frozenset[str]]] = defaultdict(set)
    for action in actions(history(scale(read(ROOT / "plans" / "two-years.json"), Fraction(1, 20)), 1)):
        drawn[action.kind].add(frozenset(action.refs))
    assert drawn.keys() == {*KINDS.values()}
    for name, kind in KINDS.items():
        assert frozenset[str]().union(*drawn[kind]) <= _takes(kind), name
        if kind not in AT_WILL:
            assert drawn[kind] == {frozenset(_takes(kind))}, name


def test_an_action_is_counted_by_what_its_form_says_or_what_it_leads_to() -> None:
    action = Action(kinds.ASSESS, {"seeker": 1}, {"hours": 12, "reason": "illness"}, leads_to="ready")
    assert Count("times").of(action) == ("times", 1)
    assert Count("hours", amount="hours").of(action) == ("hours", 12)
    assert Count("by_reason", by="reason", codes=("illness",)).of(action) == ("by_reason.illness", 1)
    assert Count("stages", codes=("training", "ready")).of(action) == ("stages.ready", 1)
    assert Count("stages", codes=("training", "ready")).figures == ("stages.training", "stages.ready")


def test_the_figures_that_kinds_are_counted_in_are_published() -> None:
    published = {*_leaves(publish({measure: {} for measure in MEASURES}, Period(date(2010, 12, 31))))}
    assert {figure for kind in KINDS.values() for count in kind.counts for figure in count.figures} <= published


def _leaves(tree: Mapping[str, Any], path: str = "") -> Iterator[str]:
    for name, branch in tree.items():
        yield from _leaves(branch, f"{path}{name}.") if isinstance(branch, dict) else (f"{path}{name}",)
