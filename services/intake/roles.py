"""Roles that several interfaces of intake ask for."""

COUNSELLING_STAFF = ("counsellor", "manager")
"""Who works with seekers."""
