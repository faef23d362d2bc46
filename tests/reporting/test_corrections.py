"""What was published, what is known now, and which events lie between; and what a measure can be split by."""

from datetime import date, timedelta
from typing import Any, get_args

import uuid_utils.compat as uuids

from jobplus.figures import corrections as corrected_figures
from services.reporting.figures import queries
from services.reporting.figures.flows import facts
from services.reporting.figures.measures import Dimension, Measure
from services.reporting.figures.period import Period
from services.reporting.figures.persons import facts_of
from services.reporting.figures.rows import MEASURES
from services.reporting.figures.rules import (
    MOST_PARTS,
    NAMED_TWICE,
    NOT_SPLIT_BY,
    is_for_evaluators,
    split_by,
    told_in_one,
)
from tests.kit.events import (
    NINE,
    corrected,
    employer_joined,
    internship_completed,
    internship_converted,
    internship_started,
    launched,
    placed,
    referral,
    registered,
    session,
    vacancy_opened,
)
from tests.reporting.ledgers import Ledger
from tests.reporting.test_retention import happenings

MARCH, MAY = date(2009, 3, 2), date(2009, 5, 4)
PUBLISHED = date(2009, 12, 31)
LATER = NINE + timedelta(days=400)


async def corrections(ledger: Ledger, measure: Measure, known_at: date | None = None, **asked: Any) -> Any:
    since = Period(PUBLISHED, None, PUBLISHED).known_until
    assert since is not None
    period = Period(asked.get("as_of", PUBLISHED), asked.get("first"), known_at)
    async with ledger.pool.acquire() as conn:
        rows = await queries.corrections(conn, measure, period, since, asked.get("each", "month"), 100)
    return [row for row in rows if row["events"]]


async def test_a_corrected_placement_shows_where_its_person_was_and_is_now(ledger: Ledger) -> None:
    seeker = uuids.uuid7()
    first, second = placed(seeker, MARCH), placed(seeker, MAY)
    await ledger.publish(registered(seeker, MARCH), first, second, placed(uuids.uuid7(), MARCH))
    assert await corrections(ledger, "placed") == []
    await ledger.publish(corrected(first, MARCH, LATER))
    ((position,),) = await ledger.query("SELECT position FROM ledger WHERE type = 'jobplus.PlacementCorrected'")
    behind = {"events": 1, "positions": [position]}
    march = {"first_day": date(2009, 3, 1), "published_then": 2, "known_now": 1, "difference": -1, **behind}
    may = {"first_day": date(2009, 5, 1), "published_then": 0, "known_now": 1, "difference": 1, **behind}
    assert await corrections(ledger, "placed") == [march, may]
    assert await corrections(ledger, "placed", first=MAY) == [may]
    assert await corrections(ledger, "placed", known_at=PUBLISHED) == []
    assert [row["first_day"] for row in await corrections(ledger, "placed", each="day")] == [MARCH, MAY]
    assert [row["difference"] for row in await corrections(ledger, "placements")] == [-1]


async def test_a_corrected_conversion_leaves_the_internship_completed_and_is_made_again(ledger: Ledger) -> None:
    intern = internship_started(uuids.uuid7(), MARCH)
    wrong = internship_converted(intern, MAY, MARCH)
    await ledger.publish(internship_completed(intern, MARCH), wrong, corrected(wrong, MAY, LATER))
    counted = {"started": 0, "broken_off": 0, "completed": 1}
    none = {**counted, "converted": 0, "percent": 0.0}
    one = {**counted, "converted": 1, "percent": 100.0}
    assert (await ledger.figures(PUBLISHED))["internships"] == {"2009": none}
    assert (await ledger.figures(PUBLISHED, known_at=PUBLISHED))["internships"] == {"2009": one}
    (may,) = await corrections(ledger, "internships_converted")
    assert (may["first_day"], may["published_then"], may["known_now"]) == (date(2009, 5, 1), 1, 0)

    await ledger.publish(internship_converted(intern, MARCH, MARCH, LATER + timedelta(hours=1)))
    assert (await ledger.figures(PUBLISHED))["internships"] == {"2009": one}
    moved = [(row["first_day"].month, row["difference"]) for row in await corrections(ledger, "internships_converted")]
    assert moved == [(3, 1), (5, -1)]


