"""Matching's settings."""

from chassis.settings import ServiceSettings


class MatchingSettings(ServiceSettings):
    """Matching has no settings of its own."""
