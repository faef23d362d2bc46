"""What a history is made of: actions with numbers of their own instead of ids, in stages of a day.

Of each thing the numbers count from 0 in the order in which the history brings it. What is done, and how it is asked
for, is told by an action's kind, a row of the table in `kinds.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, cast

Form = Mapping[str, object]
"""Fields of a JSON body by name."""

Thing = Literal[
    "counsellor",
    "course",
    "employer",
    "internship",
    "placement",
    "plan",
    "referral",
    "second_record",
    "seeker",
    "self_found",
    "stranger",
    "vacancy",
    "visit",
]
"""What has numbers. Those of prospects follow on the members'; an internship and a placement have the number of their
referral, and what a seeker finds alone and a second record that of the seeker. Strangers are the clients who never
register."""

Refs = Mapping[Thing, int]
"""Numbers by what they are of."""

By = Literal["manager", "desk", "counsellor", "seeker's counsellor", "firm", "joining firm"]
"""Whose act something is: a manager's; of who is at the desk; of the counsellor or of the firm that it is about; of the
counsellor who has the seeker; of a firm that has no record yet, and joins by its business number."""

Step = Literal["hold", "change", "register again", "refer", "answer", "visit"]
"""What takes more than a row can say: functions in `sending.py`."""


@dataclass(frozen=True, slots=True)
class Count:
    """What the actions of a kind come to in a figure that no plan names: how many they are, or the sum of a field of
    their forms (`amount`). Where there are `codes` it is split: by a field of the form (`by`), or by what an action
    leads to; zeros too."""

    figure: str
    amount: str | None = None
    by: str | None = None
    codes: tuple[str, ...] = ()

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures that are told."""
        return tuple(f"{self.figure}.{code}" for code in self.codes) or (self.figure,)

    def of(self, action: "Action") -> tuple[str, int]:
        """Give the figure that an action is counted in, and as how many."""
        code = action.form[self.by] if self.by else action.leads_to
        amount = cast(int, action.form[self.amount]) if self.amount else 1
        return (f"{self.figure}.{code}" if self.codes else self.figure), amount


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A row of the table: actions of a kind are forms that are posted to an address of a service.

    In the `address` the ids of what an action is about stand by thing, and in the body those of `fields`, each by its
    field. `gives` is what comes to be, with the field of the answer that is its id; `ends` what leaves, or is taken
    back. Of the unplanned actions of a day in intake those of a lower `turn` come first, as those of a person need what
    came before them. With a `step` the request is made by that instead.
    """

    service: Literal["intake", "matching"]
    address: str
    by: By
    fields: Mapping[Thing, str] = field(default_factory=dict[Thing, str])
    gives: tuple[Thing, str] | None = None
    ends: Thing | None = None
    turn: int = 0
    step: Step | None = None
    counts: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """Something that is done: `refs` are the numbers of what it is about, or gives, by thing.

    The form has a date only where something is recorded later than it happened. `leads_to` is what the service makes of
    it, where that isn't always the same.
    """

    kind: Kind
    refs: Refs
    form: Form = field(default_factory=dict[str, object])
    leads_to: str | None = None


Stage = tuple[Action, ...]
"""Actions that don't depend on each other: they may be driven at the same time, after the stages before."""


@dataclass(frozen=True, slots=True)
class Day:
    """What happens in intake and then in matching on a day; no stage is empty."""

    day: date
    intake: tuple[Stage, ...]
    matching: tuple[Stage, ...]


def stages(*groups: Iterable[Action]) -> tuple[Stage, ...]:
    """Make a stage of each group of actions that isn't empty."""
    return tuple(stage for group in groups if (stage := tuple(group)))
