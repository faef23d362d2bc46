"""How a page of staff is answered: to whoever may read it, in words whatever happens."""

from collections.abc import Awaitable, Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

from fastapi import Request, Response

from chassis.database.db import AWAY, ReadTooLong, Unavailable, may_pass
from chassis.http.problem_responses import Problem
from chassis.http.slots import Slots
from chassis.words import LANGUAGES, Language
from services.reporting.pages.answers import LONGEST_ADDRESS
from services.reporting.pages.rendered import Answer, Pages
from services.reporting.signin.readers import HEADERS, Reader, Refused, below, reader_of, said


class Asked(NamedTuple):
    """A request for a page of staff, and who reads it. `rest` is what stands below the language, with all that is asked
    for."""

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

    def file(self, answer: Answer) -> Response:
        """Give a file to be saved."""
        headers = {**HEADERS, "Content-Language": self.language}
        headers["Content-Disposition"] = f'attachment; filename="{answer.filename}"'
        return Response(answer.body, answer.status, headers, answer.media_type)

    @contextmanager
    def costly(self) -> Generator[None]:
        """Hold one of the places for costly reads (raises Refused where none is free)."""
        slots: Slots | None = self.request.app.state.slots
        with ExitStack() as held:
            if slots is not None:
                try:
                    held.enter_context(slots.one(str(self.reader.actor)))
                except Problem as problem:
                    raise Refused(429, "too many", retry_after=problem.retry_after) from None
            yield


Make = Callable[[Asked], Awaitable[Response]]


async def shown(request: Request, language: str, make: Make, roles: Sequence[str] = ()) -> Response:
    """Answer with what is made for a reader of one of the roles, of any if none is named."""
    try:
        if language not in LANGUAGES:
            raise Refused(404, "no page")
        if len(request.scope["path"]) + len(request.scope["query_string"]) > LONGEST_ADDRESS:
            raise Refused(414, "long address")
        spoken: Language = language
        reader = await reader_of(request, roles)
        return await make(Asked(request, spoken, below(request, language), reader))
    except Refused as refused:
        return said(request, language, refused)
    except (Unavailable, ReadTooLong, *AWAY) as error:
        if isinstance(error, AWAY) and not may_pass(error):
            raise
        return said(request, language, Refused(503, "away", retry_after=Unavailable.RETRY_AFTER_SECONDS))
