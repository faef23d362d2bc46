"""A process of a service from start to end: `python -m services.NAME api|worker|relay|all|migrate`.

On SIGTERM each role that serves finishes what it has in hand: the api answers what it took, the worker commits its
batch and leaves the group, the relay empties the outbox. Before it serves, a process ends at once
(chassis.running.ending). A loop that makes no progress ends the process, for someone to start it anew.
"""

import asyncio
import contextlib
import gc
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Generator, Sequence
from concurrent.futures import Future
from threading import Thread
from typing import Any

import asyncpg
import structlog
import uvicorn
import uvloop
from fastapi import FastAPI

from chassis.database import db
from chassis.database.migrating import migrate
from chassis.running import telemetry
from chassis.running.health import health_app
from chassis.running.service import Blueprint, Service
from chassis.running.settings import ServiceSettings
from chassis.running.telemetry import Pulse
from chassis.stream import restoring
from chassis.stream.consumer import Consumer

log = structlog.get_logger()

ROLES = ("api", "worker", "relay", "all", "migrate")
WATCH_SECONDS = 1.0
FINISH_SECONDS = 20.0
"""For the requests and the loops together: with the pool's end it stays below a container's 30 s of grace."""
TICK_SECONDS = 1.0
EARS = 16
"""So many connections are taken up in a round of the event loop, which takes up one for each socket that listens: at
the peak a round takes tens of ms, and all that come anew would wait for each other."""
KEEP_ALIVE_SECONDS = 75
"""After so long without a request a connection is ended: longer than callers keep one (jobplus.client, the proxy)."""

Worker = Callable[[Service, Pulse, asyncio.Event], Awaitable[None]]
"""Consumes until the event is set."""


