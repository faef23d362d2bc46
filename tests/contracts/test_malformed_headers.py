"""A header that can't be read is named, with what it holds: dead letters keep that text for an operator."""

import pytest

from chassis.stream.cloudevents import MalformedEvent, from_record, to_headers
from tests.contracts.samples import SAMPLES, STRUCTURED

HEADERS = to_headers(from_record(STRUCTURED, None, SAMPLES[0].read_bytes())[0])
REQUIRED = ["specversion", "id", "source", "type", "time", "subject", "sequence"]


@pytest.mark.parametrize("attribute", REQUIRED)
def test_an_attribute_that_is_missing_is_named(attribute: str) -> None:
    without = [header for header in HEADERS if header[0] != f"ce_{attribute}"]
    with pytest.raises(MalformedEvent, match=f"the attribute '{attribute}' is missing"):
        from_record(without, None, b"{}")


@pytest.mark.parametrize("attribute", ["specversion", "id", "time", "sequence"])
def test_an_attribute_that_can_not_be_read_is_named_with_what_it_holds(attribute: str) -> None:
    headers = {**dict(HEADERS), f"ce_{attribute}": b"yesterday\n"}
    with pytest.raises(MalformedEvent, match=rf"not a CloudEvent: {attribute} 'yesterday\\n'"):
        from_record(list(headers.items()), None, b"{}")


def test_only_the_beginning_of_what_it_holds_is_told() -> None:
    headers = {**dict(HEADERS), "ce_id": b"7" * 100_000}
    with pytest.raises(MalformedEvent) as refused:
        from_record(list(headers.items()), None, b"{}")
    assert len(str(refused.value)) < 200
