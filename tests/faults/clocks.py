"""A clock that is off, in one process, for what its services read of it: the time of day, and the time inside ids.

Nothing here shifts the system's clock. What is shown is what a wrong time does in events, ids and whatever is compared
with them; time limits run on the monotonic clock, which no wrong time of day moves, and tokens are checked by the true
time: with an hour off, each would be refused, which is right and shows nothing.
"""

import sys
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

OURS = ("chassis.", "contracts.", "services.")
TRUE = ("chassis.http.auth", "chassis.http.keys")


def shift(seconds: float) -> None:
    """Put the clock of all that is imported by now forward by so many seconds."""
    shifted, draw = _shifted(timedelta(seconds=seconds)), uuids.uuid7

    def uuid7() -> UUID:
        return UUID(int=draw().int + (round(seconds * 1000) << 80))  # its first 48 bits are milliseconds

    uuids.uuid7 = uuid7
    for name, module in list(sys.modules.items()):
        if name.startswith(OURS) and name not in TRUE and getattr(module, "datetime", None) is datetime:
            module.datetime = shifted


def _shifted(offset: timedelta) -> Any:
    class Kind(type):
        def __getattr__(cls, name: str) -> Any:
            return getattr(datetime, name)

        def __call__(cls, *given: Any, **more: Any) -> datetime:
            return datetime(*given, **more)  # noqa: DTZ001 (as it was asked for)

        def __instancecheck__(cls, one: object) -> bool:
            return isinstance(one, datetime)

    class Shifted(metaclass=Kind):
        @staticmethod
        def now(tz: Any = None) -> datetime:
            return datetime.now(tz) + offset

    return Shifted
