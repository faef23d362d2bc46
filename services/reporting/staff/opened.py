"""Figures opened: from a number to what it counts and how, to its facts, and to the events in the ledger that made
them. What is asked for is what the interface has; the pages only show it, and only to whom it is open there."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode

import orjson
from fastapi import Response

from chassis.database.db import Connection, Pool, reading
from contracts import EVENTS
from contracts.seekers import SeekerErased
from services.reporting.figures import asked as figures
from services.reporting.figures import rules
from services.reporting.figures.facts import behind
from services.reporting.figures.measures import Measure
from services.reporting.figures.period import Period
from services.reporting.figures.published import published
from services.reporting.figures.rows import MEASURES
from services.reporting.ledger import queries as ledger
from services.reporting.pages import names
from services.reporting.pages.explained import ADDRESSES
from services.reporting.pages.words import amount, words
from services.reporting.readers import EVALUATOR, PROVERS, STAFF, readers_of_event
from services.reporting.signin.readers import Refused
from services.reporting.staff.answers import Asked
from services.reporting.staff.live import value_at
from services.reporting.staff.typed import LARGEST, Typed, day_of, place_of, today_of, typed_into

ROLES = STAFF
PROVING = (*PROVERS, EVALUATOR)
"""Who may look at single facts: the evaluation office at those of surveys alone."""
FACTS_OF_A_PAGE = 50

_ERASED = """SELECT key FROM ledger WHERE key = ANY($1) AND topic = $2 AND type = $3"""


class Number(NamedTuple):
    """A figure's number: its address, its name, how it is written, and what it is counted by (measure, name)."""

    address: str
    name: str
    shown: str
    measures: tuple[tuple[str, str], ...]


class Fact(NamedTuple):
    """A fact as it is shown; `erased` says that whom its event is about was erased since."""

    position: int
    occurred_on: date
    recorded_at: Any
    amount: int
    told: str
    event: str
    erased: bool


async def figures_page(asked: Asked) -> Response:
    """Show every figure up to a day, as it is known now."""
    typed = typed_into(asked, "as_of")
    with asked.costly():
        return await _figures(asked, typed)


async def _figures(asked: Asked, typed: Typed) -> Response:
    pool: Pool = asked.request.app.state.pool
    async with reading(pool) as conn:
        today = await today_of(asked, conn)
        until = day_of(typed, "as_of", today)
        tree = {} if typed.wrong else await published(conn, figures.ALL, Period(until), today)
    proves = asked.reader.actor.role in PROVING
    numbers = [
        Number(
            address,
            names.figure_name(address, asked.language),
            amount(value, names.unit_of(address), asked.language),
            _of(asked, address),
        )
        for address in ADDRESSES
        if (value := value_at(tree, address)) is not None
    ]
    return asked.page(
        "opened_figures",
        status=422 if typed.wrong else 200,
        numbers=numbers,
        proves=proves,
        until=until,
        typed=typed,
        today=today,
    )


def _of(asked: Asked, address: str) -> tuple[tuple[str, str], ...]:
    """Give the measures behind a figure whose facts the reader may look at."""
    figure = next(one for one in figures.ALL if one.is_of(address))
    return tuple(
        (measure, words.told(names.MEASURES[measure].name, asked.language))
        for measure in sorted(figure.measures)
        if asked.reader.actor.role in rules.readers_of_facts(measure)
    )


def _meaning(measure: str, asked: Asked) -> str:
    found = MEASURES.get(cast(Measure, measure))
    return words.told(found.meaning, asked.language) if found else ""


def _open_measures(asked: Asked) -> list[tuple[str, str]]:
    return [
        (measure, words.told(named.name, asked.language))
        for measure, named in names.MEASURES.items()
        if asked.reader.actor.role in rules.readers_of_facts(measure)
    ]


