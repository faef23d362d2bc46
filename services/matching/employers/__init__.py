"""Member companies, as far as the topic `firms` tells of them."""

from services.matching.employers import model, policies, rules, store

__all__ = ["model", "policies", "rules", "store"]
