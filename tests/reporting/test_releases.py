"""Releases as they are kept and read: counted as the figures are, to the byte what their hash says, once for ever."""

import hashlib
import random
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import asyncpg
import orjson
import pytest
import uuid_utils.compat as uuids

from chassis.batch.clock import SimulatedClock
from chassis.batch.command_batch import CommandHandler
from chassis.batch.decisions import Accepted, Actor, Asked, Outcome, Refused
from chassis.database import db
from jobplus.releasing import OptionRefused, correct, release, released
from services.reporting.figures import asked
from services.reporting.figures.period import Period, month_end
from services.reporting.figures.published import published
from services.reporting.releases import rules
from services.reporting.releases.commands import PublishRelease, ReleaseForm
from services.reporting.releases.contents import FIGURES, SPLITS
from services.reporting.releases.due import ended_month
from services.reporting.releases.model import Release
from services.reporting.releases.store import ReleaseStore
from tests.kit.client import StackClient
from tests.kit.events import registered
from tests.kit.topics import Topics
from tests.releases.subtraction import found_out
from tests.reporting.histories import a_history, shuffled
from tests.reporting.ledgers import Ledger

TODAY = date(2011, 1, 27)
LIMIT = 5


class Releasing:
    """Publishes releases of a reporting without its processes."""

    def __init__(self, pool: db.Pool) -> None:
        self.pool = pool
        self._handler = CommandHandler({Release: ReleaseStore("main", LIMIT)}, rules.DECIDERS, SimulatedClock(), pool)

    async def publish(self, day: date) -> Outcome:
        async with self.pool.acquire() as conn:
            await SimulatedClock().move(conn, TODAY)
        command = PublishRelease(ReleaseForm(day=day))
        (outcome,) = await self._handler.run([Asked(command, Actor("manager", "m-1"), "test", "test")])
        return outcome

    async def document(self, day: date) -> Any:
        return orjson.loads(await self.pool.fetchval("SELECT document FROM release WHERE day = $1", day))


@pytest.fixture
def releasing(pool: db.Pool) -> Releasing:
    return Releasing(pool)


async def test_a_release_tells_what_the_figures_tell(ledger: Ledger, releasing: Releasing) -> None:
    rnd = random.Random(7)
    await ledger.receive(shuffled(ledger.sources.records(a_history(rnd, 300)), rnd), rnd)
    day = date(2010, 3, 31)
    assert isinstance(await releasing.publish(day), Accepted)
    document = await releasing.document(day)
    periods = {
        "since_opening": Period(day),
        "year": Period(day, date(2010, 1, 1)),
        "year_before": Period(date(2009, 3, 31), date(2009, 1, 1)),
    }
    async with db.reading(ledger.pool) as conn:
        trees = {name: await published(conn, asked.ALL, period, TODAY) for name, period in periods.items()}
    told = {one["figure"]: one for one in document["figures"]}
    assert list(told) == [*FIGURES]
    for path, one in told.items():
        for column, tree in trees.items():
            expected = tree
            for step in path.split("."):
                expected = expected[step]
            assert one["values"][column] == expected, (path, column)
    assert told["registered"]["change"] == trees["year"]["registered"] - trees["year_before"]["registered"]
    by_occupation = next(one for one in document["tables"] if (one["measure"], one["by"]) == ("placed", "occupation"))
    for column, tree in trees.items():
        assert by_occupation["totals"][column] == tree["placed"]["total"]
        for line in by_occupation["lines"]:
            assert line["counts"][column] in {None, tree["placed"]["by_occupation"].get(line["value"], 0)}
    assert document["retention"] == trees["since_opening"]["retention"]
    assert document["internships"] == trees["since_opening"]["internships"]
    assert (
        sum(month["counts"]["registered"] for month in document["months"])
        == told["registered"]["values"]["since_opening"]
    )


