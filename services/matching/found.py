"""The SQL that all finds by a referral or an internship share."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from chassis.aggregates import Find
from chassis.db import Connection
from services.matching.finds import OfInternship, OfReferral


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
