"""Copies of a whole centre, by SQL: what each service keeps of persons, firms and what became of them, so many times.

A copy has ids of its own, the same in every table and service, and with them the keys by which its events are counted.
It has another name and another business number, where no two may have the same. Everything else is as it was, also what
stands in JSON: nothing that the benchmarks ask reads an id there. Reporting's tables that figures are read from have
copies that differ in what they tell as well (`two_years.py`).
"""

from collections.abc import Mapping, Sequence

import asyncpg

from jobplus.bench.two_years import COPIES, ID, REPORTING

TABLES: Mapping[str, Sequence[str]] = {
    "intake": (
        "counsellor",
        "counsellor_absences",
        "employer",
        "hiring_plan",
        "plan_request",
        "seeker",
        "former_seeker",
        "consent",
        "care_assessment",
        "sos_care_triage",
        "course",
        "startup_client",
        "session",
        "launch",
        "seeker_read",
        "outbox_sequence",
    ),
    "matching": (
        "counsellor",
        "client",
        "employer",
        "planning_firm",
        "visit",
        "vacancy",
        "seeker",
        "referral",
        "internship",
        "placement",
        "outbox_sequence",
    ),
    "followup": (
        "former_counsellor",
        "client",
        "merged_person",
        "erased_person",
        "answered_referral",
        "waiting_referral",
        "employment",
        "contact",
        "contact_try",
        "support",
        "internship",
        "served",
        "survey_consent",
        "outbox_sequence",
    ),
    "reporting": ("ledger", "outbox_sequence"),
}
"""What is copied, what others refer to first."""

NOT_COPIED = {
    "what a database has once": (
        "_yoyo_log",
        "_yoyo_migration",
        "_yoyo_version",
        "consumer_offset",
        "due_through",
        "kept_table",
        "leadership",
        "release",
        "release_compared",
        "release_correction",
        "release_point",
        "revocation",
        "simulated_clock",
        "target",
        "target_value",
        "tried_out",
        "unplaced_of_year",
        "unplaced_published",
    ),
    "what stays for days or until it is done": (
        "dead_letter",
        "erased_row",
        "group_in_doubt",
        "idempotency",
        "inbox",
        "outbox",
        "profile_to_tell",
        "public_job",
        "published_event",
        "record_opening",
        "republication",
        "sequence_gap",
        "taken_row",
        "unsent_event",
    ),
    "of two surveys": ("invitation", "survey", "survey_invitation"),
    "written by triggers of what is copied": ("wish",),
    "copied by two_years": ("daily", "fact", "person_again", "person_event", "unplaced_change", "unplaced_daily"),
    "summed up by reporting of what is copied": ("split_daily", "summed"),
}
"""And what isn't, by the reason."""

OTHERWISE = {
    ("intake", "employer", "business_number"): "business_number || '-' || copy",
    ("intake", "seeker", "name"): "name || ' ' || copy",
}
"""What a copy has of its own beside its ids."""

_COLUMNS = """
SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
WHERE attrelid = ('public.' || $1)::regclass AND attnum > 0 AND NOT attisdropped
  AND attgenerated = '' AND attidentity = ''
ORDER BY attnum
"""

_UUID = "'^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'"


ORIGINALS = "originals"
"""The schema that keeps what is copied as it was, whatever comes to the tables afterwards."""


WITHOUT_END = {
    "followup": ("DELETE FROM public_job", "DELETE FROM support WHERE status = 'due'"),
}
"""What would fall due every month for ever."""


async def keep_originals(conn: asyncpg.Connection, service: str) -> None:
    """Keep what is to be copied, and let nobody who comes later be taken for the same; nothing is due any more."""
    own = NOT_COPIED["copied by two_years"] if service == "reporting" else ()
    async with conn.transaction():
        for ending in WITHOUT_END.get(service, ()):
            await conn.execute(ending)
        for (of, table, column), otherwise in OTHERWISE.items():
            if of == service:
                await conn.execute(f"UPDATE {table} SET {column} = {otherwise.replace('copy', '0')}")
        await conn.execute(f"CREATE SCHEMA {ORIGINALS}")
        for table in (*TABLES[service], *own):
            await conn.execute(f"CREATE TABLE {ORIGINALS}.{table} AS TABLE public.{table}")


async def statements(conn: asyncpg.Connection, service: str) -> list[str]:
    """Give what copies all that a service keeps, for `two_years.copy()`."""
    made = [await _statement(conn, service, table) for table in TABLES[service]]
    return [*made, *REPORTING] if service == "reporting" else made


async def _statement(conn: asyncpg.Connection, service: str, table: str) -> str:
    columns = {column["name"]: column["type"] for column in await conn.fetch(_COLUMNS, table)}
    values = ", ".join(_value((service, table, name), kind) for name, kind in columns.items())
    return f"INSERT INTO public.{table} ({_listed(columns)}) SELECT {values} FROM {table}, {COPIES}"


def _listed(columns: Mapping[str, str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _value(column: tuple[str, str, str], kind: str) -> str:
    """Give the SQL of a copy's value of a service's table's column."""
    name = f'"{column[-1]}"'
    if otherwise := OTHERWISE.get(column):
        return otherwise
    if kind == "uuid":
        return ID.format(name)
    if kind == "uuid[]":
        each = ID.format("one")
        return f"ARRAY(SELECT {each} FROM unnest({name}) WITH ORDINALITY AS listed (one, place) ORDER BY place)"
    if name == '"key"':
        return f"CASE WHEN {name} ~ {_UUID} THEN ({ID.format(name)})::text ELSE {name} || '-' || copy END"
    return name
