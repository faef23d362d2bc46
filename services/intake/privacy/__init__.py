"""Privacy: what people agreed to, who has read their data, and its erasure."""

from services.intake.privacy import api, model, policies, rules, store

__all__ = ["api", "model", "policies", "rules", "store"]
