"""Satisfaction surveys: who was served and when, random samples of them, and what they answered."""

from services.followup.surveys import api, model, policies, rules, store

__all__ = ["api", "model", "policies", "rules", "store"]
