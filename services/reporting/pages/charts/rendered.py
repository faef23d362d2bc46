"""Charts as they were drawn: those of a release's page at once, by one process that ends then, and kept.

A release never changes, so its charts are drawn once by each process that answers. What draws takes seconds to begin,
and more memory than all the rest, so it is no part of that process: one draws at a time, within a deadline, and who
asks meanwhile waits for it. What couldn't be drawn is tried again after a while.
"""

import asyncio
import hashlib
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import orjson
import structlog

from chassis.words import Language
from services.reporting.drawing.model import NO_KOREAN_FONT, Chart
from services.reporting.pages.charts.chosen import ON_THE_RELEASE, charts
from services.reporting.releases.document import ReleaseDocument

log = structlog.get_logger()

MOST_SECONDS = 60.0
"""For some fifteen charts, of which each takes tenths of a second."""
MOST_CPU_SECONDS = 40
MOST_WAIT_SECONDS = 30.0
"""How long somebody waits for a chart: those of other releases may be drawn before it."""
AGAIN_AFTER_SECONDS = 30.0
MOST_KEPT = 96
"""Halves of a release's charts in a language, of some 150 kB each: two years by month, in two languages; and charts of
staff, of some 10 kB."""
_LONGEST_LINE = 4 * 1024 * 1024
DRAWER = (sys.executable, "-m", "services.reporting.drawing")

Kind = Literal["svg", "png", "vega", "script"]
"""What the process that draws makes."""


class NotDrawn(Exception):
    """A chart that can't be had at the moment, and why: it took too long or failed, or a font isn't there."""

    def __init__(self, why: Literal["not drawn", "no font"] = "not drawn") -> None:
        super().__init__(why)
        self.is_for_a_font = why == "no font"


@dataclass
class _Drawn:
    """Half of a release's charts in a language, or one alone: each once it is drawn, None where it couldn't be; and
    when that was."""

    svgs: dict[str, asyncio.Future[bytes | None]]
    failed_at: float | None = None


