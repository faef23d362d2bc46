"""From events about seekers to merges."""

from collections.abc import Sequence

from contracts.profiles import ProfileMerged
from services.matching.merging.commands import MergeSeekers


def merge(event: ProfileMerged) -> Sequence[MergeSeekers]:
    """What a person has under the record that was given up, they have under the one that stayed."""
    return (MergeSeekers(event.seeker_id, event.merged_into, event.occurred_on),)
