"""Matching's worker: a faust app whose one agent hands whole batches to the handler that the plain consumer uses.

What a fetch brings of a partition goes through faust as one message, whose value is the run of its records: a message's
way through channel, stream and acknowledgement costs more than what is done with most records.

Three things of faust are overridden, because an agent acknowledges its batch whenever it leaves the loop, also by
cancellation, so that what Kafka has as committed proves nothing:

- positions come from PostgreSQL, and the log is compared with them (`chassis.stream.history`, in `_Thread`);
- a record of a partition whose position came from elsewhere ends the session before it reaches the agent;
- committing to Kafka is for lag tools: it has a time limit, and its failure is normal.

The Kafka client is the chassis's own, made in faust's consumer thread. A session that breaks is followed by
another; where history is lost it stands still meanwhile.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, cast

import faust
import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer, Transport
from faust.types import TP
from mode.threads import WorkerThread
from yarl import URL

from chassis.database.db import AWAY, CONFLICTS
from chassis.running.service import Service
from chassis.running.telemetry import Pulse
from chassis.stream import kafka
from chassis.stream.consumer import COMMIT_SECONDS
from chassis.stream.history import History, HistoryLost, Log, Position
from chassis.stream.kafka import MOST_RECORDS, NO_POSITION, logs_beyond, logs_of, without_position
from chassis.stream.record import Partition, Record
from chassis.stream.record_batch import LONGEST_PAUSE
from chassis.stream.standstill import Standstill

log = structlog.get_logger()
FAUST_LOG = logging.getLogger("faust")

MOST_RUNS = 64
WITHIN_SECONDS = 0.05
"""How long an agent's batch is filled, unless it has MOST_RUNS before: every event waits up to so long."""
KAFKA_SECONDS = 3.0
SEEK_SECONDS = 60.0
STOP_SECONDS = 12.0


class SessionBroken(Exception):
    """The faust app can't go on; another one may."""


async def worker(service: Service, pulse: Pulse, stopping: asyncio.Event) -> None:
    """Consume until `stopping`, session after session. What is in hand is finished first."""
    pause = 0.1
    standstill = Standstill(
        lambda: kafka.reader(service.settings), service.blueprint.compacted, service.record_batches.positions, pulse
    )
    while not stopping.is_set():
        session = _Session(service, pulse)
        try:
            await session.run(stopping)
        except HistoryLost as lost:
            await standstill.outlast(lost, stopping)
        except (KafkaError, SessionBroken, *AWAY, *CONFLICTS) as error:
            pulse.fail(type(error).__name__)
            log.warning("consumer_interrupted", error=str(error), kind=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), pause)
            pause = 0.1 if session.got_on else min(pause * 2, LONGEST_PAUSE)


