"""The SQL that looks up what is named by way of something else, for several slices."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from chassis.batch.aggregates import Find
from chassis.database.db import Connection
from services.matching.lookups import KeptRecord, OfInternship, OfPlacement, OfReferral

Leads = Mapping[type[Any], Literal["vacancy_id", "seeker_id"]]
"""Kinds of finds, and what each leads to."""

_ROWS: Mapping[type[Any], tuple[str, str]] = {
    OfReferral: ("referral", "referral_id"),
    OfInternship: ("internship", "internship_id"),
    OfPlacement: ("placement", "placement_id"),
}
"""In which table, by which key, stands what a find names."""


async def about(conn: Connection, finds: Sequence[Find], leads: Leads) -> dict[Find, UUID]:
    """Look up what the referrals, internships and placements that finds name are about, for all kinds of finds in
    `leads`, whichever of them names it. A job that a seeker found alone leads to no vacancy."""
    found: dict[Find, UUID] = {}
    for named, (table, key) in _ROWS.items():
        asked = {getattr(find, key) for find in finds if isinstance(find, named)}
        if not asked:
            continue
        rows = await conn.fetch(f"SELECT {key}, vacancy_id, seeker_id FROM {table} WHERE {key} = ANY($1)", asked)
        kinds = [(kind, column) for kind, column in leads.items() if issubclass(kind, named)]
        found.update({kind(row[key]): row[column] for row in rows for kind, column in kinds if row[column]})
    return found


async def kept(conn: Connection, finds: Sequence[Find]) -> dict[Find, UUID]:
    """Look up what seekers' ids stand for. One that was not merged, or is not known here, stands for itself."""
    asked = [find for find in finds if isinstance(find, KeptRecord)]
    if not asked:
        return {}
    rows = await conn.fetch(
        "SELECT seeker_id, merged_into FROM seeker WHERE seeker_id = ANY($1) AND merged_into IS NOT NULL",
        [find.seeker_id for find in asked],
    )
    merged = {row["seeker_id"]: row["merged_into"] for row in rows}
    return {find: merged.get(find.seeker_id, find.seeker_id) for find in asked}
