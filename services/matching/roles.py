"""Roles that several interfaces of matching ask for."""

COUNSELLING_STAFF = ("counsellor", "manager")
"""Who works with seekers."""
