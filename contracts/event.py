"""What every event is: a fact in the past tense, with the provenance that makes it stand by itself."""

from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from .open_codes import ReadsOpen
from .revisions import REVISIONS
from .topics import Topic
from .upcasters import former_types

EVENTS: dict[str, type["Event"]] = {}
"""Every event by its type name."""

Stability = Literal["draft", "stable"]


def dataschema(type_name: str, revision: int) -> str:
    """Name the schema of a type by its revision, as the `$id` of its JSON Schema does and each event of it."""
    return f"urn:jobplus:schema:{type_name.removeprefix('jobplus.')}:{revision}"


class Actor(BaseModel):
    """Who did it: a role, and an id that says nothing about the person by itself."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    role: str
    """A role of the centre's staff or clients; `system` where an event or a due day did it."""
    id: str
    """Opaque, the same for the same account; for `system` what caused it, such as an event's type."""


class Event(ReadsOpen):
    """The fields that every event has. A subclass whose name starts with an underscore is no event by itself.

    A reader ignores fields that it does not know: optional ones may be added. Anything else that changes is a new
    class with an explicit `type` (`jobplus.X.v2`) beside the old, and an upcaster from the old to it. `korean` is what
    the centre calls it; docs/glossary.md tells it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False, use_attribute_docstrings=True)

    topic: ClassVar[Topic]
    key_field: ClassVar[str]
    korean: ClassVar[str]
    stability: ClassVar[Stability] = "draft"
    type: ClassVar[str]
    dataschema: ClassVar[str]
    former_types: ClassVar[tuple[str, ...]]
    tombstone: ClassVar[bool] = False

    occurred_on: date
    """The day in Seoul on which it happened, as claimed by whoever recorded it. Figures count by this day."""
    recorded_at: AwareDatetime
    """When the service recorded it. What was known at a time is what was recorded up to it."""
    actor: Actor
    rule: str
    """The name of the rule that decided."""
    imported: bool = False
    """Whether it was brought in from an earlier system."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if cls.__name__.startswith("_"):
            return
        if "type" not in cls.__dict__:
            cls.type = f"jobplus.{cls.__name__}"
        if cls.type in EVENTS:
            raise TypeError(f"two events have the type {cls.type}")
        if not hasattr(cls, "korean"):
            raise TypeError(f"{cls.__name__} has no Korean word: korean")
        cls.dataschema = dataschema(cls.type, REVISIONS.get(cls.type, 1))
        cls.former_types = former_types(cls.type)
        EVENTS[cls.type] = cls

    @property
    def key(self) -> str:
        """The Kafka key: the id of the subject."""
        return str(getattr(self, self.key_field))

    def encode(self) -> bytes | None:
        """Write the event's data as JSON (None: the event is a tombstone)."""
        return self.__pydantic_serializer__.to_json(self, exclude_none=True)
