"""Many rows in one request: read, checked by the form of a single one, and decided together.

A slice offers it by `take`, with its form and the command that a form comes to. Rows come as NDJSON, CSV or .xlsx. A
row may name itself by `ref`, the number that an earlier system gave it: then it is done once under the request's
Idempotency-Key and this name, in whatever request it comes again; or under the name of its import, however late and by
whomever it comes again.
"""

import asyncio
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, NamedTuple, TypeVar, cast

import orjson
from fastapi import Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chassis.batch.decisions import Accepted, Outcome
from chassis.http.access import door_of
from chassis.http.answers import json_answer
from chassis.http.auth import NotAllowed
from chassis.http.bulk_columns import LIST_SEPARATOR, MOST_ROWS, REF, Column, columns_of, integer_of
from chassis.http.calls import Call, RowName, problem_of
from chassis.http.problem_responses import Problem, field_errors
from chassis.problems import INVALID_REQUEST
from chassis.tables.days import day_of
from chassis.tables.faults import Fault, TableRefused
from chassis.tables.row_names import ImportName, ref_of
from chassis.tables.sheets import SHEETS
from chassis.tables.tables import MEDIA_TYPES, MOST_VALUES, Format, Table, read_table
from chassis.texts import TextRefused, identifier

MOST_ERRORS = 20_000
"""Of a request's rows. Where there are more, the whole is refused, and the first are told."""

Form = TypeVar("Form", bound=BaseModel)


class Options(BaseModel):
    """How a bulk request is meant."""

    model_config = ConfigDict(frozen=True)

    dry_run: bool = Field(False, description="Decide every row, tell what would come of it, and keep nothing.")
    imported: bool = Field(False, description="The rows come from an earlier system: their events are marked so.")
    import_name: ImportName | None = Field(
        None,
        description="The import that the rows belong to, for `imported=true`: each is taken once, by this name and its "
        "`ref`, which it has to have, whoever sends it and however late.",
    )


BulkOptions = Annotated[Options, Query()]


class RefusedRow(BaseModel):
    """A row that was not taken: its number from 1, its `ref`, the field at fault if one is, and why."""

    row: int
    ref: str | None
    field: str | None
    reason: str
    type: str


class BulkAnswer(BaseModel):
    """How many rows were taken (or would be, in a dry run), those that were refused, and what each taken row was
    answered: its number from 1, its `ref` if it has one, the ids that it was given, and `before` if that was before."""

    dry_run: bool
    accepted: int
    refused: list[RefusedRow]
    rows: list[dict[str, Any]]


class Row(NamedTuple):
    """A row as it was sent: its number, its own name as it was written, and the form or what is wrong with it."""

    number: int
    ref: str | None
    form: Any
    errors: tuple[dict[str, str], ...] = ()
    name: RowName | None = None


async def take(
    request: Request,
    call: Call,
    options: Options,
    form: type[Form],
    command: Callable[[Form], Any],
    most_rows: int = MOST_ROWS,
) -> Response:
    """Have the rows of a request decided together; gives the answer of a bulk endpoint.

    A row that has not the form refuses the whole request, with every error by row and field; in a dry run it is told
    beside what would come of the others. A row that a rule refuses never touches its neighbours.
    """
    door = door_of(request.scope["route"])
    if options.imported and call.actor.role not in door.importers:
        raise NotAllowed(call.actor, door.importers)
    if options.import_name is not None and not options.imported:
        raise Problem(INVALID_REQUEST, "rows of an import are imported: say imported=true as well", "imported")
    body = await request.body()
    format_ = MEDIA_TYPES.get(request.headers.get("content-type", "").split(";")[0].strip().lower(), "ndjson")
    if format_ == "xlsx":
        try:
            table = await SHEETS.read(body, most_rows, str(call.actor))
        except TableRefused as refused:
            raise _no_table(refused) from refused
        rows = await asyncio.to_thread(rows_of_table, table, form, most_rows)
    else:
        rows = await asyncio.to_thread(rows_of, body, format_, form, most_rows)
    if options.import_name is not None:
        rows = [row if row.name or row.errors else _nameless(row) for row in rows]
    bad = [error for row in rows for error in row.errors]
    if bad and not options.dry_run:
        raise Problem(INVALID_REQUEST, f"{len(bad)} errors; nothing was recorded", errors=_told(rows))
    good = [row for row in rows if not row.errors]
    where = request.scope["path"].encode() + (b"?imported" if options.imported else b"")
    outcomes = await call.run_rows(
        [command(row.form) for row in good],
        [row.name.within(where) if row.name else None for row in good],
        imported=options.imported,
        import_name=options.import_name,
        dry_run=options.dry_run,
    )
    return _answered(rows, dict(zip((row.number for row in good), outcomes, strict=True)), options)


