"""Privacy: what people agreed to, who has read their data, and its erasure."""

from services.intake.privacy import api, model, opening, policies, registering, rules, store, telling

__all__ = ["api", "model", "opening", "policies", "registering", "rules", "store", "telling"]
