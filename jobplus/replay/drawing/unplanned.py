"""What goes on at the centre that no plan says anything of: it changes none of a plan's figures.

Each kind has draws of its own, so that it doesn't change what is drawn for the plan, or for another kind. They stand in
the modules `unplanned_*`, each of which has them in a table at its foot, `DRAWN`; `history.py` asks them in turn.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from jobplus.replay.drawing.intake_days import Intake
from jobplus.replay.drawing.referrals import Matching
from jobplus.replay.driving.actions import Action, Kind, Refs, Stage
from jobplus.replay.driving.kinds import ASK_FOR_SOS_CARE, ASSESS
from jobplus.replay.planning.calendar import Period

Dated = tuple[int, Action]
"""A day, and an action that comes on it."""


@dataclass(frozen=True, slots=True)
class SoFar:
    """What a draw goes by: what the plan comes to, and what was drawn beside it before.

    `surveyed_by` is the day of the last survey. Some draws say something of the plan's own vacancies and referrals as
    well, by their numbers: they enter it in `found_by` and `overrides` (see `Unplanned`).
    """

    intake: Intake
    matching: Matching
    surveyed_by: int
    period: Period
    seed: int
    dated: list[Dated] = field(default_factory=list[Dated])
    found_by: dict[int, Refs] = field(default_factory=dict[int, Refs])
    overrides: dict[int, str] = field(default_factory=dict[int, str])

    def of(self, *kinds: Kind) -> list[Dated]:
        """Give what was drawn of some kinds, in its order."""
        return [(day, action) for day, action in self.dated if action.kind in kinds]

    @property
    def registered_on(self) -> list[int]:
        """The day on which each seeker is registered."""
        return [person.registered_on for person in self.intake.people]

    @property
    def in_no_care(self) -> list[int]:
        """The seekers who neither ask for SOS-Care nor are in total care."""
        in_care = seekers_of(self.of(ASK_FOR_SOS_CARE, ASSESS))
        return [number for number in range(len(self.intake.people)) if number not in in_care]


Draw = Callable[[SoFar], Iterable[Dated]]
"""Gives actions of intake and of matching, with the day of each."""


@dataclass(frozen=True, slots=True)
class Unplanned:
    """The unplanned actions of each day, in intake and in matching.

    By the numbers of the plan's vacancies `found_by` tells of those that visits found which member's and by which
    visit, and `deadlines` the last day to apply where there is one; by those of its referrals `overrides` tells why
    they are made before total care's stage allows it, and `taken_back` why they are taken back, where the plan's answer
    doesn't come. The members in `departing` open no vacancy.
    """

    intake: Mapping[int, Sequence[Action]]
    matching: Mapping[int, Sequence[Action]]
    found_by: Mapping[int, Refs]
    deadlines: Mapping[int, int]
    overrides: Mapping[int, str]
    taken_back: Mapping[int, str]
    departing: Collection[int]

    @property
    def actions(self) -> Iterator[Action]:
        """All of them."""
        return chain.from_iterable((*self.intake.values(), *self.matching.values()))

    @property
    def total(self) -> int:
        """How many actions there are."""
        return sum(1 for _ in self.actions)

    def of_intake(self, day: int) -> tuple[Stage, ...]:
        """Give a day's stages in intake, which follow the first of the plan."""
        actions = self.intake.get(day, ())
        turns = sorted({action.kind.turn for action in actions})
        return tuple(tuple(action for action in actions if action.kind.turn == turn) for turn in turns)

    def of_matching(self, day: int) -> Stage:
        """Give a day's actions in matching, which meet nothing that the plan has there on the day."""
        return tuple(self.matching.get(day, ()))


def by_day(dated: Iterable[Dated]) -> Mapping[int, Sequence[Action]]:
    """Put the actions of each day together, in the order in which they were drawn."""
    days: defaultdict[int, list[Action]] = defaultdict(list)
    for day, action in dated:
        days[day].append(action)
    return days


def seekers_of(drawn: Iterable[Dated]) -> set[int]:
    """Tell which seekers the actions are of."""
    return {action.refs["seeker"] for _, action in drawn}