async def test_what_is_recorded_late_is_shown_and_what_happened_later_is_not(ledger: Ledger) -> None:
    await ledger.publish(session(uuids.uuid7(), MARCH))
    await ledger.publish(session(uuids.uuid7(), MARCH, LATER), session(uuids.uuid7(), date(2010, 1, 4)))
    (march,) = await corrections(ledger, "sessions")
    assert (march["published_then"], march["known_now"], march["events"]) == (1, 2, 1)


async def test_published_figures_are_put_beside_what_is_known_now(ledger: Ledger) -> None:
    seeker = uuids.uuid7()
    first = placed(seeker, MARCH, occupation="11", wanted=False)
    await ledger.publish(registered(seeker, MARCH), first, placed(seeker, MAY), corrected(first, MARCH, LATER))
    then, now = await ledger.figures(PUBLISHED, known_at=PUBLISHED), await ledger.figures(PUBLISHED)
    found = {row.pop("figure"): row for row in corrected_figures(then, now)}
    assert found["placements"] == {"published_then": 2, "known_now": 1, "difference": -1}
    assert found["placed.by_occupation.11"] == {"published_then": 1, "known_now": 0, "difference": -1}
    assert found["placed.wanted_percent"] == {"published_then": 0.0, "known_now": 100.0, "difference": 100.0}
    assert not {"placed.total", "registered", "known_at"} & set(found)
    assert corrected_figures(now, now) == []


def test_every_event_tells_what_its_measure_can_be_split_by() -> None:
    bands = {"income_band": "low", "programme": "sos_care", "breadwinner": True}
    person = {"age_band": "-29", "gender": "male", "district": "11440", "wanted_occupations": ["02"], **bands}
    seeker = uuids.uuid7()
    events = [
        session(seeker, MARCH, person=person), referral(seeker, MARCH, person=person), employer_joined(MARCH),
        vacancy_opened(MARCH), launched(seeker, MARCH),
    ]  # fmt: skip
    told = {fact.measure: set(dict(fact.dimensions)) for event in events for fact, _ in facts(event)}
    for measure, dimensions in told.items():
        has = set(MEASURES[measure].by) - {"found_in"}
        assert measure in {"launches", "openings"} or dimensions == has, measure
    placement = placed(seeker, MARCH, person=person)
    (of_placement,) = {fact.dimensions for fact in facts_of("placed", happenings([placement], "placed"))}
    assert set(dict(of_placement)) == set(MEASURES["placed"].by)
    conversion = internship_converted(internship_started(seeker, MARCH, person=person), MAY, MARCH, occupation="08")
    (converted,) = facts_of("internships_converted", happenings([conversion], "internships_converted"))
    assert set(dict(converted.dimensions)) == set(MEASURES["internships_converted"].by)
    for row in MEASURES.values():
        assert set(row.rolled) <= set(row.by) <= set(get_args(Dimension))


def test_a_split_that_a_measure_does_not_have_is_refused_with_those_it_has() -> None:
    assert split_by("placed", None, ("gender", "wanted", "source")) is None
    for measure, by in (("sessions", ("gender", "source")), ("counsellors", ("gender",))):
        refused = split_by(measure, None, by)  # pyright: ignore[reportArgumentType]
        assert refused is not None
        assert (refused.problem, refused.field) == (NOT_SPLIT_BY, "by")
    assert is_for_evaluators("survey_answers", ("answer",))
    assert not is_for_evaluators("referrals_answered", ("answer",)), "published by answer"
    refused = split_by("sessions", None, ("source",))
    assert refused is not None
    assert "kind, channel, wanted_occupation, age_band" in refused.detail
    twice = split_by("placed", None, ("gender", "gender"))
    assert twice is not None
    assert twice.problem is NAMED_TWICE


def test_more_parts_than_an_answer_has_are_refused_with_how_many_there_are() -> None:
    assert told_in_one(MOST_PARTS) is None
    refused = told_in_one(MOST_PARTS + 1)
    assert refused is not None
    assert (refused.problem.code, refused.field) == ("too-many-parts", "by")
    assert refused.detail.startswith(f"these are {MOST_PARTS + 1} parts, over {MOST_PARTS}")
