"""Webhooks: a partner's log sent to where the partner wants it, signed, again until it is taken, in order for each
client."""

from services.feed.webhooks import api, model, queries, rules, sending, store

__all__ = ["api", "model", "queries", "rules", "sending", "store"]
