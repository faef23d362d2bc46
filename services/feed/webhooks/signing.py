"""Signatures as Standard Webhooks has them: HMAC-SHA256 of `ID.TIMESTAMP.BODY`, of a secret that is told in base64."""

import hmac
from base64 import b64encode
from collections.abc import Sequence

SECRET_BYTES = 32
PREFIX = "whsec_"


def told(secret: bytes) -> str:
    """Write a secret as libraries of Standard Webhooks read it."""
    return PREFIX + b64encode(secret).decode()


def signed(message_id: str, timestamp: int, body: bytes, secrets: Sequence[bytes]) -> dict[str, str]:
    """Give the headers of a message that is sent at a moment (Unix seconds), with a signature by each secret."""
    content = b"%s.%d.%s" % (message_id.encode(), timestamp, body)
    made = [b64encode(hmac.digest(secret, content, "sha256")).decode() for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{one}" for one in made),
    }
