"""The tables of docs/performance.md, between its markers, made of the kept rows."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jobplus.bench.kept import Row
from jobplus.bench.plots import RATIOS, plotted

PAGE = Path("docs/performance.md")
BEGINS = "<!-- results, written by make bench -->"
ENDS = "<!-- end of results -->"
MOST_SHOWN = 16
"""Of so many values of one thing, as the CPU of each process."""
NOT_SHOWN = ("spread", "machine")
"""What the first table tells, and the lines below."""


def write_page(folder: Path, rows: Mapping[str, Row]) -> None:
    """Write the tables anew (raises ValueError where the page has no markers)."""
    page = (folder / PAGE).read_text()
    before, _, rest = page.partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    if not rest or ENDS not in rest:
        raise ValueError(f"{PAGE} has no lines {BEGINS} and {ENDS}")
    (folder / PAGE).write_text(f"{before}{BEGINS}\n{written(rows)}{ENDS}{after}")


def written(rows: Mapping[str, Row]) -> str:
    """Give the tables of rows, as Markdown."""
    lines = [
        "| benchmark | goal | measured | beside: the ratio, and its spread | met |",
        "|---|---|---|---|---|",
        *(_line(name, row) for name, row in rows.items()),
        "",
        f"![The ratios that have a goal, each as a part of it](plots/{RATIOS})",
        "",
        *(f"![{name} and what it is measured beside](plots/{file})" for name, file in plotted(rows).items()),
        "",
        "| benchmark | in detail |",
        "|---|---|",
        *(f"| `{name}` | {told} |" for name, row in rows.items() if (told := _detail(row))),
        "",
        *_where(rows),
        "",
        *_settings(rows),
    ]
    return "".join(f"{line}\n" for line in lines)


def _line(name: str, row: Row) -> str:
    beside = "; ".join(_peer(peer, told) for peer, told in row["peers"].items())
    met = "" if row["goal"].startswith("say") or row["met"] is None else "yes" if row["met"] else "no"
    spread = "" if row["least"] is None else f" ({_number(row['least'])} to {_number(row['greatest'])})"
    return f"| `{name}` | {row['goal']} | {_number(row['measured'])} {row['unit']}{spread} | {beside} | {met} |"


def _peer(name: str, peer: Mapping[str, Any]) -> str:
    goal = "" if peer["goal"] is None else f", {'met' if peer['met'] else 'not met'}"
    ratio = f"**{peer['ratio']:.2f}** ({peer['least']:.2f} to {peer['greatest']:.2f})"
    return f"{_words(name)} {_number(peer['measured'])}: {ratio}{goal}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"


def _detail(row: Row) -> str:
    """Write what else a row tells: each thing with its values, of lists of processes the first few."""
    told = ((name, value) for name, value in row["detail"].items() if name not in NOT_SHOWN)
    return "; ".join(f"{_words(name)}: {_value(value)}" for name, value in told)


def _value(value: Any) -> str:
    match value:
        case dict():
            shown = list(value.items())[:MOST_SHOWN]
            return ", ".join(
                f"{_words(name)} ({_value(one)})" if isinstance(one, dict) else f"{_words(name)} {_value(one)}"
                for name, one in shown
            )
        case list():
            return " / ".join(map(_value, value))
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return f"{value:,.1f}".removesuffix(".0")
        case _:
            return str(value)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _where(rows: Mapping[str, Row]) -> Iterator[str]:
    """Say where and when rows were measured, those of one run in one line."""
    runs: dict[tuple[str, str, str], list[str]] = {}
    for name, row in rows.items():
        runs.setdefault((row["date"], row["machine"], row["commit"]), []).append(f"`{name}`")
    for (on, machine, commit), names in runs.items():
        yield f"- {on}, {machine}, commit {commit}: {', '.join(names)}"


def _settings(rows: Mapping[str, Row]) -> Iterator[str]:
    """Say what all rows ran with, and what one had otherwise."""
    flat = {
        name: {f"{of} {setting}": value for of, told in row["settings"].items() for setting, value in told.items()}
        for name, row in rows.items()
        if row["settings"]
    }
    names = list(dict.fromkeys(setting for told in flat.values() for setting in told))
    shared = {
        name: values.pop() for name in names if len(values := {told.get(name, "") for told in flat.values()}) == 1
    }
    if shared:
        yield "| setting | of every row whose settings are kept |"
        yield "|---|---|"
        yield from (f"| {name} | `{value}` |" for name, value in shared.items())
        yield ""
    for row, told in flat.items():
        if others := ", ".join(f"{name} `{value}`" for name, value in told.items() if name not in shared):
            yield f"- `{row}` beside these: {others}"
