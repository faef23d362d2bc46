"""A code that a reader doesn't know makes no dead letter: it is kept, shown as unknown, counted under its parent.

Long: a stack of its own, whole, since every service reads every event that it listens to with a new code at each place.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from contracts import EVENTS
from contracts.cases import Placed
from contracts.firms import EmployerReturned
from contracts.topics import CASES, FOLLOWUPS
from jobplus.stack.local import Stack
from jobplus.stack.ports import SERVICES
from tests.kit.client import StackClient
from tests.kit.events import employer_joined, placed, profile, registered, somebody
from tests.kit.new_codes import NEW, places_of, somewhere_new, told
from tests.kit.topics import Topics
from tests.kit.waiting import until
from tests.stacks import SOON, Stacks

DAY = date(2009, 3, 2)
KINDS = [kind for kind in EVENTS.values() if not kind.tombstone]


@pytest.fixture(scope="module")
def stack(stacks: Stacks) -> Iterator[Stack]:
    with stacks.running("codes", SERVICES, settings=SOON) as running:
        yield running


@pytest.fixture(scope="module")
def calling(stack: Stack) -> StackClient:
    made = StackClient(stack)
    made.move_to(date(2010, 7, 1))
    return made


@pytest.fixture(scope="module")
def topics(stack: Stack) -> Iterator[Topics]:
    with Topics(stack) as made:
        yield made


def _dead_letters(calling: StackClient) -> dict[str, list[Any]]:
    found = {name: calling.query(name, "SELECT topic, type, error FROM dead_letter ORDER BY id") for name in SERVICES}
    return {name: sorted({str([*one.values()]) for one in letters}) for name, letters in found.items() if letters}


def _split(calling: StackClient, measure: str, by: str) -> tuple[int, dict[str, int]]:
    answer = calling.get("reporting", f"/figures/split?measure={measure}&by={by}", role="analyst")
    assert answer.status == 200, answer
    return answer.json["total"], {part["values"][by]: part["count"] for part in answer.json["parts"]}


def test_a_new_code_in_any_list_of_any_event_makes_no_dead_letter(calling: StackClient, topics: Topics) -> None:
    before, _ = _split(calling, "placements", "sector")
    events = [somewhere_new(kind, place) for kind in KINDS for place in places_of(kind)]
    assert len(events) > 150
    back = [event.employer_id for event in events if isinstance(event, EmployerReturned)]
    topics.publish([employer_joined(DAY, employer_id=firm) for firm in back])
    topics.publish(events)
    calling.settle()
    assert _dead_letters(calling) == {}
    entered = calling.query("reporting", "SELECT data FROM ledger WHERE convert_from(data, 'UTF8') LIKE $1", f"%{NEW}%")
    assert len(entered) >= len(events)

    after, by_sector = _split(calling, "placements", "sector")
    assert after - before == len(places_of(Placed))
    assert sum(by_sector.values()) == after
    assert by_sector["unknown"] == 1


def test_a_new_code_is_counted_under_its_parent_or_as_unknown(calling: StackClient, topics: Topics) -> None:
    before = _split(calling, "registered", "wanted_occupation"), _split(calling, "registered", "district")
    wanted = ("person", "wanted_occupations", 0)
    topics.publish(
        [
            registered(somebody(), DAY, wanted_occupations=("23",)),
            told(registered(somebody(), DAY), {wanted: "2305"}),
            told(registered(somebody(), DAY), {wanted: "31", ("person", "district"): "26110"}),
            told(registered(somebody(), DAY), {wanted: "23", ("person", "district"): "1174010500"}),
        ]
    )
    calling.settle()
    after = _split(calling, "registered", "wanted_occupation"), _split(calling, "registered", "district")
    assert [then[0] - earlier[0] for earlier, then in zip(before, after, strict=True)] == [4, 4]

    def more(place: int, code: str) -> int:
        return after[place][1].get(code, 0) - before[place][1].get(code, 0)

    assert (more(0, "23"), more(0, "unknown"), more(0, "2305")) == (3, 1, 0)
    assert (more(1, "11740"), more(1, "unknown"), more(1, "11440")) == (1, 1, 2)


def test_what_is_published_of_somebody_tells_the_code_as_it_was_heard(calling: StackClient, topics: Topics) -> None:
    seeker = somebody()
    known = profile(seeker, DAY, wanted_occupations=("02",))
    topics.publish([told(known, {("district",): "26110", ("wanted_occupations", 0): "0211", ("gender",): "other"})])
    until(
        lambda: calling.query("matching", "SELECT district FROM seeker WHERE seeker_id = $1", seeker),
        "matching knows them",
        lambda rows: bool(rows),
    )
    assert calling.get("matching", f"/seekers/{seeker}/vacancies").status == 200
    calling.made(
        "matching", f"/seekers/{seeker}/self-found",
        {"occupation": "02", "sector": "private", "employment": "permanent", "occurred_on": "2010-06-01"},
    )  # fmt: skip
    calling.settle()
    (job,) = [one for one in topics.read(CASES) if one.key == str(seeker)]
    assert job.data["person"]["district"] == "26110"
    assert (job.data["person"]["gender"], job.data["person"]["wanted_occupations"]) == ("other", ["0211"])
    dues = [one for one in topics.read(FOLLOWUPS) if one.key == str(seeker)]
    assert dues
    assert {one.data["person"]["district"] for one in dues} == {"26110"}
    assert _dead_letters(calling) == {}


def test_a_job_of_a_kind_that_is_not_known_is_followed_and_shown(calling: StackClient, topics: Topics) -> None:
    job = told(placed(somebody(), DAY), {("occupation",): "0277", ("employment",): "dispatch"})
    topics.publish([job])
    calling.settle()
    shown = calling.get("followup", f"/placements/{job.placement_id}/employment")
    assert (shown.status, shown.json["occupation"], shown.json["employment"]) == (200, "0277", "dispatch")
    dues = [one for one in topics.read(FOLLOWUPS) if one.key == str(job.seeker_id)]
    assert {(one.data["occupation"], one.data["employment"]) for one in dues} == {("0277", "dispatch")}
    assert _dead_letters(calling) == {}
