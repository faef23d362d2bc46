"""Publishes, once for each year that has ended, the occupations with the most unplaced seekers: visits follow them."""

from services.reporting.unplaced import due, model, rules, store

__all__ = ["due", "model", "rules", "store"]
