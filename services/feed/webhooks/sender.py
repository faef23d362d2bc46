"""Sends one partner's log: several clients' events at once, one after the other those of a client.

    what came of those sent is kept -> what may be sent by now is chosen -> its bodies are read -> commit -> sent

Of what was read and isn't taken yet only numbers are remembered here; what is to be sent is read as it is sent, so that
nothing goes out that was emptied meanwhile. What wasn't taken has a row, and all of its client that comes after it
waits behind it. The position is behind all that was taken or has a row: who takes up after a crash sends again what was
taken beyond it, under the same ids.
"""

import asyncio
import secrets
from collections.abc import Coroutine, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import orjson
import structlog
from prometheus_client import Counter

from chassis.batch.clock import Clock
from chassis.database.db import CONNECT_SECONDS, Connection, Pool, may_pass
from chassis.database.leadership import in_term
from services.feed.log.queries import BY_NUMBER
from services.feed.webhooks import deliveries
from services.feed.webhooks.deliveries import Failed, Item
from services.feed.webhooks.model import Webhook, next_attempt
from services.feed.webhooks.posting import Answer, Poster
from services.feed.webhooks.shaking import handshake, judged
from services.feed.webhooks.signing import signed
from services.feed.webhooks.store import KEEP, WEBHOOK, send_next

log = structlog.get_logger()

AT_ONCE = 16
"""Messages that are under way to one receiver."""
AGAIN_AT_ONCE = 8
"""How many of them are sent again, so that what is refused keeps nothing new waiting."""
READ_AHEAD = 256
"""Entries that are read and not taken yet."""
REST_SECONDS = 1.0
"""After PostgreSQL could not be asked."""

SENT = Counter("jobplus_webhook_messages_total", "Messages sent to webhooks, by what came of them", ["result"])


class Result(NamedTuple):
    """What came of an entry that was sent, or of a handshake, which is of none."""

    item: Item | None
    answer: Answer


