"""What partners tell the centre, on topics of their own: a class a notice, and the reading of it.

A notice is of a client of whom the partner has a number; it never says who that is. Each partner has a topic a kind,
`partners.NAME.KIND`, that it alone writes: so whose a notice is nobody has to believe. All are drafts: the centre takes
them in and acts on none of them yet.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError

from ..decoding import Undecodable, UnknownType, reasons
from ..event import Stability
from ..values import AtLeastOne, Code

KINDS = ("deaths", "insurance", "trainings")
"""What a topic of a partner's is about: deaths, employment insurance begun and ended, trainings completed."""

NOTICES: dict[str, type["Notice"]] = {}
"""Every notice by its type."""

_TOPIC = re.compile(rf"partners\.([a-z][a-z0-9-]{{1,30}}[a-z0-9])\.({'|'.join(KINDS)})")

ClientNumber = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[\w./-]+$")]


@dataclass(frozen=True, slots=True)
class NoticeTopic:
    """A partner's topic of one kind, keyed by its client number; kept for ever."""

    partner: str
    kind: str
    partitions: int = 3
    compacted: bool = False
    tombstone_days: int = 30

    @property
    def name(self) -> str:
        """Its full name in Kafka."""
        return f"partners.{self.partner}.{self.kind}"

    @property
    def source(self) -> str:
        """The CloudEvents source of what stands on it."""
        return f"/partners/{self.partner}"


def topic_named(name: str) -> NoticeTopic:
    """Tell whose topic it is and of what (raises ValueError where it is no partner's)."""
    if (found := _TOPIC.fullmatch(name)) is None:
        raise ValueError(f"{name} is no topic of a partner's: partners.NAME.KIND, of {', '.join(KINDS)}")
    return NoticeTopic(found[1], found[2])


class Notice(BaseModel):
    """The fields that every notice has. A reader ignores fields that it does not know."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    kind: ClassVar[str]
    korean: ClassVar[str]
    stability: ClassVar[Stability] = "draft"
    type: ClassVar[str]

    client_number: ClientNumber
    """The partner's own number of the client, the record's key: the one that the centre has linked."""
    occurred_on: date
    """The day in Seoul on which it happened."""
    told_at: AwareDatetime
    """When the partner recorded it."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls.type = f"partners.{cls.__name__}"
        NOTICES[cls.type] = cls


class DeathRecorded(Notice):
    """A client has died, as the register says."""

    kind: ClassVar[str] = "deaths"
    korean: ClassVar[str] = "사망"


class InsuranceBegun(Notice):
    """A client's employment insurance has begun: `occurred_on` is the first day of the job."""

    kind: ClassVar[str] = "insurance"
    korean: ClassVar[str] = "고용보험 자격취득"


class InsuranceEnded(Notice):
    """A client's employment insurance has ended: `occurred_on` is the day after the last of the job."""

    kind: ClassVar[str] = "insurance"
    korean: ClassVar[str] = "고용보험 자격상실"

    reason: Code | None = None
    """Why, as a code of the insurance's; absent where it isn't told."""


class TrainingCompleted(Notice):
    """A client has completed a training."""

    kind: ClassVar[str] = "trainings"
    korean: ClassVar[str] = "훈련 수료"

    course: Code
    hours: AtLeastOne
    """The course's length."""


def noticeschema(type_name: str, revision: int) -> str:
    """Name the schema of a notice by its revision, as the `$id` of its JSON Schema does."""
    return f"urn:partners:schema:{type_name.removeprefix('partners.')}:{revision}"


def decode_notice(type_name: str, topic: str, key: str, data: bytes | None) -> Notice:
    """Read a notice's JSON data (raises UnknownType; Undecodable, which names the field and the reason)."""
    kind = NOTICES.get(type_name)
    if kind is None:
        raise UnknownType(f"no notice has the type {type_name[:80]!r}: there are {', '.join(NOTICES)}")
    if kind.kind != (found := topic_named(topic)).kind:
        raise Undecodable(f"{type_name} belongs on partners.{found.partner}.{kind.kind}, not on {topic}")
    try:
        notice = kind.model_validate_json(data or b"")
    except ValidationError as error:
        raise Undecodable(f"{type_name}: {reasons(error)}") from error
    if notice.client_number != key:
        raise Undecodable(f"{type_name}: client_number differs from the record's key")
    return notice
