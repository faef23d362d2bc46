"""What is published anew of a seeker where Kafka has lost the profiles: what is true now, once, and nothing personal of
who is gone."""

from datetime import UTC, date, datetime
from typing import Any

import uuid_utils.compat as uuids

from chassis.batch.decisions import Accepted, Actor, Now
from contracts.codes import Occupation
from contracts.ids import SeekerId
from contracts.profiles import ProfileMerged, ProfileRemoved, SeekerProfile
from services.intake.profiles.commands import TellProfile
from services.intake.profiles.model import ToTell
from services.intake.profiles.rules import tell
from services.intake.seekers.model import FormerSeeker, Seeker

NOW = Now(datetime(2010, 6, 1, 1, tzinfo=UTC), date(2010, 6, 1), Actor("system", "due"))
OCCUPATION: Occupation = "02"
WHO, OTHER = SeekerId(uuids.uuid7()), SeekerId(uuids.uuid7())


def _seeker() -> Seeker:
    return Seeker(
        WHO, "김보람", date(1970, 2, 3), "010-5555-0000", "male", "11680", (OCCUPATION,), None, None, None, "active",
        date(2010, 1, 4),
    )  # fmt: skip


def _told(seeker: Seeker | None, former: FormerSeeker | None, to_tell: ToTell | None) -> tuple[Any, ...]:
    decision = tell(seeker, former, to_tell, TellProfile(WHO), NOW)
    assert isinstance(decision, Accepted)
    assert all(isinstance(state, ToTell) and state.told for state in decision.states)
    return decision.events


def test_of_a_seeker_the_present_profile_is_published() -> None:
    (event,) = _told(_seeker(), None, ToTell(WHO))
    assert isinstance(event, SeekerProfile)
    assert (event.seeker_id, event.birth_year, event.status) == (WHO, 1970, "active")


def test_of_a_record_that_was_merged_it_is_published_into_which() -> None:
    (event,) = _told(None, FormerSeeker(WHO, OTHER), ToTell(WHO))
    assert isinstance(event, ProfileMerged)
    assert event.merged_into == OTHER


def test_of_who_was_erased_a_tombstone_is_published_that_says_nothing() -> None:
    (event,) = _told(None, FormerSeeker(WHO), ToTell(WHO))
    assert isinstance(event, ProfileRemoved)
    assert event.encode() is None


def test_it_is_published_once_for_each_time_that_it_was_asked_for() -> None:
    assert _told(_seeker(), None, None) == ()
