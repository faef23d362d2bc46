"""What a partner reads in its feed beside events of the topics; it is published on none."""

from datetime import date
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from .event import Stability, dataschema

EndReason = Literal["unlinked", "consent_withdrawn", "merged", "erased", "grant_ended"]


class PassingOnEnded(BaseModel):
    """Events are passed on no more: of the client whom `subject` names, or of everybody where it names none; of some
    types, or of all where none is named. What was passed on before is gone from the log. It is read in a partner's feed
    (openapi/feed.json) alone, from the source `/jobplus/feed`."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    type: ClassVar[str] = "jobplus.PassingOnEnded"
    stability: ClassVar[Stability] = "draft"
    dataschema: ClassVar[str] = dataschema(type, 1)

    reason: EndReason
    """What ended it: the client number stands for nobody any more (`unlinked`, `merged`), the client withdrew their
    consent or was erased, or what was granted has ended. Of who was erased a partner deletes what it holds by the feed
    alone."""
    occurred_on: date
    """The day in Seoul from which on nothing is passed on."""
    types: tuple[str, ...] | None = None
    """The types that are passed on no more; all of them where it is left out."""
