"""Which records are likely one person's, and what merging them leaves."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Literal, NamedTuple

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, Unknown
from chassis.problems import ProblemType
from chassis.texts import compared
from contracts.ids import SeekerId
from contracts.profiles import ProfileMerged
from contracts.seekers import SeekersMerged
from services.intake.duplicates.commands import MergeSeekers
from services.intake.duplicates.model import TakenOver
from services.intake.seekers.model import FormerSeeker, GroupInDoubt, RecordGone, Seeker
from services.intake.seekers.rules import profile, returned
from services.intake.startup.model import StartupClient

MERGED_WITH_ITSELF = ProblemType("merged-with-itself", 422, "Two records are merged, not one")
MERGED_IN_CARE = ProblemType("merged-in-care", 409, "The record that is given up holds care that runs")

Reason = Literal["same_birth_date", "similar_name", "same_phone"]


MOST_SHOWN = 200
"""So many likely duplicates are listed: a phone that more share is a shelter's or an office's."""


class Likely(NamedTuple):
    """A record that is likely the same person's as another, and why."""

    seeker: Seeker
    reasons: tuple[Reason, ...]


def likeliest(seeker: Seeker, others: Sequence[Seeker]) -> list[Likely]:
    """Weigh records against one: by how many of name, birth date and phone speak for it, then by whether the name is
    the same and not just similar, then by who registered first. Gives all that are likely, the likeliest first."""
    name = compared(seeker.name)

    def place(one: Likely) -> tuple[int, bool, date, SeekerId]:
        other = one.seeker
        return -len(one.reasons), compared(other.name) != name, other.registered_on, other.seeker_id

    return sorted((Likely(other, reasons) for other in others if (reasons := alike(seeker, other))), key=place)


def alike(seeker: Seeker, other: Seeker) -> tuple[Reason, ...]:
    """Say why two records are likely one person's; nothing where they aren't.

    The birth date and a similar name are enough together, and so is the phone by itself. Names are similar when they
    are the same but for spaces, case, width and at most one letter (or syllable) that is missing, added or another one.
    """
    born, phone = seeker.birth_date == other.birth_date, seeker.phone == other.phone
    named = _similar(seeker.name, other.name)
    if not (phone or (born and named)):
        return ()
    found: tuple[tuple[bool, Reason], ...] = (
        (born, "same_birth_date"), (named, "similar_name"), (phone, "same_phone"),
    )  # fmt: skip
    return tuple(reason for holds, reason in found if holds)


def _similar(one: str, other: str) -> bool:
    short, long = sorted(("".join(compared(name).split()) for name in (one, other)), key=len)
    if len(long) - len(short) > 1:
        return False
    first = next((place for place in range(len(short)) if short[place] != long[place]), len(short))
    return short[first + (len(short) == len(long)) :] == long[first + 1 :]


def merge(
    seeker: Seeker | None,
    merged: Seeker | None,
    client: StartupClient | None,
    merged_client: StartupClient | None,
    command: MergeSeekers,
    now: Now,
) -> Decision:
    """Give up one of two records of a person. The other one was registered on the earlier day of both, is active when
    either was, had the earlier first start-up session, and has the history of both; all else that it says stays."""
    if command.seeker_id == command.merged_id:
        return Refused(MERGED_WITH_ITSELF, "merged_id is the record itself", "merged_id")
    if seeker is None:
        return Unknown("seeker_id", command.seeker_id)
    if merged is None:
        return Unknown("merged_id", command.merged_id)
    if merged.sos_care or merged.care_stage:
        return Refused(MERGED_IN_CARE, "end the care first, or merge the other way round", "merged_id")
    back = seeker.status == "withdrawn" and merged.status == "active"
    seeker = replace(
        seeker,
        registered_on=min(seeker.registered_on, merged.registered_on),
        status="active" if back else seeker.status,
        version=seeker.version + 1,
    )
    stamp = now.stamp("merge")
    first = min((c.first_session_on for c in (client, merged_client) if c), default=None)
    return Accepted(
        (
            seeker,
            FormerSeeker(merged.seeker_id, seeker.seeker_id),
            *((StartupClient(seeker.seeker_id, first),) if first else ()),
        ),
        (
            SeekersMerged(**stamp, seeker_id=seeker.seeker_id, merged_id=merged.seeker_id),
            *((returned(seeker, now, "merge"),) if back else ()),
            profile(seeker, now),
            ProfileMerged(**stamp, seeker_id=merged.seeker_id, merged_into=seeker.seeker_id),
        ),
        {"seeker_id": seeker.seeker_id, "merged_id": merged.seeker_id},
        (
            *((GroupInDoubt(seeker.seeker_id),) if merged_client and not client else ()),
            TakenOver(merged.seeker_id, seeker.seeker_id),
            RecordGone(merged.seeker_id),
        ),
    )


DECIDERS: Deciders = {MergeSeekers: merge}