async def test_what_becomes_known_between_releases_tells_of_nobody_either(ledger: Ledger, releasing: Releasing) -> None:
    rnd = random.Random(8)
    history = a_history(rnd, 250)
    documents: list[Any] = []
    for month in range(1, 19):
        end = month_end(date(2009 + month // 12, month % 12 + 1, 1))
        until = datetime(end.year, end.month, end.day, 23, tzinfo=UTC) + timedelta(days=3)
        now, history = (
            [one for one in history if one.recorded_at <= until],
            [one for one in history if one.recorded_at > until],
        )
        await ledger.publish(*now)
        outcome = await releasing.publish(end)
        assert isinstance(outcome, Accepted), outcome
        documents.append(await releasing.document(end))
    assert [one["previous"] is None for one in documents] == [True] + [False] * 17
    # Corrections make the days of two releases differ, so each pair of releases is looked at by itself.
    for one in documents:
        assert found_out([one], LIMIT) == []
    for earlier, later in pairwise(documents):
        for value, counts in _told(later).items():
            if (before := _told(earlier).get(value)) is not None:
                assert not 0 < abs(counts - before) < LIMIT, value


def _told(document: Any) -> dict[tuple[str, str, str], int]:
    """Give what a release tells of each value since the opening."""
    return {
        (table["measure"], table["by"], line["value"]): line["counts"]["since_opening"]
        for table in document["tables"]
        for line in table["lines"]
        if line["counts"]["since_opening"] is not None
    }


async def test_a_release_is_kept_for_ever(ledger: Ledger, releasing: Releasing) -> None:
    await ledger.publish(registered(uuids.uuid7(), date(2010, 3, 2)))
    day = date(2010, 3, 31)
    outcome = await releasing.publish(day)
    assert isinstance(outcome, Accepted)
    again = await releasing.publish(day)
    assert isinstance(again, Refused)
    assert again.problem.code == "already-released"
    assert len(await ledger.query("SELECT FROM release_point WHERE release = $1", day)) >= len(
        {split for split in SPLITS if not split.measure.endswith("_in_year")}
    )
    for statement in ("UPDATE release SET hash = ''", "DELETE FROM release_point", "TRUNCATE release CASCADE"):
        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await ledger.pool.execute(statement)


async def test_a_month_is_released_by_itself_some_days_after_it_ended(ledger: Ledger, releasing: Releasing) -> None:
    find = ended_month(5)

    async def found(day: date) -> list[date]:
        async with ledger.pool.acquire() as conn:
            return [command.form.day for command in await find(conn, day, 10)]

    assert await found(date(2010, 4, 5)) == []
    await ledger.publish(registered(uuids.uuid7(), date(2010, 3, 2)))
    assert await found(date(2010, 3, 31)) == []
    assert await found(date(2010, 4, 4)) == []
    assert await found(date(2010, 4, 5)) == [date(2010, 3, 31)]
    assert await found(date(2010, 5, 4)) == [date(2010, 3, 31)]
    assert isinstance(await releasing.publish(date(2010, 3, 31)), Accepted)
    await ledger.look()
    assert await found(date(2010, 5, 4)) == []
    assert await found(date(2010, 5, 5)) == [date(2010, 4, 30)]
    await ledger.pool.execute("UPDATE consumer_offset SET end_offset = next_offset + 1")
    assert await found(date(2010, 5, 5)) == []


async def test_a_release_waits_for_what_has_arrived(ledger: Ledger, releasing: Releasing) -> None:
    await ledger.publish(registered(uuids.uuid7(), date(2010, 3, 2)))
    await ledger.pool.execute("UPDATE consumer_offset SET end_offset = next_offset + 1")
    outcome = await releasing.publish(date(2010, 3, 31))
    assert isinstance(outcome, Refused)
    assert outcome.problem.code == "still-counting"
    early = await Releasing(ledger.pool).publish(date(2010, 2, 28))
    assert isinstance(early, Refused)


def test_releases_over_http_are_for_everyone_and_to_the_byte(calling: StackClient, topics: Topics) -> None:
    # the stack's clock stands in the middle of 2010, or is the machine's where this file is run alone
    topics.publish([registered(uuids.uuid7(), date(2010, 5, 5))])
    calling.settle(["reporting"])
    assert calling.refused("reporting", "/releases", {"day": "2010-05-30"}) == (422, "invalid-request", ["day"])
    assert calling.refused("reporting", "/releases", {"day": "2010-05-31"}, role="counsellor")[0] == 403
    made = release(calling.stack, date(2010, 5, 31))
    assert released(calling.stack)[0] == made
    reply = calling.get("reporting", "/releases/2010-05-31", role="partner")
    assert hashlib.sha256(reply.body).hexdigest() == made["hash"]
    assert reply.headers["ETag"] == f'"{made["hash"]}"'
    assert reply.json["release"] == "2010-05-31"
    with pytest.raises(OptionRefused, match="stay as they are"):
        release(calling.stack, date(2010, 5, 31))
    calling.settle(["reporting"])
    (event,) = calling.query("reporting", "SELECT data FROM ledger WHERE type = 'jobplus.ReleasePublished'")
    assert orjson.loads(event["data"])["hash"] == made["hash"]
    missing = calling.get("reporting", "/releases/2010-04-30", role="employer")
    assert missing.problem == (404, "not-released", ["day"])

    topics.publish([registered(uuids.uuid7(), date(2010, 5, 6))])
    calling.settle(["reporting"])
    path, form = "/releases/2010-05-31/corrections", {"reason": "recorded_late"}
    assert calling.refused("reporting", path, form, role="counsellor")[0] == 403
    assert calling.refused("reporting", path, {"reason": "late"}) == (422, "invalid-request", ["reason"])
    corrected = correct(calling.stack, date(2010, 5, 31), form["reason"])
    (one,) = calling.get("reporting", path, role="partner").json
    assert one == corrected
    assert {"figure": "registered", "column": "since_opening"}.items() <= one["figures"][0].items()
    assert one["figures"][0]["known"] == one["figures"][0]["published"] + 1
    months = [(told["figure"], told["known"] - told["published"]) for told in one["figures"] if told["month"]]
    assert months == [("registered", 1)]
    page = calling.send("reporting", "GET", "/ko/releases/2010-05-31", None, {}).body.decode()
    assert "공표한 뒤에 기록된 사실이 있습니다." in page
    assert f"{one['figures'][0]['known']:,}명" in page
    front = calling.send("reporting", "GET", "/en/", None, {}).body.decode()
    assert "#corrections" in front
    assert hashlib.sha256(calling.get("reporting", "/releases/2010-05-31").body).hexdigest() == made["hash"]
    assert calling.refused("reporting", path, form) == (409, "nothing-to-correct", ["day"])


@pytest.mark.parametrize("role", ["partner", "employer"])
@pytest.mark.parametrize(
    "path",
    ["", "/monthly?measure=placed", "/split?measure=placed&by=gender", "/unplaced?as_of=2009-12-31"],
)
def test_free_days_and_splits_are_not_for_others(calling: StackClient, role: Any, path: str) -> None:
    assert calling.get("reporting", f"/figures{path}", role=role).status == 403


@pytest.mark.parametrize("role", ["partner", "employer"])
def test_targets_by_the_day_are_not_for_others(calling: StackClient, role: Any) -> None:
    assert calling.get("reporting", "/targets", role=role).status == 403
    assert calling.get("reporting", "/targets/backtest?year=2010&measure=placed", role=role).status == 403
