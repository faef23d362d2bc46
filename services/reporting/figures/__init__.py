"""Figures: facts made of events, and the sums that are published."""

from services.reporting.figures import api, store

__all__ = ["api", "store"]
