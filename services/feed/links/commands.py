"""What may be asked about links."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from chassis.batch.aggregates import Ref
from chassis.texts import Identifier
from contracts.ids import SeekerId
from services.feed.entries import Partner
from services.feed.grants.commands import PartnerName
from services.feed.grants.model import GrantsOf
from services.feed.links.model import Code, Link, LinkByCode, LinkOfPerson, StandingLink, digest_of
from services.feed.persons.model import Person, PersonOfCode

ClientNumber = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[\w./-]+$"), Identifier]
"""A partner's own number of a client."""
CodeText = Annotated[str, StringConstraints(min_length=1, max_length=40), Identifier]

_NUMBER: dict[str, Any] = {"partner": "welfare-office", "client_number": "W-2011-0042"}
_SEEKER = "0190c0de-0000-7000-8000-000000000001"


class LinkForm(BaseModel):
    """That a partner's client number stands for a seeker."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{**_NUMBER, "seeker_id": _SEEKER}]}
    )

    partner: PartnerName
    client_number: ClientNumber
    seeker_id: SeekerId


class EndForm(BaseModel):
    """The client number of a partner that is to stand for nobody any more."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [_NUMBER]})

    partner: PartnerName
    client_number: ClientNumber


class CodeForm(BaseModel):
    """Whom a code is for, and which partner may use it."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"partner": "welfare-office", "seeker_id": _SEEKER}]},
    )

    partner: PartnerName
    seeker_id: SeekerId


class ClaimForm(BaseModel):
    """The code that a client gave to a partner, and the partner's number of this client."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"code": "K7M2-Q9XD-4RTB", "client_number": "W-2011-0042"}]},
    )

    code: CodeText
    client_number: ClientNumber


@dataclass(frozen=True, slots=True)
class MakeLink:
    link_id: UUID
    form: LinkForm

    def touches(self) -> tuple[Ref[Person], Ref[Link], Ref[Link], Ref[GrantsOf]]:
        form = self.form
        return (
            Ref(Person, form.seeker_id),
            Ref(Link, StandingLink(form.partner, form.client_number)),
            Ref(Link, LinkOfPerson(form.partner, form.seeker_id)),
            Ref(GrantsOf, form.partner),
        )


@dataclass(frozen=True, slots=True)
class EndLink:
    form: EndForm

    def touches(self) -> tuple[Ref[Link], Ref[Partner]]:
        return (
            Ref(Link, StandingLink(self.form.partner, self.form.client_number)),
            Ref(Partner, self.form.partner),
        )


@dataclass(frozen=True, slots=True)
class GiveCode:
    """`code` is random, and holds for a time."""

    code: str
    holds: timedelta
    form: CodeForm

    @property
    def digest(self) -> bytes:
        return digest_of(self.code)

    def touches(self) -> tuple[Ref[Person], Ref[GrantsOf]]:
        return Ref(Person, self.form.seeker_id), Ref(GrantsOf, self.form.partner)


@dataclass(frozen=True, slots=True)
class ClaimClient:
    link_id: UUID
    partner: str
    form: ClaimForm

    def touches(self) -> tuple[Ref[Person], Ref[Code], Ref[Link], Ref[Link], Ref[GrantsOf]]:
        digest = digest_of(self.form.code)
        return (
            Ref(Person, PersonOfCode(digest)),
            Ref(Code, digest),
            Ref(Link, StandingLink(self.partner, self.form.client_number)),
            Ref(Link, LinkByCode(digest)),
            Ref(GrantsOf, self.partner),
        )
