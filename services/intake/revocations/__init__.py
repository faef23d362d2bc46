"""Revocations: whose tokens no service takes any more."""

from services.intake.revocations import api, rules

__all__ = ["api", "rules"]
