"""One database and one role a service, made and looked at as PostgreSQL's superuser."""

from collections.abc import Collection

import psycopg
from psycopg import sql

from jobplus.stack.home import Home
from jobplus.stack.ports import HOST, postgres_port
from jobplus.stack.postgres import SUPERUSER


def postgres_unready_because(home: Home, base_port: int) -> str | None:
    """Why PostgreSQL takes no connection, in one line; None when it does."""
    try:
        _connect(home, base_port).close()
    except psycopg.OperationalError as error:
        return " ".join(str(error).split())[:200]
    return None


def make_databases(home: Home, base_port: int, services: Collection[str]) -> None:
    """See that each service has a role, with its password in the home, and a database of its own."""
    with _connect(home, base_port) as connection:
        roles = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        databases = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
        for service in services:
            name, password = sql.Identifier(service), sql.Literal(home.password(service))
            if service not in roles:
                connection.execute(sql.SQL("CREATE ROLE {}").format(name))
            connection.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(name, password))
            if service not in databases:
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, name))
        for database in ("postgres", "template1", *services):
            closed = sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database))
            connection.execute(closed)


def _connect(home: Home, base_port: int) -> "psycopg.Connection[tuple[object, ...]]":
    """The superuser's, committing each statement; raises psycopg.OperationalError without a server."""
    return psycopg.connect(
        host=HOST,
        port=postgres_port(base_port),
        user=SUPERUSER,
        password=home.password(SUPERUSER),
        dbname="postgres",
        connect_timeout=3,
        autocommit=True,
    )
