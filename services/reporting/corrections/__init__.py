"""Corrections: what became known of a release's figures after it was published, beside it; the release stays as it
is."""

from services.reporting.corrections import api, due, model, rules, store

__all__ = ["api", "due", "model", "rules", "store"]
