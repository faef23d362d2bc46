"""Links: which seeker a partner's client number stands for, made by staff or by a one-time code."""

from services.feed.links import api, commands, model, rules, store

__all__ = ["api", "commands", "model", "rules", "store"]
