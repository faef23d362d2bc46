"""Who may do what: each endpoint declares its door, by `asks` or `reads` (`calls.py`).

A door says which roles may pass, and whose records they find behind it: its owner rule. It is all that is asked; the
OpenAPI tells it (`x-roles`, `x-owner`), and docs/access.md is written from the doors of all routes.
"""

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import params
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


@dataclass(frozen=True, kw_only=True)
class Through(params.Depends):
    """What an endpoint depends on to be asked at all: who asks, through which door."""

    door: Door


Doors = Mapping[str, Door]
"""By method and path: `PUT /employers/{employer_id}`."""


def method_of(route: APIRoute) -> str:
    """Give the one method of a route."""
    (method,) = route.methods or {""}
    return method


def route_of(route: APIRoute) -> str:
    """Name a route: its method and path."""
    return f"{method_of(route)} {route.path}"


def doors_of(routes: Iterable[Any]) -> Doors:
    """Give the door of each route that somebody is asked for a token on (raises LookupError for those that declare
    none)."""
    public = {route_of(route): route for route in routes if isinstance(route, APIRoute) and route.include_in_schema}
    doors = {name: _declared(route) for name, route in public.items()}
    if without := sorted(name for name, door in doors.items() if door is None):
        raise LookupError(f"without asks(Door(...)) or reads(Door(...)): {', '.join(without)}")
    return {name: door for name, door in doors.items() if door is not None}


def _declared(route: APIRoute) -> Door | None:
    taken = (parameter.default for parameter in inspect.signature(route.endpoint).parameters.values())
    return next((one.door for one in (*route.dependencies, *taken) if isinstance(one, Through)), None)


def put_doors(routes: Iterable[Any]) -> None:
    """Put each route's door where it is looked up (raises LookupError, as `doors_of`)."""
    routes = [*routes]
    doors = doors_of(routes)
    for route in routes:
        if isinstance(route, APIRoute) and route.include_in_schema:
            route.door = doors[route_of(route)]  # pyright: ignore[reportAttributeAccessIssue]


def door_of(route: Any) -> Door:
    """Give the door of a route."""
    return route.door
