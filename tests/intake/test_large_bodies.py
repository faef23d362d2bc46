"""A client that still sends a body over the limit is told so; its connection isn't cut off under it."""

import time
from collections.abc import Iterator

import pytest

from tests.kit.client import StackClient

PIECE = b" " * 50_000


def slowly(size: int) -> Iterator[bytes]:
    """Give a body whose second half is sent when the service has long seen that it is too large."""
    for number in range(size // len(PIECE)):
        if number == size // len(PIECE) // 2:
            time.sleep(0.3)
        yield PIECE


@pytest.mark.parametrize("chunked", [False, True], ids=["length given", "chunked"])
@pytest.mark.parametrize("size", [1_050_000, 8_000_000])
def test_a_body_over_the_limit_is_refused_in_words(calling: StackClient, size: int, chunked: bool) -> None:
    headers = {
        **calling.bearing(),
        "Content-Type": "application/json",
        "Idempotency-Key": "large",
        "Connection": "close",
        **({} if chunked else {"Content-Length": str(size)}),
    }
    refused = calling.send("intake", "POST", "/seekers", slowly(size), headers)
    assert (refused.status, refused.fields) == (413, ["body"])
