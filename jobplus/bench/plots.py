"""The plots of docs/performance.md, in docs/plots/: SVG that depends on the kept rows alone."""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pygal
from pygal.style import Style

from jobplus.bench.kept import Row

# What finds its plugins, of which none is used, would be asked at each import, and warns, as it has no find_spec.
sys.meta_path[:] = [finder for finder in sys.meta_path if not type(finder).__module__.startswith("pygal")]

FOLDER = Path("docs/plots")
RATIOS = "goals.svg"
TITLE = "Ratios, as parts of their goals: 1 is met"
BAR_PIXELS = 34
AROUND_PIXELS = 110
"""Of a bar, and of the title and the axis together."""
LONGEST = 2.0
"""So many times its goal a ratio is drawn at the most, for the others to be seen beside it."""
MET, MISSED, OURS, PEER = "#2a7f3f", "#b5432a", "#20609f", "#8a8f98"

_COMMENT = re.compile(rb"<!--.*?-->")
_SIZE = 13.0
_STYLE = Style(
    background="#ffffff",
    plot_background="#ffffff",
    font_family="sans-serif",
    title_font_size=17.0,
    label_font_size=_SIZE,
    major_label_font_size=_SIZE,
    value_font_size=_SIZE,
)


class Bar(NamedTuple):
    """A bar: what stands before it, its length, its colour, and what stands in it."""

    label: str
    length: float
    color: str
    told: str


def write_plots(folder: Path, rows: Mapping[str, Row]) -> None:
    """Draw the ratios with a goal, and what was measured in the rounds of each row."""
    (folder / FOLDER).mkdir(exist_ok=True)
    for file in (folder / FOLDER).glob("*.svg"):
        file.unlink()  # also that of a row which has none any more
    (folder / FOLDER / RATIOS).write_bytes(drawn(TITLE, ratios(rows), at_least=1.0))
    for name, file in plotted(rows).items():
        (folder / FOLDER / file).write_bytes(drawn(f"{name}: {rows[name]['unit']}", rates(name, rows[name])))


def plotted(rows: Mapping[str, Row]) -> dict[str, str]:
    """Name the plots of rows that have rounds, by the row's name."""
    return {name: f"{name}.svg" for name, row in rows.items() if row["medians"]}


def ratios(rows: Mapping[str, Row]) -> list[Bar]:
    """Give each ratio that has a goal, as a part of it."""
    return [
        Bar(
            f"{name} / {peer.replace('_', ' ')}",
            min(told["ratio"] / told["goal"], LONGEST),
            MET if told["met"] else MISSED,
            f"{told['ratio']:.2f} of {told['goal']:g}",
        )
        for name, row in rows.items()
        for peer, told in row["peers"].items()
        if told["goal"] is not None
    ]


def rates(name: str, row: Row) -> list[Bar]:
    """Give what was measured in a row's rounds, the row's own first."""
    of_it = {name: row["medians"].get(name)} | row["medians"]
    return [
        Bar(label.replace("_", " "), measured, OURS if label == name else PEER, f"{measured:,.1f}".removesuffix(".0"))
        for label, measured in of_it.items()
        if measured is not None
    ]


def drawn(title: str, bars: Sequence[Bar], *, at_least: float = 0.0) -> bytes:
    """Draw bars, the first on top, on an axis that is so long at the least; for the same bars always the same."""
    from_below = list(reversed(bars))
    chart = pygal.HorizontalBar(
        style=_STYLE,
        title=title,
        height=AROUND_PIXELS + BAR_PIXELS * len(bars),
        no_prefix=True,  # which would be another each time
        js=[],
        show_legend=False,
        print_values=True,
        range=(0, max([at_least, *(bar.length for bar in bars)])),
    )
    chart.x_labels = [bar.label for bar in from_below]
    values = [{"value": bar.length, "color": bar.color, "formatter": _saying(bar.told)} for bar in from_below]
    chart.add("", values)
    return _COMMENT.sub(b"", chart.render()) + b"\n"  # a comment of it tells the day


def _saying(told: str) -> Callable[[float], str]:
    return lambda _: told
