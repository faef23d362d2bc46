"""Firms: members, prospects that the field discovery team may visit, and what both are asked for and plan to hire."""

from services.intake.firms import api, asking, model, plans, rules, store

__all__ = ["api", "asking", "model", "plans", "rules", "store"]
