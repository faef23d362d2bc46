"""Roles that several interfaces of followup ask for."""

CARE_STAFF = ("counsellor", "manager")
"""Who follows seekers up."""
