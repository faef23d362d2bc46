"""How the rows of a table are written: text and arguments of SELECT, INSERT and UPDATE, made from one list of columns.

It makes them and executes nothing: a store says when. A batch of states is one statement, whose arguments are an array
a column.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Generic, TypeVar

State = TypeVar("State")

Cell = str | tuple[str, Callable[[State], Any]]
"""A column's type in PostgreSQL; with what it holds of a state, where that isn't the attribute of the column's name."""

SEPARATOR = ","
"""Between the members of an array, none of which has one: unnest would take an array of arrays apart."""


class Rows(Generic[State]):
    """The rows that states of one kind are kept in: the table, its key (one column or several), and the columns in
    order. A column of an array's type is given as a sequence of texts."""

    def __init__(self, table: str, key: str | Sequence[str], cells: Mapping[str, Cell[State]]) -> None:
        self._table = table
        self._key = (key,) if isinstance(key, str) else tuple(key)
        self._types = {name: cell if isinstance(cell, str) else cell[0] for name, cell in cells.items()}
        self._of = [
            _joined(self._types[name], attrgetter(name) if isinstance(cell, str) else cell[1])
            for name, cell in cells.items()
        ]
        self.names = ", ".join(cells)
        """The columns, as a SELECT lists them."""
        self.given = f"unnest({', '.join(self._parameters())}) AS given ({self.names})"
        """What stands behind FROM where the arguments are read; `given` has the columns by their names."""
        self.insert = f"INSERT INTO {table} ({self.names}) SELECT {', '.join(self._values())} FROM {self.given}"
        """Keep new rows; one whose key is there is an error."""
        self.keep_first = f"{self.insert} ON CONFLICT DO NOTHING"
        """Keep new rows and leave those that are there."""

    def names_as(self, **read_as: str) -> str:
        """Give the columns as a SELECT lists them that reads some of them as an expression."""
        return ", ".join(f"{read_as[name]} AS {name}" if name in read_as else name for name in self._types)

    def keep(self, changing: Iterable[str] = (), *, also: str = "", if_changed: bool = False) -> str:
        """Give the statement that keeps new rows and replaces `changing` columns of those that are there, all but the
        key if none is named. `also` is set beside them, where a column follows from others; with `if_changed` a row is
        only written when one of them differs."""
        names = tuple(changing) or tuple(name for name in self._types if name not in self._key)
        replaced = ", ".join(f"{name} = excluded.{name}" for name in names)
        differ = (
            f" WHERE ({', '.join(f'{self._table}.{name}' for name in names)})"
            f" IS DISTINCT FROM ({', '.join(f'excluded.{name}' for name in names)})"
        )
        return (
            f"{self.insert} ON CONFLICT ({', '.join(self._key)}) DO UPDATE SET {replaced}{also and f', {also}'}"
            f"{differ if if_changed else ''}"
        )

    def update(self) -> str:
        """Give the statement that replaces the columns of rows that are there."""
        values = dict(zip(self._types, self._values(), strict=True))
        replaced = ", ".join(f"{name} = {value}" for name, value in values.items() if name not in self._key)
        same = " AND ".join(f"{self._table}.{name} = given.{name}" for name in self._key)
        return f"UPDATE {self._table} SET {replaced} FROM {self.given} WHERE {same}"

    def arguments(self, states: Sequence[State]) -> list[list[Any]]:
        """Give the arguments of each of these statements: an array a column, of a value a state."""
        return [list(map(of, states)) for of in self._of]

    def _parameters(self) -> list[str]:
        types = ("text" if _is_array(type_) else type_ for type_ in self._types.values())
        return [f"${place}::{type_}[]" for place, type_ in enumerate(types, 1)]

    def _values(self) -> list[str]:
        return [
            f"string_to_array(given.{name}, '{SEPARATOR}')::{type_}" if _is_array(type_) else f"given.{name}"
            for name, type_ in self._types.items()
        ]


def of_part(part: str, name: str) -> Callable[[Any], Any]:
    """Give what a part of a state has by a name; None where a state is without that part."""
    part_of, of = attrgetter(part), attrgetter(name)
    return lambda state: None if (found := part_of(state)) is None else of(found)


def _is_array(type_: str) -> bool:
    return type_.endswith("[]")


def _joined(type_: str, of: Callable[[Any], Any]) -> Callable[[Any], Any]:
    if not _is_array(type_):
        return of

    def joined(state: Any) -> str | None:
        members = of(state)
        return None if members is None else SEPARATOR.join(members)

    return joined
