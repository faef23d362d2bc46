"""Surveys over HTTP and from events, on the real stack. Each test has a year of its own, long ago."""

import hashlib
import itertools
import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import uuid_utils.compat as uuids

from chassis.batch.clock import SimulatedClock
from chassis.batch.command_batch import CommandHandler
from chassis.batch.decisions import Accepted, Actor, Asked
from chassis.batch.wiring import wired
from chassis.database.db import prepare_connection
from contracts.ids import SurveyId
from contracts.surveys import SurveyAnswered, SurveyDrawn
from contracts.topics import SURVEYS
from services.followup.bootstrap import blueprint
from services.followup.settings import FollowupSettings
from services.followup.surveys.commands import DrawSurvey, SurveyForm
from tests.followup.care import Care
from tests.kit.client import LOCKED_OUT, Reply
from tests.kit.events import erased, placed, referral, session
from tests.kit.threads import at_once, begin
from tests.kit.topics import Published
from tests.kit.waiting import until

_years = itertools.count(1980)


@pytest.fixture
def year() -> int:
    return next(_years)


def _draw(care: Care, key: str | None = None, **form: Any) -> Reply:
    return care.calling.post("followup", "/surveys", form, role="evaluator", key=key)


def _answer(care: Care, survey_id: str, **form: Any) -> Reply:
    return care.calling.post("followup", f"/surveys/{survey_id}/answers", form, role="evaluator")


def _get(care: Care, path: str) -> Any:
    reply = care.calling.get("followup", path, role="evaluator")
    assert reply.status == 200, reply.json
    return reply.json


def _sample(care: Care, survey_id: str) -> dict[str, tuple[str, bool]]:
    """Give the invitation of each person of a sample, and whether it was answered."""
    page = _get(care, f"/surveys/{survey_id}/sample?limit=500")
    assert page["next"] is None
    return {one["person_id"]: (one["invitation_id"], one["answered"]) for one in page["invitations"]}


def _days(care: Care, persons: Sequence[UUID]) -> dict[UUID, list[date]]:
    rows = care.calling.query(
        "followup", "SELECT person_id, day FROM served WHERE person_id = ANY($1) ORDER BY day", persons
    )
    return {person: [row["day"] for row in rows if row["person_id"] == person] for person in persons}


def _served(care: Care, count: int, on: date) -> list[UUID]:
    """Have so many people served on a day, and followup know of it."""
    persons = [uuids.uuid7() for _ in range(count)]
    care.apply([session(person, on) for person in persons])
    return persons


def _events(care: Care, survey_id: str) -> list[Published]:
    """Give what followup published of a survey, in order, once all of it is on Kafka."""
    care.settled()
    return [one for one in care.published(SURVEYS) if str(one.event.survey_id) == survey_id]


def _first_by_hash(survey_id: str, persons: Sequence[UUID], count: int) -> set[str]:
    """Repeat a draw as an auditor would."""
    ordered = sorted(persons, key=lambda person: hashlib.md5(f"{survey_id}{person}".encode()).hexdigest())
    return {str(person) for person in ordered[:count]}


