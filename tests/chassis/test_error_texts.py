"""What an error of a library says, of the database or of a file, is for the log. No answer repeats it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from fastapi import APIRouter

from chassis.batch.owners import NOBODY
from chassis.database.db import Unavailable
from chassis.http import app as http
from chassis.http.access import Door
from chassis.http.calls import reads
from tests.chassis.asking import ask
from tests.test_parameters import _Named

ROOT = Path(__file__).parents[2]
SECRET = 'relation "seeker" of /var/lib/postgresql has "홍길동"'

TOLD = {
    ("chassis/http/auth.py", "_claims"): "why a token is refused, which the log alone is told",
    ("chassis/http/auth.py", "_text"): "why a claim is no text, in our own words, which the log alone is told",
    ("chassis/http/bulk.py", "_of_object"): "where a line stops being JSON",
    ("chassis/http/bulk.py", "_validated"): "why a ref is no text, in our own words",
    ("chassis/stream/cloudevents.py", "from_record"): "why a record is a dead letter",
    ("chassis/stream/cloudevents.py", "_parsed"): "why a record is a dead letter",
    ("chassis/stream/dead_letters.py", "_drive"): "a dead letter, for operators",
    ("chassis/stream/republishing.py", "go_on"): "why a republication ended, for operators",
    ("chassis/stream/restoring.py", "_row"): "told at the command line, of a file",
    ("chassis/stream/restoring.py", "main"): "told at the command line, of a file",
    **{
        ("services/reporting/signin/provider.py", name): "the log alone: whoever signs in sees a page in our own words"
        for name in ("finish", "_claims", "_told")
    },
    ("services/reporting/drawing/__main__.py", "_write"): "the log, by way of the process that had a chart drawn",
    ("services/reporting/export.py", "main"): "told at the command line, of a day",
    ("chassis/running/healthcheck.py", "main"): "the container's own log",
    ("chassis/stream/record_batch.py", "_read"): "a dead letter, for operators",
    ("chassis/stream/record_batch.py", "apply"): "a dead letter, for operators",
    ("chassis/stream/record_texts.py", "_check"): "why a text is none, in our own words; a dead letter, for operators",
    ("chassis/http/request_texts.py", "_check"): "why a text is none, in our own words",
    ("chassis/running/settings.py", "_unreadable"): "a process that doesn't start",
    ("services/intake/lifting.py", "main"): "whoever is on the machine",
}
"""Where the text of an error that was caught goes elsewhere than into the log, and to whom."""


class Unencodable(asyncpg.InterfaceError, ValueError):
    """As asyncpg's own of a value that no column holds."""


RAISED = [
    (Unencodable(SECRET), 422),
    (asyncpg.UndefinedTableError(SECRET), 503),
    (asyncpg.PostgresConnectionError(SECRET), 503),
    (asyncpg.DataError(SECRET), 500),
    (asyncpg.UniqueViolationError(SECRET), 500),
    (asyncpg.InterfaceError(SECRET), 503),
    (FileNotFoundError(2, "No such file", SECRET), 503),
    (Unavailable("too many requests are waiting"), 503),
    (RuntimeError(SECRET), 500),
]


def _texts_of_caught(tree: ast.Module) -> Iterator[str]:
    """Name the functions that put an error which they caught into a text, but for what they log."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for handler in ast.walk(function):
            if isinstance(handler, ast.ExceptHandler) and handler.name and _told(handler, handler.name):
                yield function.name


def _told(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("log."):
        return False
    if isinstance(node, ast.FormattedValue) and isinstance(node.value, ast.Name) and node.value.id == name:
        return True
    if isinstance(node, ast.Call) and ast.unparse(node) in {f"str({name})", f"repr({name})"}:
        return True
    return any(_told(child, name) for child in ast.iter_child_nodes(node))


def test_the_text_of_a_caught_error_goes_nowhere_but_where_it_is_known_to() -> None:
    found = {
        (str(path.relative_to(ROOT)), function)
        for folder in ("chassis", "services")
        for path in (ROOT / folder).rglob("*.py")
        for function in _texts_of_caught(ast.parse(path.read_text()))
    }
    assert found == set(TOLD)


@pytest.mark.parametrize(("error", "status"), RAISED, ids=lambda value: type(value).__name__)
async def test_no_answer_repeats_what_an_error_says(error: Exception, status: int) -> None:
    router = APIRouter()

    @router.get("/broken", dependencies=[reads(Door(("manager",), NOBODY))])
    async def broken() -> None:
        raise error

    app = http.app("broken", "", [router], verifier=_Named())
    answer = await ask(app, "GET", "/broken", headers={"authorization": "manager"})
    assert answer.status == status
    assert answer.problem["status"] == status
    assert "seeker" not in answer.body.decode()
    assert type(error).__name__ not in answer.body.decode()
