"""Which counsellor each seeker has: by client group, then by least load; nobody is left without one."""

from services.intake.assignments import api, due, model, rules, store

__all__ = ["api", "due", "model", "rules", "store"]