class _Session:
    """One faust app, from start to stop."""

    def __init__(self, service: Service, pulse: Pulse) -> None:
        self.service = service
        self.batches = service.record_batches
        self.pulse = pulse
        self.history = History(service.blueprint.compacted)
        self.got_on = False
        self.closing = asyncio.Event()
        self._in_hand = asyncio.Lock()
        self._applied = 0
        self._loop = asyncio.get_running_loop()
        self._ended: asyncio.Future[None] = self._loop.create_future()

    async def run(self, stopping: asyncio.Event) -> None:
        app, look_seconds = _app(self), self.service.settings.look_seconds
        starting = asyncio.ensure_future(app.start())
        stop = asyncio.ensure_future(stopping.wait())
        try:
            while not stopping.is_set():
                waiting = {stop, self._ended, *({starting} if not starting.done() else ())}
                await asyncio.wait(waiting, timeout=look_seconds, return_when=asyncio.FIRST_COMPLETED)
                if self._ended.done():
                    self._ended.result()
                if app.crashed:
                    raise SessionBroken(f"faust crashed: {app.crash_reason!r}")
                if starting.done():
                    starting.result()
                    await self._look(cast(_Consumer, app.consumer))
        finally:
            self.closing.set()
            stop.cancel()
            await self._stop(app)
            starting.cancel()
            self._ended.cancel()
            await asyncio.gather(starting, self._ended, return_exceptions=True)

    def end(self, error: Exception) -> None:
        """End the session with an error; from any thread."""
        self._loop.call_soon_threadsafe(self._end, error)

    async def apply(self, records: Sequence[Record]) -> None:
        """Apply a batch, the same one again for as long as what stops it may pass. Never raises, and never returns
        with anything unapplied: an agent that fails would acknowledge its batch."""
        async with self._in_hand:
            if not self.closing.is_set():
                try:
                    await self.batches.insist(records, self.pulse, self.closing)
                except Exception as error:
                    self.end(error)
                else:
                    self._applied += len(records)
                    self.got_on = True
                    return
        await self._loop.create_future()

    def _end(self, error: Exception) -> None:
        if not self._ended.done():
            self._ended.set_exception(error)

    async def _look(self, consumer: "_Consumer") -> None:
        """Note where the partitions end. The pulse beats while records are applied or none is left."""
        before, asked_at = self._applied, time.monotonic()
        try:
            ends = await consumer.ends()
            left = await self.batches.positions.looked(ends, time.monotonic() - asked_at)
        except (KafkaError, *CONFLICTS, *AWAY) as error:
            self.pulse.fail(type(error).__name__)
            return
        if left == 0 or self._applied > before:
            self.pulse.beat()

    async def _stop(self, app: faust.App) -> None:
        try:
            async with asyncio.timeout(STOP_SECONDS), self._in_hand:
                await app.stop()
        except TimeoutError:
            # a member that is left behind would hold partitions that nobody reads
            raise RuntimeError(f"faust did not stop within {STOP_SECONDS:.0f} s") from None


class _Thread(AIOKafkaConsumerThread):
    """Faust's consumer thread. What is touched here is touched in no other thread."""

    logger = FAUST_LOG

    def __post_init__(self) -> None:
        super().__post_init__()
        self._session = cast(_App, self.app).session
        self._history = self._session.history
        self._ended = False

    def on_crash(self, msg: str, *fmt: Any, **kwargs: Any) -> None:
        """Faust would print it; the session logs it."""

    def _create_worker_consumer(self, transport: Any) -> AIOKafkaConsumer:
        return kafka.consumer(self._session.service.settings, self._session.service.group)

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        self._history.leave()
        await super().on_partitions_assigned(assigned, generation_id)

    async def logs(self, partitions: Sequence[Partition]) -> dict[Partition, Log]:
        """Tell where partitions' logs begin and end."""
        return await logs_of(self._ensure_consumer(), partitions)

    async def seek_to(self, positions: Mapping[Partition, Position], logs: Mapping[Partition, Log]) -> dict[TP, int]:
        """Go where PostgreSQL stands, and tell where that is (raises HistoryLost)."""
        consumer = self._ensure_consumer()
        held = {Partition(tp.topic, tp.partition) for tp in consumer.assignment()}
        try:
            begin = self._history.begin({p: position for p, position in positions.items() if p in held}, logs)
        except HistoryLost:
            self._ended = True
            raise
        for partition, offset in begin.items():
            consumer.seek(TP(*partition), offset)
        return {TP(*partition): offset for partition, offset in begin.items()}

    async def ends(self) -> dict[Partition, int]:
        """Tell where the assigned partitions end; ends the session where what comes next is gone."""
        async with asyncio.timeout(KAFKA_SECONDS):
            logs = await logs_beyond(self._ensure_consumer(), self._history.unread())
        self._verified(lambda: self._history.looked(logs))
        return {partition: log.end for partition, log in logs.items()}

    async def _fetch_records(
        self, consumer: AIOKafkaConsumer, active_partitions: set[TP], timeout: float | None = None,
        max_records: int | None = None,
    ) -> Any:  # fmt: skip
        try:
            fetched = await super()._fetch_records(consumer, active_partitions, timeout, max_records)
        except NO_POSITION as error:
            if self._history.reads(without_position(error)):
                self._end(error)
            return {}
        kafka.gather(consumer, busy=bool(fetched))
        if not self.consumer.flow_active:
            return {}  # a rebalance is under way, and every partition will be sought anew
        for tp, records in fetched.items():
            if not self._history.reads(Partition(tp.topic, tp.partition)):
                self._end(SessionBroken(f"{tp} is read from a position that PostgreSQL did not give"))
            elif records and not self._ended:
                self._verified(lambda records=records: self._history.read(records))
        return {} if self._ended else {tp: [_run(records)] for tp, records in fetched.items() if records}

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        consumer = self._ensure_consumer()
        held = consumer.assignment()
        try:
            async with asyncio.timeout(KAFKA_SECONDS):
                await consumer.commit({tp: offset for tp, offset in offsets.items() if tp in held})
        except (KafkaError, TimeoutError):
            return False
        return True

    def _verified(self, verify: Callable[[], None]) -> None:
        try:
            verify()
        except HistoryLost as lost:
            self._end(lost)

    def _end(self, error: Exception) -> None:
        self._ended = True
        self._session.end(error)


