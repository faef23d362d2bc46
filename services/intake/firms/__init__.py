"""Firms: members, prospects that the field discovery team may visit, and what both plan to hire."""

from services.intake.firms import api, model, plans, rules, store

__all__ = ["api", "model", "plans", "rules", "store"]