class Charts:
    """Draws the charts of releases by a command, and keeps them, in one process that answers."""

    def __init__(self, drawer: Sequence[str] = DRAWER) -> None:
        self._drawer = drawer
        self._kept: OrderedDict[tuple[str, str, bool], _Drawn] = OrderedDict()
        self._at_work: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Semaphore(1)
        self._script: bytes | None = None
        self._script_made = asyncio.Lock()

    def begin(self, hash_: str, document: ReleaseDocument, language: Language) -> None:
        """Begin to draw the charts of a release's page, which who reads it asks for soon, where nothing else is drawn:
        who goes through all releases and looks at no chart keeps nobody waiting."""
        if not self._at_work:
            self._of(hash_, document, language, is_on_the_release=True)

    async def svg(self, hash_: str, document: ReleaseDocument, language: Language, name: str) -> bytes:
        """Give a chart of the release whose document has a hash (raises NotDrawn; KeyError where it has no such)."""
        return await _there(self._of(hash_, document, language, is_on_the_release=name in ON_THE_RELEASE).svgs[name])

    async def alone(self, chart: Chart) -> bytes:
        """Give a chart that is of no release, drawn by itself and kept by all that it shows (raises NotDrawn)."""
        shows = hashlib.sha256(chart.model_dump_json().encode()).hexdigest()
        return await _there(self._once((shows, chart.language, False), lambda: [chart]).svgs[chart.name])

    async def png(self, hash_: str, document: ReleaseDocument, language: Language, name: str) -> bytes:
        """Give a chart as a picture of two pixels for each of its own (raises as `svg` does)."""
        return await self._made("png", await self.svg(hash_, document, language, name), name)

    async def vega(self, chart: Chart) -> bytes:
        """Give a chart as JSON that Vega draws in a browser (raises NotDrawn)."""
        return await self._made("vega", chart.model_dump_json().encode(), chart.name)

    async def script(self) -> bytes:
        """Give the script that does so, packed by gzip: it is made once by each process (raises NotDrawn)."""
        async with self._script_made:
            self._script = self._script or await self._made("script", b"", "")
            return self._script

    def _of(self, hash_: str, document: ReleaseDocument, language: Language, *, is_on_the_release: bool) -> _Drawn:

        def wanted() -> list[Chart]:
            every = charts(document, language).values()
            return [chart for chart in every if (chart.name in ON_THE_RELEASE) == is_on_the_release]

        return self._once((hash_, language, is_on_the_release), wanted)

    def _once(self, key: tuple[str, str, bool], wanted: Callable[[], list[Chart]]) -> _Drawn:
        """Give what was drawn under a key, or begin to draw what is wanted."""
        drawn = self._kept.get(key)
        is_old = drawn and drawn.failed_at is not None and time.monotonic() - drawn.failed_at > AGAIN_AFTER_SECONDS
        if drawn is None or is_old:
            told = wanted()
            loop = asyncio.get_running_loop()
            drawn = self._kept[key] = _Drawn({chart.name: loop.create_future() for chart in told})
            task = asyncio.create_task(self._draw(drawn, told))
            self._at_work.add(task)
            task.add_done_callback(self._at_work.discard)
        self._kept.move_to_end(key)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return drawn

    async def _draw(self, drawn: _Drawn, wanted: list[Chart]) -> None:
        try:
            async with self._turn, asyncio.timeout(MOST_SECONDS):
                await self._drawn_apart(drawn, wanted)
        except (TimeoutError, OSError, ValueError, LookupError) as error:  # no process, or what it wrote is no answer
            log.warning("charts_not_drawn", error=repr(error))
        finally:
            for svg in drawn.svgs.values():
                if not svg.done():
                    drawn.failed_at = time.monotonic()
                    svg.set_result(None)

    async def _drawn_apart(self, drawn: _Drawn, wanted: list[Chart]) -> None:
        process = await self._begun("svg")
        assert process.stdin
        assert process.stdout
        try:
            process.stdin.write(orjson.dumps([chart.model_dump(mode="json") for chart in wanted]))
            process.stdin.close()
            async for line in process.stdout:
                told = orjson.loads(line)
                svg = told["svg"].encode() if "svg" in told else None
                if svg is None:
                    log.warning("chart_not_drawn", chart=told["name"], error=told["error"])
                    drawn.failed_at = time.monotonic()
                drawn.svgs[told["name"]].set_result(svg)
            if code := await process.wait():
                log.warning("charts_cut_off", code=code)
        finally:
            await _ended(process)

    async def _made(self, kind: Kind, told: bytes, name: str) -> bytes:
        """Have one thing made apart, of what is told (raises NotDrawn)."""
        try:
            async with asyncio.timeout(MOST_WAIT_SECONDS), self._turn:
                code, made = await self._answered(kind, told)
        except OSError:  # it took too long, or there is no process
            raise NotDrawn from None
        if code == NO_KOREAN_FONT:
            log.warning("no_korean_font", chart=name, install="fonts-nanum")
            raise NotDrawn("no font")
        if code != 0:
            log.warning("chart_not_drawn", chart=name, kind=kind, code=code)
            raise NotDrawn
        return made

    async def _answered(self, kind: Kind, told: bytes) -> tuple[int | None, bytes]:
        process = await self._begun(kind)
        try:
            made, _ = await process.communicate(told)
            return process.returncode, made
        finally:
            await _ended(process)

    async def _begun(self, kind: Kind) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(*self._drawer, kind, str(MOST_CPU_SECONDS)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_LONGEST_LINE,
        )


async def _there(drawn: asyncio.Future[bytes | None]) -> bytes:
    """Wait until a chart is drawn (raises NotDrawn)."""
    try:
        async with asyncio.timeout(MOST_WAIT_SECONDS):
            svg = await asyncio.shield(drawn)
    except TimeoutError:
        raise NotDrawn from None
    if svg is None:
        raise NotDrawn
    return svg


async def _ended(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()
