"""Pages: the centre's releases as HTML, for whoever looks, in Korean and English; nothing is computed here."""

from services.reporting.pages import answers, api, rendered

__all__ = ["answers", "api", "rendered"]
