"""Corrections: placements that never were, and what else they had changed."""

from services.matching.corrections import api, commands, rules

__all__ = ["api", "commands", "rules"]
