"""How often something may be done, as settings write it: `5/60` is 5 a second in the long run and 60 at once."""

import re
from typing import NamedTuple

NONE = "none"
"""What stands in a rate's place, or in the place of all, where there is no limit."""
OTHERS = "any"
"""The name of the rate of whoever has none of their own."""
BULK = ":bulk"
"""How the name of a rate ends that holds for bulk requests alone."""

_RATE = re.compile(r"([1-9]\d{0,5})/([1-9]\d{0,5})")


class Rate(NamedTuple):
    """So many a second in the long run, and so many at once."""

    per_second: int
    burst: int


def rate_of(text: str) -> Rate | None:
    """Read a rate, None where there is no limit (raises ValueError)."""
    if text == NONE:
        return None
    if (found := _RATE.fullmatch(text)) is None:
        raise ValueError(f"{text!r} is no rate: write it PER_SECOND/BURST, as 5/60, or {NONE}")
    return Rate(int(found[1]), int(found[2]))


def rates_of(text: str) -> dict[str, Rate | None]:
    """Read the rates of roles, `any=5/60,manager:bulk=50/500`; nothing where the text is `none` (raises ValueError)."""
    if text == NONE:
        return {}
    rates: dict[str, Rate | None] = {}
    for part in text.split(","):
        name, written, rate = part.strip().partition("=")
        if not written or not name.removesuffix(BULK):
            raise ValueError(f"{part!r} is not written ROLE=RATE or ROLE{BULK}=RATE")
        if name in rates:
            raise ValueError(f"{name} has two rates")
        rates[name] = rate_of(rate)
    if OTHERS not in rates:
        raise ValueError(f"{OTHERS}=RATE is missing: it is for every role that is not named")
    return rates
