"""All SQL of the referrals."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg

from chassis.batch.aggregates import Aggregate, Find
from chassis.database.db import Connection
from chassis.database.rows import Rows
from contracts.ids import SeekerId
from services.matching.lookup_queries import Leads, about
from services.matching.referrals.model import Case, CaseOfInternship, CaseOfPlacement, CaseOfReferral, Referral

_ROWS = Rows[Referral](
    "referral",
    "referral_id",
    {
        "referral_id": "uuid",
        "seeker_id": "uuid",
        "vacancy_id": "uuid",
        "employer_id": "uuid",
        "occupation": "text",
        "made_on": "date",
        "status": "text",
        "answer": "text",
        "reason": "text",
        "override": "text",
        "chased": "smallint",
        "postponed_on": "date",
        "version": "int",
        "vacancy_closed_on": "date",
    },
)
_KEEP = _ROWS.keep(["status", "answer", "reason", "chased", "postponed_on", "version", "vacancy_closed_on"])

_LEADS: Leads = {CaseOfReferral: "seeker_id", CaseOfInternship: "seeker_id", CaseOfPlacement: "seeker_id"}


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


class CaseStore(Aggregate[Case]):
    """Keeps cases, a row for each referral. A command that touches a case touches its seeker, whose row is locked
    before, so the referrals need no lock of their own. Whose a case is is looked up under that lock: a merge may have
    come before it."""

    def key(self, state: Case) -> SeekerId:
        return state.seeker_id

    async def find(self, conn: Connection, finds: Sequence[Find]) -> Mapping[Find, UUID]:
        return await about(conn, finds, _LEADS)

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, Case]:
        rows = await conn.fetch(
            f"SELECT {_ROWS.names} FROM referral WHERE seeker_id = ANY($1) ORDER BY seeker_id, referral_id", keys
        )
        found: dict[SeekerId, list[Referral]] = {}
        for row in rows:
            found.setdefault(row["seeker_id"], []).append(referral_of(row))
        return {seeker_id: Case(seeker_id, tuple(referrals)) for seeker_id, referrals in found.items()}

    async def save(self, conn: Connection, states: Sequence[Case]) -> None:
        unsaved = [referral for case in states for referral in case.referrals if referral.referral_id in case.unsaved]
        await conn.execute(_KEEP, *_ROWS.arguments(unsaved))
