"""Tables that staff make: a measure by what it is split by, by months or years, of any day as known at any moment, and
those that they keep. A table that was kept stays as it was, and what differs today stands beside it."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, cast, get_args
from urllib.parse import urlencode
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import Response
from fastapi.responses import RedirectResponse

from chassis.batch.clock import Instant
from chassis.batch.decisions import Accepted, Failed, IdempotencyKey
from chassis.batch.decisions import Asked as Command
from chassis.batch.group_commit import GroupCommit
from chassis.database.db import Pool, ReadTooLong, reading
from chassis.http.calls import problem_of
from chassis.words import Language
from services.reporting.figures.measures import Dimension, Measure
from services.reporting.figures.rows import MEASURES
from services.reporting.figures.rules import is_for_evaluators, told_in_one
from services.reporting.ledger.queries import position_as_read
from services.reporting.pages import names
from services.reporting.pages.files import OF_STAFF
from services.reporting.pages.rendered import Pages
from services.reporting.pages.words import capital, words
from services.reporting.readers import EVALUATOR, PROVERS, STAFF
from services.reporting.signin.readers import HEADERS, Refused, sign_in_of
from services.reporting.staff import table_sheets
from services.reporting.staff.answers import Asked
from services.reporting.staff.arranged import arranged, differences
from services.reporting.staff.typed import Typed, day_of, moment_of, now_of, typed_into
from services.reporting.tables import queries
from services.reporting.tables.commands import KeepTable
from services.reporting.tables.counting import counted
from services.reporting.tables.model import ASKED, Counts, Each, KeptTable, Percent, Question
from services.reporting.tables.rules import wrong

ROLES = STAFF
FIELDS = ("measure", "rows", "columns", "each", "from", "as_of", "known_at", "percent")
KEPT_OF_A_PAGE = 50
_NOT_SPLIT = "Not split"

_SPLITS: tuple[Dimension, ...] = tuple(
    one for one in names.DIMENSIONS if any(one in MEASURES[measure].by for measure in ASKED)
)
"""What any of the measures is split by."""

Group = tuple[str, Sequence[tuple[str, str]]]
"""Values that a form offers together, each with its name, and what they are called, "" where by nothing."""


class Answered(NamedTuple):
    """A form as it was typed, and what it asks for, None where it asks for nothing or for what can't be told."""

    typed: Typed
    now: Instant
    question: Question | None
    counts: Counts
    position: int


class Kept(NamedTuple):
    """A table in the list of those that somebody kept."""

    id: UUID
    kept_at: datetime
    title: str
    period: str


async def page(asked: Asked, kind: str = "") -> Response:
    """Show the form, and the table that it asks for, or give that as a file."""
    if kind and kind not in OF_STAFF:
        raise Refused(404, "no page")
    answered = await _answered(asked, is_needed=bool(kind))
    if answered.question is None or not kind:
        return _form(asked, answered)
    address = f"staff/tables?{urlencode(answered.question.parameters())}"
    return await _file(asked, kind, answered.question, answered.counts, answered.now, address)


async def keep(asked: Asked) -> Response:
    """Keep the table that is asked for, and lead to it. It is counted anew as it is kept, and its page shows it so."""
    sign_in = sign_in_of(asked.request)
    if not sign_in.is_own(asked.request):
        raise Refused(403, "other form")
    answered = await _answered(asked, is_needed=True, is_to_be_kept=True)
    pressed = _uuid(asked.request.query_params.get("pressed", ""))
    if answered.question is None or pressed is None:
        return _form(asked, answered, status=409)
    actor = asked.reader.actor
    request_hash = hashlib.sha256(asked.request.scope["query_string"]).digest()
    because = str(uuids.uuid7())
    decided_by: GroupCommit = asked.request.app.state.group_commit
    outcome = await decided_by.submit(
        Command(
            KeepTable(uuids.uuid7(), answered.question, answered.counts, answered.position),
            actor,
            because,
            because,
            IdempotencyKey(str(actor), f"table:{pressed}", request_hash),
        )
    )
    if isinstance(outcome, Failed):
        raise problem_of(outcome)
    if not isinstance(outcome, Accepted):
        return _form(asked, answered, status=409)
    led = f"{sign_in.address}/{asked.language}/staff/tables/{outcome.answer['id']}"
    return RedirectResponse(led, 303, HEADERS)


