"""Pages written as HTML, and the last ones kept, each by what it was made of: none is older than its release."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chassis.words import Language
from services.reporting.pages import drawn, explained, sentences, words
from services.reporting.pages.publisher import publisher
from services.reporting.settings import ReportingSettings

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
ASSETS = HERE / "assets"
MOST_KEPT = 200
"""Pages and files, none larger than a few hundred kB."""
WAIT_SECONDS = 5.0
"""How long a file waits for those that are made before it."""


class Answer(NamedTuple):
    """What is answered to whoever asks for an address."""

    body: bytes
    media_type: str = "text/html; charset=utf-8"
    filename: str | None = None


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
    """Give a hash of all that pages are written by beside what they show: code, templates, words, styles."""
    files = sorted(path for path in HERE.rglob("*") if path.suffix in {".py", ".html", ".po", ".css", ".svg", ".typ"})
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


Later = Callable[[], Answer]
"""Makes a file, which takes a while."""


class Pages:
    """Writes the pages of one process, and keeps the last."""

    def __init__(self, settings: ReportingSettings) -> None:
        self.is_public = settings.pages_public
        self.publisher = publisher(settings)
        self._shared = {"contact": settings.contact, "licence": settings.licence, "edition": _edition()}
        self._environment = environment()
        self._kept: OrderedDict[str, Answer] = OrderedDict()
        self._one = asyncio.Lock()

    def tag(self, path: str, newest: str) -> str:
        """Name what is shown at a path while a release, by its hash, is the newest: an ETag."""
        made_of = "\n".join([*self.publisher, self._shared["edition"], path, newest])
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

    async def apart(self, tag: str, make: Later) -> Answer:
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
                "_": partial(_said, language),
                "language": language,
                "rest": rest,
                "centre": self.publisher.centre(language),
                "day": partial(words.day, language=language),
                "period": partial(words.period, language=language),
                "linked": partial(explained.linked, language=language),
                "number": words.number,
                "column_name": partial(sentences.column_name, language=language),
                "tiles": drawn.tiles,
                "series": drawn.series,
                **values,
            }
        )
        return Answer(written.encode())


def _said(language: Language, text: str, **values: Any) -> str:
    return words.words.told(text, language, **values)
