"""Start-up clients and the businesses they launch."""

from services.intake.startup import api, model, rules, store

__all__ = ["api", "model", "rules", "store"]
