"""Counsellors: who is in service, and for which client groups."""

from services.intake.counsellors import api, model, rules, store

__all__ = ["api", "model", "rules", "store"]
