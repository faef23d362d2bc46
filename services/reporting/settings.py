"""Reporting's settings."""

from chassis.settings import ServiceSettings


class ReportingSettings(ServiceSettings):
    """Reporting has no settings of its own."""
