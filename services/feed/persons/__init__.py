"""Persons as far as the feed needs to know them: what they agree to, whether they were erased, when they were in
SOS-Care, who counsels them; all from events."""

from services.feed.persons import model, rules, store

__all__ = ["model", "rules", "store"]
