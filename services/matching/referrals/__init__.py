"""Referrals of a seeker to a vacancy, and how they are answered."""

from services.matching.referrals import api, due, ends, model, policies, rules, store

__all__ = ["api", "due", "ends", "model", "policies", "rules", "store"]
