"""An event in the ledger."""

from typing import Any, NamedTuple
from uuid import UUID


class Entry(NamedTuple):
    """An event and the position it has in the ledger."""

    position: int
    event_id: UUID
    event: Any
