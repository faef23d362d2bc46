"""A counsellor's work list: whom to contact, which answers to ask for, who hasn't been heard of, whom to support, who
is out of work again; and what of it is on nobody's. Reads only."""

from services.followup.work_list import api, model

__all__ = ["api", "model"]
