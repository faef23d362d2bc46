"""Job seekers: registered once, changed, withdrawn, back again."""

from services.intake.seekers import api, model, queries, rules, store

__all__ = ["api", "model", "queries", "rules", "store"]