def test_the_office_draws_four_of_seven_who_came_in_spring_and_hears_from_all_of_them(care: Care, year: int) -> None:
    came = _served(care, 5, date(year, 4, 1)) + _served(care, 2, date(year, 6, 30))
    _served(care, 1, date(year, 3, 31))
    _served(care, 1, date(year, 7, 1))

    # In July the office draws four of them; an auditor would have drawn the same.
    period = {"period_from": f"{year}-04-01", "period_to": f"{year}-06-30"}
    drawn = _draw(care, asked=4, **period, occurred_on=f"{year}-07-05")
    survey_id = drawn.json["survey_id"]
    assert (drawn.status, drawn.json) == (201, {"survey_id": survey_id, "eligible": 7, "asked": 4})
    sample = _sample(care, survey_id)
    assert sample.keys() == _first_by_hash(survey_id, came, 4)
    assert {answered for _, answered in sample.values()} == {False}
    invitations = [invitation for invitation, _ in sample.values()]
    assert len({*invitations, *sample}) == 8

    # They answer, one after the other, and are asked nothing more.
    days = ("07-05", "07-06", "07-06", "08-20")
    scores = (5, 1, 4, 4)
    for number, (invitation, day, score) in enumerate(zip(invitations, days, scores, strict=True), 1):
        reply = _answer(care, survey_id, invitation_id=invitation, answer=score, occurred_on=f"{year}-{day}")
        assert (reply.status, reply.json) == (200, {"survey_id": survey_id, "asked": 4, "answered": number})
        again = _answer(care, survey_id, invitation_id=invitation, answer=score)
        assert again.problem == (409, "invitation-already-answered", ["invitation_id"])
        assert [answered for _, answered in _sample(care, survey_id).values()].count(True) == number
    assert _get(care, f"/surveys/{survey_id}") == {
        "survey_id": survey_id,
        "occurred_on": f"{year}-07-05",
        **period,
        "eligible": 7,
        "asked": 4,
        "answered": 4,
        "score": 62.5,
        "percent_satisfied": 75.0,
    }

    # Others learn how many were asked, and what was answered when.
    drawing, *answers = [one.event for one in _events(care, survey_id)]
    assert isinstance(drawing, SurveyDrawn)
    assert (drawing.occurred_on, drawing.asked) == (date(year, 7, 5), 4)
    assert (drawing.period_from, drawing.period_to) == (date(year, 4, 1), date(year, 6, 30))
    assert [(type(one), one.occurred_on, one.answer) for one in answers] == [
        (SurveyAnswered, date.fromisoformat(f"{year}-{day}"), score) for day, score in zip(days, scores, strict=True)
    ]


def test_nothing_on_the_topic_tells_who_was_asked_or_answered(care: Care, year: int) -> None:
    day = date(year, 2, 2)
    persons = _served(care, 3, day)
    survey_id = _draw(care, asked=3, period_from=day, period_to=day, occurred_on=day).json["survey_id"]
    sample = _sample(care, survey_id)
    for invitation, _ in sample.values():
        assert _answer(care, survey_id, invitation_id=invitation, answer=2).status == 200
    events = _events(care, survey_id)
    assert [type(one.event) for one in events] == [SurveyDrawn] + [SurveyAnswered] * 3
    secrets = [*map(str, persons), *(invitation for invitation, _ in sample.values())]
    assert len(secrets) == 6
    for one in events:
        assert survey_id.encode() in one.written
        assert [secret for secret in secrets if secret.encode() in one.written] == []


def test_the_survey_of_today_needs_no_day(care: Care) -> None:
    today = care.today()
    _served(care, 1, today)
    survey_id = _draw(care, asked=1, period_from=today, period_to=today).json["survey_id"]
    assert _get(care, f"/surveys/{survey_id}")["occurred_on"] == today.isoformat()
    ((invitation, _),) = _sample(care, survey_id).values()
    assert _answer(care, survey_id, invitation_id=invitation, answer=3).json["answered"] == 1
    assert _events(care, survey_id)[-1].event.occurred_on == today


def test_whoever_had_a_session_a_referral_or_a_placement_in_the_period_may_be_asked(care: Care, year: int) -> None:
    first, last = date(year, 5, 10), date(year, 5, 20)
    seekers = [uuids.uuid7() for _ in range(3)]
    unregistered, early, late = uuid.uuid4(), uuids.uuid7(), uuids.uuid7()
    care.apply(
        [
            session(seekers[0], first),
            referral(seekers[1], last),
            placed(seekers[2], first),
            session(unregistered, last, registered=False, kind="startup", person=None),
            session(early, first - timedelta(days=1)),
            referral(early, last + timedelta(days=1)),
            placed(late, last + timedelta(days=1)),
        ]
    )
    form = {"period_from": first, "period_to": last, "occurred_on": last}
    assert _draw(care, asked=5, **form).json["facts"] == {"eligible": 4, "asked": 5}
    survey_id = _draw(care, asked=4, **form).json["survey_id"]
    assert _sample(care, survey_id).keys() == {str(person) for person in (*seekers, unregistered)}


