"""Telephone numbers in the one form in which they are kept: 010-0000-1234, 02-123-4567, 1588-0000."""

import re
from typing import Annotated

from pydantic import Field

from chassis.texts import by, unparted

WRITTEN = "010-0000-1234, 02-123-4567, 031-123-4567, 0505-000-1234, 070-0000-1234 or 1588-0000"
_ABROAD = re.compile(r"(?:\+|00)82")
_NUMBERS = (
    re.compile("(010|070)([0-9]{4})([0-9]{4})"),
    re.compile("(01[16-9]|02|03[1-3]|04[1-4]|05[1-5]|06[1-4]|080|050[0-9])([0-9]{3,4})([0-9]{4})"),
    re.compile("(1[568][0-9]{2})([0-9]{4})"),
)
"""How many digits follow what a number begins with: mobile and internet; older mobile, areas, free of charge and for
life; and those of firms, which have no area."""
_KEPT = re.compile("|".join(kind.pattern.replace(")(", ")-(") for kind in _NUMBERS))
_WITHOUT_ZERO = re.compile("1[016-9][0-9]{7,8}")
_WITHOUT_AREA = re.compile("[2-9][0-9]{6,7}")


def phone(text: str) -> str:
    """Give a telephone number of Korea as it is kept, however its parts are parted, with or without +82 (raises
    ValueError with a reason for who typed it)."""
    if _KEPT.fullmatch(text):
        return text
    number = _within_korea(unparted(text))
    for kind in _NUMBERS:
        if found := kind.fullmatch(number):
            return "-".join(found.groups())
    if _WITHOUT_ZERO.fullmatch(number):
        raise ValueError("the 0 in front is missing, as a sheet drops it from what it takes for an amount")
    if _WITHOUT_AREA.fullmatch(number):
        raise ValueError("the area is missing, such as 02 or 031")
    raise ValueError(f"is no telephone number of Korea, and one alone: write it like {WRITTEN}")


def _within_korea(number: str) -> str:
    abroad = _ABROAD.match(number)
    if abroad is None:
        return number
    rest = number[abroad.end() :]
    return rest if rest.startswith("0") or _NUMBERS[-1].fullmatch(rest) else f"0{rest}"


def without_middle(kept: str) -> str:
    """Give a number by which those who know it know it again: of one in two parts the last is left out."""
    first, *rest = kept.split("-")
    return "-".join([first, "****", *rest[1:]])


Phone = Annotated[
    str, by(phone), Field(json_schema_extra={"pattern": f"^({_KEPT.pattern})$", "examples": ["010-0000-1234"]})
]
