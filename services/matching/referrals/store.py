"""All SQL of the referrals."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg

from chassis.aggregates import Find
from chassis.db import Connection, columns
from contracts.ids import SeekerId
from services.matching.found import found, kept, placed
from services.matching.referrals.model import Case, CaseOfInternship, CaseOfPlacement, CaseOfReferral, Referral

_COLUMNS = (
    "referral_id, seeker_id, vacancy_id, employer_id, occupation, made_on, status, answer, reason, override, chased, "
    "postponed_on, version, vacancy_closed_on"
)


def referral_of(row: asyncpg.Record) -> Referral:
    """Read a referral from a row."""
    return Referral(
        row["referral_id"],
        row["seeker_id"],
        row["vacancy_id"],
        row["employer_id"],
        row["occupation"],
        row["made_on"],
        row["status"],
        row["answer"],
        row["reason"],
        row["override"],
        row["chased"],
        row["postponed_on"],
        row["version"],
        row["vacancy_closed_on"],
    )


class CaseStore:
    """Keeps cases, a row for each referral. A command that touches a case touches its seeker, whose row is locked
    before, so the referrals need no lock of their own."""

    def key(self, state: Case) -> SeekerId:
        return state.seeker_id

    async def find(self, conn: Connection, finds: Sequence[Find]) -> Mapping[Find, UUID]:
        of = await found(conn, "seeker_id", finds, CaseOfReferral, CaseOfInternship)
        return {**of, **await placed(conn, "seeker_id", finds, CaseOfPlacement), **await kept(conn, finds)}

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, Case]:
        rows = await conn.fetch(
            f"SELECT {_COLUMNS} FROM referral WHERE seeker_id = ANY($1) ORDER BY seeker_id, referral_id", keys
        )
        found: dict[SeekerId, list[Referral]] = {}
        for row in rows:
            found.setdefault(row["seeker_id"], []).append(referral_of(row))
        return {seeker_id: Case(seeker_id, tuple(referrals)) for seeker_id, referrals in found.items()}

    async def save(self, conn: Connection, states: Sequence[Case]) -> None:
        await conn.execute(
            f"""INSERT INTO referral ({_COLUMNS})
                SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::date[],
                                     $7::text[], $8::text[], $9::text[], $10::text[], $11::smallint[],
                                     $12::date[], $13::int[], $14::date[])
                ON CONFLICT (referral_id) DO UPDATE SET
                    status = excluded.status, answer = excluded.answer, reason = excluded.reason,
                    chased = excluded.chased, postponed_on = excluded.postponed_on, version = excluded.version,
                    vacancy_closed_on = excluded.vacancy_closed_on""",
            *columns(
                [
                    (
                        r.referral_id, r.seeker_id, r.vacancy_id, r.employer_id, r.occupation, r.made_on, r.status,
                        r.answer, r.reason, r.override, r.chased, r.postponed_on, r.version, r.vacancy_closed_on,
                    )
                    for case in states
                    for r in case.referrals
                    if r.referral_id in case.unsaved
                ],
                14,
            ),
        )  # fmt: skip
