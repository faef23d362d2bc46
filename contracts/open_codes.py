"""Codes that we don't know: what is read takes them, what is written does not.

A code list may get new codes before every reader has them. Whatever is read from Kafka (JSON), or from where it was
kept (`kept`), may hold one, and gives it as an `UnknownCode`, which says by what it is counted. A command, a rule and a
test build events of Python's values, and are held to the codes that the types name; the unknown code that they were
told they may pass on.
"""

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, core_schema

UNKNOWN = "unknown"
"""What a code is counted by that belongs to none that we know."""

_CODE = re.compile(r"[A-Za-z0-9_.:=-]{1,64}")
"""A word of a code list, whoever keeps it: no room for free text."""

_Model = TypeVar("_Model", bound=BaseModel)


class UnknownCode(str):
    """A code that is in no list of ours, as it was told. `counted_as` is the code that it belongs to (of digits: the
    longest that it begins with), or UNKNOWN."""

    __slots__ = ("counted_as",)
    counted_as: str

    def __new__(cls, text: str, known: Sequence[str] = ()) -> "UnknownCode":
        code = super().__new__(cls, text)
        above = [one for one in known if one.isdigit() and text.isdigit() and text.startswith(one)]
        code.counted_as = max(above, key=len, default=UNKNOWN)
        return code


class Seen(list[UnknownCode]):
    """The unknown codes that a reading met: the context of a validation that reads."""


def kept(kind: type[_Model], fields: Any) -> _Model:
    """Read what was kept of a model in a database, with the unknown codes that it was told."""
    return kind.model_validate(fields, context=Seen())


def kept_code(text: Any, known: Sequence[str]) -> Any:
    """Read a code that was kept by itself; None stays None."""
    return text if text is None or text in known else UnknownCode(text, known)


def counted(value: Any) -> Any:
    """Give a value, or a model with all that is in it, with each unknown code as what it is counted by."""
    match value:
        case UnknownCode():
            return value.counted_as
        case tuple():
            return tuple(counted(one) for one in value)  # pyright: ignore[reportUnknownVariableType]
        case BaseModel():
            return value.model_copy(update={name: counted(one) for name, one in value})
        case _:
            return value


def _opened(node: Any) -> Any:
    if isinstance(node, list):
        return [_opened(one) for one in node]  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(node, dict):
        return node
    if node.get("type") == "literal":
        return _open(node)  # pyright: ignore[reportArgumentType, reportUnknownArgumentType]
    if node.get("custom_error_type") == "literal_error":
        return node  # of a model within this one, which is open already
    return {name: _opened(one) for name, one in node.items()}  # pyright: ignore[reportUnknownVariableType]


def _open(closed: core_schema.LiteralSchema) -> CoreSchema:
    """Make of a list of codes what takes these at once, and others where it is read; its JSON Schema names these."""
    known = [str(code) for code in closed["expected"]]

    def read(given: Any, info: ValidationInfo) -> UnknownCode:
        if isinstance(given, UnknownCode):
            return given
        reads = info.mode == "json" or isinstance(info.context, Seen)
        if not reads or not isinstance(given, str) or not _CODE.fullmatch(given):
            raise ValueError("no code")
        code = UnknownCode(given, known)
        if isinstance(info.context, Seen):
            info.context.append(code)
        return code

    def told(_: Any, handler: GetJsonSchemaHandler) -> Any:
        return handler(closed)

    *others, last = [repr(code) for code in known]
    return core_schema.union_schema(
        [closed, core_schema.with_info_plain_validator_function(read)],
        mode="left_to_right",
        custom_error_type="literal_error",
        custom_error_context={"expected": f"{', '.join(others)} or {last}" if others else last},
        serialization=core_schema.simple_ser_schema("str"),
        metadata={"pydantic_js_functions": [told]},
    )


class ReadsOpen(BaseModel):
    """A model whose every code list (`Literal`) is open to what is read."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return _opened(handler(source))
