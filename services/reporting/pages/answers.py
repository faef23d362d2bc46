"""How a page is answered: from what was kept, or made anew of the releases as they stand; every refusal is a page in
words."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from fastapi import Request, Response

from chassis.batch.clock import Clock
from chassis.database.db import AWAY, Connection, Pool, ReadTooLong, Unavailable, may_pass, reading
from chassis.days import day as read_day
from chassis.http.problem_responses import Problem
from chassis.words import LANGUAGES, Language
from services.reporting.corrections.queries import counts
from services.reporting.figures.period import month_end
from services.reporting.pages.rendered import KEPT_SECONDS, Answer, Later, Pages
from services.reporting.releases import queries
from services.reporting.releases.document import ReleaseDocument
from services.reporting.releases.queries import Released
from services.reporting.signin.readers import Refused, reader_of, said

LONGEST_ADDRESS = 2_000

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class NoPage(Exception):
    """An address shows nothing: why, by the name of what is said about it in `error.html`."""

    def __init__(self, status: int, why: str, day: date | None = None) -> None:
        super().__init__(why)
        self.status = status
        self.why = why
        self.day = day


class Asked(NamedTuple):
    """A request for a page: what it may be made of. `rest` is the path below the language."""

    request: Request
    language: Language
    rest: str
    pages: Pages
    conn: Connection
    released: list[Released]
    corrected: Mapping[date, int]
    """How many corrections stand beside releases."""
    tag: str

    async def document(self, release: Released) -> tuple[ReleaseDocument, bytes]:
        """Give what a release says, and its bytes."""
        found = await queries.document(self.conn, release.day)
        if found is None:
            raise NoPage(404, "no release", release.day)
        return ReleaseDocument.model_validate_json(found[0]), found[0]

    def newest(self) -> Released | None:
        """Give the newest release, if there is one."""
        return self.released[0] if self.released else None


Make = Callable[[Asked], Awaitable[Answer | Later]]


async def answered(
    request: Request, language: str, make: Make, of: str | None = None, policy: Mapping[str, str] | None = None
) -> Response:
    """Answer with what is made of the releases as they stand, or of the one that is named, or was before; every refusal
    is a page. `policy` has headers that allow a page more: they stand on what is unchanged too, since a browser takes
    them from there."""
    pages: Pages = request.app.state.pages
    pool: Pool = request.app.state.pool
    rest = request.scope["path"].partition(f"/{language}/")[2]
    spoken: Language = language if language in LANGUAGES else "en"
    try:
        if len(request.scope["path"]) + len(request.scope["query_string"]) > LONGEST_ADDRESS:
            raise NoPage(414, "long address")
        if language not in LANGUAGES:
            raise NoPage(404, "no language")
        if not pages.is_public:
            await reader_of(request)
        async with reading(pool) as conn:
            released, corrected = await queries.released(conn), await counts(conn)
            tag = pages.tag(request.scope["path"], _state(released, corrected, of))
            asked = Asked(request, spoken, rest, pages, conn, released, corrected, tag)
            is_known = tag in request.headers.get("if-none-match", "")
            answer = None if is_known else pages.kept(tag) or await make(asked)
        if callable(answer):
            answer = await answer()
        found = _response(pages, spoken, tag, answer)
        found.headers.update(policy or {})
        return found
    except NoPage as missing:
        return refused(pages, spoken, missing)
    except Refused as unread:
        return said(request, language, unread)
    except (Unavailable, ReadTooLong, *AWAY) as error:
        if isinstance(error, AWAY) and not may_pass(error):
            raise
        return refused(pages, spoken, NoPage(503, "away"))


def _state(released: Sequence[Released], corrected: Mapping[date, int], of: str | None) -> str:
    """Name what an answer changes with: a file with nothing but its own release, that `of` names; a page with the
    newest, and with the corrections."""
    newest = released[0].hash if released else ""
    return next((release.hash for release in released if str(release.day) == of), f"{newest} {sum(corrected.values())}")


def _response(pages: Pages, language: Language, tag: str, answer: Answer | None) -> Response:
    """Answer, and keep the answer; None where who asks has it. What stands for something else isn't kept."""
    headers = {**HEADERS, "Content-Language": language}
    if answer and answer.status != 200:
        headers |= {"Cache-Control": "no-store", "Retry-After": str(Unavailable.RETRY_AFTER_SECONDS)}
        return Response(answer.body, answer.status, headers, answer.media_type)
    headers["ETag"] = tag
    kept = f"public, max-age={answer.seconds if answer else KEPT_SECONDS}"
    headers["Cache-Control"] = kept if pages.is_public else "no-store"
    if answer is None:
        return Response(status_code=304, headers=headers)
    pages.keep(tag, answer)
    if answer.filename:
        headers["Content-Disposition"] = f'attachment; filename="{answer.filename}"'
    return Response(answer.body, 200, headers, answer.media_type)


def refused(pages: Pages, language: Language, missing: NoPage) -> Response:
    """Say in words why an address shows nothing; nothing of the address is repeated but its day."""
    page = pages.write("error", language, "", status=missing.status, why=missing.why, release_day=missing.day)
    headers = {**HEADERS, "Content-Language": language, "Cache-Control": "no-store"}
    if missing.status == 503:
        headers["Retry-After"] = str(Unavailable.RETRY_AFTER_SECONDS)
    return Response(page.body, missing.status, headers, page.media_type)


def too_many(request: Request, problem: Problem) -> Response:
    """Say to whoever asks for pages too often when to come again."""
    language = request.scope["path"][1:3]
    spoken: Language = language if language in LANGUAGES else "ko"
    answer = refused(request.app.state.pages, spoken, NoPage(429, "too many"))
    answer.headers["Retry-After"] = str(problem.retry_after)
    return answer


async def release_of(asked: Asked, name: str) -> Released:
    """Find a release by the day in an address (raises NoPage, which says what is wrong with the day)."""
    try:
        day = read_day(name)
    except ValueError:
        raise NoPage(404, "no day") from None
    found = next((release for release in asked.released if release.day == day), None)
    if found:
        return found
    if day != month_end(day):
        raise NoPage(404, "no month's end", day)
    clock: Clock = asked.request.app.state.clock
    if day > (await clock.now(asked.conn)).day:
        raise NoPage(404, "to come", day)
    raise NoPage(404, "no release", day)
