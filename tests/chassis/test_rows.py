"""Rows are written as their columns say, against a real table."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest

from chassis.database.db import Connection, Pool
from chassis.database.rows import Rows, of_part


@dataclass(frozen=True)
class Book:
    number: int
    title: str
    tags: tuple[str, ...] | None = ()
    lent: bool = False
    notes: str = ""


BOOKS = Rows[Book](
    "book",
    "number",
    {
        "number": "int",
        "title": "text",
        "tags": "text[]",
        "lent": "bool",
        "said": ("jsonb", lambda book: {"notes": book.notes}),
    },
)
MADE = """CREATE TEMPORARY TABLE book (
    number int PRIMARY KEY, title text, tags text[], lent bool, said jsonb, written int NOT NULL DEFAULT 1)"""
WRITTEN_ONCE_MORE = "written = book.written + 1"


@pytest.fixture
async def conn(pool: Pool) -> AsyncIterator[Connection]:
    async with pool.acquire() as conn:
        await conn.execute(MADE)
        yield conn
        await conn.execute("DROP TABLE book")


async def _all(conn: Connection) -> list[tuple[Any, ...]]:
    rows = await conn.fetch(f"SELECT {BOOKS.names}, written FROM book ORDER BY number")
    return [tuple(row) for row in rows]


async def test_states_are_kept_column_by_column_and_replaced(conn: Connection) -> None:
    await conn.execute(BOOKS.keep(), *BOOKS.arguments([Book(1, "a", ("x", "y")), Book(2, "b", None, notes="torn")]))
    await conn.execute(BOOKS.keep(), *BOOKS.arguments([Book(1, "c", (), True)]))
    assert await _all(conn) == [
        (1, "c", [], True, {"notes": ""}, 1),
        (2, "b", None, False, {"notes": "torn"}, 1),
    ]


async def test_nothing_is_written_for_no_states(conn: Connection) -> None:
    await conn.execute(BOOKS.keep(), *BOOKS.arguments([]))
    assert await _all(conn) == []


async def test_columns_that_do_not_change_keep_what_was_first(conn: Connection) -> None:
    await conn.execute(BOOKS.insert, *BOOKS.arguments([Book(1, "a")]))
    await conn.execute(BOOKS.keep(["lent"]), *BOOKS.arguments([Book(1, "b", ("x",), True)]))
    await conn.execute(BOOKS.keep_first, *BOOKS.arguments([Book(1, "c"), Book(2, "d")]))
    assert await _all(conn) == [(1, "a", [], True, {"notes": ""}, 1), (2, "d", [], False, {"notes": ""}, 1)]
    with pytest.raises(asyncpg.UniqueViolationError):
        await conn.execute(BOOKS.insert, *BOOKS.arguments([Book(1, "e")]))


@pytest.mark.parametrize("changed", [Book(1, "b"), Book(1, "a", ("x",)), Book(1, "a", None), Book(1, "a", notes="n")])
async def test_a_row_that_differs_in_any_column_is_written_and_one_that_does_not_is_not(
    conn: Connection, changed: Book
) -> None:
    keep = BOOKS.keep(also=WRITTEN_ONCE_MORE, if_changed=True)
    for state in (Book(1, "a"), Book(1, "a"), changed, changed):
        await conn.execute(keep, *BOOKS.arguments([state]))
    ((_, _, _, _, _, written),) = await _all(conn)
    assert written == 2


async def test_a_column_is_read_as_an_expression_in_its_place(conn: Connection) -> None:
    await conn.execute(BOOKS.insert, *BOOKS.arguments([Book(1, "a", ("x",))]))
    row = await conn.fetchrow(f"SELECT {BOOKS.names_as(title='upper(title)', lent='NOT lent')} FROM book")
    assert row is not None
    assert dict(row) == {"number": 1, "title": "A", "tags": ["x"], "lent": True, "said": {"notes": ""}}


async def test_only_rows_that_are_there_are_updated(conn: Connection) -> None:
    await conn.execute(BOOKS.insert, *BOOKS.arguments([Book(1, "a"), Book(2, "b")]))
    await conn.execute(BOOKS.update(), *BOOKS.arguments([Book(2, "c", ("x",), True), Book(3, "d")]))
    assert await _all(conn) == [(1, "a", [], False, {"notes": ""}, 1), (2, "c", ["x"], True, {"notes": ""}, 1)]


async def test_a_key_of_several_columns_is_one(conn: Connection) -> None:
    await conn.execute("CREATE UNIQUE INDEX ON book (title, lent)")
    by_title = Rows[Book]("book", ("title", "lent"), {"number": "int", "title": "text", "lent": "bool"})
    await conn.execute(by_title.keep(), *by_title.arguments([Book(1, "a"), Book(2, "a", (), True)]))
    await conn.execute(by_title.keep(), *by_title.arguments([Book(3, "a")]))
    assert [row[0] for row in await _all(conn)] == [2, 3]


@dataclass(frozen=True)
class Shelf:
    first: Book | None


def test_what_a_missing_part_would_have_is_nothing() -> None:
    title_of = of_part("first", "title")
    assert title_of(Shelf(Book(1, "a"))) == "a"
    assert title_of(Shelf(None)) is None
