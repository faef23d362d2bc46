"""Youth internships, from an accepted referral to a permanent job."""

from services.matching.internships import api, model, record, rules, store

__all__ = ["api", "model", "record", "rules", "store"]
