"""Vacancies, from opening to close."""

from services.matching.vacancies import api, model, rules, store

__all__ = ["api", "model", "rules", "store"]