def _run(records: Sequence[Any]) -> Any:
    """Give one record for many of a partition: it stands where the last of them does, and they are its value."""
    return replace(records[-1], key=None, headers=(), value=records)


class _Daemon(WorkerThread):
    """The thread of a consumer; a process that ends does not wait for it, and neither does the event loop."""

    def __init__(self, service: Any, **kwargs: Any) -> None:
        super().__init__(service, **kwargs)
        self.daemon = True

    def run(self) -> None:
        with suppress(Exception):  # the app has crashed by it already, and the session says so
            super().run()

    def stop(self) -> None:
        pass


class _Consumer(Consumer):
    logger = FAUST_LOG

    def _new_consumer_thread(self) -> _Thread:
        return _Thread(self, loop=self.loop, beacon=self.beacon, Worker=_Daemon)

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Seek to what PostgreSQL has committed."""
        session = cast(_App, self.app).session
        thread = cast(_Thread, self._thread)
        partitions = sorted(Partition(tp.topic, tp.partition) for tp in self.assignment())
        try:
            logs = await thread.call_thread(thread.logs, partitions)
            positions = await session.batches.positions.begin(logs)
            return await thread.call_thread(thread.seek_to, positions, logs)
        except Exception as error:
            # faust's callers log it, or not even that, and go on
            session.end(error)
            raise

    async def ends(self) -> dict[Partition, int]:
        """Tell where the assigned partitions end (raises KafkaError, TimeoutError)."""
        thread = cast(_Thread, self._thread)
        return await thread.call_thread(thread.ends)


class _Transport(Transport):
    Consumer = _Consumer


class _App(faust.App):
    logger = FAUST_LOG

    def __init__(self, session: _Session, **options: Any) -> None:
        self.session = session
        super().__init__(session.service.group, **options)
        self.boot_strategy.enable_kafka_producer = False
        self.boot_strategy.enable_web = False

    async def on_first_start(self) -> None:
        """Faust would make folders for tables; this app has none."""


def _app(session: _Session) -> faust.App:
    settings = session.service.settings
    app = _App(
        session,
        broker=[URL(f"kafka://{server}") for server in settings.kafka_servers.split(",")],
        store="memory://",
        autodiscover=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        stream_wait_empty=False,
        broker_commit_interval=COMMIT_SECONDS,
        broker_session_timeout=settings.kafka_session_seconds,
        broker_heartbeat_interval=settings.kafka_heartbeat_seconds,
        broker_request_timeout=SEEK_SECONDS,
    )
    app.transport = _Transport(app.conf.broker_consumer, app)
    topics = app.topic(
        *session.service.topics, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw"
    )

    async def apply(stream: AsyncIterable[Any]) -> None:
        async for events in cast(faust.Stream[Any], stream).take_events(MOST_RUNS, within=WITHIN_SECONDS):
            runs = [cast(list[Record], event.message.value) for event in events]
            # after a rebalance a batch may hold what was left of the last one, and the same records once more
            found = {(r.topic, r.partition, r.offset): r for run in runs for r in run}
            records = [found[place] for place in sorted(found)]
            for start in range(0, len(records), MOST_RECORDS):
                await session.apply(records[start : start + MOST_RECORDS])

    app.agent(topics, name="apply", concurrency=1)(apply)
    return app
