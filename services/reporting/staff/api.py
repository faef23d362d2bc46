"""The pages of staff over HTTP."""

from fastapi import APIRouter, Request, Response

from services.reporting.pages.words import words
from services.reporting.staff import state
from services.reporting.staff.answers import Asked, shown

PAGES: tuple[tuple[str, str, tuple[str, ...]], ...] = (("staff/state", "State of the services", state.ROLES),)
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
