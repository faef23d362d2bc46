"""Duplicates: records that are likely one person's, and their merging."""

from services.intake.duplicates import api, model, rules, store

__all__ = ["api", "model", "rules", "store"]
