"""Pages of staff, who sign in: what a role may look at, beside what everybody sees."""

from services.reporting.staff import api, live, state, waiting

__all__ = ["api", "live", "state", "waiting"]
