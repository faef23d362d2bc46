"""What may be asked about revocations."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from chassis.batch.aggregates import Ref
from chassis.http.revocations import Revocation
from chassis.texts import Taken
from contracts.revocations import RevocationReason

Subject = Annotated[str, StringConstraints(min_length=1, max_length=100), Taken]
"""The `sub` of tokens, letter by letter."""


class RevocationForm(BaseModel):
    """Whose tokens are to be taken no more, and why."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"subject": "c-0017", "reason": "stolen"}]}
    )

    subject: Subject
    reason: RevocationReason


class LiftingForm(BaseModel):
    """Whose tokens are to be taken again."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{"subject": "c-0017"}]})

    subject: Subject


@dataclass(frozen=True, slots=True)
class RevokeSubject:
    form: RevocationForm

    def touches(self) -> tuple[Ref[Revocation]]:
        return (Ref(Revocation, self.form.subject),)


@dataclass(frozen=True, slots=True)
class LiftRevocation:
    form: LiftingForm

    def touches(self) -> tuple[Ref[Revocation]]:
        return (Ref(Revocation, self.form.subject),)
