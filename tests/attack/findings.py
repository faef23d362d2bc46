"""What an attack came to: how many cases of each kind, and what was found that may not be."""

from dataclasses import dataclass, field

MOST_TOLD = 40


@dataclass
class Outcome:
    """What came of the cases of one service, or of all. `wrong` are answers that aren't what the OpenAPI says, or no
    problem document; `written` are refused requests after which a table was another; `troubles` all else."""

    service: str
    cases: int = 0
    refusals: int = 0
    broken: int = 0
    wrong: int = 0
    written: int = 0
    again: int = 0
    troubles: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether nothing was found."""
        return not (self.broken or self.wrong or self.written or self.troubles)

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.service,
            self.cases + other.cases,
            self.refusals + other.refusals,
            self.broken + other.broken,
            self.wrong + other.wrong,
            self.written + other.written,
            self.again + other.again,
            [*self.troubles, *other.troubles],
        )

    def __str__(self) -> str:
        return (
            f"{self.service}: {self.cases} cases, {self.refusals} refusals ({self.again} sent again), "
            f"{self.broken} 5xx, {self.wrong} not as described, {self.written} written"
        )


class Findings:
    """Takes findings down, each kind once with an example."""

    def __init__(self) -> None:
        self._kinds: dict[tuple[str, str], int] = {}
        self.told: list[str] = []

    def take(self, operation: str, kind: str, example: str) -> None:
        """Take a finding down."""
        self._kinds[operation, kind] = self._kinds.get((operation, kind), 0) + 1
        if self._kinds[operation, kind] == 1 and len(self.told) < MOST_TOLD:
            self.told.append(f"{operation}: {kind}: {example}")
