"""The pool: seekers by their present profile, and who of them can be referred."""

from services.matching.pool import model, policies, rules, store

__all__ = ["model", "policies", "rules", "store"]
