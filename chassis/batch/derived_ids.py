"""Ids that follow from other ids, so that whoever makes them again makes the same."""

import hashlib
from uuid import UUID


def derived_id(parent: UUID, what: bytes) -> UUID:
    """Give a UUIDv7 with the time of `parent`, itself one; what is random otherwise is a hash of it and of `what`."""
    rest = int.from_bytes(hashlib.sha256(parent.bytes + what).digest()[:10])
    return UUID(int=parent.int >> 80 << 80 | 7 << 76 | 2 << 62 | rest & (0xFFF << 64 | (1 << 62) - 1))
