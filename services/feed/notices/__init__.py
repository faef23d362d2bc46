"""Notices: what partners tell the centre on topics of their own, read and checked; what can't be read they can list.

Nobody acts on them yet.
"""

from services.feed.notices import api, reading

__all__ = ["api", "reading"]
