"""Referrals of a seeker to a vacancy, and how they are answered."""

from services.matching.referrals import api, closings, due, ends, model, policies, record, rules, store

__all__ = ["api", "closings", "due", "ends", "model", "policies", "record", "rules", "store"]
