"""What a table may be asked, and what is kept."""

from collections.abc import Mapping
from typing import Literal

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, in_future
from chassis.problems import INVALID_REQUEST
from services.reporting.figures.measures import Dimension
from services.reporting.figures.rules import split_by
from services.reporting.tables.commands import KeepTable
from services.reporting.tables.model import ASKED, STOCKS, KeptTable, Question

Why = Literal[
    "no measure", "not split", "twice", "turned round", "goes down", "years apart", "no columns", "one count"
]  # fmt: skip
"""Why something can't be asked, by the name of what a page says about it."""


def wrong(question: Question) -> Mapping[str, Why]:
    """Say what can't be asked, by the parameter at fault; nothing where all can."""
    found: dict[str, Why] = {}
    if question.measure not in ASKED:
        return {"measure": "no measure"}
    splits: tuple[tuple[str, Dimension | None], ...] = (("rows", question.rows), ("columns", question.columns))
    for field, by in splits:
        if by and split_by(question.measure, None, (by,)):
            found[field] = "not split"
    if not found and split_by(question.measure, None, question.by):
        found["columns"] = "twice"
    if question.first and question.first > question.as_of:
        found["from"] = "turned round"
    if why := _no_shares(question):
        found["percent"] = why
    return found


def _no_shares(question: Question) -> Why | None:
    if question.percent == "none":
        return None
    if question.measure in STOCKS:
        return "goes down"
    if question.percent == "row":
        return None if question.columns else "no columns"
    if question.has_years_apart:
        return "years apart"
    has_lines = question.rows or question.each != "whole"
    is_one = not has_lines and (question.percent == "column" or not question.columns)
    return "one count" if is_one else None


def keep_table(table: KeptTable | None, command: KeepTable, now: Now) -> Decision:
    """Keep a table as it was counted, for good: what becomes known later is told beside it."""
    question = command.question
    if refused := in_future(now, "as_of", question.as_of):
        return refused
    for field, why in wrong(question).items():
        return Refused(INVALID_REQUEST, f"{field}: {why}", field)
    if table is not None:
        return Refused(INVALID_REQUEST, f"a table {table.id} is kept already", "id")
    kept = KeptTable(
        id=command.id,
        kept_at=now.at,
        kept_role=now.actor.role,
        kept_by=now.actor.id,
        position=command.position,
        question=question,
        counts=command.counts,
    )
    return Accepted((kept,), answer={"id": str(kept.id)})


DECIDERS: Deciders = {KeepTable: keep_table}
