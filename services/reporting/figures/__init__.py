"""Figures: facts made of events, and the sums that are published."""

from services.reporting.figures import api, splits, store

__all__ = ["api", "splits", "store"]
