"""All SQL of public jobs and their supports."""

from collections.abc import Mapping, Sequence

import asyncpg

from chassis.db import Connection, columns
from contracts.ids import PlacementId, SeekerId, SupportId
from contracts.profile import Bands
from services.followup.support.model import Job, JobOfSupport, PublicJob, Support

_JOB = "seeker_id, placement_id, placed_on, placed_at, person, next_due_on, care_ended_at, erased"
_SUPPORT = "support_id, placement_id, seeker_id, month, due_on, status, kind"

SUPPORTS = """
    SELECT support_id, placement_id, coalesce(m.seeker_id, s.seeker_id) AS seeker_id, month, due_on, status, kind
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


class PublicJobStore:
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
            f"SELECT {_JOB} FROM public_job WHERE seeker_id = ANY($1) ORDER BY seeker_id FOR UPDATE", keys
        )
        placements = [row["placement_id"] for row in jobs if row["placement_id"]]
        supports: dict[PlacementId, list[Support]] = {}
        if placements:
            rows = await conn.fetch(
                f"SELECT {_SUPPORT} FROM support WHERE placement_id = ANY($1) ORDER BY placement_id, month", placements
            )
            for row in rows:
                supports.setdefault(row["placement_id"], []).append(support_of(row))
        return {row["seeker_id"]: _public_job_of(row, supports.get(row["placement_id"], [])) for row in jobs}

    async def save(self, conn: Connection, states: Sequence[PublicJob]) -> None:
        await conn.execute(
            f"""INSERT INTO public_job ({_JOB})
                SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::timestamptz[], $5::jsonb[], $6::date[],
                                     $7::timestamptz[], $8::bool[])
                ON CONFLICT (seeker_id) DO UPDATE SET
                    placement_id = excluded.placement_id, placed_on = excluded.placed_on,
                    placed_at = excluded.placed_at, person = excluded.person,
                    next_due_on = excluded.next_due_on, care_ended_at = excluded.care_ended_at,
                    erased = excluded.erased""",
            *columns([(s.seeker_id, *_cells(s.job), s.care_ended_at, s.erased) for s in states], 8),
        )
        await conn.execute("DELETE FROM support WHERE seeker_id = ANY($1)", [s.seeker_id for s in states if s.erased])
        await conn.execute(
            f"""INSERT INTO support ({_SUPPORT})
                SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::date[], $6::text[], $7::text[])
                ON CONFLICT (support_id) DO UPDATE SET status = excluded.status, kind = excluded.kind""",
            *columns(
                [
                    (c.support_id, c.placement_id, c.seeker_id, c.month, c.due_on, c.status, c.kind)
                    for s in states
                    for c in (s.job.supports if s.job else ())
                ],
                7,
            ),
        )


def _public_job_of(row: asyncpg.Record, supports: Sequence[Support]) -> PublicJob:
    job = None
    if row["placement_id"] is not None:
        job = Job(
            PlacementId(row["placement_id"]),
            row["placed_on"],
            row["placed_at"],
            Bands.model_validate(row["person"]),
            tuple(supports),
            running=row["next_due_on"] is not None,
        )
    return PublicJob(SeekerId(row["seeker_id"]), job, row["care_ended_at"], row["erased"])


def _cells(job: Job | None) -> tuple[object, ...]:
    if job is None:
        return None, None, None, None, None
    return job.placement_id, job.placed_on, job.placed_at, job.person.model_dump(mode="json"), job.next_due_on
