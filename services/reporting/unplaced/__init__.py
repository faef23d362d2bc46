"""Publishes, for each year that has ended, the occupations with the most unplaced seekers: visits follow them. Once by
itself, and anew when a manager asks for it."""

from services.reporting.unplaced import api, due, model, rules, store

__all__ = ["api", "due", "model", "rules", "store"]
