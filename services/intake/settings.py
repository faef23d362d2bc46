"""Intake's settings."""

from chassis.settings import ServiceSettings


class IntakeSettings(ServiceSettings):
    """Intake has no settings of its own."""
