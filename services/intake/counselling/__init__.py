"""Counselling sessions, one by one or in bulk."""

from services.intake.counselling import api, model, rules, store

__all__ = ["api", "model", "rules", "store"]
