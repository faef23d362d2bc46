"""The caseload: which counsellor each seeker has, and which of their referrals wait for an answer; all from events."""

from services.followup.caseload import model, policies, rules, store

__all__ = ["model", "policies", "rules", "store"]
