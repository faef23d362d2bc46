"""Placements: the jobs that came of referrals."""

from services.matching.placements import api, model, rules, store

__all__ = ["api", "model", "rules", "store"]
