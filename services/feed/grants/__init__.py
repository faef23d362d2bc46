"""Grants: which events a partner may hear, which of their fields, on which ground and until when."""

from services.feed.grants import api, due, model, rules, store

__all__ = ["api", "due", "model", "rules", "store"]
