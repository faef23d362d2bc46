"""Unplanned records: second ones, registered by mistake and merged, and those of people who are erased."""

import random
from collections.abc import Iterator

from jobplus.replay.drawing import forms
from jobplus.replay.drawing.unplanned import Dated, Draw, SoFar, seekers_of
from jobplus.replay.driving.actions import Action
from jobplus.replay.driving.kinds import COME_BACK, ERASE_SEEKER, MERGE_RECORDS, REGISTER_AGAIN, WITHDRAW

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


def erasures(so_far: SoFar) -> Iterator[Dated]:
    """Have a few ask for their erasure who left the register, unplaced and for good.

    Nobody is erased before all surveys have been held, as whoever was served may be asked; nor whose placement never
    was, who is asked about at the end, when nothing would be left to ask.
    """
    rng, period = random.Random(f"{so_far.seed} erased"), so_far.period
    in_vain = {referral.seeker for referral in so_far.matching.referrals if referral.never_started}
    back = seekers_of(so_far.of(COME_BACK))
    for day, action in so_far.of(WITHDRAW):
        number = action.refs["seeker"]
        if number in back or number in so_far.matching.placed_on:
            continue
        on = day + rng.randint(*_ERASED_AFTER)
        if rng.random() < _ERASED and so_far.surveyed_by < on <= period.last and number not in in_vain:
            yield period.working_day(on), Action(ERASE_SEEKER, {"seeker": number})


def twice(so_far: SoFar) -> Iterator[Dated]:
    """Have a few who are in no care registered twice by mistake, by another phone number, and the two records merged
    within a week.

    Both are of one month, so that the registration stays where the plan counts it; nobody is who is erased.
    """
    rng, period, registered_on = random.Random(f"{so_far.seed} twice"), so_far.period, so_far.registered_on
    for number in sorted({*so_far.in_no_care} - seekers_of(so_far.of(ERASE_SEEKER))):
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


DRAWN: tuple[Draw, ...] = (erasures, twice)
