"""Reads what stands on the topics of partners beside the centre's own events, and leaves it where it is."""

from collections.abc import Sequence
from typing import Any

import contracts
from chassis.database.db import Connection
from chassis.stream.record_batch import Apply, Received
from contracts.notices import Notice, decode_notice

FROM_PARTNERS = "partners."
"""What the names of their topics begin with."""


def decode(type_name: str, topic: str, key: str, data: bytes | None) -> Any:
    """Read an event of the centre's or a notice, by the topic (raises Undecodable)."""
    read = decode_notice if topic.startswith(FROM_PARTNERS) else contracts.decode
    return read(type_name, topic, key, data)


def past_notices(apply: Apply) -> Apply:
    """Have the centre's events applied, and notices passed over: Kafka keeps them for whoever will act on them, from
    the first on, and nothing else is kept of them before there is a purpose."""

    async def apply_events(conn: Connection, received: Sequence[Received]) -> None:
        if events := [one for one in received if not isinstance(one.event, Notice)]:
            await apply(conn, events)

    return apply_events