def test_who_was_called_after_a_placement_was_served_once_reached(care: Care) -> None:
    placed_on, today = care.today() - timedelta(days=20), care.today()
    job = care.place(placed_on)
    contacts = care.contacts_of(job)
    tried = care.outcome(contacts["1w"][0], outcome="not_reached", occurred_on=today - timedelta(days=1))
    reached = care.outcome(contacts["1w"][0], outcome="still_employed")
    assert (tried.status, reached.status) == (200, 200)

    until(lambda: _days(care, [job.seeker_id])[job.seeker_id], "today is noted", lambda days: today in days)
    assert _days(care, [job.seeker_id]) == {job.seeker_id: [placed_on, today]}


def test_however_often_somebody_comes_on_a_day_it_is_kept_once_and_they_are_drawn_once(care: Care, year: int) -> None:
    day, next_day = date(year, 5, 3), date(year, 5, 4)
    (person,) = _served(care, 1, day)
    same = uuids.uuid7()
    visits = [session(person, day), session(person, day), session(person, next_day), referral(person, next_day)]
    care.apply(visits, ids=[same, same, uuids.uuid7(), uuids.uuid7()])
    care.apply([session(person, day)])
    assert _days(care, [person]) == {person: [day, next_day]}
    form = {"period_from": day, "period_to": next_day, "occurred_on": next_day}
    assert _draw(care, asked=2, **form).json["facts"] == {"eligible": 1, "asked": 2}


def test_nobody_is_asked_by_two_surveys_of_one_calendar_quarter(care: Care, year: int) -> None:
    persons = _served(care, 6, date(year, 2, 10))
    form: dict[str, Any] = {"period_from": f"{year}-01-01", "period_to": f"{year}-03-01"}
    first = _draw(care, asked=4, **form, occurred_on=f"{year}-04-01").json["survey_id"]
    few = _draw(care, asked=3, **form, occurred_on=f"{year}-06-30")
    assert few.problem == (409, "too-few-eligible", ["asked"])
    assert few.json["facts"] == {"eligible": 2, "asked": 3}
    second = _draw(care, asked=2, **form, occurred_on=f"{year}-06-30").json["survey_id"]
    assert _sample(care, first).keys() | _sample(care, second).keys() == {str(person) for person in persons}

    # the quarters before and after may ask all of them again
    for day in (f"{year}-03-31", f"{year}-07-01"):
        assert _draw(care, asked=6, **form, occurred_on=day).json["eligible"] == 6


def test_of_many_surveys_drawn_at_once_no_two_share_a_person(care: Care, year: int) -> None:
    day = date(year, 8, 8)
    persons = _served(care, 10, day)
    form = {"period_from": day, "period_to": day, "occurred_on": day}
    replies = at_once(*[lambda: _draw(care, asked=3, **form)] * 8)
    assert sorted(reply.status for reply in replies) == [201] * 3 + [409] * 5
    asked = [person for r in replies if r.status == 201 for person in _sample(care, r.json["survey_id"])]
    assert len(asked) == len(set(asked)) == 9
    assert set(asked) < {str(person) for person in persons}


@asynccontextmanager
async def _drawing(care: Care, **form: Any) -> AsyncGenerator[str]:
    """Draw a survey as another process would, and keep its transaction open meanwhile."""
    made = blueprint(FollowupSettings.model_construct(None, followup_steps="1w"))
    unused: Any = None
    deciders = wired(made.deciders, made.stores, made.doers)
    handler = CommandHandler(made.stores, deciders, SimulatedClock(), unused, doers=made.doers)
    conn = await asyncpg.connect(care.stack.database_url("followup"))
    try:
        await prepare_connection(conn)
        async with conn.transaction():
            command = DrawSurvey(SurveyId(uuids.uuid7()), SurveyForm(**form), b"secret")
            (outcome,) = await handler.handle(conn, [Asked(command, Actor("evaluator", "v-1"), "correlated", "caused")])
            assert isinstance(outcome, Accepted)
            yield str(command.survey_id)
    finally:
        await conn.close()


