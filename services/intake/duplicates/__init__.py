"""Duplicates: records that are likely one person's, and their merging."""

from services.intake.duplicates import api, rules

__all__ = ["api", "rules"]
