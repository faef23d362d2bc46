"""PostgreSQL: the pool, and which of its errors may pass by themselves."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

import asyncpg
import orjson
from asyncpg.pool import PoolConnectionProxy

from chassis.problems import UNAVAILABLE, ProblemType
from chassis.running.settings import ServiceSettings

Connection = asyncpg.Connection | PoolConnectionProxy
Pool = asyncpg.Pool

CHASSIS_MIGRATIONS = Path(__file__).parent / "migrations"
CONNECT_SECONDS = 5.0
STATEMENT_SECONDS = 30.0
LEFT_TO_WRITES = 4
"""Of so many connections of a pool reads and bulk requests leave one to others, at the least one."""
READ_SECONDS = 5.0
"""For a statement that only looks, by a connection that no setting told otherwise."""

CONFLICTS = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.InvalidCachedStatementError,
)
"""The transaction lost a race, or a migration changed a table under the plans that its connection kept, which are made
anew: repeat it whole."""

AWAY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.IdleSessionTimeoutError,
    asyncpg.TransactionTimeoutError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidPasswordError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InsufficientResourcesError,
    asyncpg.QueryCanceledError,
    asyncpg.UndefinedTableError,
    asyncpg.UndefinedColumnError,
)
"""PostgreSQL is away, starting, stopping, full, read-only or not migrated yet, or takes this password no more: what was
asked was not kept, as far as is known.

Ask `may_pass`: asyncpg counts a value that it can't encode among its interface errors, and that never passes.
"""


def may_pass(error: Exception) -> bool:
    """Tell whether the same may work when it is tried again."""
    return isinstance(error, (*CONFLICTS, *AWAY)) and not isinstance(error, ValueError)


OUT_OF_REACH = "the records can't be reached at the moment"


class Unavailable(Exception):
    """A change can't be kept at the moment; ask again in `retry_after` seconds. `reason` is told to whoever asked, as
    the problem that it is: it says nothing of what the database said."""

    RETRY_AFTER_SECONDS = 2

    def __init__(self, reason: str, retry_after: int = RETRY_AFTER_SECONDS, problem: ProblemType = UNAVAILABLE) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after
        self.problem = problem


class ReadTooLong(Exception):
    """A statement that only looks took longer than it may."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"a look at the records took longer than {seconds:g} s")


async def prepare_connection(conn: Any) -> None:
    """Read and write jsonb as Python values."""
    await conn.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: b"\x01" + orjson.dumps(value),  # pyright: ignore[reportUnknownLambdaType]
        decoder=lambda value: orjson.loads(value[1:]),  # pyright: ignore[reportUnknownLambdaType]
        format="binary",
    )


class NotWritable(asyncpg.InterfaceError):
    """A session that can't write: its server is a standby, or was told to be read-only when it began."""


async def writable(conn: Any) -> None:
    """Refuse to lend a connection whose session can't write, so that the pool drops it and makes another (raises
    NotWritable). The server reports both by itself."""
    told = conn.get_settings()
    for name in ("default_transaction_read_only", "in_hot_standby"):
        if getattr(told, name, "off") == "on":
            raise NotWritable(f"{name} is on")


def columns(rows: Sequence[Sequence[Any]], count: int) -> list[list[Any]]:
    """Turn rows of `count` values into the arrays that unnest takes."""
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(count)]


def connect_arguments(settings: ServiceSettings) -> dict[str, Any]:
    """Give what asyncpg needs to connect as the service's role."""
    return {
        "host": settings.database_host,
        "port": settings.database_port,
        "database": settings.database_name,
        "user": settings.database_user,
        "password": settings.database_password,  # read anew for each connection
        "ssl": ssl.create_default_context(cafile=settings.database_ca_file) if settings.database_tls else False,
        "timeout": CONNECT_SECONDS,
        "command_timeout": STATEMENT_SECONDS,
    }


async def connect(settings: ServiceSettings, application: str) -> Connection:
    """Make a connection beside the pool."""
    return await asyncpg.connect(**connect_arguments(settings), server_settings={"application_name": application})


