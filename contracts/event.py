"""What every event is: a fact in the past tense, with the provenance that makes it stand by itself."""

from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from contracts.topics import Topic

EVENTS: dict[str, type["Event"]] = {}
"""Every event by its type name."""


class Actor(BaseModel):
    """Who did it: a role, and an id that says nothing about the person by itself."""

    model_config = ConfigDict(frozen=True)

    role: str
    id: str


class Event(BaseModel):
    """The fields that every event has. A subclass whose name starts with an underscore is no event by itself.

    `occurred_on` is the day that is claimed, in Seoul; `recorded_at` is when the service recorded it; `rule` is
    the rule that decided; `imported` marks what was brought in from an earlier system. A reader ignores fields
    that it does not know: optional ones may be added.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    topic: ClassVar[Topic]
    key_field: ClassVar[str]
    stability: ClassVar[Literal["draft", "stable"]] = "draft"
    type: ClassVar[str]
    tombstone: ClassVar[bool] = False

    occurred_on: date
    recorded_at: AwareDatetime
    actor: Actor
    rule: str
    imported: bool = False

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if cls.__name__.startswith("_"):
            return
        if "type" not in cls.__dict__:
            cls.type = f"jobplus.{cls.__name__}"
        if cls.type in EVENTS:
            raise TypeError(f"two events have the type {cls.type}")
        EVENTS[cls.type] = cls

    @property
    def key(self) -> str:
        """The Kafka key: the id of the subject."""
        return str(getattr(self, self.key_field))

    def encode(self) -> bytes | None:
        """Write the event's data as JSON (None: the event is a tombstone)."""
        return self.__pydantic_serializer__.to_json(self, exclude_none=True)
