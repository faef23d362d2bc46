"""Reporting's settings."""

from chassis.running.settings import ServiceSettings


class ReportingSettings(ServiceSettings):
    """Reporting has no settings of its own."""
