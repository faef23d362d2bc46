"""Merging: what was held under a record that was given up goes on under the one of the same person that stayed."""

from services.matching.merging import model, policies, rules, store

__all__ = ["model", "policies", "rules", "store"]
