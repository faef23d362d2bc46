"""What is read takes codes that no list has yet, and keeps them; what is written takes those that are known."""

import copy
import json
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from contracts import EVENTS, Undecodable, decode, decode_counted
from contracts.cases import Placed
from contracts.codes import OCCUPATIONS, Sector
from contracts.event import Event
from contracts.open_codes import UNKNOWN, Seen, UnknownCode, kept, kept_code
from contracts.profile import Bands
from tests.contracts.samples import data, sample
from tests.kit.new_codes import NEW, places_of, somewhere_new

KEY = sample("jobplus.Placed")["subject"]
PERSON = sample("jobplus.Placed")["data"]["person"]
PLACES = [(kind, place) for kind in EVENTS.values() if not kind.tombstone for place in places_of(kind)]


def _placed(**changed: Any) -> Placed:
    event = decode("jobplus.Placed", "jobplus.cases", KEY, data("jobplus.Placed", **changed))
    assert isinstance(event, Placed)
    return event


@pytest.mark.parametrize(("kind", "place"), PLACES, ids=lambda given: getattr(given, "__name__", None) or str(given))
def test_every_code_list_of_every_event_is_open_to_what_is_read(kind: type[Event], place: tuple[Any, ...]) -> None:
    event = somewhere_new(kind, place)
    written = event.encode() or b""
    node = json.loads(written)
    for step in place:
        node = node[step]
    assert node == NEW
    seen = Seen()
    assert decode(kind.type, kind.topic.name, event.key, written, seen=seen) == event
    assert seen == [NEW]
    with pytest.raises(ValidationError):
        kind.model_validate(json.loads(written))


def test_an_unknown_code_is_kept_and_written_as_it_was_told() -> None:
    event = _placed(sector="cooperative", person={**PERSON, "district": "26110"})
    assert (event.sector, type(event.sector)) == ("cooperative", UnknownCode)
    told = json.loads(event.encode() or b"")
    assert (told["sector"], told["person"]["district"]) == ("cooperative", "26110")
    assert event.model_dump(mode="json", exclude_none=True)["sector"] == "cooperative"


def test_it_may_be_passed_on_by_who_was_told_it_and_made_up_by_nobody() -> None:
    event = _placed(occupation="0211")
    fields = {name: getattr(event, name) for name in Placed.model_fields}
    assert Placed(**fields).occupation == "0211"
    with pytest.raises(ValidationError, match="occupation"):
        Placed(**{**fields, "occupation": "0211"})


@pytest.mark.parametrize(
    ("code", "parent"),
    [("0211", "02"), ("25", UNKNOWN), ("1", UNKNOWN), ("02x", UNKNOWN), ("11740", "11"), ("brand-new", UNKNOWN)],
)
def test_it_is_counted_by_the_code_that_it_belongs_to(code: str, parent: str) -> None:
    told = data("jobplus.Placed", occupation=code, person={**PERSON, "wanted_occupations": ["10", code]})
    counted: Any = decode_counted("jobplus.Placed", "jobplus.cases", KEY, told)
    assert (counted.occupation, counted.person.wanted_occupations) == (parent, ("10", parent))
    assert {type(counted.occupation), *map(type, counted.person.wanted_occupations)} == {str}


def test_an_event_of_known_codes_is_counted_as_it_is_read() -> None:
    assert decode_counted("jobplus.Placed", "jobplus.cases", KEY, data("jobplus.Placed")) == _placed()


@pytest.mark.parametrize("text", ["Kim Boram", "", "a" * 65, "말", 7, None, ["private"]])
def test_what_is_no_code_is_refused_with_the_codes_that_are_known(text: Any) -> None:
    fields = sample("jobplus.Placed")["data"] | {"sector": text}
    with pytest.raises(Undecodable, match=r"^jobplus\.Placed: sector: Input should be 'private' or 'public'$"):
        decode("jobplus.Placed", "jobplus.cases", KEY, json.dumps(fields).encode())


def test_what_a_database_kept_is_read_with_its_unknown_codes() -> None:
    person = {**PERSON, "gender": "other", "wanted_occupations": ["0211", "10"]}
    read = kept(Bands, person)
    assert (read.gender, read.wanted_occupations) == ("other", ("0211", "10"))
    assert read.model_dump(mode="json", exclude_none=True) == person
    assert kept_code("ngo", get_args(Sector)).counted_as == UNKNOWN
    assert [type(kept_code(code, OCCUPATIONS)) for code in ("02", "0211", None)] == [str, UnknownCode, type(None)]


def test_a_copy_of_it_is_the_same() -> None:
    code = UnknownCode("0211", OCCUPATIONS)
    again = copy.deepcopy(code)
    assert (again, type(again), again.counted_as) == ("0211", UnknownCode, "02")
