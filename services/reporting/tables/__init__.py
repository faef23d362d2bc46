"""Tables: what staff ask of the figures, by splits, months and years, and the answers that they keep for good."""

from services.reporting.tables import model, rules, store

__all__ = ["model", "rules", "store"]
