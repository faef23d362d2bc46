"""The SQL that finds of several slices share."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from chassis.batch.aggregates import Find
from chassis.database.db import Connection
from services.matching.finds import KeptRecord, OfInternship, OfPlacement, OfReferral


async def found(
    conn: Connection,
    column: Literal["vacancy_id", "seeker_id"],
    finds: Sequence[Find],
    of_referral: type[OfReferral],
    of_internship: type[OfInternship],
) -> dict[Find, UUID]:
    """Look finds up in a column that referrals and internships both have."""
    rows = await conn.fetch(
        f"""SELECT 'referral' AS by, referral_id AS id, {column} AS found FROM referral WHERE referral_id = ANY($1)
            UNION ALL
            SELECT 'internship', internship_id, {column} FROM internship WHERE internship_id = ANY($2)""",
        [find.referral_id for find in finds if isinstance(find, of_referral)],
        [find.internship_id for find in finds if isinstance(find, of_internship)],
    )
    kinds = {"referral": of_referral, "internship": of_internship}
    return {kinds[row["by"]](row["id"]): row["found"] for row in rows}


async def placed(
    conn: Connection,
    column: Literal["vacancy_id", "seeker_id"],
    finds: Sequence[Find],
    of_placement: type[OfPlacement],
) -> dict[Find, UUID]:
    """Look finds up in a column of the placements. A job that a seeker found alone leads to no vacancy."""
    asked = [find.placement_id for find in finds if isinstance(find, of_placement)]
    if not asked:
        return {}
    rows = await conn.fetch(
        f"SELECT placement_id, {column} AS found FROM placement WHERE placement_id = ANY($1) AND {column} IS NOT NULL",
        asked,
    )
    return {of_placement(row["placement_id"]): row["found"] for row in rows}


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
