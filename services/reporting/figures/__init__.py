"""Figures: facts made of events, and the sums that are published."""

from services.reporting.figures import api, splits, store, unplaced

__all__ = ["api", "splits", "store", "unplaced"]
