"""The command that publishes a profile anew."""

from dataclasses import dataclass

from chassis.batch.aggregates import Ref
from contracts.ids import SeekerId
from services.intake.profiles.model import ToTell
from services.intake.seekers.model import FormerSeeker, Seeker


@dataclass(frozen=True, slots=True)
class TellProfile:
    """Publish what is to be known of a seeker now."""

    seeker_id: SeekerId

    def touches(self) -> tuple[Ref[Seeker], Ref[FormerSeeker], Ref[ToTell]]:
        return (
            Ref(Seeker, self.seeker_id),
            Ref(FormerSeeker, self.seeker_id),
            Ref(ToTell, self.seeker_id),
        )
