"""What a manager does once an import is over: the service forgets which rows it took, and then takes them as new ones.

The rows go in portions, each in a transaction of its own, so that they are in nobody's way. Marks of erased persons
stay: an import that is brought in once more registers nobody anew who was erased.
"""

from collections import Counter

import structlog
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from chassis.batch.owners import NOBODY
from chassis.database.db import CONNECT_SECONDS, Pool
from chassis.http.access import Door
from chassis.http.calls import Call, asks
from chassis.http.operations import pool_of
from chassis.tables.row_names import ImportName

log = structlog.get_logger()

PORTION = 5_000

router = APIRouter(prefix="/imports", tags=["imports"])


class ImportClosing(BaseModel):
    """The import that is over, by its name."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{"import_name": "2009"}]})

    import_name: ImportName


class Forgotten(BaseModel):
    """How many rows of the import were forgotten, by the address that had taken them: none where it isn't known."""

    import_name: str
    forgotten: dict[str, int]


@router.post("/closing", response_model=Forgotten)
async def close(closing: ImportClosing, request: Request, call: Call = asks(Door(("manager",), NOBODY))) -> Forgotten:
    """Forget which rows of an import were taken. Asked again, also after an answer that didn't come, it forgets what is
    left."""
    forgotten = await forget(pool_of(request), closing.import_name)
    log.info("import_closed", import_name=closing.import_name, rows=forgotten.total(), by=str(call.actor))
    return Forgotten(import_name=closing.import_name, forgotten=dict(forgotten))


async def forget(pool: Pool, import_name: str, portion: int = PORTION) -> Counter[str]:
    """Forget an import's rows, so many in a transaction; gives how many by address."""
    forgotten: Counter[str] = Counter()
    last = ("", "")
    while True:
        async with pool.acquire(timeout=CONNECT_SECONDS) as conn:
            rows = await conn.fetch(
                """WITH forgotten AS (
                       DELETE FROM taken_row WHERE ctid = ANY(ARRAY(
                           SELECT ctid FROM taken_row WHERE import_name = $1 AND (address, name) > ($2, $3)
                           ORDER BY address, name LIMIT $4 FOR UPDATE))
                       RETURNING address, name)
                   SELECT address, max(name) AS last, count(*) AS rows
                   FROM forgotten GROUP BY address ORDER BY address""",
                import_name,
                *last,
                portion,
            )
        if not rows:
            return forgotten
        forgotten.update({row["address"]: row["rows"] for row in rows})
        last = (rows[-1]["address"], rows[-1]["last"])
