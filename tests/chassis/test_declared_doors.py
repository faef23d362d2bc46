"""Each endpoint declares its door, or the app isn't made."""

import pytest
from fastapi import APIRouter

from chassis.batch.decisions import Actor
from chassis.batch.owners import EVERYBODY, NOBODY
from chassis.http import app as http
from chassis.http import commands
from chassis.http.access import Door, doors_of
from chassis.http.calls import Call, asks, reads

STAFF, FIRMS = Door(("counsellor", "manager"), EVERYBODY), Door(("employer",), NOBODY)


def _declared() -> APIRouter:
    router = APIRouter(prefix="/texts")

    @router.post("")
    async def write(call: Call = asks(STAFF)) -> None: ...

    @router.get("/{number}")
    async def read(number: int, _: Actor = reads(FIRMS)) -> None: ...

    return router


def test_a_route_has_the_door_that_its_endpoint_declares() -> None:
    assert doors_of(_declared().routes) == {"POST /texts": STAFF, "GET /texts/{number}": FIRMS}


def test_an_app_with_a_route_that_declares_no_door_is_not_made() -> None:
    router = _declared()

    @router.delete("/{number}")
    async def forget(number: int) -> None: ...

    with pytest.raises(LookupError, match=r"without asks\(Door\(...\)\) or .*: DELETE /texts/\{number\}$"):
        http.app("texts", "", [router])


def test_commands_in_bulk_are_for_whoever_may_change_something() -> None:
    (door,) = doors_of(commands.router_beside([_declared()]).routes).values()
    assert (door.roles, door.owner) == (STAFF.roles, commands.AS_ALONE)