async def test_a_draw_waits_for_another_that_is_not_kept_yet(care: Care, year: int) -> None:
    day = date(year, 8, 8)
    _served(care, 5, day)
    form = {"period_from": day, "period_to": day, "occurred_on": day}
    async with _drawing(care, asked=3, **form) as first:
        second = begin(lambda: _draw(care, asked=2, **form))
        until(lambda: care.calling.query("followup", LOCKED_OUT), "the second draw waits for the first")
        assert not second.done()
    drawn = second.result()
    assert drawn.json["eligible"] == 2
    assert len(_sample(care, first).keys() | _sample(care, drawn.json["survey_id"]).keys()) == 5


async def test_who_is_erased_while_a_survey_is_drawn_is_not_in_its_sample(care: Care, year: int) -> None:
    day = date(year, 8, 8)
    gone, staying = _served(care, 2, day)
    async with _drawing(care, asked=2, period_from=day, period_to=day, occurred_on=day) as survey_id:
        erasing = begin(lambda: care.apply([erased(gone, care.today())]))
        until(lambda: care.calling.query("followup", LOCKED_OUT), "the erasure waits for the draw")
        assert not erasing.done()
    erasing.result()
    assert _sample(care, survey_id).keys() == {str(staying)}


def test_of_many_answers_to_one_invitation_at_once_one_is_taken(care: Care, year: int) -> None:
    day = date(year, 8, 8)
    _served(care, 2, day)
    survey_id = _draw(care, asked=2, period_from=day, period_to=day, occurred_on=day).json["survey_id"]
    invitation = next(iter(_sample(care, survey_id).values()))[0]
    replies = at_once(*[lambda: _answer(care, survey_id, invitation_id=invitation, answer=5)] * 8)
    assert sorted(reply.status for reply in replies) == [200] + [409] * 7
    assert _get(care, f"/surveys/{survey_id}")["answered"] == 1
    assert [type(one.event) for one in _events(care, survey_id)] == [SurveyDrawn, SurveyAnswered]


def test_a_survey_asked_for_again_under_its_key_is_drawn_once(care: Care, year: int) -> None:
    day = date(year, 8, 8)
    _served(care, 2, day)
    form = {"asked": 1, "period_from": day, "period_to": day, "occurred_on": day}
    key = str(uuid.uuid4())
    first = _draw(care, key, **form)
    assert first.status == 201
    assert _draw(care, key, **form).json == first.json
    assert len(_events(care, first.json["survey_id"])) == 1
    assert _draw(care, **form).json["eligible"] == 1


def test_who_was_erased_is_in_no_sample_and_never_drawn_again_while_counts_stay(care: Care, year: int) -> None:
    day = date(year, 2, 3)
    persons = _served(care, 3, day)
    form = {"period_from": day, "period_to": day}
    survey_id = _draw(care, asked=3, **form, occurred_on=day).json["survey_id"]
    sample = _sample(care, survey_id)
    answered, silent, staying = (str(person) for person in persons)
    assert _answer(care, survey_id, invitation_id=sample[answered][0], answer=2).status == 200

    care.apply([erased(UUID(answered), care.today()), erased(UUID(silent), care.today())])
    assert _sample(care, survey_id).keys() == {staying}
    gone = _answer(care, survey_id, invitation_id=sample[silent][0], answer=2)
    assert gone.problem == (404, "unknown-id", ["invitation_id"])
    survey = _get(care, f"/surveys/{survey_id}")
    assert (survey["eligible"], survey["asked"], survey["answered"]) == (3, 3, 1)

    # what arrives late brings nobody back, and no later survey finds them
    care.apply([session(UUID(silent), day), referral(UUID(answered), day), session(UUID(staying), day)])
    assert _days(care, persons) == {persons[0]: [], persons[1]: [], persons[2]: [day]}
    later = _draw(care, asked=1, **form, occurred_on=date(year, 5, 1))
    assert later.json["eligible"] == 1
    assert _sample(care, later.json["survey_id"]).keys() == {staying}


