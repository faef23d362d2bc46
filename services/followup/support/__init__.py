"""The month's support of who is in a public job under SOS-Care, until a private job is found."""

from services.followup.support import api, due, model, policies, rules, store

__all__ = ["api", "due", "model", "policies", "rules", "store"]
