"""No test asks for the time where it is collected: a whole run may come to it half an hour later, when what was said
of that moment, such as a token's end ten minutes on, isn't true any more."""

import ast
from collections.abc import Iterator
from pathlib import Path

ASK = {"time.time", "time.monotonic", "datetime.now", "datetime.today", "date.today", "today"}


def _run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Give what runs when a file is imported: of a function its decorators and what its parameters are by default."""
    yield node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        inner: list[ast.AST] = [*node.decorator_list, node.args]
    elif isinstance(node, ast.Lambda):
        inner = [node.args]
    else:
        inner = [*ast.iter_child_nodes(node)]
    for child in inner:
        yield from _run_at_import(child)


def moments_of(source: str) -> list[int]:
    """Give the lines on which a file asks for the time while it is imported."""
    nodes = _run_at_import(ast.parse(source))
    return [node.lineno for node in nodes if isinstance(node, ast.Call) and ast.unparse(node.func) in ASK]


def test_a_moment_is_found_where_it_is_asked_for_too_early() -> None:
    assert moments_of("LATER = time.time() + 5") == [1]
    assert moments_of("@parametrize('ends', [{'exp': time.time()}])\ndef test(ends): pass") == [1]
    assert moments_of("def at(now=datetime.now(UTC)): pass") == [1]
    assert moments_of("def at():\n    return time.time()\nBY = {'now': lambda: time.time()}") == []


def test_no_file_asks_for_the_time_while_it_is_imported() -> None:
    found = {str(file): moments_of(file.read_text()) for file in Path("tests").rglob("*.py")}
    assert {file: lines for file, lines in found.items() if lines} == {}