REFUSED: dict[str, tuple[dict[str, Any], tuple[int, str, list[str]]]] = {
    "more than were served": ({"asked": 3}, (409, "too-few-eligible", ["asked"])),
    "nobody": ({"asked": 0}, (422, "invalid-request", ["asked"])),
    "a crowd": ({"asked": 10_001}, (422, "invalid-request", ["asked"])),
    "no number": ({"asked": None}, (422, "invalid-request", ["asked"])),
    "no period": ({"period_from": None}, (422, "invalid-request", ["period_from"])),
    "a day that does not exist": ({"period_to": "2009-02-29"}, (422, "invalid-request", ["period_to"])),
    "an unknown field": ({"seed": 7}, (422, "invalid-request", ["seed"])),
    "a period the wrong way": ({"period_from": "1979-03-04"}, (422, "period-reversed", ["period_from"])),
    "a period that is not over": ({"period_to": "1979-04-02"}, (422, "period-not-over", ["period_to"])),
    "a day to come": ({"occurred_on": "2999-01-01"}, (422, "date-in-future", ["occurred_on"])),
}


def _written(care: Care) -> list[int]:
    tables = ("survey", "invitation", "idempotency")
    counts = [care.calling.query("followup", f"SELECT count(*) AS n FROM {table}")[0]["n"] for table in tables]
    sequence = "SELECT coalesce(sum(last), 0)::int AS n FROM outbox_sequence WHERE topic = 'jobplus.surveys'"
    return [*counts, care.calling.query("followup", sequence)[0]["n"]]


@pytest.fixture(scope="module")
def two_served(care: Care) -> list[UUID]:
    """Two who were served on a day in 1979, of which no survey has asked anybody."""
    return _served(care, 2, date(1979, 3, 3))


@pytest.mark.parametrize(("form", "refused"), REFUSED.values(), ids=REFUSED.keys())
def test_a_survey_is_refused_for(
    care: Care, two_served: list[UUID], form: dict[str, Any], refused: tuple[int, str, list[str]]
) -> None:
    good = {"asked": 2, "period_from": "1979-03-03", "period_to": "1979-03-03", "occurred_on": "1979-04-01"}
    before = _written(care)
    assert _draw(care, **{**good, **form}).problem == refused
    assert _written(care) == before


ANSWERS: dict[str, tuple[dict[str, Any], tuple[int, str, list[str]]]] = {
    "a score of 0": ({"answer": 0}, (422, "invalid-request", ["answer"])),
    "a score of 6": ({"answer": 6}, (422, "invalid-request", ["answer"])),
    "no score": ({"answer": None}, (422, "invalid-request", ["answer"])),
    "an unknown field": ({"note": "very kind"}, (422, "invalid-request", ["note"])),
    "an invitation that is none": ({"invitation_id": "12"}, (422, "invalid-request", ["invitation_id"])),
    "an unknown invitation": ({"invitation_id": str(uuid.uuid4())}, (404, "unknown-id", ["invitation_id"])),
    "a young invitation": ({"invitation_id": str(uuids.uuid7())}, (404, "unknown-id", ["invitation_id"])),
    "a day to come": ({"occurred_on": "2999-01-01"}, (422, "date-in-future", ["occurred_on"])),
    "a day before the survey": ({"occurred_on": "1979-07-31"}, (422, "before-survey", ["occurred_on"])),
}


@pytest.fixture(scope="module")
def open_survey(care: Care, two_served: list[UUID]) -> str:
    form = {"period_from": "1979-03-03", "period_to": "1979-03-03"}
    return _draw(care, asked=2, **form, occurred_on="1979-08-01").json["survey_id"]


@pytest.mark.parametrize(("form", "refused"), ANSWERS.values(), ids=ANSWERS.keys())
def test_an_answer_is_refused_for(
    care: Care, open_survey: str, form: dict[str, Any], refused: tuple[int, str, list[str]]
) -> None:
    good = {"invitation_id": next(iter(_sample(care, open_survey).values()))[0], "answer": 4}
    before = _written(care)
    assert _answer(care, open_survey, **{**good, **form}).problem == refused
    assert _written(care) == before
    assert _get(care, f"/surveys/{open_survey}")["answered"] == 0


