"""What a welfare office keeps: who is in SOS-Care, and who of them has no work. A table of its own, in SQLite.

No table depends on the order in which topics were read: a job's end may come before the job. Whatever is asked of it
all, the view `client` answers.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jobplus_contracts import Event
from jobplus_contracts.cases import Placed, PlacementCorrected
from jobplus_contracts.followups import EmploymentEnded
from jobplus_contracts.seekers import SeekerErased, SeekersMerged, SosCareEnded, SosCareGranted

TABLES = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA secure_delete = ON;
CREATE TABLE IF NOT EXISTS position (topic TEXT, partition INTEGER, next INTEGER, PRIMARY KEY (topic, partition));
CREATE TABLE IF NOT EXISTS known (id TEXT PRIMARY KEY) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS care (
    seeker_id TEXT, sequence INTEGER, in_care INTEGER, day TEXT, PRIMARY KEY (seeker_id, sequence)
);
CREATE TABLE IF NOT EXISTS job (
    placement_id TEXT PRIMARY KEY, seeker_id TEXT, since TEXT, until TEXT, never INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS merged (merged_id TEXT PRIMARY KEY, seeker_id TEXT);
CREATE TABLE IF NOT EXISTS erased (seeker_id TEXT PRIMARY KEY);

CREATE VIEW IF NOT EXISTS person AS
    WITH RECURSIVE named (seeker_id, stays) AS (
        SELECT seeker_id, seeker_id FROM care UNION SELECT seeker_id, seeker_id FROM job
        UNION SELECT named.seeker_id, merged.seeker_id FROM named JOIN merged ON merged.merged_id = named.stays
    )
    SELECT seeker_id, stays FROM named WHERE stays NOT IN (SELECT merged_id FROM merged);

CREATE VIEW IF NOT EXISTS client AS
    WITH last AS (SELECT seeker_id, in_care, max(sequence) FROM care GROUP BY seeker_id),
    works AS (
        SELECT stays, max(since) AS since FROM job JOIN person USING (seeker_id)
        WHERE since IS NOT NULL AND until IS NULL AND NOT never GROUP BY stays
    )
    SELECT stays AS seeker_id, works.since AS works_since
    FROM last JOIN person USING (seeker_id) LEFT JOIN works USING (stays)
    GROUP BY stays HAVING max(in_care);
"""


def opened(path: Path) -> sqlite3.Connection:
    """Open the office's database, made where it isn't there; transactions begin and end where it is said."""
    office = sqlite3.connect(path, isolation_level=None)
    office.executescript(TABLES)
    return office


def apply(office: sqlite3.Connection, event: Event, sequence: int) -> None:
    """Take an event in, within the transaction that is open. `sequence` counts those of its topic and key from 1."""
    if (how := APPLIED.get(type(event))) and not _erased(office, event):
        how(office, event, sequence)


def _erased(office: sqlite3.Connection, event: Event) -> bool:
    """Whether the person was erased, as another topic has told before: a late event brings nobody back."""
    return office.execute("SELECT 1 FROM erased WHERE seeker_id = ?", (event.key,)).fetchone() is not None


def _taken_in(office: sqlite3.Connection, event: SosCareGranted, sequence: int) -> None:
    office.execute("INSERT INTO care VALUES (?, ?, 1, ?)", (event.key, sequence, str(event.occurred_on)))


def _let_go(office: sqlite3.Connection, event: SosCareEnded, sequence: int) -> None:
    office.execute("INSERT INTO care VALUES (?, ?, 0, ?)", (event.key, sequence, str(event.occurred_on)))


def _placed(office: sqlite3.Connection, event: Placed, _: int) -> None:
    _job(office, event, "since", str(event.occurred_on))


def _ended(office: sqlite3.Connection, event: EmploymentEnded, _: int) -> None:
    _job(office, event, "until", str(event.occurred_on))


def _corrected(office: sqlite3.Connection, event: PlacementCorrected, _: int) -> None:
    _job(office, event, "never", 1)


def _job(
    office: sqlite3.Connection, event: Placed | EmploymentEnded | PlacementCorrected, column: str, value: object
) -> None:
    office.execute(
        f"INSERT INTO job (placement_id, seeker_id, {column}) VALUES (?, ?, ?) "
        f"ON CONFLICT (placement_id) DO UPDATE SET {column} = excluded.{column}",
        (str(event.placement_id), event.key, value),
    )


def _merged(office: sqlite3.Connection, event: SeekersMerged, _: int) -> None:
    office.execute("INSERT OR IGNORE INTO merged VALUES (?, ?)", (str(event.merged_id), event.key))


def _forgotten(office: sqlite3.Connection, event: SeekerErased, _: int) -> None:
    """Forget a person; what stays is the number alone, so that they aren't brought back. It comes for each number that
    they had."""
    office.execute("DELETE FROM care WHERE seeker_id = ?", (event.key,))
    office.execute("DELETE FROM job WHERE seeker_id = ?", (event.key,))
    office.execute("DELETE FROM merged WHERE ? IN (merged_id, seeker_id)", (event.key,))
    office.execute("INSERT OR IGNORE INTO erased VALUES (?)", (event.key,))


APPLIED: dict[type[Event], Callable[[sqlite3.Connection, Any, int], None]] = {
    SosCareGranted: _taken_in,
    SosCareEnded: _let_go,
    Placed: _placed,
    EmploymentEnded: _ended,
    PlacementCorrected: _corrected,
    SeekersMerged: _merged,
    SeekerErased: _forgotten,
}
"""What the office wants to know; all else that comes is passed over."""
