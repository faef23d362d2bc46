"""All SQL that loads and keeps releases."""

from collections.abc import Mapping, Sequence
from datetime import date

import orjson

from chassis.batch.aggregates import Aggregate
from chassis.database.db import Connection, columns
from services.reporting.behind import is_behind
from services.reporting.releases.counting import counted
from services.reporting.releases.model import Release, Split, Written
from services.reporting.releases.queries import points_told
from services.reporting.releases.withholding import Point


async def hold(conn: Connection) -> None:
    """Keep everybody else from publishing or correcting a release until the transaction ends."""
    await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended('release', 0))")


class ReleaseStore(Aggregate[Release]):
    """Keeps what was released, and counts what is to be: only who publishes a release asks for one."""

    rests_on_others = True

    def __init__(self, centre: str, limit: int) -> None:
        self._centre = centre
        self._limit = limit

    def key(self, state: Release) -> date:
        return state.day

    async def load(self, conn: Connection, keys: Sequence[date]) -> Mapping[date, Release]:
        await hold(conn)
        kept = {row["day"]: _written(row) for row in await conn.fetch("SELECT * FROM release ORDER BY day")}
        points = await points_told(conn)
        last = max(kept, default=None)
        behind = await is_behind(conn)
        return {
            day: Release(
                day,
                self._centre,
                self._limit,
                written=kept.get(day),
                counted=await counted(conn, day) if last is None or day > last else None,
                last=last,
                previous=kept[last].hash if last is not None else None,
                points=points,
                is_behind=behind,
            )
            for day in keys
        }

    async def save(self, conn: Connection, states: Sequence[Release]) -> None:
        new = [(state.day, state.written) for state in states if state.written is not None]
        await conn.execute(
            """INSERT INTO release (day, published_on, published_by, position, hash, previous, document)
               SELECT * FROM unnest($1::date[], $2::date[], $3::text[], $4::bigint[], $5::text[], $6::text[],
                                    $7::bytea[])""",
            *columns(
                [
                    (day, one.published_on, one.published_by, one.position, one.hash, one.previous, one.document)
                    for day, one in new
                ],
                7,
            ),
        )
        for day, one in new:
            await keep_points(conn, day, 0, one.points)


async def keep_points(
    conn: Connection, release: date, correction: int, points: Mapping[Split, Sequence[Point]]
) -> None:
    """Keep what a release told of its tables, or one of its corrections by its number."""
    await conn.executemany(
        """INSERT INTO release_point (release, correction, measure, dimension, day, counts, withheld)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        [
            (
                release,
                correction,
                split.measure,
                " ".join(split.by),
                point.day,
                orjson.dumps({**point.counts}).decode(),
                sorted(point.withheld),
            )
            for split, of_split in points.items()
            for point in of_split
        ],
    )


def _written(row: Mapping[str, object]) -> Written:
    fields = ("document", "hash", "previous", "position", "published_on", "published_by")
    return Written(*(row[name] for name in fields), points={})  # pyright: ignore[reportArgumentType]
