"""The ledger: every event once, in the order of arrival, for ever."""

from services.reporting.ledger import api, model, store

__all__ = ["api", "model", "store"]
