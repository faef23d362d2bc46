"""The handshake: a receiver proves that it wants a partner's events, by answering with the challenge that it is sent.
Until then, and after a pause, nothing else is sent to it."""

from datetime import datetime
from typing import Any, NamedTuple

import orjson

from services.feed.entering import ENDED_SOURCE
from services.feed.webhooks.posting import Answer

HANDSHAKE = "jobplus.WebhookHandshake"
"""The type of the message that asks for it; it is in no log."""


class Handshake(NamedTuple):
    """A message that asks for it."""

    message_id: str
    challenge: str
    body: bytes


def handshake(challenge: str, at: datetime) -> Handshake:
    """Ask for a challenge that nobody can guess."""
    message_id = f"handshake-{at:%Y%m%d%H%M%S}-{challenge[:8]}"
    told: dict[str, Any] = {
        "specversion": "1.0",
        "id": message_id,
        "source": ENDED_SOURCE,
        "type": HANDSHAKE,
        "time": at,
        "datacontenttype": "application/json",
        "data": {"challenge": challenge},
    }
    return Handshake(message_id, challenge, orjson.dumps(told))


def judged(answer: Answer, challenge: str) -> Answer:
    """Tell whether an answer proves it: JSON, with the challenge that was sent."""
    if answer.failure is not None:
        return answer
    try:
        said = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        said = None
    if isinstance(said, dict) and said.get("challenge") == challenge:
        return answer
    return answer._replace(
        failure=f"it didn't answer the handshake: answer {HANDSHAKE} with 200 and "
        '{"challenge": ...}, the one in its data, once the signature is checked'
    )
