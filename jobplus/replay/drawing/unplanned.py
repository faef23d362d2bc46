"""What goes on at the centre beside what a plan counts: it changes none of a plan's figures.

Each kind has draws of its own, so that it doesn't change what is drawn for the plan, or for another kind.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from jobplus.replay.driving.actions import (
    Action,
    AskForSosCare,
    Assess,
    ChangeSeeker,
    ComeBack,
    CompleteCourse,
    Enrol,
    MergeRecords,
    RecordConsent,
    Stage,
    Withdraw,
    stages,
)

_ORDER = (
    (RecordConsent, AskForSosCare, Assess),
    (CompleteCourse,),
    (Enrol, ChangeSeeker),
    (Withdraw, MergeRecords),
    (ComeBack,),
)
"""In which kinds come on a day: those of a person need what came before them."""


@dataclass(frozen=True, slots=True)
class Find:
    """What a visit found: the member's, and the visit's number."""

    employer: int
    visit: int


@dataclass(slots=True)
class Beside:
    """The actions of each day beside the plan, in intake and in matching.

    By the numbers of the plan's vacancies `finds` tells which ones visits found, and `deadlines` the last day to apply
    where there is one; by those of its referrals `overrides` tells why they are made before total care's stage allows
    it, and `taken_back` why they are taken back, where the plan's answer doesn't come. The members in `departing` open
    no vacancy.
    """

    intake: defaultdict[int, list[Action]] = field(default_factory=lambda: defaultdict(list))
    matching: defaultdict[int, list[Action]] = field(default_factory=lambda: defaultdict(list))
    finds: dict[int, Find] = field(default_factory=dict[int, Find])
    deadlines: dict[int, int] = field(default_factory=dict[int, int])
    overrides: dict[int, str] = field(default_factory=dict[int, str])
    taken_back: dict[int, str] = field(default_factory=dict[int, str])
    departing: set[int] = field(default_factory=set[int])

    @property
    def total(self) -> int:
        """How many actions there are."""
        return sum(map(len, (*self.intake.values(), *self.matching.values())))

    def of_intake(self, day: int) -> tuple[Stage, ...]:
        """Give a day's stages in intake, which follow the first of the plan."""
        actions = self.intake.get(day, ())
        ordered = [action for kinds in _ORDER for action in kinds]
        free = tuple(type(action) for action in actions if type(action) not in ordered)
        groups = ((*_ORDER[0], *free), *_ORDER[1:])
        return stages(*([action for action in actions if type(action) in kinds] for kinds in groups))

    def of_matching(self, day: int) -> Stage:
        """Give a day's actions in matching, which meet nothing that the plan has there on the day."""
        return tuple(self.matching.get(day, ()))
