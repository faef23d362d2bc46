"""Takes events in, a batch in a transaction: reads what is known, has it heard, and keeps what became of it.

Locks are taken as commands take them: persons, links, partners. Only who is told something new of is locked, and who is
linked; of everybody else's events one look at their links is all.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.batch.clock import Clock
from chassis.batch.effects import Doers, Effects
from chassis.database.db import Connection
from chassis.http import revocations
from chassis.stream.record_batch import Received
from contracts.ids import SeekerId
from contracts.persons import person_of
from contracts.revocations import RevocationLifted, SubjectRevoked
from contracts.seekers import SeekersMerged
from services.feed.grants.store import GrantsOfStore
from services.feed.links.store import Lead, LinkStore, leads_of, standing_of
from services.feed.log.passing import Heard
from services.feed.log.store import PartnerStore
from services.feed.persons.model import Person
from services.feed.persons.rules import TOLD_OF
from services.feed.persons.store import PersonStore, given_up_for

_NOBODY = Person(SeekerId(UUID(int=0)))


class Taking:
    """Takes in what is read from Kafka."""

    def __init__(self, clock: Clock, doers: Doers) -> None:
        self._clock = clock
        self._doers = doers
        self._persons, self._links, self._partners = PersonStore(), LinkStore(), PartnerStore()

    async def apply(self, conn: Connection, received: Sequence[Received]) -> None:
        """Take events in, inside the caller's transaction."""
        revoked = revocations.told_by((one.event for one in received), SubjectRevoked, RevocationLifted)
        await revocations.keep(conn, revoked)
        told_of = {SeekerId(UUID(one.event.key)) for one in received if isinstance(one.event, TOLD_OF)}
        given_up = {one.event.merged_id for one in received if isinstance(one.event, SeekersMerged)}
        if given_up:
            told_of |= {*given_up, *await given_up_for(conn, sorted(given_up))}
        whose = sorted(told_of | {key for one in received if (key := person_of(one.event)) is not None})
        known, leads = await self._known(conn, told_of, whose)
        links = await standing_of(conn, sorted(known)) if known else []
        partners = sorted({link.partner for link in links})
        heard = Heard(
            known,
            links,
            {lead.asked: lead.stays for lead in leads if lead.stays != lead.asked},
            await self._partners.load(conn, partners) if partners else {},
            await GrantsOfStore().load(conn, partners) if partners else {},
            await self._clock.now(conn),
        )
        for one in received:
            heard.hear(one)
        await self._keep(conn, heard)

    async def _known(
        self, conn: Connection, told_of: set[SeekerId], whose: Sequence[UUID]
    ) -> tuple[dict[SeekerId, Person], Sequence[Lead]]:
        """Read, under their locks, the persons of whom something is told and those who are linked, with the records
        that stay for those that were given up: also where one was until the lock was had."""
        known: dict[SeekerId, Person] = {}
        wanted = {*told_of}
        while True:
            leads = await leads_of(conn, whose)
            wanted |= {lead.stays for lead in leads if lead.linked or lead.asked in told_of}
            missing = sorted(wanted - known.keys())
            if not missing:
                return {key: person for key, person in known.items() if person != _NOBODY}, leads
            known.update(dict.fromkeys(missing, _NOBODY))
            known.update(await self._persons.load(conn, missing))

    async def _keep(self, conn: Connection, heard: Heard) -> None:
        for store, changed in (
            (self._persons, heard.changed_persons),
            (self._links, heard.changed_links),
            (self._partners, heard.changed_partners),
        ):
            if changed:
                states: dict[Any, Any] = {**changed}
                await store.save(conn, [states[key] for key in sorted(states)])
        effects = Effects(self._doers)
        effects.put(heard.effects)
        await effects.do(conn)
