"""`jobplus figures`: the published figures, asked of reporting."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from http import HTTPStatus
from typing import Any, TypeGuard
from urllib.parse import urlencode

from chassis.batch.clock import SEOUL
from jobplus.client import Refusal
from jobplus.settling import Addresses
from jobplus.stack.errors import OptionRefused, StackFailed
from jobplus.stack.keys import Bearer

_PERIOD = ("as_of", "from", "known_at")


@dataclass(frozen=True, slots=True)
class Asked:
    """A period of days, None for today and for the beginning, as known at a day or moment, None for now."""

    as_of: date | None = None
    first: date | None = None
    known_at: str | None = None

    @property
    def query(self) -> str:
        given = {"as_of": self.as_of, "from": self.first, "known_at": self.known_at}
        return urlencode({name: value for name, value in given.items() if value is not None})


def ask(addresses: Addresses, asked: Asked) -> dict[str, Any]:
    """Give the figures of a period (raises StackFailed; OptionRefused where reporting refuses what is asked)."""
    (found,) = _ask(addresses, asked)
    return found


def ask_corrections(addresses: Addresses, asked: Asked, since: str) -> dict[str, Any]:
    """Give the figures as they were known at `since`, and as they are known in the period, with each that differs
    (raises as `ask`). The last day is that of `since` if none is asked for."""
    if asked.as_of is None:
        asked = replace(asked, as_of=_day_of(since))
    then, now = _ask(addresses, replace(asked, known_at=since), asked)
    return {"published_then": then, "known_now": now, "corrections": corrections(then, now)}


def corrections(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Put figures beside each other; gives those that differ, with the difference where they are numbers."""
    before, after = (dict(_paths(figures)) for figures in (then, now))
    found: list[dict[str, Any]] = []
    for figure in {**before, **after}:
        old, new = before.get(figure), after.get(figure)
        if old != new and figure not in _PERIOD:
            difference = round(new - old, 1) if _is_number(old) and _is_number(new) else None
            found.append({"figure": figure, "published_then": old, "known_now": new, "difference": difference})
    return found


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float)


def _ask(addresses: Addresses, *asked: Asked) -> list[dict[str, Any]]:
    async def get() -> list[dict[str, Any]]:
        client = addresses.client("reporting", Bearer("analyst"), 1)
        try:
            return [await client.get(f"/figures?{one.query}") for one in asked]
        finally:
            await client.close()

    try:
        return asyncio.run(get())
    except Refusal as error:
        if error.answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
            raise OptionRefused(str(error)) from error
        raise StackFailed(f"reporting refuses: {error}") from error
    except OSError as error:
        raise StackFailed(f"reporting does not answer: {error}; a local stack starts with: jobplus up") from error


def _day_of(since: str) -> date:
    """Give the day, in Seoul, of a day or of a moment that names its offset (raises OptionRefused)."""
    try:
        moment = datetime.fromisoformat(since)
    except ValueError as error:
        raise OptionRefused(f"--since {since} is neither a day nor a moment") from error
    return moment.astimezone(SEOUL).date() if moment.tzinfo else moment.date()


def _paths(figures: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in figures.items():
        if name == "surveys":
            for survey in value:
                yield from _paths(survey, f"surveys.{survey['on']}.")
        elif isinstance(value, dict):
            yield from _paths(value, f"{above}{name}.")  # pyright: ignore[reportUnknownArgumentType]
        else:
            yield f"{above}{name}", value
