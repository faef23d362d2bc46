"""The columns of a bulk request's rows, as they follow from the form of a single one, and how OpenAPI tells of them."""

import functools
import re
from typing import Any, Literal, NamedTuple, cast

import orjson
from pydantic import BaseModel

from chassis.tables.tables import MEDIA_TYPES

MOST_ROWS = 5_000
REF = "ref"
LIST_SEPARATOR = ";"
MOST_VALUES_TOLD = 10

CellKind = Literal["text", "day", "integer", "list"]


class Column(NamedTuple):
    """A column of a table: its name, how its cells are read, whether each row needs one, what it holds in words, and
    the codes that it may hold if these are all."""

    name: str
    kind: CellKind
    needed: bool
    holds: str
    codes: tuple[str, ...] = ()


_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+")


def integer_of(cell: str) -> str:
    """Give a whole number without the commas between its thousands, as sheets show it and write it into texts."""
    return cell.replace(",", "") if _THOUSANDS.fullmatch(cell) else cell


@functools.cache
def columns_of(form: type[BaseModel]) -> dict[str, Column]:
    """Tell the columns of a table whose rows are such forms. A field with an inner structure is none of them: it can be
    given as NDJSON only."""
    described = form.model_json_schema()
    needed = set(described.get("required", ()))
    found: dict[str, Column] = {}
    for name, schema in described["properties"].items():
        kinds = [kind for kind in schema.get("anyOf", [schema]) if kind.get("type") != "null"]
        if any("$ref" in kind or kind.get("type") == "object" for kind in kinds):
            continue
        kind: CellKind = "day" if any(kind.get("format") == "date" for kind in kinds) else "text"
        if any(kind.get("type") == "integer" for kind in kinds):
            kind = "integer"
        if any(kind.get("type") == "array" for kind in kinds):
            kind = "list"
        codes = tuple(code for each in kinds for code in _codes(each))
        found[name] = Column(name, kind, name in needed, " or ".join(map(_holds, kinds)), codes)
    return found


def _codes(schema: dict[str, Any]) -> list[str]:
    match schema:
        case {"enum": [*values]}:
            return list(map(str, values))
        case {"const": value}:
            return [str(value)]
        case {"type": "array", "items": items}:
            return _codes(items)
        case {"type": "boolean"}:
            return ["true", "false"]
        case _:
            return []


def _holds(schema: dict[str, Any]) -> str:
    """Say what a cell holds, by the JSON schema of its field."""
    match schema:
        case {"enum": [*values]} if len(values) <= MOST_VALUES_TOLD:
            return ", ".join(map(str, values))
        case {"enum": [first, *_]}:
            return f"a code such as {first}"
        case {"const": value}:
            return str(value)
        case {"type": "array", "items": items}:
            return f"{_holds(items)}; several are parted by `{LIST_SEPARATOR}`"
        case {"type": "boolean"}:
            return "true, false"
        case {"type": "integer"}:
            least, most = schema.get("minimum"), schema.get("maximum")
            return "a whole number" + (f" from {least} to {most}" if least is not None and most is not None else "")
        case {"format": "date"}:
            return "a day: 2010-01-28, 2010.1.28, 2010/1/28, 2010년 1월 28일, or a sheet's own date"
        case {"format": "uuid"}:
            return "an id"
        case {"examples": [example, *_]}:
            return f"text such as {example}"
        case {"pattern": pattern}:
            return f"text like `{pattern}`"
        case _:
            return "text"


def rows_body(form: type[BaseModel], most_rows: int = MOST_ROWS) -> dict[str, Any]:
    """Describe the body of a bulk request in OpenAPI's terms, with the form's example."""
    example: dict[str, Any] = cast(Any, form.model_config.get("json_schema_extra"))["examples"][0]
    cells = {name: _cell(example[name]) for name in columns_of(form) if name in example}
    table = f"{','.join(cells)}\n{','.join(cells.values())}\n"
    examples = {
        "ndjson": orjson.dumps(example).decode() + "\n",
        "csv": table,
        "xlsx": "a first sheet with the same rows as the CSV",
    }
    content = {
        media_type: {
            "schema": {"type": "string", **({"format": "binary"} if format_ == "xlsx" else {})},
            "example": examples[format_],
        }
        for media_type, format_ in MEDIA_TYPES.items()
    }
    columns = ", ".join((REF, *columns_of(form)))
    described = f"At most {most_rows} rows and 1 MB. Columns: {columns}."
    told = [column._asdict() for column in columns_of(form).values()]
    return {"requestBody": {"required": True, "description": described, "content": content, "x-columns": told}}


def _cell(value: Any) -> str:
    return LIST_SEPARATOR.join(map(str, cast(list[Any], value))) if isinstance(value, list) else str(value)
