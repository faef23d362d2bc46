"""Field discovery: which firms are visited for what they plan to hire, and what came of the visits."""

from services.matching.visits import api, due, model, policies, rules, store

__all__ = ["api", "due", "model", "policies", "rules", "store"]
