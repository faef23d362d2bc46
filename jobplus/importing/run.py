"""An import under way: checks what rows refer to, and has them taken or tried out, pass after pass."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import date
from typing import Any

from jobplus.client import PATIENCE, Client, Refusal, Unanswered
from jobplus.importing.files import RefusedRow, SourceFile
from jobplus.importing.kinds import PERSONS
from jobplus.importing.references import References
from jobplus.importing.sending import Ready, batches, send
from jobplus.importing.taken import Taken, TakenRows, ids_of
from jobplus.importing.telling import Came, FileCame, explained
from jobplus.settling import Addresses, Unsettled, settled
from jobplus.stack.errors import StackFailed
from jobplus.stack.keys import Bearer, Role

SERVICES = ("intake", "matching", "followup")
LOOKS: Role = "operator"
"""Who asks for the services' day, and whether they have settled."""
MOST_PASSES = 10
UNHEARD_SECONDS = 0.5
SETTLE_SECONDS = 60.0

CANNOT_GO_ON = "the import can't go on"
RUN_AGAIN = "what was taken is kept: run the same command again, and it goes on from there"

Moved = Callable[[SourceFile, int], None]
Key = tuple[str, str | None]
"""Of a file that is read, or of one of its sheets."""


class Importing:
    """One import under way."""

    def __init__(
        self,
        name: str,
        files: Sequence[SourceFile],
        taken: TakenRows,
        addresses: Addresses,
        dry_run: bool,
        moved: Moved,
    ) -> None:
        self._name = name
        self._files = files
        self._taken = taken
        self._addresses = addresses
        self._dry_run = dry_run
        self._moved = moved
        self._references = References(name, files, taken, placeholders=dry_run)
        self._refused: dict[Key, list[RefusedRow]] = {}
        self._before = {
            file.key: sum(taken.get(file.kind.name, row.name) is not None for row in file.rows) for file in files
        }
        self._now: Counter[Key] = Counter()
        self._nameless = 0
        self._untried = 0
        self._tried: set[tuple[Key, int]] = set()
        self._today: dict[str, date] = {}
        """By service, the day of its clock."""

    async def run(self) -> Came:
        """Bring in all files (raises StackFailed, FilesRefused, OptionRefused)."""
        try:
            await self._reach()
            await self._passes([file for file in self._files if not file.kind.ends])
            await self._passes([file for file in self._files if file.kind.ends])
        except (Refusal, Unanswered, OSError) as error:
            raise StackFailed(f"{CANNOT_GO_ON}: {error}; {RUN_AGAIN}") from error
        return self._came()

    @asynccontextmanager
    async def _asking(self, service: str, role: Role) -> AsyncGenerator[Client]:
        client = self._addresses.client(service, Bearer(role), 1)
        try:
            with _token_of(role):
                yield client
        finally:
            await client.close()

    async def _reach(self) -> None:
        """Fail at once where there is no stack; one that goes away later is waited for (raises OSError)."""
        for service in dict.fromkeys(file.kind.service for file in self._files):
            async with self._asking(service, LOOKS) as client:
                status = await client.get("/status")
                self._today[service] = date.fromisoformat(status["clock"]["day"])

    async def _passes(self, files: Sequence[SourceFile]) -> None:
        """Pass over files until a pass takes nothing more: some rows can only be taken after others of later files,
        such as a second job after the end of the first."""
        for _ in range(MOST_PASSES):
            before = self._known()
            self._references.forget()
            for file in files:
                await self._pass(file)
            refused = any(self._refused[file.key] for file in files)
            if self._dry_run or not refused or self._known() == before:
                return
            await self._settle()

    async def _pass(self, file: SourceFile) -> None:
        ready: list[Ready] = []
        doubtful: list[Ready] = []
        refused = list(file.broken)
        for row in file.rows:
            taken = self._taken.get(file.kind.name, row.name) is not None
            resolved = None if taken else Ready(row, *self._references.resolved(file, row))
            if resolved is not None and self._dry_run:
                self._references.look_across(file, row, resolved.stand_ins, self._today[file.kind.service])
            told = self._references.refusals(file, row)
            refused += told
            if resolved is not None:
                (doubtful if told else ready).append(resolved)
        last = time.monotonic()
        async with self._asking(file.kind.service, file.kind.role) as client:
            while ready:
                unheard: list[Ready] = []
                for batch in batches(ready, file.kind.most_rows):
                    sent = await send(client, self._name, file, batch, dry_run=self._dry_run)
                    for row in sent.erased:
                        self._references.erased(file, row)
                    self._take(file, sent.answers)
                    self._untried += len(sent.untried)
                    self._move(file, batch)
                    last = time.monotonic() if sent.answers else last
                    waiting = {each.row.number for each in sent.unheard}
                    patient = not self._dry_run and time.monotonic() - last < PATIENCE
                    unheard += sent.unheard if patient else []
                    refused += [told for told in sent.refused if not (patient and told.row in waiting)]
                ready = unheard
                if ready:
                    await asyncio.sleep(UNHEARD_SECONDS)
            if self._dry_run:
                refused += await self._other_faults(client, file, doubtful, refused)
        self._refused[file.key] = refused

    async def _other_faults(
        self, client: Client, file: SourceFile, doubtful: Sequence[Ready], refused: Sequence[RefusedRow]
    ) -> list[RefusedRow]:
        """Try out rows that are refused for what they name, apart from those that are not, to tell at once whatever
        else is wrong with them."""
        known = {(told.row, told.field) for told in refused}
        found: list[RefusedRow] = []
        for batch in batches(doubtful, file.kind.most_rows):
            sent = await send(client, self._name, file, batch, dry_run=True)
            found += (told for told in sent.refused if (told.row, told.field) not in known)
        return found

    def _take(self, file: SourceFile, answers: Sequence[tuple[Any, dict[str, Any]]]) -> None:
        before = sum("before" in told for _, told in answers)
        self._before[file.key] += before
        if file.kind.name == PERSONS:
            self._nameless += sum("before" not in told and not row.has_ref for row, told in answers)
        self._now[file.key] += len(answers) - before
        gives = file.kind.gives
        if not self._dry_run:
            self._taken.add(file.kind.name, ((row.name, Taken(row.says, ids_of(told, gives))) for row, told in answers))

    def _known(self) -> int:
        """How many rows are known to be taken."""
        return sum(self._before.values()) + sum(self._now.values())

    def _move(self, file: SourceFile, batch: Sequence[Ready]) -> None:
        new = {(file.key, ready.row.number) for ready in batch} - self._tried
        self._tried |= new
        self._moved(file, len(new))

    async def _settle(self) -> None:
        """Let what was taken have its effects. Where others work at the same time it never ends, so not for long."""
        try:
            async with asyncio.timeout(SETTLE_SECONDS):
                with _token_of(LOOKS):
                    await settled(self._addresses, SERVICES)
        except (Unsettled, TimeoutError):
            return

    def _came(self) -> Came:
        came = Came(self._dry_run, nameless=self._nameless, untried=self._untried)
        for file in self._files:
            refused = sorted(self._refused[file.key], key=lambda told: (told.row, told.field or ""))
            before, now = self._before[file.key], self._now[file.key]
            fresh = {told.row for told in refused}
            known = {row.number for row in file.rows if self._taken.get(file.kind.name, row.name)}
            later = file.total - file.same - before - now - len(fresh - known) if self._dry_run else 0
            came.files.append(FileCame.of(file, before, now, later, len(fresh)))
            came.refused += dict.fromkeys(explained(file, refused))
        return came


@contextmanager
def _token_of(role: Role) -> Generator[None]:
    """Tell whose token it is that a service doesn't take (raises StackFailed)."""
    try:
        yield
    except Refusal as refusal:
        if not refusal.of_token:
            raise
        why = f"the token of the role {role} is not valid, or no longer: {refusal}; renew it"
        raise StackFailed(f"{CANNOT_GO_ON}: {why}; {RUN_AGAIN}") from refusal
