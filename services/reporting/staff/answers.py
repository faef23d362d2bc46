"""How a page of staff is answered: to whoever may read it, in words whatever happens."""

from collections.abc import Awaitable, Callable, Generator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, NamedTuple

from fastapi import Request, Response

from chassis.database.db import AWAY, ReadTooLong, Unavailable, may_pass
from chassis.http.problem_responses import Problem
from chassis.http.slots import Slots
from chassis.words import LANGUAGES, Language
from services.reporting.pages.answers import LONGEST_ADDRESS
from services.reporting.pages.rendered import Pages
from services.reporting.signin.readers import HEADERS, Reader, Refused, reader_of, said


class Asked(NamedTuple):
    """A request for a page of staff, and who reads it. `rest` is the path below the language."""

    request: Request
    language: Language
    rest: str
    reader: Reader

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """Write the page; `headers` are more of them, or others."""
        pages: Pages = self.request.app.state.pages
        headers = {**HEADERS, "Content-Language": self.language, **values.pop("headers", {})}
        written = pages.write(template, self.language, self.rest, reader=self.reader, **values)
        return Response(written.body, status, headers, written.media_type)


Make = Callable[[Asked], Awaitable[Response]]


async def shown(request: Request, language: str, make: Make, roles: Sequence[str] = ()) -> Response:
    """Answer with what is made for a reader of one of the roles, of any if none is named."""
    try:
        if language not in LANGUAGES:
            raise Refused(404, "no page")
        if len(request.scope["path"]) + len(request.scope["query_string"]) > LONGEST_ADDRESS:
            raise Refused(414, "long address")
        spoken: Language = language
        rest = request.scope["path"].partition(f"/{language}/")[2]
        return await make(Asked(request, spoken, rest, await reader_of(request, roles)))
    except Refused as refused:
        return said(request, language, refused)
    except (Unavailable, ReadTooLong, *AWAY) as error:
        if isinstance(error, AWAY) and not may_pass(error):
            raise
        return said(request, language, Refused(503, "away", retry_after=Unavailable.RETRY_AFTER_SECONDS))


@contextmanager
def costly(asked: Asked) -> Generator[None]:
    """Hold a place among the reads that cost much (raises Refused where there is none)."""
    slots: Slots | None = asked.request.app.state.slots
    try:
        with slots.one(str(asked.reader.actor)) if slots else nullcontext():
            yield
    except Problem as problem:
        raise Refused(429, "too many", retry_after=problem.retry_after) from None
