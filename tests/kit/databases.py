"""A database of its own for each test, as a copy of one that was made once: tables take longer to make than to copy."""

import itertools
from collections.abc import Awaitable, Callable

import asyncpg

from jobplus.stack.local import Stack

_SETTINGS = """
SELECT format('ALTER ROLE %I IN DATABASE %I SET %I = %L', rolname, $2::text, split_part(setting, '=', 1),
              split_part(setting, '=', 2))
FROM pg_db_role_setting
JOIN pg_roles ON pg_roles.oid = setrole
JOIN pg_database ON pg_database.oid = setdatabase, unnest(setconfig) AS setting
WHERE datname = $1
"""
"""PostgreSQL copies what is in a database, and not what its roles are told of it."""


class Databases:
    """Databases of one stack, each a copy of the first, which `fill` gives its tables as the role `owner`."""

    def __init__(
        self, stack: Stack, name: str, owner: str, fill: Callable[[asyncpg.Connection], Awaitable[None]]
    ) -> None:
        self._stack = stack
        self._name = name
        self._owner = owner
        self._fill = fill
        self._numbers = itertools.count(1)
        self._filled = False

    async def another(self) -> str:
        """Make one more; gives its name. It goes with the stack."""
        admin = await asyncpg.connect(self._stack.database_url())
        try:
            if not self._filled:
                await admin.execute(f"CREATE DATABASE {self._name} OWNER {self._owner}")
                first = await asyncpg.connect(self.url(self._name))
                await self._fill(first)
                await first.close()
                self._filled = True
            name = f"{self._name}_{next(self._numbers)}"
            await admin.execute(f"CREATE DATABASE {name} OWNER {self._owner} TEMPLATE {self._name}")
            for row in await admin.fetch(_SETTINGS, self._name, name):
                await admin.execute(row[0])
        finally:
            await admin.close()
        return name

    def url(self, name: str) -> str:
        """The address of a database, as its owner."""
        return self._stack.database_url(self._owner).rpartition("/")[0] + f"/{name}"