def tune_garbage_collection() -> None:
    """Leave what was made at the start out of garbage collection, and look at the rest less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


async def plain_worker(service: Service, pulse: Pulse, stopping: asyncio.Event) -> None:
    """Consume with the plain consumer; a service that listens to nothing only waits."""
    if not service.topics:
        while not stopping.is_set():
            pulse.beat()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), WATCH_SECONDS)
        return
    consumer: Consumer = service.consumer(pulse)
    await consumer.run(stopping)


def main(blueprint: Callable[[Any], Blueprint], settings: ServiceSettings, worker: Worker = plain_worker) -> None:
    """Run the role that the command line names."""
    made, given = blueprint(settings), sys.argv[1:]
    if given[:1] == ["restore"] and len(given) == 2:
        sys.exit(restoring.main(settings, made.source, given[1]))
    role = given[0] if len(given) == 1 else ""
    if role not in ROLES:
        print(f"usage: python -m services.{made.name} {'|'.join(ROLES)}|restore FILE", file=sys.stderr)
        sys.exit(2)
    telemetry.configure_logs(settings.log_level, service=made.name, role=role)
    if role == "migrate":
        try:
            applied = _in_a_thread(lambda: migrate(settings, made.migrations))
        except Exception as error:
            log.error("migration_failed", kind=type(error).__name__, error=str(error) or repr(error))
            sys.exit(1)
        log.info("migrated", applied=applied)
        return
    sys.exit(uvloop.run(_run(role, made, settings, worker)))


def _in_a_thread(work: Callable[[], int]) -> int:
    """Do something that waits in a library, where no signal is heard, in another thread than the one that hears
    them."""
    done = Future[int]()

    def run() -> None:
        try:
            done.set_result(work())
        except Exception as error:
            done.set_exception(error)

    Thread(target=run, daemon=True).start()
    return done.result()


async def _run(role: str, blueprint: Blueprint, settings: ServiceSettings, worker: Worker) -> int:
    try:
        pool = await _pool(settings, f"jobplus {blueprint.name} {role}")
    except asyncpg.PostgresError as error:
        log.error("database_refused", kind=type(error).__name__, error=str(error))
        return 1
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    service = Service(blueprint, settings, pool)
    running = _Roles(service, worker, stopping)
    tune_garbage_collection()
    log.info("started", health_port=settings.health_port)
    code = await running.run(role)
    await service.notifier.close()
    await service.database.close()
    with contextlib.suppress(Exception):
        async with asyncio.timeout(5):
            await pool.close()
    log.info("stopped", code=code)
    return code


async def _pool(settings: ServiceSettings, name: str) -> db.Pool:
    """Connect, waiting for a PostgreSQL that is away in whatever way."""
    while True:
        try:
            return await db.pool(settings, name)
        except db.AWAY as error:
            log.warning("waiting_for_postgresql", kind=type(error).__name__, error=str(error))
            await asyncio.sleep(WATCH_SECONDS)


class _Roles:
    """The loops of one process, and what ends them."""

    def __init__(self, service: Service, worker: Worker, stopping: asyncio.Event) -> None:
        self._service = service
        self._worker = worker
        self._stopping = stopping
        self._pulses: dict[str, Pulse] = {}
        self._failed = 0
        self._interface: uvicorn.Server | None = None

    async def run(self, role: str) -> int:
        roles: Sequence[str] = ("api", "worker", "relay") if role == "all" else (role,)
        loops: list[asyncio.Task[None]] = []
        if "worker" in roles:
            pulse = self._pulse("consumer")
            # a worker of a service's own needs a process of its own
            worker = plain_worker if role == "all" else self._worker
            loops.append(self._loop("worker", worker(self._service, pulse, self._stopping)))
        if "relay" in roles:
            loops.append(self._loop("relay", self._service.lead(self._pulse, self._stopping)))
        if "api" in roles:
            pulse = self._pulse("revocations")
            loops.append(
                self._loop("revocations", self._service.revoked.watch(self._service.pool, pulse, self._stopping))
            )
        if {"api", "relay"} & set(roles):
            pulse = self._pulse("outbox")
            loops.append(self._loop("outbox", self._service.backlog.watch(self._service.pool, pulse, self._stopping)))
        settings = self._service.settings
        health = _server(health_app(self._pulses, self._troubles), settings, settings.health_port)
        servers = [health]
        if "api" in roles:
            app = self._service.app()
            app.state.stopping = self._stopping  # for answers that go on until they are told to end
            self._interface = _server(app, settings, settings.http_port)
            servers.append(self._interface)
        serving = [asyncio.create_task(server.serve(listening(server.config))) for server in servers]
        watching = asyncio.create_task(self._watch())
        stop = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({*serving, stop}, return_when=asyncio.FIRST_COMPLETED)
        if not self._stopping.is_set():
            ended = [server.config.port for server, task in zip(servers, serving, strict=True) if task.done()]
            log.error("http_server_ended", ports=ended)
            self._failed = 1
            self._stopping.set()
        for server in servers:
            server.end()
        asked = asyncio.get_running_loop().time()
        await asyncio.gather(*serving)
        loops.append(asyncio.create_task(self._service.group_commit.finish(), name="commands"))
        left = max(1.0, asked + FINISH_SECONDS - asyncio.get_running_loop().time())
        _, late = await asyncio.wait(loops, timeout=left)
        for task in late:
            log.error("cut_off", loop=task.get_name())
            task.cancel()
            self._failed = 1
        watching.cancel()
        return self._failed

    def _pulse(self, name: str) -> Pulse:
        self._pulses[name] = Pulse(name)
        return self._pulses[name]

    def _loop(self, name: str, work: Any) -> asyncio.Task[None]:
        async def watched() -> None:
            try:
                await work
            except Exception:
                log.exception("loop_broke", loop=name)
                self._failed = 1
            finally:
                if not self._stopping.is_set() and not self._failed:
                    log.error("loop_ended", loop=name)
                    self._failed = 1
                self._stopping.set()

        return asyncio.create_task(watched(), name=name)

    async def _troubles(self) -> dict[str, str]:
        """Tell why nothing can be asked of this process, whatever its loops do."""
        listens = self._interface is None or self._interface.started
        trouble = await self._service.database.trouble()
        return {
            **({} if listens else {"interface": "not listening yet"}),
            **({} if trouble is None else {"postgresql": trouble}),
        }

    async def _watch(self) -> None:
        """End the process when a loop is stuck; measure how late the event loop is."""
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(WATCH_SECONDS)
            telemetry.LOOP_LAG.set(max(0.0, loop.time() - before - WATCH_SECONDS))
            for pulse in self._pulses.values():
                if not pulse.alive:
                    log.critical("stuck", loop=pulse.name, trouble=pulse.trouble)
                    self._failed = 1
                    self._stopping.set()


class Server(uvicorn.Server):
    """Is told to end, where uvicorn looks ten times a second whether it is to: that is most of what a process does that
    has nothing to do."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._ending = asyncio.Event()

    def end(self) -> None:
        self.should_exit = True
        self._ending.set()

    async def main_loop(self) -> None:
        while not await self.on_tick(0):  # as in each tenth of uvicorn's rounds: it renews the answers' Date
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), TICK_SECONDS)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield  # the process's own handlers stay


def listening(config: uvicorn.Config) -> list[socket.socket]:
    """Bind a server's port, to be listened to by several sockets that share what comes in."""
    with config.bind_socket() as bound:
        return [bound.dup() for _ in range(EARS)]


def _server(app: FastAPI, settings: ServiceSettings, port: int) -> Server:
    config = uvicorn.Config(
        app,
        host=settings.http_host,
        port=port,
        log_config=None,
        access_log=False,
        proxy_headers=False,  # who asks is told by chassis.http.addresses: by a setting, not by uvicorn's own variable
        lifespan="off",
        http="httptools",
        loop="none",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=int(FINISH_SECONDS),
        server_header=False,
        backlog=2048,
    )
    return Server(config)