async def kept_page(asked: Asked, name: str) -> Response:
    """Show a table that was kept, and what differs today, or give it as a file as it was kept."""
    named, dot, kind = name.partition(".")
    table_id = _uuid(named)
    if table_id is None or (dot and kind not in OF_STAFF):
        raise Refused(404, "no kept table")
    pool: Pool = asked.request.app.state.pool
    async with reading(pool) as conn:
        table = await queries.kept(conn, table_id)
        now = await now_of(asked, conn)
    if table is None:
        raise Refused(404, "no kept table")
    _check_reader(asked, table.question)
    address = f"staff/tables/{table.id}"
    if dot:
        return await _file(asked, kind, table.question, table.counts, now, address, table)
    question, language = table.question, asked.language
    counts = await _counted_today(asked, question)
    found = differences(question, table.counts, counts) if counts is not None else None
    return asked.page(
        "kept_table",
        table=table,
        sheet=table_sheets.sheet(question, arranged(question, table.counts), language),
        meaning=words.told(MEASURES[question.measure].meaning, language),
        notes=table_sheets.notes(question, language),
        table_period=table_sheets.period(question, language),
        known=table_sheets.known(question, table.kept_at, language),
        address=_pages(asked).publisher.source(language, address),
        again=urlencode({**question.parameters()}),
        now=now,
        differing=None if found is None else table_sheets.differing(question, found, language),
    )


async def list_page(asked: Asked) -> Response:
    """List the tables that the reader kept, the newest first, a page of them at a time."""
    typed = typed_into(asked, "before")
    before = _uuid(typed.values["before"])
    if typed.values["before"] and before is None:
        typed.wrong.setdefault("before", "no place")
    pool: Pool = asked.request.app.state.pool
    async with reading(pool) as conn:
        who = asked.reader.actor.id
        listed = [] if typed.wrong else await queries.kept_by(conn, who, before, KEPT_OF_A_PAGE)
        now = await now_of(asked, conn)
    language = asked.language
    return asked.page(
        "kept_tables",
        status=422 if typed.wrong else 200,
        typed=typed,
        today=now.day,
        tables=[
            Kept(
                one.id,
                one.kept_at,
                table_sheets.title(one.question, language),
                table_sheets.period(one.question, language),
            )
            for one in listed
        ],
        next=listed[-1].id if len(listed) == KEPT_OF_A_PAGE else None,
    )


async def _answered(asked: Asked, *, is_needed: bool = False, is_to_be_kept: bool = False) -> Answered:
    """Read what is asked, and count it (raises Refused for what the reader may not ask). `is_needed`: where nothing is,
    that is wrong."""
    typed = typed_into(asked, *FIELDS)
    pool: Pool = asked.request.app.state.pool
    with asked.costly():
        async with reading(pool) as conn:
            position = await position_as_read(conn) if is_to_be_kept else 0
            now = await now_of(asked, conn)
            question = _question(typed, now)
            if question is None:
                if is_needed and not typed.wrong:
                    typed.wrong["measure"] = "no measure"
                return Answered(typed, now, None, {}, position)
            _check_reader(asked, question)
            counts = await counted(conn, question)
    if told_in_one(max(len(counts), arranged(question, counts).size)):
        typed.wrong["rows"] = "too many"
        return Answered(typed, now, None, {}, position)
    return Answered(typed, now, question, counts, position)


def _question(typed: Typed, now: Instant) -> Question | None:
    """Give what a form asks for, None where it asks for nothing, or where something is wrong, which is noted."""
    given = typed.values
    if not any(given.values()):
        return None
    measure, each, percent = given["measure"], given["each"] or "whole", given["percent"] or "none"
    known: dict[str, tuple[Any, ...]] = {"each": get_args(Each), "percent": get_args(Percent)}
    if measure not in ASKED:
        typed.wrong.setdefault("measure", "no measure")
    for field, value in (("each", each), ("percent", percent)):
        if value not in known[field]:
            typed.wrong.setdefault(field, "no choice")
    for field in ("rows", "columns"):
        if given[field] and given[field] not in names.DIMENSIONS:
            typed.wrong.setdefault(field, "no split")
    until = day_of(typed, "as_of", now.day)
    first = day_of(typed, "from", now.day) if given["from"].strip() else None
    known_at = moment_of(typed, "known_at", now)
    if typed.wrong:
        return None
    question = Question(
        cast(Measure, measure),
        until,
        cast(Dimension, given["rows"]) if given["rows"] else None,
        cast(Dimension, given["columns"]) if given["columns"] else None,
        cast(Each, each),
        first,
        known_at,
        cast(Percent, percent),
    )
    typed.wrong.update(wrong(question))
    return None if typed.wrong else question


