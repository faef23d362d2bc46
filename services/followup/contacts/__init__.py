"""Contacts after a placement: planned, announced on their day, made; and the end of an employment."""

from services.followup.contacts import api, due, model, policies, rules, store

__all__ = ["api", "due", "model", "policies", "rules", "store"]
