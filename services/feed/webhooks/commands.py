"""What may be asked about webhooks, by the partner whose they are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chassis.batch.aggregates import Ref
from chassis.texts import Identifier
from services.feed.entries import Partner
from services.feed.webhooks.model import DeadLetters, Webhook

Url = Annotated[str, StringConstraints(min_length=1, max_length=500), Identifier]
MOST_LETTERS = 1_000
EntryNumber = Annotated[int, Field(ge=1, le=2**63 - 1)]

_EXAMPLE: dict[str, Any] = {"url": "https://hooks.example.org/jobplus"}


class WebhookForm(BaseModel):
    """Where the log is sent to. `after` is the id of an event of the feed after which to begin: without it what is
    entered from now on is sent, or where there is a webhook already, what it has not sent yet."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    url: Url
    after: Annotated[str, StringConstraints(min_length=1, max_length=60), Identifier] | None = None


class SecretForm(BaseModel):
    """For how many hours the secret that is replaced signs beside the new one; 0 where somebody else may know it."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{"overlap_hours": 24}]})

    overlap_hours: Annotated[int, Field(ge=0, le=168)] = 24


class RedriveForm(BaseModel):
    """The dead letters to be sent again, by their numbers; all where none are named."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{"numbers": [42]}]})

    numbers: Annotated[list[EntryNumber], Field(min_length=1, max_length=MOST_LETTERS)] | None = None


class DiscardForm(BaseModel):
    """The dead letters to be given up, by their numbers."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{"numbers": [42]}]})

    numbers: Annotated[list[EntryNumber], Field(min_length=1, max_length=MOST_LETTERS)]


class Made(NamedTuple):
    """A seed that nobody can guess, and the secret that it makes, as the partner is told it."""

    seed: bytes
    secret: str


@dataclass(frozen=True, slots=True)
class RegisterWebhook:
    """`made` is what a webhook that has none yet is given, `after` the number to begin after, `at` the system's
    time; `http` whether an address may be without TLS."""

    partner: str
    url: str
    made: Made
    after: int | None
    at: datetime
    http: bool

    def touches(self) -> tuple[Ref[Partner], Ref[Webhook]]:
        return Ref(Partner, self.partner), Ref(Webhook, self.partner)


@dataclass(frozen=True, slots=True)
class RotateSecret:
    """`made` is the new one, `at` the system's time."""

    partner: str
    made: Made
    at: datetime
    form: SecretForm

    def touches(self) -> tuple[Ref[Webhook]]:
        return (Ref(Webhook, self.partner),)


@dataclass(frozen=True, slots=True)
class AskHandshake:
    """`at` is the system's time."""

    partner: str
    at: datetime

    def touches(self) -> tuple[Ref[Webhook]]:
        return (Ref(Webhook, self.partner),)


@dataclass(frozen=True, slots=True)
class EndWebhook:
    partner: str

    def touches(self) -> tuple[Ref[Webhook]]:
        return (Ref(Webhook, self.partner),)


@dataclass(frozen=True, slots=True)
class Redrive:
    partner: str
    form: RedriveForm

    def touches(self) -> tuple[Ref[Webhook], Ref[DeadLetters]]:
        return Ref(Webhook, self.partner), Ref(DeadLetters, self.partner)


@dataclass(frozen=True, slots=True)
class Discard:
    partner: str
    form: DiscardForm

    def touches(self) -> tuple[Ref[Webhook], Ref[DeadLetters]]:
        return Ref(Webhook, self.partner), Ref(DeadLetters, self.partner)