def _answered(rows: Sequence[Row], outcomes: dict[int, Outcome], options: Options) -> Response:
    taken: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    for row in rows:
        outcome = outcomes.get(row.number)
        if isinstance(outcome, Accepted):
            named = {"row": row.number} if row.ref is None else {"row": row.number, REF: row.ref}
            taken.append({**named, **outcome.answer, **outcome.once, **({"before": True} if outcome.before else {})})
        elif outcome is not None:
            refused.append({"row": row.number, REF: row.ref, **_refused(outcome)})
        else:
            refused += [{"row": row.number, REF: row.ref, **e, "type": INVALID_REQUEST.uri} for e in row.errors]
    answer = {"dry_run": options.dry_run, "accepted": len(taken), "refused": refused, "rows": taken}
    return json_answer(answer)


def _refused(outcome: Outcome) -> dict[str, Any]:
    problem = problem_of(outcome)
    field = problem.errors[0]["field"] if problem.errors else None
    return {"field": field, "reason": problem.detail, "type": problem.problem.uri}


def rows_of(body: bytes, format_: Format, form: type[BaseModel], most_rows: int = MOST_ROWS) -> list[Row]:
    """Read the rows of a body, each checked by the form (raises Problem where it is no table, or too large)."""
    if format_ == "ndjson":
        return _lines(body, form, most_rows)
    try:
        table = read_table(body, format_, most_rows)
    except TableRefused as refused:
        raise _no_table(refused) from refused
    return rows_of_table(table, form, most_rows)


def _no_table(refused: TableRefused) -> Problem:
    return Problem(INVALID_REQUEST, refused.reason, refused.column or "body")


def rows_of_table(table: Table, form: type[BaseModel], most_rows: int = MOST_ROWS) -> list[Row]:
    """Check the rows of a table by the form (raises Problem)."""
    _refuse_amount(len(table.rows) + len(table.broken), most_rows, "rows below the one that names the columns")
    columns = columns_of(form)
    if strangers := [name for name in table.columns if name not in columns and name != REF]:
        known = ", ".join((REF, *columns))
        errors = [{"field": name, "reason": f"there is no such column; there are: {known}"} for name in strangers]
        raise Problem(INVALID_REQUEST, f"{len(errors)} columns are not known; nothing was recorded", errors=errors)
    rows = _bounded(_of_cells(row.number, dict(row.cells), columns, form) for row in table.rows)
    rows += [
        Row(number, None, None, ({"field": "body", "reason": str(fault)},)) for number, fault in table.broken.items()
    ]
    return _checked_refs(sorted(rows, key=lambda row: row.number))


def _lines(body: bytes, form: type[BaseModel], most_rows: int) -> list[Row]:
    lines = [line for line in body.removeprefix(BOM_UTF8).split(b"\n") if line.strip()]
    _refuse_amount(len(lines), most_rows, "lines, one JSON object a line")
    if b'"ref"' in body:
        return _checked_refs(_bounded(_of_object(number, line, form) for number, line in enumerate(lines, 1)))
    return _bounded(_of_line(number, line, form) for number, line in enumerate(lines, 1))


def _of_line(number: int, line: bytes, form: type[BaseModel]) -> Row:
    if line.count(b",") > MOST_VALUES:
        return _too_many_values(number)
    try:
        return Row(number, None, form.model_validate_json(line))
    except ValidationError as error:
        return Row(number, None, None, tuple(field_errors(error.errors())))


