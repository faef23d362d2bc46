"""What stands in a work list."""

from datetime import date
from typing import Literal, NamedTuple
from uuid import UUID

Task = Literal["make_contact", "ask_for_answer", "get_in_touch", "give_support", "find_new_job"]
"""What to do: make a contact that is due after a placement, ask for a referral's answer, get in touch with a seeker,
give the month's support of a public job under SOS-Care, find a new job for a seeker whose employment has ended."""


class Limits(NamedTuple):
    """How many days a seeker may be silent, and a referral wait for its answer, before there is something to do."""

    silent_days: int
    answer_days: int


class Entry(NamedTuple):
    """Something to do for a seeker.

    `about` is the contact, the referral, the seeker, the support, or the placement whose employment has ended. `since`
    is the day from which on it counts: the contact's, the referral's, when the seeker was last heard of, the support's,
    or the employment's last; `urgent_on` is the first day on which it stood in the list.
    """

    task: Task
    seeker_id: UUID
    about: UUID
    since: date
    urgent_on: date
