"""Releases: the centre's figures as they are published at a month's end, for everyone, each with a hash of the one
before it."""

from services.reporting.releases import api, due, model, rules, store

__all__ = ["api", "due", "model", "rules", "store"]