def _check_reader(asked: Asked, question: Question) -> None:
    """Refuse whoever may not see what a question tells (raises Refused)."""
    if is_for_evaluators(question.measure, question.by) and asked.reader.actor.role != EVALUATOR:
        raise Refused(403, "other role", roles=(EVALUATOR,))


def _form(asked: Asked, answered: Answered, status: int = 200) -> Response:
    """Show the form as it was typed, with the table that it asks for, if it does; by a status of 409 that this was not
    kept."""
    typed, question, language = answered.typed, answered.question, asked.language
    shown: dict[str, Any] = {"sheet": None}
    if question is not None:
        parameters = question.parameters()
        found = arranged(question, answered.counts)
        shown = {
            "sheet": table_sheets.sheet(question, found, language),
            "has_counts": found.size > 0,
            "meaning": words.told(MEASURES[question.measure].meaning, language),
            "notes": table_sheets.notes(question, language),
            "table_period": table_sheets.period(question, language),
            "known": table_sheets.known(question, answered.now.at, language),
            "download": urlencode(parameters),
            "keep": urlencode({**parameters, "pressed": str(uuids.uuid7())}),
            "facts": _facts(asked, question),
        }
    return asked.page(
        "made_table",
        status=422 if typed.wrong else status,
        typed=typed,
        today=answered.now.day,
        measures=[("", [(one, words.told(names.MEASURES[one].name, language)) for one in ASKED])],
        splits=_splits(typed.values["measure"], language),
        each=[("", [(code, words.told(said, language)) for code, said in table_sheets.EACH.items()])],
        percents=[("", [(code, words.told(said, language)) for code, said in table_sheets.PERCENTS.items()])],
        is_not_kept=status == 409,
        small=words.told(table_sheets.SMALL, language),
        **shown,
    )


def _splits(measure: str, language: Language) -> list[Group]:
    """Give what may be split by: what the measure that is asked has before what others have."""
    own: Sequence[Dimension] = MEASURES[measure].by if measure in ASKED else ()
    others: list[Dimension] = [one for one in _SPLITS if one not in own]

    def named(those: Sequence[Dimension]) -> list[tuple[str, str]]:
        return [(one, capital(words.told(names.DIMENSIONS[one], language))) for one in those]

    groups: list[Group] = [("", [("", words.told(_NOT_SPLIT, language))])]
    if own:
        groups.append((words.told("This measure is split by", language), named(own)))
    return [*groups, (words.told("Other measures are split by" if own else "Split by", language), named(others))]


def _facts(asked: Asked, question: Question) -> str:
    """Give where the facts behind a table are listed, "" where that doesn't list them, or the reader may not look."""
    if asked.reader.actor.role not in PROVERS or question.measure == "survey_answers" or question.known_at:
        return ""
    told = question.parameters()
    return urlencode({name: told[name] for name in ("measure", "from", "as_of") if name in told})


async def _counted_today(asked: Asked, question: Question) -> Counts | None:
    """Count a question anew as it is known now; None where that can't be done at the moment."""
    pool: Pool = asked.request.app.state.pool
    try:
        with asked.costly():
            async with reading(pool) as conn:
                return await counted(conn, question._replace(known_at=None))
    except (Refused, ReadTooLong):
        return None


async def _file(
    asked: Asked,
    kind: str,
    question: Question,
    counts: Counts,
    now: Instant,
    address: str,
    table: KeptTable | None = None,
) -> Response:
    language, publisher = asked.language, _pages(asked).publisher
    about = table_sheets.about(
        question,
        table.kept_at if table else now.at,
        table.position if table else None,
        publisher.source(language, address),
        publisher,
        now.day,
        language,
    )
    sheet = table_sheets.sheet(question, arranged(question, counts), language)
    return asked.file(await asyncio.to_thread(partial(OF_STAFF[kind], about, sheet, language)))


def _pages(asked: Asked) -> Pages:
    return asked.request.app.state.pages


def _uuid(text: str) -> UUID | None:
    """Read an id as we write it."""
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text else None
