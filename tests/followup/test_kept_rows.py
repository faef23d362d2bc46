"""What is written of employments, contacts and clients, and what is found due; no service works on the database."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import asyncpg
import pytest
import uuid_utils.compat as uuids

from chassis.database import db
from contracts.codes import FollowUpStep
from contracts.ids import CounsellorId
from jobplus.stack.local import Stack
from jobplus.stack.postgres import SUPERUSER
from services.followup.bootstrap import blueprint
from services.followup.caseload.model import AnsweredReferral, Client, WaitingKey, WaitingReferral
from services.followup.caseload.store import AddWaiting, EndWaiting, NoteClients
from services.followup.contacts import due
from services.followup.contacts.commands import AnnounceContacts
from services.followup.contacts.model import Contact, Employment, contact_id
from services.followup.contacts.store import EmploymentStore
from services.followup.contacts.working_days import due_on
from services.followup.settings import FollowupSettings
from tests.kit.databases import Databases
from tests.kit.events import placed, referral, somebody

PLACED_ON = date(2009, 3, 3)
STEPS: tuple[FollowUpStep, ...] = ("1w", "1m")
LATER = date(2009, 4, 30)


@pytest.fixture(scope="module")
def databases(stack: Stack) -> Databases:
    async def make_tables(conn: asyncpg.Connection) -> None:
        folders = (db.CHASSIS_MIGRATIONS, blueprint(FollowupSettings.model_construct()).migrations)
        for file in [file for folder in folders for file in sorted(folder.glob("*.sql"))]:
            await conn.execute(file.read_text())

    return Databases(stack, "followup_kept", SUPERUSER, make_tables)


@pytest.fixture
async def conn(databases: Databases) -> AsyncIterator[db.Connection]:
    url = databases.url(await databases.another())
    made = await asyncpg.connect(url)
    await db.prepare_connection(made)
    yield made
    await made.close()


def _employment(placed_on: date = PLACED_ON) -> Employment:
    told = placed(somebody(), placed_on)
    contacts = tuple(
        Contact(contact_id(told.placement_id, step), told.placement_id, told.seeker_id, step, due_on(placed_on, step))
        for step in STEPS
    )
    return Employment(told.placement_id, told.seeker_id, placed_on, told.person, contacts)


async def _kept(conn: db.Connection, *states: Employment) -> Employment:
    """Keep states of one employment, one after the other; gives what is kept in the end."""
    for state in states:
        await EmploymentStore().save(conn, [state])
    return (await EmploymentStore().load(conn, [states[0].placement_id]))[states[0].placement_id]


async def _versions(conn: db.Connection) -> list[Any]:
    """Tell by which transaction each row was written."""
    rows = await conn.fetch(
        """SELECT placement_id, xmin::text FROM employment UNION ALL SELECT contact_id, xmin::text FROM contact
           ORDER BY 1"""
    )
    return [tuple(row) for row in rows]


@pytest.mark.parametrize(
    "changed",
    [
        {"ended_on": LATER},
        {"corrected": True},
        {"changed_job": True},
        {"end_reason": "resigned"},
        {"next_ended_on": LATER},
        {"next_end_reason": "firm_closed"},
    ],
    ids=lambda changed: next(iter(changed)),
)
async def test_whatever_changes_of_an_employment_is_kept(conn: db.Connection, changed: dict[str, Any]) -> None:
    before = _employment()
    after = replace(before, **changed)
    assert await _kept(conn, before, after) == after


@pytest.mark.parametrize(
    "changed", [{"status": "made"}, {"attempts": 1}, {"try_on": LATER}], ids=lambda changed: next(iter(changed))
)
async def test_whatever_changes_of_a_contact_is_kept(conn: db.Connection, changed: dict[str, Any]) -> None:
    before = _employment()
    after = before.with_(replace(before.contacts[0], **changed))
    assert await _kept(conn, before, after) == after


async def test_what_has_not_changed_is_not_written_again(conn: db.Connection) -> None:
    before = _employment()
    await _kept(conn, before)
    versions = await _versions(conn)
    await _kept(conn, before)
    assert await _versions(conn) == versions


async def test_an_employment_with_several_contacts_due_is_announced_by_one_command(conn: db.Connection) -> None:
    later, earlier, not_yet = _employment(date(2009, 3, 4)), _employment(), _employment(LATER)
    for employment in (later, earlier, not_yet):
        await _kept(conn, employment)
    first, second = (AnnounceContacts(one.placement_id) for one in (earlier, later))
    assert await due.contacts(conn, LATER, 500) == [first, second]
    assert await due.contacts(conn, LATER, 2) == [first, second]
    assert await due.contacts(conn, LATER, 1) == [first]


async def test_what_a_batch_says_of_a_client_is_put_together_and_what_it_does_not_say_stays(
    conn: db.Connection,
) -> None:
    seeker, first, second = somebody(), CounsellorId(uuids.uuid7()), CounsellorId(uuids.uuid7())
    gone = Client(seeker, withdrawn=True, withdrawn_on=PLACED_ON)

    async def kept(*said: Client) -> list[Any]:
        await NoteClients().do(conn, said)
        rows = await conn.fetch("SELECT counsellor_id, assigned_on, withdrawn, withdrawn_on FROM client")
        return [tuple(row) for row in rows]

    assert await kept(Client(seeker, first, PLACED_ON), gone, Client(seeker, second, LATER)) == [
        (second, LATER, True, PLACED_ON)
    ]
    assert await kept(Client(seeker, withdrawn=False)) == [(second, LATER, False, PLACED_ON)]


@pytest.mark.parametrize("merged", [False, True], ids=["under the same record", "under one that was given up"])
async def test_a_referral_that_a_batch_has_made_and_answered_waits_no_more(conn: db.Connection, merged: bool) -> None:
    seeker, given_up = somebody(), somebody()
    made = referral(given_up if merged else seeker, PLACED_ON)
    if merged:
        await conn.execute("INSERT INTO merged_person (merged_id, seeker_id) VALUES ($1, $2)", given_up, seeker)
    await AddWaiting().do(conn, [WaitingReferral(WaitingKey(made.seeker_id, made.referral_id), PLACED_ON)])
    assert await conn.fetchval("SELECT count(*) FROM waiting_referral") == 1
    await EndWaiting().do(conn, [AnsweredReferral(WaitingKey(seeker, made.referral_id))] * 2)
    for table in ("waiting_referral", "answered_referral"):
        assert await conn.fetchval(f"SELECT count(*) FROM {table}") == 0