class Sender:
    """Sends to one webhook, in one term of leadership, until there is nothing to send by now."""

    def __init__(
        self,
        partner: str,
        pool: Pool,
        clock: Clock,
        poster: Poster,
        key: bytes,
        term: int,
        most_failures: int,
        look_seconds: float,
    ) -> None:
        self._partner = partner
        self._pool = pool
        self._clock = clock
        self._poster = poster
        self._key = key
        self._term = term
        self._most_failures = most_failures
        self._look_seconds = look_seconds
        self._sending: dict[asyncio.Task[Answer], Item | None] = {}
        self._results: list[Result] = []
        self._open: dict[int, Item] = {}
        """What was read, and neither taken nor given a row, by number, in order."""
        self._taken: set[int] = set()
        """What was taken beyond the position."""
        self._position: int | None = None
        """The one that was kept last; None where it isn't known whether it was."""
        self._read = 0

    async def run(self, stopping: asyncio.Event) -> None:
        """Send until nothing is left by now, or `stopping`; what is under way is waited for in any case."""
        try:
            goes_on = True
            while goes_on or self._sending or self._results:
                try:
                    goes_on = await self._round(stopping.is_set())
                except Exception as error:
                    if not may_pass(error):
                        raise
                    log.warning("webhook_waits", partner=self._partner, error=str(error), kind=type(error).__name__)
                    self._position = None
                    await asyncio.sleep(REST_SECONDS)
                await self._gather()
        finally:
            for task in self._sending:
                task.cancel()

    async def _gather(self) -> None:
        """Wait until something came of what is under way, or it is time to look for more."""
        if self._sending and not self._results:
            await asyncio.wait(self._sending, timeout=self._look_seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in [task for task in self._sending if task.done()]:
            result = Result(self._sending.pop(task), task.result())
            SENT.labels("taken" if result.answer.failure is None else "failed").inc()
            self._results.append(result)

    async def _round(self, stopping: bool) -> bool:
        """Keep what came of those sent, and send what may be sent by now; tells whether there may be more."""
        async with self._pool.acquire(timeout=CONNECT_SECONDS) as conn, conn.transaction():
            await conn.execute(BY_NUMBER)
            handed_over = [item.number for item, answer in self._results if item is not None and answer.failure is None]
            await deliveries.note(conn, self._partner, handed_over)
            found = await deliveries.locked(conn, self._partner) if await in_term(conn, self._term) else None
            if found is None:  # somebody else leads, or it was taken away: what was handed over is noted all the same
                before = webhook = None
                failed, chosen, goes_on = [], _Chosen(), False
            else:
                before = found.webhook
                self._begin(before.position)
                webhook, failed = await self._settle(conn, before)
                chosen = _Chosen()
                if not stopping and not found.revoked:
                    chosen = await self._choose(conn, webhook, found.entered)
                webhook = webhook.moved(min(self._open) - 1 if self._open else self._read, chosen.lost)
                if webhook != before:
                    await conn.execute(KEEP, *WEBHOOK.arguments([webhook]))
                goes_on = chosen.goes_on
        if before is not None and webhook is not None:
            self._tell(before, webhook, failed, chosen.lost)
            self._position = webhook.position
            self._taken = {number for number in self._taken if number > webhook.position}
            for item, body in chosen.items:
                self._start(item, self._post(webhook, item, body))
            if chosen.shakes:
                self._start(None, self._shake(webhook))
        self._results.clear()
        return goes_on

    def _begin(self, position: int) -> None:
        """Begin from a position that isn't the one which was kept here last: it was set anew, or isn't known."""
        if position == self._position:
            return
        if self._position is not None:
            self._taken.clear()
        self._open.clear()
        self._read = position

    async def _settle(self, conn: Connection, webhook: Webhook) -> tuple[Webhook, Sequence[Failed]]:
        """Keep what came of those sent. What an address was sent that isn't the webhook's any more is sent anew."""
        at, failed, waiting = datetime.now(UTC), list[Failed](), list[tuple[int, str]]()
        freed = dict[int, str]()
        for item, answer in self._results:
            of_now = answer.url == webhook.url
            if item is None:
                if of_now and webhook.state != "active":
                    webhook = _shaken(webhook, answer, at)
            elif answer.failure is None:
                self._open.pop(item.number, None)
                self._taken.add(item.number)
                if item.kept:
                    freed[item.number] = item.subject
                webhook = webhook.taken(at) if of_now else webhook
            elif of_now:
                first_at = item.first_at or at
                next_at = next_attempt(item.attempts + 1, first_at, at)
                failed.append(Failed(item, first_at, next_at, answer.failure, at if next_at is None else None))
                self._open.pop(item.number, None)
                behind = [one.number for one in self._open.values() if one.subject == item.subject]
                waiting += [(number, self._open.pop(number).subject) for number in behind]
                webhook = webhook.failed(answer.failure, at, self._most_failures, for_good=answer.for_good)
        if failed:
            await deliveries.keep_failed(conn, self._partner, failed)
            await deliveries.keep_waiting(conn, self._partner, waiting)
        await self._free(conn, freed)
        return webhook, failed

    async def _free(self, conn: Connection, freed: dict[int, str]) -> None:
        """Forget rows of what was taken, or may be sent no more, and have sent what waits behind them."""
        if freed:
            await deliveries.drop(conn, self._partner, list(freed))
            await send_next(conn, self._partner, list(freed.values()))

    async def _choose(self, conn: Connection, webhook: Webhook, entered: int) -> "_Chosen":
        """Choose what is sent by now."""
        chosen = _Chosen()
        if webhook.state != "active":
            due = webhook.next_at is not None and webhook.next_at <= datetime.now(UTC)
            chosen.shakes = chosen.goes_on = due and None not in self._sending.values()
            return chosen
        day = (await self._clock.now(conn)).day
        under_way = [item for item in self._sending.values() if item is not None]
        numbers, busy = {item.number for item in under_way}, {item.subject for item in under_way}
        room = AT_ONCE - len(self._sending)
        again = min(room, AGAIN_AT_ONCE - sum(item.kept for item in under_way))
        due = await deliveries.due(conn, self._partner, sorted(numbers), again) if again > 0 else ()
        await self._read_on(conn, day, entered, chosen)
        picked: list[Item] = []
        for item in (*due, *self._open.values()):
            if len(picked) < room and item.number not in numbers and item.subject not in busy:
                picked.append(item)
                busy.add(item.subject)
        bodies = await deliveries.bodies(conn, self._partner, [item.number for item in picked], day) if picked else {}
        chosen.items = [(item, bodies[item.number]) for item in picked if item.number in bodies]
        emptied = [item for item in picked if item.number not in bodies]
        for item in emptied:
            self._open.pop(item.number, None)
        await self._free(conn, {item.number: item.subject for item in emptied if item.kept})
        chosen.goes_on = chosen.goes_on or bool(picked)
        return chosen

    async def _read_on(self, conn: Connection, day: date, entered: int, chosen: "_Chosen") -> None:
        """Read on in the log as far as there is room, and note how many entries are gone that should have come."""
        room = READ_AHEAD - len(self._open)
        if room <= 0 or entered <= self._read:
            return
        rows = await deliveries.read_on(conn, self._partner, self._read, day, room)
        waiting: list[tuple[int, str]] = []
        for row in rows:
            if row.subject is None or row.kept or row.number in self._taken:
                continue
            if row.first_kept is None:
                self._open[row.number] = Item(row.number, row.subject)
            elif row.number > row.first_kept:
                waiting.append((row.number, row.subject))
            # else it was taken before a crash: what comes after it has a row since
        if waiting:
            await deliveries.keep_waiting(conn, self._partner, waiting)
        chosen.lost = (rows[0].number - 1 if rows else entered) - self._read
        chosen.goes_on, self._read = True, rows[-1].number if rows else entered

    def _start(self, item: Item | None, posting: Coroutine[Any, Any, Answer]) -> None:
        self._sending[asyncio.create_task(posting)] = item

    async def _post(self, webhook: Webhook, item: Item, body: bytes) -> Answer:
        at = datetime.now(UTC)
        headers = signed(orjson.loads(body)["id"], int(at.timestamp()), body, webhook.secrets(self._key, at))
        return await self._poster.post(webhook.url, headers, body)

    async def _shake(self, webhook: Webhook) -> Answer:
        at = datetime.now(UTC)
        asked = handshake(secrets.token_urlsafe(24), at)
        headers = signed(asked.message_id, int(at.timestamp()), asked.body, webhook.secrets(self._key, at))
        return judged(await self._poster.post(webhook.url, headers, asked.body), asked.challenge)

    def _tell(self, before: Webhook, webhook: Webhook, failed: Sequence[Failed], lost: int) -> None:
        """Log what an operator, or a partner who asks them, wants to know of."""
        if lost:
            log.warning("webhook_lost", partner=self._partner, entries=lost)
        for one in failed:
            if one.dead_at is not None:
                log.warning("webhook_dead_letter", partner=self._partner, number=one.item.number, failure=one.failure)
        for address in {answer.address for _, answer in self._results if answer.address is not None}:
            log.warning("webhook_leads_inside", partner=self._partner, url=webhook.url, address=address)
        if webhook.state != before.state:
            told = log.info if webhook.state == "active" else log.warning
            told(f"webhook_{webhook.state}", partner=self._partner, failure=webhook.failure, next_at=_iso(webhook))


class _Chosen:
    """What a round has chosen: entries with their bodies, whether a handshake, and whether there may be more."""

    def __init__(self) -> None:
        self.items: Sequence[tuple[Item, bytes]] = ()
        self.shakes = False
        self.goes_on = False
        self.lost = 0


def _shaken(webhook: Webhook, answer: Answer, at: datetime) -> Webhook:
    if answer.failure is None:
        return webhook.shaken()
    return webhook.refused(answer.failure, at, for_good=answer.for_good)


def _iso(webhook: Webhook) -> str | None:
    return webhook.next_at.isoformat() if webhook.next_at else None
