"""What is named by way of something else: how it is looked up, and how often."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.batch.aggregates import Find, Loaded, Look, Ref
from chassis.database.db import Connection

UNUSED: Any = None
"""A connection for stores that know what they are asked."""

CHILD, PARENT = "child", "parent"


@dataclass(frozen=True, slots=True)
class Of(Find):
    """The family that somebody is of."""

    name: str


class RoadOf(Of):
    """The road that they live in."""


class TownOf(Of):
    """The town that they live in."""


@dataclass(frozen=True, slots=True)
class Family:
    name: str


@dataclass(frozen=True, slots=True)
class House:
    family: str


@dataclass(frozen=True, slots=True)
class Road:
    name: str


@dataclass(frozen=True, slots=True)
class Town:
    name: str


class Knowing(Look[Any]):
    """Knows where finds lead to, and takes down which it was asked for."""

    def __init__(self, kind: type[Any], **leads: str) -> None:
        self._kind, self._leads = kind, leads
        self.asked: list[Find] = []

    async def find(self, conn: Connection, finds: Sequence[Any]) -> Mapping[Any, Any]:
        self.asked.extend(finds)
        return {find: self._leads[find.name] for find in finds if find.name in self._leads}

    async def load(self, conn: Connection, keys: Sequence[str]) -> Mapping[str, Any]:
        return {key: self._kind(key) for key in keys}


class KnowingRoads(Knowing):
    """Knows in which town a road lies."""

    async def find(self, conn: Connection, finds: Sequence[Any]) -> Mapping[Any, Any]:
        found = await super().find(conn, finds)
        return {**found, **{TownOf(find.name): "town" for find in found}}


async def test_what_names_states_of_two_kinds_is_looked_up_once_also_where_it_leads_nowhere() -> None:
    families, houses = Knowing(Family, child="kim"), Knowing(House)
    loaded = Loaded({Family: families, House: houses})
    of_child, of_nobody = Of(CHILD), Of("nobody")
    named = [Ref(kind, find) for find in (of_child, of_nobody) for kind in (Family, House)]
    await loaded.load(UNUSED, named)
    assert [loaded[ref] for ref in named] == [Family("kim"), House("kim"), None, None]
    assert (set(families.asked), houses.asked) == ({of_child, of_nobody}, [])


async def test_a_store_may_resolve_what_the_next_kind_would_look_up_by_the_same_way() -> None:
    roads, towns = KnowingRoads(Road, child="road"), Knowing(Town, child="elsewhere", parent="village")
    loaded = Loaded({Road: roads, Town: towns})
    named = [Ref(Road, RoadOf(CHILD)), Ref(Town, TownOf(CHILD)), Ref(Town, TownOf(PARENT))]
    await loaded.load(UNUSED, named)
    assert [loaded[ref] for ref in named] == [Road("road"), Town("town"), Town("village")]
    assert towns.asked == [TownOf(PARENT)]
