"""Unplanned records: second ones, registered by mistake and merged, and those of people who are erased."""

import random
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from jobplus.replay.drawing import forms
from jobplus.replay.drawing.unplanned import Dated
from jobplus.replay.driving.actions import Action
from jobplus.replay.driving.kinds import ERASE_SEEKER, MERGE_RECORDS, REGISTER_AGAIN
from jobplus.replay.planning.calendar import Period

_TWICE = 0.004
"""Of those in no care, who are registered a second time."""
_AGAIN_AFTER, _MERGED_AFTER = (1, 3), (1, 3)
"""Days from the registration to the second one, and from that to the merge."""
_MERGED_WITHIN = 7
"""Days after the registration by which the two are one again: nobody withdraws before."""
_ERASED = 0.1
"""Of the unplaced who withdraw and never come back."""
_ERASED_AFTER = (14, 120)
"""Days from the withdrawal to the erasure."""


def twice(registered_on: Sequence[int], people: Iterable[int], period: Period, seed: int) -> Iterator[Dated]:
    """Have some of the people registered twice, by another phone number, and the two records merged.

    Both are of one month, so that the registration stays where the plan counts it.
    """
    rng = random.Random(f"{seed} twice")
    for number in people:
        if rng.random() >= _TWICE:
            continue
        first = registered_on[number]
        again_on = period.working_day(first + rng.randint(*_AGAIN_AFTER))
        merged_on = period.working_day(again_on + rng.randint(*_MERGED_AFTER))
        begun, ended = period.date(first), period.date(merged_on)
        if first < again_on < merged_on <= first + _MERGED_WITHIN and begun.month == ended.month:
            form = {"phone": forms.phone(len(registered_on) + number)}
            yield again_on, Action(REGISTER_AGAIN, {"seeker": number, "second_record": number}, form)
            yield merged_on, Action(MERGE_RECORDS, {"seeker": number, "second_record": number})


def erasures(
    gone_on: Mapping[int, int], asked_about: Collection[int], surveyed_by: int, period: Period, seed: int
) -> Iterator[Dated]:
    """Have some of those erased who left the register on a day, unplaced and for good.

    Nobody is erased before all surveys have been held, as whoever was served may be asked; nor who is asked about at
    the end, of whom nothing would be left to ask.
    """
    rng = random.Random(f"{seed} erased")
    for number, day in gone_on.items():
        on = day + rng.randint(*_ERASED_AFTER)
        if rng.random() < _ERASED and surveyed_by < on <= period.last and number not in asked_about:
            yield period.working_day(on), Action(ERASE_SEEKER, {"seeker": number})