def test_an_invitation_belongs_to_its_survey(care: Care, open_survey: str, year: int) -> None:
    day = date(year, 3, 3)
    _served(care, 1, day)
    other = _draw(care, asked=1, period_from=day, period_to=day, occurred_on=day).json["survey_id"]
    invitation = next(iter(_sample(care, open_survey).values()))[0]
    strange = _answer(care, other, invitation_id=invitation, answer=4)
    assert strange.problem == (404, "unknown-id", ["invitation_id"])
    unknown = str(uuid.uuid4())
    assert _answer(care, unknown, invitation_id=invitation, answer=4).problem == (404, "unknown-id", ["survey_id"])
    for path in (f"/surveys/{unknown}", f"/surveys/{unknown}/sample"):
        assert care.calling.get("followup", path, role="evaluator").problem == (404, "unknown-id", ["survey_id"])


def test_surveys_and_samples_are_read_page_by_page(care: Care, year: int) -> None:
    day = date(year, 1, 5)
    _served(care, 7, day)
    form = {"period_from": day, "period_to": day}
    days = [f"{year}-01-20", f"{year}-04-20", f"{year}-04-20", f"{year}-09-20"]
    drawn = [_draw(care, asked=3, **form, occurred_on=on).json["survey_id"] for on in days]

    listed: list[dict[str, Any]] = []
    after = ""
    while True:
        page = _get(care, f"/surveys?limit=2{after}")
        listed += page["surveys"]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert listed == _get(care, "/surveys?limit=500")["surveys"]
    places = [(one["occurred_on"], one["survey_id"]) for one in listed]
    assert places == sorted(set(places), reverse=True)
    assert [one["survey_id"] for one in listed if one["survey_id"] in drawn] == drawn[::-1]

    survey_id = _draw(care, asked=7, **form, occurred_on=f"{year}-12-20").json["survey_id"]
    first = _get(care, f"/surveys/{survey_id}/sample?limit=4")
    second = _get(care, f"/surveys/{survey_id}/sample?limit=4&after={first['next']}")
    assert (len(first["invitations"]), len(second["invitations"]), second["next"]) == (4, 3, None)
    assert first["invitations"] + second["invitations"] == _get(care, f"/surveys/{survey_id}/sample")["invitations"]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/surveys?limit=0", "limit"),
        ("/surveys?limit=501", "limit"),
        ("/surveys?after=yesterday", "after"),
        ("/surveys/12", "survey_id"),
        (f"/surveys/{uuid.UUID(int=1)}/sample?limit=501", "limit"),
        (f"/surveys/{uuid.UUID(int=1)}/sample?after=someone", "after"),
    ],
)
def test_a_look_is_refused_for(care: Care, path: str, field: str) -> None:
    assert care.calling.get("followup", path, role="evaluator").problem == (422, "invalid-request", [field])


@pytest.mark.parametrize("role", ["counsellor", "manager", "employer", "operator", "analyst", "partner"])
def test_only_the_evaluation_office_works_surveys(care: Care, role: Any) -> None:
    unknown = uuid.uuid4()
    for path in ("/surveys", f"/surveys/{unknown}", f"/surveys/{unknown}/sample"):
        assert care.calling.get("followup", path, role=role).problem == (403, "not-allowed", ["Authorization"])
    form: dict[str, Any] = {"asked": 1, "period_from": "2009-01-01", "period_to": "2009-01-01"}
    assert care.calling.post("followup", "/surveys", form, role=role).problem == (
        403,
        "not-allowed",
        ["Authorization"],
    )
    form = {"invitation_id": unknown, "answer": 4}
    path = f"/surveys/{unknown}/answers"
    assert care.calling.post("followup", path, form, role=role).problem == (403, "not-allowed", ["Authorization"])
