"""The columns of each kind of table, as docs/generate.py wrote them from the services' forms into columns.json."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import orjson

from jobplus.importing.kinds import REF, reference_of


class Column(NamedTuple):
    """A column of a table: its name, how its cells are read (text, day, integer or list), whether each row needs one,
    the codes that it may hold if these are all, and a cell as an example."""

    name: str
    kind: str
    needed: bool
    codes: tuple[str, ...]
    example: str


@functools.cache
def columns_of(kind: str) -> tuple[Column, ...]:
    """Give the columns of a kind that a table is filled in by: `ref` first, and references in place of ids."""
    told = orjson.loads(Path(__file__).with_name("columns.json").read_bytes())[kind]
    found = [Column(REF, "text", needed=False, codes=(), example=f"{kind[0].upper()}1")]
    for each in told:
        reference = reference_of(each["name"])
        if reference:
            found.append(Column(reference, "text", each["needed"], (), f"{reference[0].upper()}1"))
        elif not each["name"].endswith("_id"):  # what no table brings in, no table can name
            found.append(Column(each["name"], each["kind"], each["needed"], tuple(each["codes"]), each["example"]))
    return tuple(found)


@functools.cache
def names_of(kind: str) -> frozenset[str]:
    """Give every name that a column of a kind may have: by an id here too."""
    told: list[Mapping[str, str]] = orjson.loads(Path(__file__).with_name("columns.json").read_bytes())[kind]
    return frozenset({each["name"] for each in told} | {column.name for column in columns_of(kind)})
