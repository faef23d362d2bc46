"""The caseload: which counsellor each seeker has, which of their referrals wait for an answer, and who is at an
internship; all from events."""

from services.followup.caseload import model, policies, rules, store

__all__ = ["model", "policies", "rules", "store"]
