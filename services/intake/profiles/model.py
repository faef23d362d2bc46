"""Whose profile is to be published anew."""

from dataclasses import dataclass

from contracts.ids import SeekerId


@dataclass(frozen=True, slots=True)
class ToTell:
    """A seeker, or one who was, whose profile is to be published anew, until it is `told`."""

    seeker_id: SeekerId
    told: bool = False
