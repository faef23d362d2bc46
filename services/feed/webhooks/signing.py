"""Signatures as Standard Webhooks has them: HMAC-SHA256 of `ID.TIMESTAMP.BODY`, of a secret that is told in base64.

No secret is kept: each is made of the feed's key, which isn't in the database, the partner, and a seed, which is.
"""

import hmac
from base64 import b64encode
from collections.abc import Sequence

SEED_BYTES = 32
PREFIX = "whsec_"


def secret_of(key: bytes, partner: str, seed: bytes) -> bytes:
    """Make a partner's secret of a seed."""
    return hmac.digest(key, b"webhook\0%s\0%s" % (partner.encode(), seed), "sha256")


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
