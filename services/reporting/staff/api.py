"""The pages of staff over HTTP."""

from functools import partial

from fastapi import APIRouter, Request, Response

from services.reporting.pages.words import words
from services.reporting.staff import live, opened, state, tables, waiting
from services.reporting.staff.answers import Asked, shown

PAGES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("staff/figures", "Figures up to any day", opened.ROLES),
    ("staff/facts", "Facts behind a figure", opened.PROVING),
    ("staff/waiting", "Who waits and how long", waiting.ROLES),
    ("staff/tables", "Tables of any split, month or year", tables.ROLES),
    ("live", "Live totals", live.ROLES),
    ("staff/state", "State of the services", state.ROLES),
)
"""The pages that one begins at: path, name, and the roles that they are for."""

router = APIRouter(include_in_schema=False)


async def _start(asked: Asked) -> Response:
    may_look_at = [
        (address, words.told(name, asked.language))
        for address, name, roles in PAGES
        if asked.reader.actor.role in roles
    ]
    return asked.page("staff", pages=may_look_at)


@router.get("/{language:two}/staff/")
async def start(request: Request, language: str) -> Response:
    """Who is signed in, and what they may look at."""
    return await shown(request, language, _start)


@router.get("/{language:two}/staff/state")
async def state_page(request: Request, language: str) -> Response:
    """How the services are."""
    return await shown(request, language, state.page, state.ROLES)


@router.get("/{language:two}/live")
async def live_page(request: Request, language: str) -> Response:
    """The totals as they stand, which move where there is a script."""
    return await shown(request, language, live.page, live.ROLES)


@router.get("/{language:two}/live/stream")
async def live_stream(request: Request, language: str) -> Response:
    """The totals as they move."""
    return await shown(request, language, live.stream, live.ROLES)


@router.get("/{language:two}/staff/figures")
async def figures_page(request: Request, language: str) -> Response:
    """Every figure up to a day, each leading to what it counts and to its facts."""
    return await shown(request, language, opened.figures_page, opened.ROLES)


@router.get("/{language:two}/staff/facts")
async def facts_page(request: Request, language: str) -> Response:
    """The facts of a measure, a page of them at a time."""
    return await shown(request, language, opened.facts_page, opened.PROVING)


@router.get("/{language:two}/staff/waiting")
async def waiting_page(request: Request, language: str) -> Response:
    """Who waits on a day and how long."""
    return await shown(request, language, waiting.page, waiting.ROLES)


@router.get("/{language:two}/staff/waiting.svg")
async def waiting_svg(request: Request, language: str) -> Response:
    """The chart of who waits."""
    return await shown(request, language, waiting.svg, waiting.ROLES)


@router.get("/{language:two}/staff/waiting/registrations")
async def registrations_page(request: Request, language: str) -> Response:
    """The registrations behind a number of those who wait, a page of them at a time."""
    return await shown(request, language, waiting.registrations_page, waiting.PROVING)


@router.get("/{language:two}/staff/ledger/{position}")
async def event_page(request: Request, language: str, position: str) -> Response:
    """An event as it stands in the ledger."""
    return await shown(request, language, partial(opened.event_page, position=position), opened.PROVING)


@router.get("/{language:two}/staff/tables")
async def tables_page(request: Request, language: str) -> Response:
    """A table of any measure, split, month or year, and the form that asks for it."""
    return await shown(request, language, tables.page, tables.ROLES)


@router.get("/{language:two}/staff/tables.{kind}")
async def table_file(request: Request, language: str, kind: str) -> Response:
    """The same table as a file."""
    return await shown(request, language, partial(tables.page, kind=kind), tables.ROLES)


@router.post("/{language:two}/staff/tables")
async def keep_table(request: Request, language: str) -> Response:
    """Keep a table for good; only a page of ours may ask for it."""
    return await shown(request, language, tables.keep, tables.ROLES)


@router.get("/{language:two}/staff/tables/")
async def kept_tables(request: Request, language: str) -> Response:
    """The tables that the reader kept."""
    return await shown(request, language, tables.list_page, tables.ROLES)


@router.get("/{language:two}/staff/tables/{name}")
async def kept_table(request: Request, language: str, name: str) -> Response:
    """A table that was kept, or the table as a file, by how the address ends."""
    return await shown(request, language, partial(tables.kept_page, name=name), tables.ROLES)
