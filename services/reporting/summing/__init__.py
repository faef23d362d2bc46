"""Sums up what was counted, behind it: what is split by a single thing, and the times again of persons."""

from services.reporting.summing import due, model, rules, store

__all__ = ["due", "model", "rules", "store"]
