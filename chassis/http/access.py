"""Who may do what: a service has one table of doors, one for each of its routes.

A door says which roles may pass, and whose records they find behind it: its owner rule. The table is all that is asked:
`asks` and `reads` look it up, the OpenAPI tells it (`x-roles`, `x-owner`), and docs/access.md is written from it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi.routing import APIRoute

from chassis.batch.owners import Owner


@dataclass(frozen=True, slots=True)
class Door:
    """The roles that may use a route, its owner rule, and of one that takes many rows who may import what has
    happened before."""

    roles: tuple[str, ...]
    owner: Owner
    importers: tuple[str, ...] = ("manager",)

    def held(self, role: str) -> Owner | None:
        """Give the rule that a role is held to here, None where it finds everybody's records."""
        return self.owner if role in self.owner.bound else None


Doors = Mapping[str, Door]
"""By method and path: `PUT /employers/{employer_id}`."""


def method_of(route: APIRoute) -> str:
    """Give the one method of a route."""
    (method,) = route.methods or {""}
    return method


def route_of(route: APIRoute) -> str:
    """Name a route as the table does."""
    return f"{method_of(route)} {route.path}"


def put_doors(routes: Iterable[Any], doors: Doors) -> None:
    """Give each route that somebody is asked for a token on its door (raises LookupError for one that isn't in the
    table, and for what is in the table and no route)."""
    public = {route_of(route): route for route in routes if isinstance(route, APIRoute) and route.include_in_schema}
    if public.keys() != doors.keys():
        raise LookupError(f"routes without a door or doors without a route: {sorted(public.keys() ^ doors.keys())}")
    for name, route in public.items():
        route.door = doors[name]  # pyright: ignore[reportAttributeAccessIssue]


def door_of(route: Any) -> Door:
    """Give the door of a route."""
    return route.door
