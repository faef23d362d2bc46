"""Placements: the jobs that seekers got by a referral or an internship, or found alone."""

from services.matching.placements import api, model, rules, store

__all__ = ["api", "model", "rules", "store"]
