"""A seeker's assignment to a counsellor, and the desk that chooses one."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from contracts.codes import ClientGroup
from contracts.ids import CounsellorId, SeekerId


@dataclass(frozen=True, slots=True)
class Assignment:
    """The counsellor of a seeker, since when, and the group that the seeker was assigned by; None while they have none.

    `startup` says whether the seeker had a start-up session, `chosen` whether a manager chose the counsellor. The
    seeker's lock is the assignment's, too.
    """

    seeker_id: SeekerId
    counsellor_id: CounsellorId | None = None
    group: ClientGroup | None = None
    since: date | None = None
    startup: bool = False
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Specialist:
    """A counsellor in service: the client groups, how many active seekers they have, and how long they are away.

    `away_days` is the length of the absence that the day lies in, in days; 0 for whoever is there.
    """

    counsellor_id: CounsellorId
    groups: tuple[ClientGroup, ...]
    seekers: int = 0
    away_days: int = 0


@dataclass(frozen=True, slots=True)
class Desk:
    """The counsellors in service on a day. There is one for all assignments, which are made one after the other."""

    day: date
    specialists: tuple[Specialist, ...]

    def specialist(self, counsellor_id: UUID | None) -> Specialist | None:
        return next((one for one in self.specialists if one.counsellor_id == counsellor_id), None)

    @property
    def present(self) -> tuple[Specialist, ...]:
        return tuple(one for one in self.specialists if not one.away_days)

    def least_loaded(self, group: ClientGroup) -> Specialist | None:
        """Choose a specialist of the group, the one with the fewest seekers, ties by id.

        Where nobody has the group, it is anyone's; where nobody is there, it is someone's who is away. None where
        nobody is in service.
        """
        there = self.present or self.specialists
        of_group = [one for one in there if group in one.groups]
        return min(of_group or there, key=lambda one: (one.seekers, one.counsellor_id), default=None)

    def with_one_more(self, counsellor_id: CounsellorId) -> "Desk":
        """Give the desk with one more seeker at a counsellor's."""
        return self._with(counsellor_id, 1)

    def with_one_less(self, counsellor_id: CounsellorId) -> "Desk":
        """Give the desk with one seeker less at a counsellor's."""
        return self._with(counsellor_id, -1)

    def _with(self, counsellor_id: CounsellorId, more: int) -> "Desk":
        return replace(
            self,
            specialists=tuple(
                replace(one, seekers=one.seekers + more) if one.counsellor_id == counsellor_id else one
                for one in self.specialists
            ),
        )
