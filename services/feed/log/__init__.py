"""Each partner's log: the events that it may know, as it may know them, in one order; and how it is read."""

from services.feed.log import api, printed, snapshots, store, taking

__all__ = ["api", "printed", "snapshots", "store", "taking"]
