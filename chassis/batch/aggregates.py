"""How a command names what it touches, and what a slice's store must offer to load and keep it.

A store says what it is: an `Aggregate` is loaded under its lock and kept, a `Look` is only read. What is done beside
them, and of which nothing is loaded, is an effect (`chassis.batch.effects`).
"""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from chassis.database.buckets import lock_keys
from chassis.database.db import Connection

State = TypeVar("State")


class Ref(NamedTuple, Generic[State]):
    """One aggregate or look that a command touches: its kind (the state's class) and its key.

    The key is its own, or a `Find` that the store resolves to one under the locks taken before it. What a command's
    `touches` says that it returns, as `tuple[Ref[Vacancy], Ref[Case]]`, is compared with what its rule takes as the
    service is made (`chassis.batch.wiring`).
    """

    kind: type[State]
    key: Hashable


@dataclass(frozen=True, slots=True)
class Find:
    """A state named by way of something else, e.g. by something that belongs to it. Where one names states of several
    kinds, they have the same key."""


class Store(ABC, Generic[State]):
    """All SQL of one kind of states. A batch loads and keeps each kind with one statement, or few."""

    @abstractmethod
    def key(self, state: State) -> Hashable:
        """Give the state's own key."""

    async def find(self, conn: Connection, finds: Sequence[Any]) -> Mapping[Any, Any]:
        """Resolve finds to keys; one that leads nowhere is left out. Finds of kinds that come later in the lock order,
        to which the way is the same, may be resolved with them: where what they lead to still holds under the locks."""
        raise TypeError(f"{type(self).__name__} resolves no {type(finds[0]).__name__}")

    @abstractmethod
    async def load(self, conn: Connection, keys: Sequence[Any]) -> Mapping[Any, State]:
        """Read, rows in key order, an aggregate under its lock; what doesn't exist is left out."""


class Look(Store[State]):
    """What is only read, to decide by it. It may lock what it shows, but nothing of it is kept: so nothing is born by
    it either, and what isn't there takes no lock.

    Where a decision changes what a look shows, by what it keeps beside, it gives the look so changed among its states,
    for those after it in the batch. Such a look has a `key`.
    """

    def key(self, state: State) -> Hashable:
        raise TypeError(f"no decision changes what {type(state).__name__} shows")


class Aggregate(Store[State]):
    """What is loaded under its lock, its own or that of another one which is touched with it, and kept."""

    rests_on_others: ClassVar[bool] = False
    """Whether others of the kind are part of what one is decided by, as what was published before. Where one changes,
    what comes after it in a batch is loaded anew."""

    @abstractmethod
    async def save(self, conn: Connection, states: Sequence[State]) -> None:
        """Keep new and changed states."""


Stores = Mapping[type[Any], Store[Any]]
"""The stores of a service by the state they load, in the service's one lock order. Aggregates are saved in it, too."""


class Loaded:
    """The states of one batch, each as the last decision left it."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._states: dict[type[Any], dict[Any, Any]] = {kind: {} for kind in stores}
        self._found: dict[Find, Any] = {}
        """By each find its key; None where it leads nowhere."""
        self._changed: dict[type[Any], dict[Any, None]] = {kind: {} for kind in stores}

    async def load(self, conn: Connection, refs: Sequence[Ref[Any]]) -> None:
        """Lock and read everything that `refs` name, kind after kind in lock order."""
        wanted: dict[type[Any], set[Any]] = {}
        for ref in refs:
            wanted.setdefault(ref.kind, set()).add(ref.key)
        unknown = wanted.keys() - self._stores.keys()
        if unknown:
            raise TypeError(f"no store for {unknown}")
        for kind, store in self._stores.items():
            keys = wanted.get(kind)
            if not keys:
                continue
            if finds := [key for key in keys if isinstance(key, Find)]:
                if unasked := [find for find in finds if find not in self._found]:
                    self._found.update(await store.find(conn, unasked))
                named = {key for key in keys if not isinstance(key, Find)}
                keys = (named | {self._found.setdefault(find) for find in finds}) - {None}
            if keys:
                self._states[kind] = dict(await store.load(conn, sorted(keys)))
                missing = keys - self._states[kind].keys()
                if missing and isinstance(store, Aggregate):
                    # A row lock can't keep two batches from both making the same aggregate.
                    await lock_keys(conn, kind.__qualname__, missing)
                    self._states[kind].update(await store.load(conn, sorted(missing)))

    def __getitem__(self, ref: Ref[Any]) -> Any:
        """Give the state, or None where there is none."""
        key = self._found.get(ref.key) if isinstance(ref.key, Find) else ref.key
        return self._states[ref.kind].get(key)

    def put(self, states: Sequence[Any]) -> None:
        """Take over the states that a decision left."""
        for state in states:
            kind = type(state)
            key = self._stores[kind].key(state)
            self._states[kind][key] = state
            self._changed[kind][key] = None

    def is_outdated_by(self, states: Sequence[Any]) -> bool:
        """Whether others were loaded as they were before one of these changed."""
        stores = (self._stores[type(state)] for state in states)
        return any(isinstance(store, Aggregate) and store.rests_on_others for store in stores)

    async def save(self, conn: Connection) -> None:
        """Keep the aggregates that changed, kind after kind in lock order."""
        for kind, keys in self._changed.items():
            store = self._stores[kind]
            if keys and isinstance(store, Aggregate):
                await store.save(conn, [self._states[kind][key] for key in sorted(keys)])
