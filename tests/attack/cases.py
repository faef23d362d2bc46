"""What schemathesis draws for an operation, made likelier to meet what is there: ids of the world in its address, its
parameters and its body, rows for what takes many, and the token of somebody."""

import io
import json
import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import requests
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from requests.exceptions import RequestException
from schemathesis import APIOperation, Case, GenerationMode

from tests.attack.world import World
from tests.kit.operations import draw_each

OFTEN = 0.75
"""How often an id is one that is there."""
SELDOM = 0.15
NDJSON, CSV = "application/x-ndjson", "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STRANGE: tuple[Any, ...] = (
    None, True, 0, -1, 10**30, 1e308, "", " ", "\u0000", "\ud800", "\u202e", "=1+1", "9999-12-31", "0001-01-01",
    "2026-02-30", "a" * 101, [], [[]], {}, {"a": {}}, "0190c0de-0000-7000-8000-000000000003", "NaN",
)  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """A case, and the request that it comes to."""

    case: Case
    request: requests.PreparedRequest


class Cases:
    """Draws the cases of a service."""

    def __init__(self, base_url: str, world: World, tokens: Sequence[tuple[str, str]], number: int) -> None:
        """`tokens` are roles with a token of each."""
        self._base_url = base_url
        self._world = world
        self._tokens = tokens
        self._chance = random.Random(number)
        self._turn = 0

    def draw(self, operation: APIOperation, most: int, number: int, send: Callable[[Drawn], None]) -> None:
        """Hand over at most so many cases of an operation, half of which fit its OpenAPI."""
        for mode, count in ((GenerationMode.POSITIVE, most - most // 2), (GenerationMode.NEGATIVE, most // 2)):
            if count:
                draw_each(operation, mode, count, number, lambda case: self._hand_over(case, send))

    def _hand_over(self, case: Case, send: Callable[[Drawn], None]) -> None:
        try:
            request = self._request(case)
        except (RequestException, UnicodeError, ValueError):
            return  # no HTTP client can send it
        send(Drawn(case, request))

    def _request(self, case: Case) -> requests.PreparedRequest:
        self._turn += 1
        raw: Any = case.operation.definition.raw
        _meet(case.path_parameters, self._world, self._chance)
        _meet(case.query, self._world, self._chance)
        _meet(case.body, self._world, self._chance)
        given = case.as_transport_kwargs(base_url=self._base_url)
        if case.path.endswith("/bulk") and self._chance.random() < OFTEN:
            content = raw["requestBody"]["content"]
            media_type, body = self._rows(json.loads(content[NDJSON]["example"]), tuple(content))
            given = {**given, "data": body, "json": None, "headers": {**given["headers"], "Content-Type": media_type}}
        if case.method == "PUT":
            given["headers"].setdefault("If-Match", '"1"')
        given["headers"]["Authorization"] = f"Bearer {self._token(raw['x-roles'])}"
        given["headers"]["Idempotency-Key"] = str(uuid.uuid4())
        sendable = {key: given[key] for key in ("method", "url", "headers", "params", "data", "json") if key in given}
        return requests.Request(**sendable).prepare()

    def _token(self, roles: Sequence[str]) -> str:
        """One whose role may pass, or the next of all."""
        may_pass = [token for role, token in self._tokens if role in roles]
        if may_pass and self._turn % 2:
            return self._chance.choice(may_pass)
        return self._tokens[self._turn // 2 % len(self._tokens)][1]

    def _rows(self, example: dict[str, Any], formats: Sequence[str]) -> tuple[str, bytes]:
        """A few rows, some of whose fields are strange, in one of the formats."""
        rows = [dict(self._changed(example)) for _ in range(self._chance.randint(1, 4))]
        media_type = self._chance.choice(formats)
        if media_type == NDJSON:
            return media_type, b"\n".join(json.dumps(row).encode() for row in rows)
        cells = [{name: _cell(value) for name, value in row.items()} for row in rows]
        if media_type == CSV:
            table = [list(example), *(list(row.values()) for row in cells)]
            return media_type, "\n".join(",".join(row) for row in table).encode("utf-8", "replace")
        return media_type, _damaged(_sheet(cells), self._chance)

    def _changed(self, example: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        for name, value in example.items():
            there = self._world.some(name, self._chance)
            if self._chance.random() < SELDOM:
                yield name, self._chance.choice(STRANGE)
            elif there is not None and self._chance.random() < OFTEN:
                yield name, there
            else:
                yield name, value


def _meet(where: Any, world: World, chance: random.Random) -> None:
    """Put ids of the world where ids of their kind stand."""
    if not isinstance(where, dict):
        return
    for name in where:
        there = world.some(name, chance)
        if there is not None and chance.random() < OFTEN:
            where[name] = there


def _cell(value: Any) -> str:
    return ";".join(map(str, value)) if isinstance(value, list) else str(value)


def _sheet(rows: Sequence[dict[str, str]]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in row.values()])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _damaged(file: bytes, chance: random.Random) -> bytes:
    """A file, some of whose bytes are others in one of three."""
    if chance.random() < 0.67:
        return file
    damaged = io.BytesIO(file)
    for _ in range(chance.randint(1, 8)):
        damaged.seek(chance.randrange(len(file)))
        damaged.write(bytes([chance.randrange(256)]))
    return damaged.getvalue()
