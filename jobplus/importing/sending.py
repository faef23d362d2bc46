"""One file's rows on their way: in batches that can be repeated safely, each row under a name of its own."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

import orjson
import uuid_utils.compat as uuids

from chassis import problems
from chassis.tables.tables import MEDIA_TYPES, written
from jobplus.client import Client, Refusal
from jobplus.importing.files import RefusedRow, Row, SourceFile
from jobplus.importing.folder import FilesRefused
from jobplus.importing.kinds import REF, ROW_ERASED

MOST_BYTES = 700_000
INVALID = problems.INVALID_REQUEST.uri
QUOTA_USED_UP = f"{problems.URN}quota-used-up"
"""In a dry run: a person isn't told of today, whether they are registered or not."""
NOT_YET_KNOWN = problems.NOT_YET_KNOWN.uri
_MEDIA_TYPE = {format_: media_type for media_type, format_ in MEDIA_TYPES.items()}
_ROW_FIELD = re.compile(r"row (\d+): (.*)", re.DOTALL)


class Ready(NamedTuple):
    """A row with ids in place of references; `stand_ins` are the fields whose id nobody has yet."""

    row: Row
    cells: dict[str, Any]
    stand_ins: frozenset[str] = frozenset()


class Sent(NamedTuple):
    """What came of some rows: answers by row, refusals, rows to be asked about again soon, those whose person was
    erased, and those that could not be tried out."""

    answers: list[tuple[Row, dict[str, Any]]]
    refused: list[RefusedRow]
    unheard: list[Ready]
    erased: list[Row]
    untried: list[Row]


def batches(rows: Sequence[Ready], most_rows: int) -> Iterator[list[Ready]]:
    """Cut rows into requests of a size that a service takes."""
    batch: list[Ready] = []
    size = 0
    for ready in rows:
        long = len(orjson.dumps(ready.cells)) + len(ready.row.name) + 20
        if batch and (len(batch) >= most_rows or size + long > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(ready)
        size += long
    if batch:
        yield batch


async def send(client: Client, name: str, file: SourceFile, batch: Sequence[Ready], *, dry_run: bool) -> Sent:
    """Have a batch taken, or only tried out (raises Refusal, Unanswered, FilesRefused).

    Rows that have not the form refuse a whole request: they are told, and the others are sent again without them. So do
    more persons than may be tried out today: half of the rows are tried then.
    """
    # By the import's name and its own a row is taken once, in whatever batch it comes, under whatever key.
    options = {"imported": "true", "import_name": name, **({"dry_run": "true"} if dry_run else {})}
    path = f"{file.kind.path}?{urlencode(options)}"
    key = str(uuids.uuid7())
    malformed: list[RefusedRow] = []
    untried: list[Row] = []
    left = list(batch)
    while left:
        body, media_type = _body(file, left)
        try:
            answer = await client.post(path, body, key, content_type=media_type)
        except Refusal as refusal:
            if dry_run and QUOTA_USED_UP.encode() in refusal.answer.body:
                untried += (ready.row for ready in left[len(left) // 2 :])
                left = left[: len(left) // 2]
                continue
            wrong = _malformed(file, left, refusal)
            malformed += wrong
            rows = {row.row for row in wrong}
            left = [ready for ready in left if ready.row.number not in rows]
            continue
        return _sent(file, left, answer, malformed, untried)
    return Sent([], malformed, [], [], untried)


def _body(file: SourceFile, batch: Sequence[Ready]) -> tuple[bytes, str]:
    if file.format == "ndjson":
        lines = (orjson.dumps({REF: ready.row.name, **ready.cells}) for ready in batch)
        return b"\n".join(lines), _MEDIA_TYPE["ndjson"]
    columns = dict.fromkeys(name for ready in batch for name in ready.cells)
    return written([REF, *columns], [{REF: r.row.name, **r.cells} for r in batch]), _MEDIA_TYPE["csv"]


def _malformed(file: SourceFile, batch: Sequence[Ready], refusal: Refusal) -> list[RefusedRow]:
    """Read which rows have not the form; a refusal of something else is raised again."""
    if refusal.answer.status != 422 or INVALID.encode() not in refusal.answer.body:
        raise refusal
    found: list[RefusedRow] = []
    reasons: list[str] = []
    for error in refusal.answer.json().get("errors", []):
        of_row = _ROW_FIELD.fullmatch(error["field"])
        if of_row is None:
            reasons.append(f"{file.path.name}: {error['field']}: {error['reason']}")
        else:
            number = batch[int(of_row[1]) - 1].row.number
            found.append(RefusedRow(file.path.name, number, of_row[2], error["reason"], INVALID))
    if reasons or not found:
        raise FilesRefused(*(reasons or [f"{file.path.name}: {refusal}"]))
    return found


def _sent(
    file: SourceFile,
    batch: Sequence[Ready],
    answer: dict[str, Any],
    malformed: Sequence[RefusedRow],
    not_sent: Sequence[Row],
) -> Sent:
    answers = [(batch[taken["row"] - 1].row, taken) for taken in answer["rows"]]
    refused = list(malformed)
    unheard: list[Ready] = []
    erased: list[Row] = []
    untried = list(not_sent)
    for refusal in answer["refused"]:
        ready = batch[refusal["row"] - 1]
        if refusal["field"] in ready.stand_ins:
            continue  # it can only be decided when that row is there
        if answer["dry_run"] and refusal["type"] == QUOTA_USED_UP:
            untried.append(ready.row)
            continue
        if refusal["type"] == NOT_YET_KNOWN:
            unheard.append(ready)
        if refusal["type"] == ROW_ERASED:
            erased.append(ready.row)
        told = (refusal["field"], refusal["reason"], refusal["type"])
        refused.append(RefusedRow(file.path.name, ready.row.number, *told))
    return Sent(answers, refused, unheard, erased, untried)