def _too_many_values(number: int) -> Row:
    return Row(number, None, None, ({"field": "body", "reason": f"a row has at most {MOST_VALUES} values"},))


def _bounded(rows: Iterable[Row]) -> list[Row]:
    """Check rows one after the other, for as long as they aren't wrong too often (raises Problem)."""
    checked: list[Row] = []
    wrong = 0
    for row in rows:
        checked.append(row)
        wrong += len(row.errors)
        if wrong > MOST_ERRORS:
            told = f"over {MOST_ERRORS} errors up to row {row.number}; nothing was recorded"
            raise Problem(INVALID_REQUEST, told, errors=_told(checked)[:MOST_ERRORS])
    return checked


def _told(rows: Sequence[Row]) -> list[dict[str, str]]:
    return [{"field": f"row {r.number}: {e['field']}", "reason": e["reason"]} for r in rows for e in r.errors]


def _refuse_amount(rows: int, most_rows: int, of_what: str) -> None:
    if not 1 <= rows <= most_rows:
        raise Problem(INVALID_REQUEST, f"send 1 to {most_rows} {of_what}; there are {rows}", "body")


def _of_object(number: int, line: bytes, form: type[BaseModel]) -> Row:
    if line.count(b",") > MOST_VALUES:
        return _too_many_values(number)
    try:
        given = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return Row(number, None, None, ({"field": "body", "reason": f"Invalid JSON: {error}"},))
    if not isinstance(given, dict):
        return Row(number, None, None, ({"field": "body", "reason": "a row is a JSON object"},))
    fields = cast(dict[str, Any], given)
    ref = fields.pop(REF, None)
    if ref is not None and not isinstance(ref, str):
        return Row(number, None, None, ({"field": REF, "reason": "a ref is a text"},))
    # As JSON again, so that a value is taken or refused just as in a request for one.
    return _validated(number, ref, fields, lambda: form.model_validate_json(orjson.dumps(fields)))


def _of_cells(number: int, cells: dict[str, str], columns: dict[str, Column], form: type[BaseModel]) -> Row:
    ref = cells.pop(REF, None)
    if any(cell.count(LIST_SEPARATOR) > MOST_VALUES for cell in cells.values()):
        return _too_many_values(number)
    fields: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, cell in cells.items():
        if columns[name].kind == "list":
            fields[name] = [part.strip() for part in cell.split(LIST_SEPARATOR) if part.strip()]
        elif columns[name].kind == "day":
            day = day_of(cell)
            fields[name] = day if isinstance(day, str) else "no day"
            if isinstance(day, Fault):
                faults[name] = str(day)
        else:
            fields[name] = integer_of(cell) if columns[name].kind == "integer" else cell
    row = _validated(number, ref, fields, lambda: form.model_validate(fields))
    told = tuple({**error, "reason": faults.get(error["field"], error["reason"])} for error in row.errors)
    return row._replace(errors=told)


def _validated(number: int, ref: str | None, fields: dict[str, Any], form: Callable[[], BaseModel]) -> Row:
    try:
        known_by = ref_of(ref) if ref is not None else None
    except TextRefused as refused:
        return Row(number, None, None, ({"field": REF, "reason": str(refused)},))
    try:
        name = RowName(known_by, orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)) if known_by is not None else None
        return Row(number, ref, form(), (), name)
    except ValidationError as error:
        return Row(number, ref, None, tuple(field_errors(error.errors())))


def _nameless(row: Row) -> Row:
    return row._replace(form=None, errors=({"field": REF, "reason": "a row of an import names itself"},))


def _checked_refs(rows: list[Row]) -> list[Row]:
    """Refuse a ref that an earlier row has."""
    seen: dict[str, int] = {}
    checked: list[Row] = []
    for row in rows:
        if row.ref is not None and (first := seen.setdefault(identifier(row.ref), row.number)) != row.number:
            error = {"field": REF, "reason": f"row {first} has this ref already"}
            checked.append(Row(row.number, row.ref, None, (*row.errors, error)))
        else:
            checked.append(row)
    return checked
