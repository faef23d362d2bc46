"""What stands beside a release: told once, as the figures are known now, while the release stays as it is."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import asyncpg
import orjson
import pytest
import uuid_utils.compat as uuids

from chassis.batch.clock import SimulatedClock
from chassis.batch.command_batch import CommandHandler
from chassis.batch.decisions import Accepted, Actor, Asked, Outcome, Refused
from chassis.database import db
from services.reporting.corrections import rules as correcting
from services.reporting.corrections.commands import CompareRelease, CorrectionForm, CorrectRelease
from services.reporting.corrections.due import earlier_releases
from services.reporting.corrections.model import Comparison, Place
from services.reporting.corrections.places import completed, told_once
from services.reporting.corrections.queries import corrections, counts
from services.reporting.corrections.store import ComparisonStore
from services.reporting.releases import rules
from services.reporting.releases.commands import PublishRelease, ReleaseForm
from services.reporting.releases.model import Release
from services.reporting.releases.store import ReleaseStore
from tests.kit.events import (
    follow_up_due,
    follow_up_made,
    internship_completed,
    internship_converted,
    internship_started,
    placed,
    registered,
    survey_answered,
    survey_drawn,
)
from tests.reporting.ledgers import Ledger

TODAY = date(2011, 1, 27)
MARCH, APRIL, MAY = date(2010, 3, 31), date(2010, 4, 30), date(2010, 5, 31)


class Releasing:
    """Publishes and corrects releases of a reporting without its processes."""

    def __init__(self, pool: db.Pool) -> None:
        stores = {Release: ReleaseStore("main", 5), Comparison: ComparisonStore(5)}
        deciders = {**rules.DECIDERS, **correcting.DECIDERS}
        self.pool = pool
        self._handler = CommandHandler(stores, deciders, SimulatedClock(), pool)

    async def run(self, command: Any) -> Outcome:
        (outcome,) = await self.run_all([command])
        return outcome

    async def run_all(self, commands: Iterable[Any]) -> list[Outcome]:
        """Have commands decided in one batch."""
        async with self.pool.acquire() as conn:
            await SimulatedClock().move(conn, TODAY)
        return await self._handler.run([Asked(one, Actor("manager", "m-1"), "test", "test") for one in commands])

    async def publish(self, day: date) -> None:
        assert isinstance(await self.run(PublishRelease(ReleaseForm(day=day))), Accepted)

    async def correct(self, day: date, reason: Any = None) -> Outcome:
        return await self.run(CorrectRelease(day, CorrectionForm(reason=reason)))

    async def due(self) -> list[date]:
        async with self.pool.acquire() as conn:
            return [command.day for command in await earlier_releases(conn, TODAY, 10)]

    async def told(self, day: date) -> list[dict[tuple[str, str | None], tuple[Any, Any]]]:
        """Give a release's corrections: what was told and is known, by figure and its column or month."""
        async with db.reading(self.pool) as conn:
            found = await corrections(conn, day)
        assert [one.number for one in found] == [*range(1, len(found) + 1)]
        return [{(it.figure, it.column or it.month): (it.published, it.known) for it in one.figures} for one in found]


@pytest.fixture
def releasing(pool: db.Pool) -> Releasing:
    return Releasing(pool)


async def _year(ledger: Ledger) -> Any:
    """Have four registered and two placed early in 2010, one of each in 2009; give one who isn't placed yet."""
    people = [uuids.uuid7() for _ in range(5)]
    await ledger.publish(registered(people[0], date(2009, 2, 2)), placed(people[0], date(2009, 3, 2)))
    await ledger.publish(*(registered(one, date(2010, 3, 1)) for one in people[1:]))
    await ledger.publish(*(placed(one, date(2010, 3, 20)) for one in people[1:3]))
    return people[3]


