"""Job seekers: registered once, changed, withdrawn."""

from services.intake.seekers import api, model, rules, store

__all__ = ["api", "model", "rules", "store"]
