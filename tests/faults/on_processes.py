"""Faults of processes: killed and frozen, anywhere and at named points; more of them than one; a clock that is off."""

import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta

from jobplus.stack.errors import StackFailed
from jobplus.stack.ports import FEED, ROLES, SERVICES
from jobplus.stack.processes import KAFKA, POSTGRES
from tests.faults.fault import Fault, fault
from tests.faults.ground import Ground, NotInjected
from tests.faults.pointed import CLOCK
from tests.faults.points import POINTS, Point
from tests.faults.points import ROLES as PASSES

HIT_SECONDS = 10.0
KILLS = 4
READERS = ("matching", "followup", "reporting")


@fault("a process killed")
def killed(ground: Ground) -> Iterator[str]:
    name = ground.process()
    with ground.supervisor.held(name):
        ground.stack.kill(name)
        yield name


@fault("a process of the feed killed, again and again", (0.0, 0.5))
def feed_killed(ground: Ground) -> Iterator[str]:
    killed = [f"{FEED}-{ground.chance.choice(ROLES)}" for _ in range(KILLS)]
    for name in killed:
        with suppress(StackFailed):  # it may be on its way back
            ground.stack.kill(name)
        time.sleep(ground.chance.uniform(0.2, 2.0))
    yield ", ".join(killed)


@fault("Kafka killed")
def kafka_killed(ground: Ground) -> Iterator[str]:
    with ground.supervisor.held(KAFKA):
        ground.stack.kill(KAFKA)
        yield KAFKA


@fault("PostgreSQL killed")
def postgres_killed(ground: Ground) -> Iterator[str]:
    with ground.supervisor.held(POSTGRES):
        ground.stack.kill(POSTGRES)
        yield POSTGRES


@fault("a process frozen", (3.0, 12.0))
def frozen(ground: Ground) -> Iterator[str]:
    name = ground.process()
    with ground.stopped(name):
        yield name


@fault("Kafka or PostgreSQL frozen", (3.0, 12.0))
def server_frozen(ground: Ground) -> Iterator[str]:
    name = ground.chance.choice((KAFKA, POSTGRES))
    with ground.stopped(name):
        yield name


def _at(point: Point, where: Sequence[str], named: str = "") -> Fault:
    def happens(ground: Ground) -> Iterator[str]:
        service, role = ground.chance.choice(where), PASSES[point]
        how = ground.chance.choice((signal.SIGKILL, signal.SIGSTOP))
        process = f"{service}-{role}"
        switch = ground.switch(process)
        with ground.supervisor.held(process):
            switch.arm(point, how)
            ends = time.monotonic() + HIT_SECONDS
            try:
                while not switch.hit.exists():
                    if time.monotonic() > ends:
                        raise NotInjected(f"{process} didn't come to it")
                    time.sleep(0.02)
                yield f"{how.name} of {process}"
            finally:
                switch.disarm()
                ground.signal(signal.SIGCONT, process)

    return fault(f"at the point: {point}{named}", (1.0, 6.0))(happens)


@fault("two relays, and the leader is killed")
def two_relays(ground: Ground) -> Iterator[str]:
    service = ground.service()
    with ground.second(service, "relay"), ground.supervisor.held(f"{service}-relay"):
        ground.stack.kill(f"{service}-relay")
        yield service


@fault("a frozen leader beside another relay", (0.0, 1.0))
def frozen_leader(ground: Ground) -> Iterator[str]:
    service = ground.service()
    with ground.second(service, "relay"), ground.stopped(f"{service}-relay"):
        ground.arrives(f"events of {service}, its leading relay frozen", lambda kind: kind.service == service)
        yield service


@fault("a worker comes and goes", (2.0, 6.0))
def workers(ground: Ground) -> Iterator[str]:
    service = ground.chance.choice((*READERS, FEED))
    with ground.second(service, "worker"):
        yield service


@fault("a worker frozen with its rows locked, beside another", (0.0, 1.0))
def frozen_rows(ground: Ground) -> Iterator[str]:
    point: Point = "applied and not committed"
    with ground.second("reporting", "worker"):
        switch = ground.switch("reporting-worker")
        switch.arm(point, signal.SIGSTOP)
        ends = time.monotonic() + HIT_SECONDS
        try:
            while not switch.hit.exists():
                if time.monotonic() > ends:
                    raise NotInjected("reporting-worker didn't come to it")
                time.sleep(0.02)
            ground.arrives("events, one worker of reporting frozen", lambda _: True)
            yield "reporting"
        finally:
            switch.disarm()
            ground.signal(signal.SIGCONT, "reporting-worker")


@fault("a clock an hour off", (3.0, 6.0))
def clock_off(ground: Ground) -> Iterator[str]:
    service, role = ground.service(), ground.chance.choice(ROLES)
    seconds = ground.chance.choice((-3600, 3600))
    name = f"{service}-{role}"
    try:
        ground.launcher.more[name][CLOCK] = str(seconds)
        ground.stack.stop(name)
        ground.ready(service, role)
        yield f"{name} by {seconds} s"
    finally:
        del ground.launcher.more[name][CLOCK]
        ground.stack.stop(name)


@fault("midnight in Seoul", (0.5, 2.0))
def midnight(ground: Ground) -> Iterator[str]:
    day = max(ground.calling.today(service) for service in SERVICES) + timedelta(days=1)
    ground.calling.move_to(day)
    yield str(day)


@fault("a month's end in Seoul", (0.5, 2.0))
def month_end(ground: Ground) -> Iterator[str]:
    today = max(ground.calling.today(service) for service in SERVICES)
    first = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    for day in (first - timedelta(days=1), first):
        if day > today:
            ground.calling.move_to(day)
    yield str(first)


FAULTS = (
    killed,
    kafka_killed,
    postgres_killed,
    frozen,
    server_frozen,
    *(_at(point, READERS if PASSES[point] == "worker" else SERVICES) for point in POINTS),
    feed_killed,
    *(_at(point, [FEED], " in the feed") for point in POINTS if PASSES[point] == "worker"),
    two_relays,
    frozen_leader,
    workers,
    frozen_rows,
    clock_off,
    midnight,
    month_end,
)
