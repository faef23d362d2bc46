"""The counsellors, as far as the topic `counsellors` tells of them."""

from services.matching.counsellors import model, policies, rules, store

__all__ = ["model", "policies", "rules", "store"]
