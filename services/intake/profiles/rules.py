"""What is published anew of a seeker: their profile, into whom they were merged, or that they are gone."""

from dataclasses import replace

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now
from contracts.profiles import ProfileMerged, ProfileRemoved
from services.intake.profiles.commands import TellProfile
from services.intake.profiles.model import ToTell
from services.intake.seekers.model import FormerSeeker, Seeker
from services.intake.seekers.rules import profile


def tell(
    seeker: Seeker | None, former: FormerSeeker | None, to_tell: ToTell | None, command: TellProfile, now: Now
) -> Decision:
    """Publish the present state, once for each time that it was asked for."""
    if to_tell is None:
        return Accepted()
    told = replace(to_tell, told=True)
    if seeker is not None:
        return Accepted((told,), (profile(seeker, now),))
    stamp = now.stamp("tell")
    if former is not None and former.merged_into is not None:
        merged = ProfileMerged(**stamp, seeker_id=command.seeker_id, merged_into=former.merged_into)
        return Accepted((told,), (merged,))
    return Accepted((told,), (ProfileRemoved(**stamp, seeker_id=command.seeker_id),))


DECIDERS: Deciders = {TellProfile: tell}
