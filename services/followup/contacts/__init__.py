"""Contacts after a placement: planned, announced on their day, made."""

from services.followup.contacts import api, due, model, rules, store

__all__ = ["api", "due", "model", "rules", "store"]
