"""Reporting put together; nothing else wires anything."""

from collections.abc import Sequence
from pathlib import Path

import contracts
from chassis.database.db import Connection
from chassis.http import revocations
from chassis.running.service import Blueprint
from chassis.stream.record_batch import Received
from contracts.revocations import RevocationLifted, SubjectRevoked
from contracts.seekers import SeekersMerged
from contracts.topics import SOURCES
from services.reporting import __doc__ as purpose
from services.reporting import (
    corrections,
    figures,
    ledger,
    pages,
    releases,
    signin,
    staff,
    summing,
    tables,
    targets,
    unplaced,
)
from services.reporting.pages.charts import api as charts
from services.reporting.settings import ReportingSettings
from services.reporting.subscriptions import READ


async def apply(conn: Connection, received: Sequence[Received]) -> None:
    """Enter events into the ledger, and what is new there into the figures and the revocations.

    A merge moves persons whose events come from other partitions, too: it waits until nobody else counts.
    """
    entries = await ledger.store.enter(conn, received)
    if any(isinstance(entry.event, SeekersMerged) for entry in entries):
        await ledger.store.stand_still(conn)
    await figures.store.count(conn, entries)
    told = revocations.told_by((entry.event for entry in entries), SubjectRevoked, RevocationLifted)
    await revocations.keep(conn, told)


def blueprint(settings: ReportingSettings) -> Blueprint:
    """Say what makes up reporting. Its tables are locked in the order ledger, person_event, daily; targets apart,
    and the sums behind with how far they go, which are changed by due work alone."""
    days = settings.release_after_days
    return Blueprint(
        name="reporting",
        purpose=purpose or "",
        migrations=Path(__file__).parent / "migrations",
        decode=contracts.decode_counted,
        sources=SOURCES,
        routers=(
            figures.api.router,
            figures.splits.router,
            figures.unplaced.router,
            ledger.api.router,
            targets.api.router,
            unplaced.api.router,
            releases.api.router,
            corrections.api.router,
            signin.api.router,
            staff.api.router,
            charts.router,
            pages.api.router,  # last: it takes every address below a language
        ),
        stores={
            targets.model.Target: targets.store.TargetStore(),
            unplaced.model.EndedYear: unplaced.store.EndedYearStore(),
            releases.model.Release: releases.store.ReleaseStore(settings.centre, settings.release_limit),
            corrections.model.Comparison: corrections.store.ComparisonStore(settings.release_limit),
            tables.model.KeptTable: tables.store.KeptTableStore(),
            summing.model.Summed: summing.store.SummedStore(),
        },
        doers={
            summing.model.SumUpNext: summing.store.Summing(),
            summing.model.EmptySums: summing.store.Emptying(),
            summing.model.SeeWhatIsComplete: summing.store.Seeing(),  # last: it holds up whoever enters
        },
        deciders=(
            targets.rules.DECIDERS,
            unplaced.rules.DECIDERS,
            releases.rules.DECIDERS,
            corrections.rules.DECIDERS,
            tables.rules.DECIDERS,
            summing.rules.DECIDERS,
        ),
        apply=apply,
        inbox=False,
        topics=READ,
        due={
            "unplaced of the ended year": unplaced.due.ended_year,
            "sums behind": summing.due.behind,
            "corrections of earlier releases": corrections.due.earlier_releases,
            **({"release of the ended month": releases.due.ended_month(days)} if days else {}),
        },
        state={
            "pages": pages.rendered.Pages(settings),
            "sign_in": signin.SignIn(settings) if settings.has_sign_in else None,
            "live": staff.live.Live(settings.live_readers),
            "others": staff.state.Others(settings.state_of),
        },
        # where somebody may sign in, pages ask themselves who reads them
        open_paths=pages.api.OPEN_PATHS if settings.pages_public or settings.has_sign_in else "",
        open_refusal=pages.answers.too_many,
    )
