"""Vacancies, from opening to close."""

from services.matching.vacancies import api, due, model, rules, store

__all__ = ["api", "due", "model", "rules", "store"]
