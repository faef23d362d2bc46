"""`jobplus figures`: the published figures, asked of reporting."""

import asyncio
from datetime import date
from typing import Any

from rich.table import Table

from contracts.codes import OCCUPATION_NAMES
from jobplus.client import Client, Refusal
from jobplus.settling import Addresses
from jobplus.stack.errors import StackFailed


def ask(addresses: Addresses, as_of: date | None) -> dict[str, Any]:
    """Give the figures as of a day, None for today (raises StackFailed)."""

    async def get() -> dict[str, Any]:
        client = Client(addresses.url("reporting"), addresses.token("analyst"), 1)
        try:
            return await client.get(f"/figures?as_of={as_of}" if as_of else "/figures")
        finally:
            await client.close()

    try:
        return asyncio.run(get())
    except (OSError, Refusal) as error:
        raise StackFailed(f"reporting does not answer: {error}; start it with: jobplus up") from error


def render(figures: dict[str, Any]) -> Table:
    """Give a table for a terminal."""
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
