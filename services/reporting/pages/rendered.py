"""Pages written as HTML, and the last ones kept, each by what it was made of: none is older than its release."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chassis.words import Language
from services.reporting.drawing.looks import WIDTH
from services.reporting.pages import explained, names, sentences, words
from services.reporting.pages.charts.rendered import Charts
from services.reporting.pages.publisher import publisher
from services.reporting.settings import ReportingSettings

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
ASSETS = HERE / "assets"
MOST_KEPT = 200
"""Pages and files, none larger than a few hundred kB."""
WAIT_SECONDS = 5.0
"""How long a file waits for those that are made before it."""


KEPT_SECONDS = 60
"""How old a page may be that somebody sees: after that it is asked for again, by its ETag."""


class Answer(NamedTuple):
    """What is answered to whoever asks for an address, and how long they may keep it."""

    body: bytes
    media_type: str = "text/html; charset=utf-8"
    filename: str | None = None
    seconds: int = KEPT_SECONDS
    status: int = 200


def environment() -> Environment:
    """Make what writes templates: everything that they show is escaped, and a name that nobody gave is an error."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _edition() -> str:
    """Give a hash of all that pages are written by beside what they show: code, templates, words, styles, what draws
    charts."""
    kinds = {".py", ".html", ".po", ".css", ".svg", ".js", ".typ"}
    written = [*HERE.rglob("*"), *(HERE.parent / "drawing").rglob("*")]
    files = sorted(path for path in written if path.suffix in kinds)
    drawers = "".join(version(name) for name in ("altair", "vl-convert-python")).encode()
    return hashlib.sha256(drawers + b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


Later = Callable[[], Awaitable[Answer]]
"""Makes an answer that takes long: when the connection, by which what it is made of was read, has been given back."""


class Pages:
    """Writes the pages of one process, and keeps the last."""

    def __init__(self, settings: ReportingSettings) -> None:
        self.is_public = settings.pages_public
        self.after_days = settings.release_after_days
        self.publisher = publisher(settings)
        self._shared = {"contact": settings.contact, "licence": settings.licence, "edition": _edition()}
        self._has_sign_in = settings.has_sign_in
        self._environment = environment()
        self.charts = Charts()
        self._kept: OrderedDict[str, Answer] = OrderedDict()
        self._one = asyncio.Lock()

    def tag(self, path: str, state: str) -> str:
        """Name what is shown at a path while it is as it is, by a release's hash and what else it changes with: an
        ETag."""
        settings = [*self.publisher, str(self.after_days), str(self._has_sign_in)]
        made_of = "\n".join([*settings, self._shared["edition"], path, state])
        return f'"{hashlib.sha256(made_of.encode()).hexdigest()[:32]}"'

    def kept(self, tag: str) -> Answer | None:
        """Give what was kept under a tag."""
        if (found := self._kept.get(tag)) is not None:
            self._kept.move_to_end(tag)
        return found

    def keep(self, tag: str, answer: Answer) -> None:
        """Keep an answer; what nobody has asked for the longest is dropped for it."""
        self._kept[tag] = answer
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    async def apart(self, tag: str, make: Callable[[], Answer]) -> Answer:
        """Have a file made beside all else, one at a time, and keep it, or give what was kept of it meanwhile (raises
        TimeoutError where too many wait)."""
        async with asyncio.timeout(WAIT_SECONDS):
            await self._one.acquire()
        try:
            answer = self.kept(tag) or await asyncio.to_thread(make)
            self.keep(tag, answer)
            return answer
        finally:
            self._one.release()

    def write(self, template: str, language: Language, rest: str, **values: Any) -> Answer:
        """Write a page; `rest` is its path below its language, the same in the other one."""
        written = self._environment.get_template(f"{template}.html").render(
            {
                **self._shared,
                "has_sign_in": self._has_sign_in,
                "_": partial(_said, language),
                "language": language,
                "rest": rest,
                "centre": self.publisher.centre(language),
                "day": partial(words.day, language=language),
                "moment": partial(words.moment, language=language),
                "period": partial(words.period, language=language),
                "linked": partial(explained.linked, language=language),
                "number": words.number,
                "column_name": partial(sentences.column_name, language=language),
                "role_name": partial(names.role_name, language=language),
                "role_names": partial(names.role_names, language=language),
                "chart_width": WIDTH,
                **values,
            }
        )
        return Answer(written.encode())


def _said(language: Language, text: str, **values: Any) -> str:
    return words.words.told(text, language, **values)