async def test_an_earlier_release_is_compared_once_when_a_later_one_is_published(
    ledger: Ledger, releasing: Releasing
) -> None:
    late = await _year(ledger)
    await releasing.publish(MARCH)
    before = await ledger.query("SELECT document, hash FROM release WHERE day = $1", MARCH)
    await ledger.publish(placed(late, date(2010, 3, 25)))
    assert await releasing.due() == []
    await releasing.publish(APRIL)
    assert await releasing.due() == [MARCH]
    await ledger.pool.execute("UPDATE consumer_offset SET end_offset = next_offset + 1")
    assert await releasing.due() == []
    await ledger.look()
    assert isinstance(await releasing.run(CompareRelease(MARCH)), Accepted)
    assert await releasing.due() == []
    (told,) = await releasing.told(MARCH)
    assert told == {
        ("placed.total", "since_opening"): (3, 4),
        ("placed.total", "year"): (2, 3),
        ("placed.rate_percent", "since_opening"): (60.0, 80.0),
        ("placed.rate_percent", "year"): (50.0, 75.0),
        ("placements", "since_opening"): (3, 4),
        ("placements", "year"): (2, 3),
        ("placed", "2010-03"): (2, 3),
    }
    assert await ledger.query("SELECT document, hash FROM release WHERE day = $1", MARCH) == before
    events = await ledger.query("SELECT value FROM outbox WHERE type = 'jobplus.FigureCorrected'")
    said = [orjson.loads(data) for (data,) in events]
    places = [(one["measure"], one.get("column") or one.get("month")) for one in said]
    assert dict(zip(places, [(one["published"], one["known"]) for one in said], strict=True)) == told
    assert {(one["release"], one.get("reason")) for one in said} == {("2010-03-31", None)}

    # April knew of it from the start, and when May comes both are as they were told
    await releasing.publish(MAY)
    for day in (MARCH, APRIL):
        assert await releasing.due() == [day]
        assert isinstance(await releasing.run(CompareRelease(day)), Accepted)
    assert await releasing.due() == []
    assert (len(await releasing.told(MARCH)), await releasing.told(APRIL)) == (1, [])
    async with db.reading(releasing.pool) as conn:
        assert await counts(conn) == {MARCH: 1}


async def test_a_manager_corrects_a_release_without_waiting_and_it_is_told_from_the_last_correction(
    ledger: Ledger, releasing: Releasing
) -> None:
    late = await _year(ledger)
    await releasing.publish(MARCH)
    refused = await releasing.correct(MARCH)
    assert isinstance(refused, Refused)
    assert refused.problem.code == "nothing-to-correct"
    await ledger.publish(registered(uuids.uuid7(), date(2010, 3, 30)))
    made = await releasing.correct(MARCH, "recorded_late")
    assert isinstance(made, Accepted)
    assert isinstance(await releasing.correct(MARCH), Refused)
    await ledger.publish(placed(late, date(2010, 3, 25)))
    assert isinstance(await releasing.correct(MARCH), Accepted)
    first, second = await releasing.told(MARCH)
    assert first["registered", "since_opening"] == (5, 6)
    assert first["placed.rate_percent", "year"] == (50.0, 40.0)
    assert second["placed.rate_percent", "year"] == (40.0, 60.0)
    assert ("registered", "since_opening") not in second
    missing = await releasing.correct(APRIL)
    assert isinstance(missing, Refused)
    assert (missing.problem.status, missing.field) == (404, "day")
    await ledger.pool.execute("UPDATE consumer_offset SET end_offset = next_offset + 1")
    waiting = await releasing.correct(MARCH)
    assert isinstance(waiting, Refused)
    assert waiting.problem.code == "still-counting"
    for statement in ("UPDATE release_correction SET reason = ''", "DELETE FROM release_correction"):
        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await ledger.pool.execute(statement)


async def test_a_figure_that_divided_by_nothing_is_corrected_to_one_that_does_not(
    ledger: Ledger, releasing: Releasing
) -> None:
    await ledger.publish(registered(uuids.uuid7(), date(2009, 3, 2)))
    await releasing.publish(MARCH)
    await ledger.publish(registered(uuids.uuid7(), date(2010, 3, 2)))
    assert isinstance(await releasing.correct(MARCH), Accepted)
    (told,) = await releasing.told(MARCH)
    assert told["placed.rate_percent", "year"] == (None, 0.0)


