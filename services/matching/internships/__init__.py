"""Youth internships, from an accepted referral to a permanent job."""

from services.matching.internships import api, model, rules, store

__all__ = ["api", "model", "rules", "store"]
