"""Member companies: joined once, by business registration number."""

from services.intake.firms import api, model, rules, store

__all__ = ["api", "model", "rules", "store"]