async def test_months_and_what_is_told_once_are_corrected_as_well(ledger: Ledger, releasing: Releasing) -> None:
    first, later, intern, survey = (uuids.uuid7() for _ in range(4))
    job = placed(first, date(2009, 3, 2))
    due = follow_up_due(job, date(2009, 6, 2), step="3m")
    asked = survey_drawn(survey, date(2009, 12, 10), 3)
    await ledger.publish(registered(first, date(2009, 2, 2)), job, due, asked)
    await ledger.publish(survey_answered(survey, date(2009, 12, 11), 5))
    await ledger.pool.execute("INSERT INTO target VALUES (2010, 'placed', '', '')")
    await ledger.pool.execute(
        "INSERT INTO target_value VALUES (2010, 'placed', '', '', 1, 10, '2010-01-04', '2010-01-04 09:00+09', 'test')"
    )
    await releasing.publish(MARCH)

    await ledger.publish(registered(later, date(2010, 2, 1)), placed(later, date(2010, 2, 5)))
    await ledger.publish(follow_up_made(due, date(2009, 6, 3), outcome="still_employed"))
    await ledger.publish(survey_answered(survey, date(2009, 12, 12), 3))
    started = internship_started(intern, date(2010, 1, 11))
    await ledger.publish(started, internship_completed(started, date(2010, 3, 5)))
    assert isinstance(await releasing.correct(MARCH, "recorded_late"), Accepted)
    (told,) = await releasing.told(MARCH)
    assert {place: values for place, values in told.items() if place[1] not in {"since_opening", "year"}} == {
        ("registered", "2010-02"): (0, 1),
        ("placed", "2010-02"): (0, 1),
        ("internships.2010.started", None): (0, 1),
        ("internships.2010.completed", None): (0, 1),
        ("internships.2010.percent", None): (None, 0.0),
        ("retention.3.reached", None): (0, 1),
        ("retention.3.still_employed", None): (0, 1),
        ("retention.3.percent", None): (None, 100.0),
        ("surveys.2009-12-10.answered", None): (1, 2),
        ("surveys.2009-12-10.score", None): (100.0, 75.0),
        ("surveys.2009-12-10.percent_satisfied", None): (100.0, 50.0),
        ("targets.2010.placed.reached", None): (0, 1),
    }

    await ledger.publish(internship_converted(started, date(2010, 3, 12), date(2010, 3, 5)))
    assert isinstance(await releasing.correct(MARCH), Accepted)
    assert (await releasing.told(MARCH))[1] == {
        ("internships.2010.converted", None): (0, 1),
        ("internships.2010.percent", None): (0.0, 100.0),
    }
    assert isinstance(await releasing.correct(MARCH), Refused)


async def test_a_count_of_a_table_is_corrected_where_it_was_told_and_may_be_told_as_it_is_known(
    ledger: Ledger, releasing: Releasing
) -> None:
    first_month = date(2009, 3, 31)
    await _placed_by(ledger, date(2009, 3, 2), {"01": 20, "02": 30, "24": 12})
    await releasing.publish(first_month)
    await _placed_by(ledger, date(2009, 3, 20), {"01": 2, "03": 8, "04": 3, "24": 6})
    assert isinstance(await releasing.correct(first_month, "recorded_late"), Accepted)
    (told,) = await releasing.told(first_month)
    occupations = {figure: values for (figure, _), values in told.items() if figure.startswith("placed:occupation")}
    assert occupations == {
        "placed:occupation=03": (0, 8),
        "placed:occupation=24": (12, 18),
        "placed:occupation=03:age_band=30-39": (0, 8),
        "placed:occupation=24:age_band=30-39": (12, 18),
        "placed:occupation=03:gender=female": (0, 8),
        "placed:occupation=24:gender=female": (12, 18),
    }
    assert told["placed.total", "since_opening"] == (62, 81)

    # one more makes no count that may be told: only what is told of all is corrected, and no points are
    await _placed_by(ledger, date(2009, 3, 21), {"24": 1})
    assert isinstance(await releasing.correct(first_month), Accepted)
    second = (await releasing.told(first_month))[1]
    assert second["placed.total", "since_opening"] == (81, 82)
    assert [figure for figure, _ in second if ":" in figure] == []
    numbers = "SELECT DISTINCT correction FROM release_point WHERE release = $1 ORDER BY correction"
    assert await ledger.query(numbers, first_month) == [(0,), (1,)]

    # and what is counted by then is told from the correction on
    await _placed_by(ledger, date(2009, 3, 21), {"24": 5})
    assert isinstance(await releasing.correct(first_month), Accepted)
    third = (await releasing.told(first_month))[2]
    assert third["placed:occupation=24", "since_opening"] == (18, 24)


