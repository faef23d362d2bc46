"""Targets: what the city wants reached in a year, how far it is, and what the year will come to."""

from services.reporting.targets import api, model, rules, store

__all__ = ["api", "model", "rules", "store"]