Lend = Callable[[Pool], AbstractAsyncContextManager[Connection]]
"""Lends a connection of a pool (raises TimeoutError when none is free for CONNECT_SECONDS)."""


def lent_for_commands(pool: Pool) -> AbstractAsyncContextManager[Connection]:
    """Lend any connection; see `Lend`."""
    return pool.acquire(timeout=CONNECT_SECONDS)


@asynccontextmanager
async def lent_for_reading(pool: Pool) -> AsyncGenerator[Connection]:
    """Lend one of those connections that reads may hold together, and bulk requests with them, so that a single
    command finds one whatever those wait for; see `Lend`."""
    places: asyncio.Semaphore | None = getattr(pool, "places", None)
    if places is not None:
        async with asyncio.timeout(CONNECT_SECONDS) if places.locked() else nullcontext():
            await places.acquire()
    try:
        async with pool.acquire(timeout=CONNECT_SECONDS) as conn:
            yield conn
    finally:
        if places is not None:
            places.release()


@asynccontextmanager
async def reading(pool: Pool, *, planned_once: bool = False) -> AsyncGenerator[Connection]:
    """Lend a connection for looking only, all at one moment, each statement for a limited time, with the planner free
    to choose (see chassis-0002-by-index.sql); raises ReadTooLong.

    `planned_once`: by index, by a plan that a connection keeps whatever is asked. It is for what PostgreSQL plans as
    long as it looks, and would plan anew each time.
    """
    async with (
        lent_for_reading(pool) as conn,
        conn.transaction(isolation="repeatable_read", readonly=True),
        reading_briefly(conn, _PLANNED_ONCE if planned_once else _FREELY),
    ):
        yield conn


@asynccontextmanager
async def reading_briefly(conn: Connection, also: str = "") -> AsyncGenerator[None]:
    """Limit the time of each statement of a transaction, and set what else is given (raises ReadTooLong)."""
    seconds = getattr(conn, "read_seconds", READ_SECONDS)
    await conn.execute(f"SET LOCAL statement_timeout = {round(1000 * seconds)}; {also}")
    try:
        yield
    except asyncpg.QueryCanceledError as error:
        raise ReadTooLong(seconds) from error


_FREELY = "SET LOCAL enable_seqscan = on; SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on"
_PLANNED_ONCE = "SET LOCAL plan_cache_mode = force_generic_plan"


async def take_long(conn: Connection) -> None:
    """Let a transaction take as long as it needs, which PostgreSQL otherwise ends (chassis-0005-sending.sql)."""
    await conn.execute("SET LOCAL transaction_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")


def _reading_for(seconds: float) -> type[asyncpg.Connection]:
    """Give the kind of connection that knows how long a look may take."""
    return type("Connection", (asyncpg.Connection,), {"__slots__": (), "read_seconds": seconds})


async def _as_it_is(_: Any) -> None:
    """Have a connection go back as it is. asyncpg has rolled back by now what was left open; what else it would reset,
    by a statement to the server each time, nobody sets on a connection of the pool: settings, locks and tables are of
    a transaction."""


class _Pool(asyncpg.Pool):
    """A pool with places for reads: see `lent_for_reading`."""

    places: asyncio.Semaphore


def pool(settings: ServiceSettings, application: str) -> Pool:
    """Make the process's pool; it connects when it is awaited or entered."""
    size = settings.database_pool
    made = _Pool(
        **connect_arguments(settings),
        min_size=1,
        max_size=size,
        max_queries=50_000,
        max_inactive_connection_lifetime=300.0,
        loop=None,
        record_class=asyncpg.Record,
        init=prepare_connection,
        setup=writable,
        reset=_as_it_is,
        connection_class=_reading_for(settings.read_seconds),
        server_settings={"application_name": application},
    )
    made.places = asyncio.Semaphore(size - max(1, size // LEFT_TO_WRITES))
    return made