async def test_what_is_published_and_corrected_in_one_batch_is_decided_one_after_the_other(
    ledger: Ledger, releasing: Releasing
) -> None:
    march, april = date(2009, 3, 31), date(2009, 4, 30)
    await _placed_by(ledger, date(2009, 3, 2), {"01": 20, "24": 40})
    first, second = await releasing.run_all(PublishRelease(ReleaseForm(day=day)) for day in (march, april))
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert second.answer["previous"] == first.answer["hash"]

    await _placed_by(ledger, date(2009, 3, 20), {"24": 6})
    await _placed_by(ledger, date(2009, 4, 20), {"24": 2})
    for one in await releasing.run_all(CorrectRelease(day, CorrectionForm()) for day in (march, april)):
        assert isinstance(one, Accepted)
    told = [(await releasing.told(day))[0] for day in (march, april)]
    corrected = [{figure: of for (figure, _), of in one.items() if figure == "placed:occupation=24"} for one in told]
    assert corrected == [{"placed:occupation=24": (40, 46)}, {}], "48 would say of whom the two more are"


async def _placed_by(ledger: Ledger, on: date, many: Mapping[str, int]) -> None:
    """Have so many placed in each occupation, who had registered the same day."""
    for occupation, count in many.items():
        people = [uuids.uuid7() for _ in range(count)]
        await ledger.publish(*(registered(one, on) for one in people))
        await ledger.publish(*(placed(one, on, occupation=occupation) for one in people))


def test_a_row_that_a_release_did_not_have_was_told_as_none() -> None:
    told = {Place("placed.total", "year"): 3, Place("placed", month="2010-03"): 3}
    survey = {Place("surveys.2010-07-12.asked"): 400, Place("surveys.2010-07-12.score"): 70.2}
    known = {Place("placed.total", "year"): 3, Place("placed", month="2010-04"): 3, **survey}
    assert _differences(told, known) == {
        Place("placed", month="2010-03"): (3, 0),
        Place("placed", month="2010-04"): (0, 3),
        Place("surveys.2010-07-12.asked"): (0, 400),
        Place("surveys.2010-07-12.score"): (None, 70.2),
    }


def test_what_a_later_version_tells_in_addition_was_not_told() -> None:
    told = {Place("placed.total", "year"): 3, Place("placed", month="2010-03"): 3, Place("gone", "year"): 1}
    known = {Place("placed.total", "year"): 3, Place("placed", month="2010-03"): 3, Place("visits", "year"): 8}
    known |= {Place("visits", month="2010-03"): 8, Place("retention.24.due"): 2}
    assert _differences(told, known) == {}


def test_each_survey_of_a_day_has_a_place() -> None:
    survey = {"on": "2010-07-12", "asked": 400, "answered": 301, "score": 70.2, "percent_satisfied": 66.4}
    found = told_once({"internships": {}, "retention": {}, "surveys": [survey, {**survey, "asked": 90}]})
    assert found[Place("surveys.2010-07-12.asked")] == 400
    assert found[Place("surveys.2010-07-12.2.asked")] == 90


def _differences(told: Any, known: Any) -> dict[Place, tuple[Any, Any]]:
    told = completed(told, known)
    found = Comparison(MARCH, MARCH, told, completed(known, told), 1, 0, is_behind=False).differences
    return {one.place: (one.published, one.known) for one in found}
