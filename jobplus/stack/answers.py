"""What is read of a service's answer to GET /status."""

from collections import defaultdict
from collections.abc import Mapping

from pydantic import BaseModel, ValidationError


class _Consumed(BaseModel):
    topic: str
    lag: int
    lost: str | None = None
    not_looked_seconds: float | None = None


class _DeadLetters(BaseModel):
    dead: int
    parked: int


class Answer(BaseModel):
    """A service's outbox, how far its consumers are behind, what they have lost, its dead letters, and the events that
    Kafka refuses."""

    outbox: int
    consumers: list[_Consumed]
    dead_letters: _DeadLetters
    unsent_events: _DeadLetters

    @property
    def lag(self) -> dict[str, int]:
        """Records not read yet, by topic."""
        lag: defaultdict[str, int] = defaultdict(int)
        for consumed in self.consumers:
            lag[consumed.topic] += consumed.lag
        return dict(lag)

    @property
    def not_looked_seconds(self) -> float:
        """For how long a partition was not looked at: what is told of its lag is that old."""
        return max((consumed.not_looked_seconds or 0 for consumed in self.consumers), default=0)

    @property
    def lost(self) -> list[str]:
        """Why partitions aren't read any more."""
        return [consumed.lost for consumed in self.consumers if consumed.lost]


def read(answer: Mapping[str, object]) -> Answer:
    """Read an answer's JSON object; raises ValueError with what it lacks."""
    try:
        return Answer.model_validate(answer)
    except ValidationError as error:
        missing = ", ".join(".".join(str(part) for part in e["loc"]) for e in error.errors())
        raise ValueError(f"its api's answer lacks {missing}") from error
