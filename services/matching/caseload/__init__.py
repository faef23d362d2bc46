"""The caseload: which counsellor has whom, and who may see whom, as the topic `counselling` tells it."""

from services.matching.caseload import model, policies, rules, store

__all__ = ["model", "policies", "rules", "store"]