async def facts_page(asked: Asked) -> Response:
    """Show the facts of a measure, a page of them at a time, each with its event."""
    typed = typed_into(asked, "measure", "from", "as_of", "after")
    measure = typed.values["measure"]
    pool: Pool = asked.request.app.state.pool
    measures = _open_measures(asked)
    if measure and measure not in names.MEASURES:
        typed.wrong["measure"] = "no measure"
    elif measure and measure not in dict(measures):
        raise Refused(403, "other role", roles=rules.readers_of_facts(cast(Measure, measure)))
    async with reading(pool) as conn:
        today = await today_of(asked, conn)
        until = day_of(typed, "as_of", today)
        first = day_of(typed, "from", today) if typed.values["from"].strip() else None
        if first and first > until and not typed.wrong:
            typed.wrong["from"] = "turned round"
        after = place_of(typed, "after")
        shown, more = [], None
        if measure and not typed.wrong:
            period = Period(until, first)
            page = await behind(conn, cast(Measure, measure), period, after, FACTS_OF_A_PAGE)
            shown, more = await facts_shown(conn, page.facts, asked), page.next
    query = {name: value for name, value in typed.values.items() if value and name != "after"}
    return asked.page(
        "opened_facts",
        status=422 if typed.wrong else 200,
        measures=measures,
        typed=typed,
        today=today,
        facts=shown,
        name=dict(measures).get(measure, ""),
        meaning=_meaning(measure, asked),
        next=urlencode({**query, "after": more}) if more else "",
    )


async def facts_shown(conn: Connection, facts: Iterable[dict[str, Any]], asked: Asked) -> list[Fact]:
    """Show facts, or what is told as they are, each with the event in the ledger that it comes from."""
    found = list(facts)
    rows = await conn.fetch(
        "SELECT position, key, type FROM ledger WHERE position = ANY($1)", [one["position"] for one in found]
    )
    events = {row["position"]: row for row in rows}
    erased = await _erased(conn, {row["key"] for row in rows})
    return [
        Fact(
            one["position"],
            one["occurred_on"],
            one["recorded_at"],
            one["amount"],
            _told(one["dimensions"], asked),
            _event_name(events[one["position"]]["type"], asked),
            events[one["position"]]["key"] in erased,
        )
        for one in found
    ]


async def _erased(conn: Connection, keys: Iterable[str]) -> set[str]:
    """Give those keys whose person was erased."""
    rows = await conn.fetch(_ERASED, [*keys], SeekerErased.topic.name, SeekerErased.type)
    return {row["key"] for row in rows}


def _told(dimensions: dict[str, Any], asked: Asked) -> str:
    """Say what a fact is told apart by: `age: 29 and under, gender: women`."""
    told = [
        f"{words.told(name, asked.language)}: {names.value_name(by, str(value), asked.language)}"
        for by, name in names.DIMENSIONS.items()
        if (value := dimensions.get(by)) is not None
    ]
    return ", ".join(told)


def _event_name(kind: str, asked: Asked) -> str:
    event = EVENTS.get(kind)
    return event.korean if event and asked.language == "ko" else kind.rpartition(".")[2]


async def event_page(asked: Asked, position: str) -> Response:
    """Show an event as it stands in the ledger."""
    if not (position.isascii() and position.isdigit() and 0 < int(position) <= LARGEST):
        raise Refused(404, "no event")
    pool: Pool = asked.request.app.state.pool
    async with reading(pool) as conn:
        found = await ledger.entry(conn, int(position))
        if found is None:
            raise Refused(404, "no event")
        allowed = readers_of_event(found["topic"], found["type"])
        if asked.reader.actor.role not in allowed:
            raise Refused(403, "other role", roles=allowed)
        erased = found["key"] in await _erased(conn, [found["key"]])
    data = orjson.dumps(found["data"], option=orjson.OPT_INDENT_2).decode()
    return asked.page("opened_event", event=found, name=_event_name(found["type"], asked), data=data, erased=erased)
