"""Total care: staged help for those far from work, by assessments and courses."""

from services.intake.total_care import api, model, rules, store

__all__ = ["api", "model", "rules", "store"]
