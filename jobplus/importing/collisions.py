"""Rows of the files that are one and the same person or firm: told by a dry run before anything is sent.

A service sees it only of rows that are there already, or come in one request.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from chassis.texts import TextRefused, compared, taken, unparted

_ABROAD = re.compile(r"\A\+820?")


class Same(NamedTuple):
    """What a row is the same by as another, the field that a service refuses it for, and the word for what it is."""

    by: tuple[str, ...]
    field: str
    what: str


def same_by(kind: str, cells: Mapping[str, Any]) -> Same | None:
    """Tell by what another row would be the same; None where a row doesn't say it."""
    try:
        match kind, cells:
            case "seekers", {"name": str(name), "birth_date": str(born), "phone": str(phone)}:
                return Same((kind, compared(taken(name)), born, _phone(phone)), "name", "same_person")
            case "employers", {"business_number": number}:
                return Same((kind, unparted(str(number))), "business_number", "same_firm")
            case _:
                return None
    except TextRefused:
        return None


def _phone(text: str) -> str:
    return _ABROAD.sub("0", unparted(text))
