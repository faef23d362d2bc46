"""Clients of start-up counselling, registered as seekers or not, and the businesses they launch."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.batch.effects import Effect
from contracts.codes import Occupation
from contracts.ids import LaunchId


@dataclass(frozen=True, slots=True)
class StartupClient:
    """Someone who had a start-up session, and the day of the first."""

    client_id: UUID
    first_session_on: date


@dataclass(frozen=True, slots=True)
class Launch(Effect):
    """A business that a client launched, and the occupation closest to it where that was said."""

    launch_id: LaunchId
    client_id: UUID
    occurred_on: date
    occupation: Occupation | None
