"""The benchmarks' copies of a whole centre are the same rows by other ids, in which the services go on as in any."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from jobplus.bench import copies, two_years
from jobplus.bench.history import fill
from jobplus.stack.local import Stack
from jobplus.stack.ports import SERVICES
from tests.kit import forms
from tests.kit.client import StackClient
from tests.stacks import Stacks

NUMBERS = range(1, 4)
EVENTS = 1500


@pytest.fixture(scope="module")
def stack(stacks: Stacks) -> Iterator[Stack]:
    with stacks.running("copies", durable=False) as own:
        fill(own, EVENTS, lambda _: None)
        yield own


async def _connected(stack: Stack, service: str) -> asyncpg.Connection:
    return await asyncpg.connect(stack.database_url(service))


def _id(told: UUID, number: int) -> UUID:
    digits = hashlib.md5(f"{told}{number}".encode(), usedforsecurity=False).hexdigest()
    return UUID(f"{str(told)[:24]}{digits[:12]}")


def _copied(name: str, told: Any, number: int) -> Any:
    """Give what a copy has for what a row tells in a column; the original itself is number 0."""
    if isinstance(told, list):
        return tuple(_copied(name, one, number) for one in told)
    if isinstance(told, UUID):
        return _id(told, number) if number else told
    if name == "key" and number:
        return str(_id(UUID(told), number)) if told.count("-") == 4 else f"{told}-{number}"
    return told


async def test_each_table_is_copied_or_it_is_said_why_not(stack: Stack) -> None:
    named = [table for tables in copies.NOT_COPIED.values() for table in tables]
    assert len(named) == len(set(named))
    for service in SERVICES:
        conn = await _connected(stack, service)
        found = await conn.fetch(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT relispartition"
        )
        await conn.close()
        assert {row["relname"] for row in found} - set(copies.TABLES[service]) <= set(named), service


async def test_copies_are_the_same_rows_by_other_ids(stack: Stack) -> None:
    compared = Counter[str]()
    for service in SERVICES:
        conn = await _connected(stack, service)
        await copies.keep_originals(conn, service)
        await two_years.copy(conn, await copies.statements(conn, service), NUMBERS, of=copies.ORIGINALS)
        for table in copies.TABLES[service]:
            own = {column for of, at, column in copies.OTHERWISE if (of, at) == (service, table)}
            left_out = own | {"position", "compared_name"}

            def told(row: Mapping[str, Any], number: int = 0, left_out: set[str] = left_out) -> tuple[Any, ...]:
                return tuple(_copied(name, one, number) for name, one in row.items() if name not in left_out)

            originals = await conn.fetch(f"SELECT * FROM {copies.ORIGINALS}.{table}")
            expected = Counter(told(row, number) for number in (0, *NUMBERS) for row in originals)
            found = Counter(told(row) for row in await conn.fetch(f"SELECT * FROM public.{table}"))
            assert found == expected, (service, table)
            compared[service] += found.total()
        await conn.close()
    assert all(compared[service] > 100 for service in SERVICES), compared


def test_the_services_go_on_with_a_copy(stack: Stack) -> None:
    """A session of somebody who was copied is kept, told, and counted, with no number left out or given twice."""
    calling = StackClient(stack)
    seeker, counsellor = calling.query(
        "intake",
        f"SELECT seeker_id, counsellor_id FROM {copies.ORIGINALS}.seeker"
        " WHERE status = 'active' AND counsellor_id IS NOT NULL",
    )[0].values()
    copied, theirs = (str(_id(one, 2)) for one in (seeker, counsellor))
    original = calling.get("intake", f"/seekers/{seeker}", role="manager").json
    expected = {**original, "seeker_id": copied, "name": f"{original['name']} 2"}
    assert calling.get("intake", f"/seekers/{copied}", role="manager").json == expected
    held = calling.post("intake", "/sessions", forms.session(copied, theirs), role="manager")
    assert held.status == 201, held
    calling.settle()
    told = calling.query(
        "reporting", "SELECT sequence FROM ledger WHERE key = $1 AND topic = 'jobplus.counselling' ORDER BY 1", copied
    )
    assert [row["sequence"] for row in told] == list(range(1, len(told) + 1))
    assert calling.query("reporting", "SELECT count(*) AS n FROM dead_letter")[0]["n"] == 0
