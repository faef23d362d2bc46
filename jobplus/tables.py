"""Tables for a terminal: the figures, what was corrected in them, and dead letters.

Apart from what asks for them, so that nothing that draws is imported before there is an answer to be drawn.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.table import Table

from contracts.codes import OCCUPATION_NAMES
from contracts.notices import NoticeTopic

if TYPE_CHECKING:
    from jobplus.republishing import NotKept


def figures_table(figures: dict[str, Any]) -> Table:
    """Give the figures of a period, as `jobplus.figures.ask` tells them."""
    table = Table(title=f"as of {figures['as_of']}", box=None, title_justify="left", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, value in _lines(figures):
        table.add_row(name, "-" if value is None else str(value))
    return table


def _lines(figures: dict[str, Any], above: str = "") -> list[tuple[str, Any]]:
    lines: list[tuple[str, Any]] = []
    for name, value in figures.items():
        if name == "surveys":
            for survey in value:
                told = {key: said for key, said in survey.items() if key not in {"on", "survey_id"}}
                lines += _lines(told, f"survey {survey['on']} ")
        elif name == "targets":
            for target in value:
                named = " ".join(str(target[key]) for key in ("year", "measure", "programme", "group") if key in target)
                lines += [(f"target {named} {key}", target[key]) for key in ("value", "reached", "forecast")]
                interval = target["interval"]
                lines.append((f"target {named} interval", interval and f"{interval[0]} to {interval[1]}"))
        elif isinstance(value, list):
            lines.append((f"{above}{name}", " ".join(map(str, value))))  # pyright: ignore[reportUnknownArgumentType]
        elif isinstance(value, dict):
            lines += _lines(value, f"{above}{name} ")  # pyright: ignore[reportUnknownArgumentType]
        elif not above or value:
            label = OCCUPATION_NAMES.get(name, ("", ""))[1]  # pyright: ignore[reportArgumentType, reportCallIssue]
            lines.append((f"{above}{name} {label}".rstrip(), value))
    return lines


def corrections_table(found: Mapping[str, Any]) -> Table:
    """Give what was corrected, as `jobplus.figures.ask_corrections` tells it."""
    then, now = found["published_then"], found["known_now"]
    table = Table(title=f"as of {then['as_of']}, published {then['known_at']}", box=None, title_justify="left")
    for heading in ("figure", "published then", f"known {now['known_at'] or 'now'}", "difference"):
        table.add_column(heading, justify="left" if heading == "figure" else "right")
    for row in found["corrections"]:
        values = [row["published_then"], row["known_now"], row["difference"]]
        table.add_row(row["figure"], *("-" if value is None else _text(value) for value in values))
    if not found["corrections"]:
        table.add_row("nothing was corrected")
    return table


def _text(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)  # pyright: ignore[reportUnknownArgumentType]


def letters_table(by_service: dict[str, list[dict[str, Any]]]) -> Table:
    """Give the dead letters of each service, as `jobplus.dead_letters.listed` tells them."""
    table = Table("service", "id", "type", "from", "key", "why", "parked", "since", box=None)
    for service, letters in by_service.items():
        for x in letters:
            origin = f"{x['topic']}/{x['partition']} offset {x['offset']}"
            since = str(x["kept_at"])[:19]
            table.add_row(
                service, str(x["id"]), x["type"] or "-", origin, x["key"], x["error"][:200], str(x["parked"]), since
            )
    return table


def unsent_table(by_service: dict[str, list[dict[str, Any]]]) -> Table:
    """Give the events of each service that Kafka refused, as `jobplus.dead_letters.unsent` tells them."""
    table = Table("service", "id", "type", "topic", "key", "why", "parked", "since", box=None)
    for service, events in by_service.items():
        for x in events:
            cells = (x["type"], x["topic"], x["key"], x["error"][:200], str(x["parked"]), str(x["kept_at"])[:19])
            table.add_row(service, str(x["id"]), *cells)
    return table


def not_kept_lines(not_kept: Sequence["NotKept"]) -> Iterator[str]:
    """Say what an owner keeps too little of, and where it can be had."""
    for one in not_kept:
        if isinstance(one.topic, NoticeTopic):
            yield f"{one.topic.name}: {', '.join(one.services)} has lost what the partner {one.topic.partner} wrote."
            yield "  Nobody else can write it again: have the partner do so."
            if one.gone_on:
                yield "  The reader goes on with what the topic holds."
            else:
                yield "  Have the reader go on with what the topic holds, at any time: jobplus republish --incomplete"
            continue
        owner, topic = one.topic.owner, one.topic.name
        since = f"{one.since:%Y-%m-%d}" if one.since else ""
        kept = f"since {one.kept_since:%Y-%m-%d %H:%M} UTC" if one.kept_since else "none of them"
        wanted = f"what was published since {since}" if since else "all that was ever published"
        if one.gone_on:
            yield f"{topic}: {', '.join(one.services)} went on without a part of {wanted}: {owner} keeps {kept}."
            continue
        yield f"{topic}: {', '.join(one.services)} needs {wanted}, and {owner} keeps {kept}."
        yield f"  Export it where reporting runs: python -m services.reporting.export {topic} {since} > FILE"
        yield f"  Take it in where {owner} runs: python -m services.{owner} restore FILE, and run this again;"
        yield "  or go on without it: jobplus republish --incomplete"
