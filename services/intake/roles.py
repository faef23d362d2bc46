"""Roles that several interfaces of intake ask for."""

COUNSELLING_STAFF = ("counsellor", "manager")
"""Who works with seekers."""

FIELD_TEAM = ("counsellor", "manager")
"""Who visits firms and asks them for their plans."""
