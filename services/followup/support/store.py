"""All SQL of public jobs and their supports."""

from collections.abc import Mapping, Sequence

import asyncpg

from chassis.batch.aggregates import Aggregate
from chassis.database.db import Connection
from chassis.database.rows import Rows, of_part
from contracts.ids import PlacementId, SeekerId, SupportId
from contracts.open_codes import kept
from contracts.profile import Bands
from services.followup.support.model import Job, JobOfSupport, PublicJob, Support

_PUBLIC_JOB = Rows[PublicJob](
    "public_job",
    "seeker_id",
    {
        "seeker_id": "uuid",
        "placement_id": ("uuid", of_part("job", "placement_id")),
        "placed_on": ("date", of_part("job", "placed_on")),
        "placed_at": ("timestamptz", of_part("job", "placed_at")),
        "person": ("jsonb", lambda state: state.job.person.model_dump(mode="json") if state.job else None),
        "next_due_on": ("date", of_part("job", "next_due_on")),
        "care_ended_at": "timestamptz",
        "erased": "bool",
    },
)
_KEEP_PUBLIC_JOB = _PUBLIC_JOB.keep()

_SUPPORT = Rows[Support](
    "support",
    "support_id",
    {
        "support_id": "uuid",
        "placement_id": "uuid",
        "seeker_id": "uuid",
        "month": "int",
        "due_on": "date",
        "status": "text",
        "kind": "text",
    },
)
_KEEP_SUPPORT = _SUPPORT.keep(["status", "kind"])

SUPPORTS = f"""
    SELECT {_SUPPORT.names_as(seeker_id="coalesce(m.seeker_id, s.seeker_id)")}
    FROM support s LEFT JOIN merged_person m ON m.merged_id = s.seeker_id"""
"""Those of a record that was given up are read as of the one that stays."""


def support_of(row: asyncpg.Record) -> Support:
    """Read a support from a row."""
    return Support(
        SupportId(row["support_id"]),
        PlacementId(row["placement_id"]),
        SeekerId(row["seeker_id"]),
        row["month"],
        row["due_on"],
        row["status"],
        row["kind"],
    )


class PublicJobStore(Aggregate[PublicJob]):
    """Keeps public jobs and their supports, and finds one by a support. The lock on a person's public job is its
    supports', too: they are read after it is taken, and need none of their own."""

    def key(self, state: PublicJob) -> SeekerId:
        return state.seeker_id

    async def find(self, conn: Connection, finds: Sequence[JobOfSupport]) -> Mapping[JobOfSupport, SeekerId]:
        rows = await conn.fetch(
            "SELECT support_id, seeker_id FROM support WHERE support_id = ANY($1)", [find.support_id for find in finds]
        )
        return {JobOfSupport(row["support_id"]): row["seeker_id"] for row in rows}

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, PublicJob]:
        jobs = await conn.fetch(
            f"SELECT {_PUBLIC_JOB.names} FROM public_job WHERE seeker_id = ANY($1) ORDER BY seeker_id FOR UPDATE", keys
        )
        placements = [row["placement_id"] for row in jobs if row["placement_id"]]
        supports: dict[PlacementId, list[Support]] = {}
        if placements:
            rows = await conn.fetch(
                f"SELECT {_SUPPORT.names} FROM support WHERE placement_id = ANY($1) ORDER BY placement_id, month",
                placements,
            )
            for row in rows:
                supports.setdefault(row["placement_id"], []).append(support_of(row))
        return {row["seeker_id"]: _public_job_of(row, supports.get(row["placement_id"], [])) for row in jobs}

    async def save(self, conn: Connection, states: Sequence[PublicJob]) -> None:
        await conn.execute(_KEEP_PUBLIC_JOB, *_PUBLIC_JOB.arguments(states))
        await conn.execute("DELETE FROM support WHERE seeker_id = ANY($1)", [s.seeker_id for s in states if s.erased])
        supports = [support for state in states if state.job for support in state.job.supports]
        await conn.execute(_KEEP_SUPPORT, *_SUPPORT.arguments(supports))


def _public_job_of(row: asyncpg.Record, supports: Sequence[Support]) -> PublicJob:
    job = None
    if row["placement_id"] is not None:
        job = Job(
            PlacementId(row["placement_id"]),
            row["placed_on"],
            row["placed_at"],
            kept(Bands, row["person"]),
            tuple(supports),
            running=row["next_due_on"] is not None,
        )
    return PublicJob(SeekerId(row["seeker_id"]), job, row["care_ended_at"], row["erased"])
