"""Who fits what, ranked with the reasons. Reads only."""

from services.matching.ranking import api, rules

__all__ = ["api", "rules"]
