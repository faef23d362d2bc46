"""Brings a database to the tables of this version: the chassis's and the service's SQL files, by yoyo.

Two of yoyo's ways are others here, so that a process that is killed leaves nothing that has to be mended:

- who migrates holds an advisory lock of PostgreSQL, which ends with its session, where yoyo keeps a row in a table;
- a migration and the note that it was applied are one transaction.

And PostgreSQL looks every second whether a client that waits for a table's lock is still there.
"""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import structlog
from yoyo import default_migration_table, read_migrations
from yoyo.backends.core.postgresql import PostgresqlPsycopgBackend
from yoyo.connections import parse_uri

from chassis.database.db import CHASSIS_MIGRATIONS
from chassis.running.settings import ServiceSettings

log = structlog.get_logger()

LOCK_KEY = 7_411_002
CHECK_SECONDS = 1


def migrate(settings: ServiceSettings, folder: Path) -> int:
    """Apply what is missing of the chassis's and the service's SQL files; gives how many were applied.

    Where another process migrates, it is waited for. Migrations that the database has and this version doesn't know
    are left alone, so that an older version of the service can run again without any work on the database.
    """
    with _Database(parse_uri(_uri(settings)), default_migration_table) as database, database.lock():
        database.execute("DROP TABLE IF EXISTS yoyo_lock")  # a row in it would stop a version that goes by it
        missing = database.to_apply(read_migrations(str(CHASSIS_MIGRATIONS), str(folder)))
        database.apply_migrations(missing)
    return len(missing)


class _Database(PostgresqlPsycopgBackend):
    """A connection that migrates, or that runs one migration."""

    def init_connection(self, connection: Any) -> None:
        super().init_connection(connection)
        connection.execute(f"SET client_connection_check_interval = '{CHECK_SECONDS}s'")
        # a migration takes as long as it needs (chassis-0005-sending.sql)
        connection.execute("SET transaction_timeout = 0; SET idle_in_transaction_session_timeout = 0")

    @contextmanager
    def lock(self, timeout: float = 0) -> Generator[None]:
        """Hold the lock of who migrates, once nobody else does, however long that takes."""
        if not self.execute(f"SELECT pg_try_advisory_lock({LOCK_KEY})").fetchone()[0]:
            log.warning("waiting_for_another_migration")
            self.execute(f"SELECT pg_advisory_lock({LOCK_KEY})")
        try:
            yield
        finally:
            self.execute(f"SELECT pg_advisory_unlock({LOCK_KEY})")

    def apply_one(self, migration: Any, force: bool = False, mark: bool = True) -> None:
        with self.copy() as own, own.transaction():
            migration.process_steps(own, "apply", force=force)
            own.log_migration(migration, "apply")
            if mark:
                own.mark_one(migration, log=False)


def _uri(settings: ServiceSettings) -> str:
    who = f"{quote(settings.database_user, safe='')}:{quote(settings.database_password(), safe='')}"
    where = f"{settings.database_host}:{settings.database_port}/{settings.database_name}"
    authority = quote(str(settings.database_ca_file or "system"), safe="")
    tls = f"?sslmode=verify-full&sslrootcert={authority}" if settings.database_tls else ""
    return f"postgresql+psycopg://{who}@{where}{tls}"
