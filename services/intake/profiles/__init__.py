"""Profiles published anew: where Kafka has lost them, the present one of each seeker, and nothing of who was erased."""

from services.intake.profiles import due, model, rules, store

__all__ = ["due", "model", "rules", "store"]
