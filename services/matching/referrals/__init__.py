"""Referrals of a seeker to a vacancy, and how they are answered."""

from services.matching.referrals import api, model, rules, store

__all__ = ["api", "model", "rules", "store"]
