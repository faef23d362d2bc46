"""python -m jobplus_contracts.notices FILE...: say what is wrong with notices, before they are written to a topic.

A file holds a CloudEvent in structured mode, as the samples do. 1 is given where one would be a dead letter.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, ValidationError
from pydantic_core import from_json, to_json

from ..decoding import Undecodable, reasons
from . import NOTICES, NoticeTopic, decode_notice


class _Envelope(BaseModel):
    """What CloudEvents must say of a notice."""

    specversion: str = Field(pattern="^1[.]0$")
    id: UUID
    source: str = Field(pattern="^/partners/[a-z][a-z0-9-]{1,30}[a-z0-9]$")
    type: str
    time: AwareDatetime
    subject: str
    sequence: int = Field(ge=1, lt=2**63)
    data: Mapping[str, Any]


def wrong_with(text: bytes) -> str | None:
    """Say what is wrong with a notice; None where nothing is."""
    try:
        told = _Envelope.model_validate(from_json(text))
        kind = NOTICES[told.type].kind if told.type in NOTICES else "deaths"
        topic = NoticeTopic(told.source.rpartition("/")[2], kind)
        decode_notice(told.type, topic.name, told.subject, to_json(told.data))
    except ValidationError as error:
        return reasons(error)
    except (Undecodable, ValueError) as error:
        return str(error)
    return None


def main(files: list[str]) -> int:
    """Check files; 1 where something is wrong, 2 where none are named."""
    if not files:
        print(__doc__, file=sys.stderr)
        return 2
    wrong = {file: why for file in files if (why := wrong_with(Path(file).read_bytes()))}
    for file, why in wrong.items():
        print(f"{file}: {why}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
