"""What goes on at the centre that no plan says anything of: it changes none of a plan's figures.

Each kind has draws of its own, so that it doesn't change what is drawn for the plan, or for another kind.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from jobplus.replay.driving.actions import Action, Stage


@dataclass(frozen=True, slots=True)
class Find:
    """What a visit found: the member's, and the visit's number."""

    employer: int
    visit: int


@dataclass(slots=True)
class Unplanned:
    """The unplanned actions of each day, in intake and in matching.

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
        turns = sorted({action.kind.turn for action in actions})
        return tuple(tuple(action for action in actions if action.kind.turn == turn) for turn in turns)

    def of_matching(self, day: int) -> Stage:
        """Give a day's actions in matching, which meet nothing that the plan has there on the day."""
        return tuple(self.matching.get(day, ()))
