"""What a chart draws, as it is told to the process that draws: texts as they are shown, amounts as lengths and shades.

An amount is None where nothing is told, or it is withheld; `shown` says which.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

NO_KOREAN_FONT = 3
"""How the process that draws ends where a picture is to have Korean letters, and no font has them."""


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True)


class Bar(_Told):
    """A bar or column: `series` is the place of its series among those of its drawing."""

    label: str
    amount: float | None
    shown: str
    series: int = 0


class Panel(_Told):
    """Bars on a scale of their own, which begins at 0; without a title where it is alone."""

    title: str
    bars: tuple[Bar, ...]


class Bars(_Told):
    """Bars beside their labels. `series` are named in a legend, if there are several; `most` is where each scale ends,
    None for the longest bar of its panel."""

    kind: Literal["bars"] = "bars"
    panels: tuple[Panel, ...]
    series: tuple[str, ...] = ()
    most: float | None = None


class Columns(_Told):
    """Columns of months, of each measure in a panel. `ticks` are the labels that stand under the axes."""

    kind: Literal["columns"] = "columns"
    panels: tuple[Panel, ...]
    ticks: tuple[str, ...]


class Tile(_Told):
    """A district where it lies: its column from the west and its line from the north, both from 0."""

    column: int
    line: int
    name: str
    amount: float | None
    shown: str


class Tiles(_Told):
    """Districts as tiles; the darker, the more, from `least` to `most`. `unit` is above the legend."""

    kind: Literal["tiles"] = "tiles"
    tiles: tuple[Tile, ...]
    least: float
    most: float
    unit: str


class Goal(_Told):
    """A target on a scale of its own, `said` in words under its name: its result, its value, what its year is expected
    to come to, and between which ends."""

    name: str
    said: str
    value: float
    reached: float | None
    forecast: float | None
    interval: tuple[float, float] | None


class Goals(_Told):
    """Targets, and how their marks are called: result, target, forecast."""

    kind: Literal["goals"] = "goals"
    goals: tuple[Goal, ...]
    marks: tuple[str, str, str]


class Chart(_Told):
    """A chart: `name` is that of its table, `subtitle` says its period and unit, `source` stands at its foot, and `alt`
    says what it shows to who doesn't see it. So many CSS pixels high."""

    name: str
    language: str
    title: str
    subtitle: str
    source: str
    alt: str
    height: int
    drawing: Annotated[Bars | Columns | Tiles | Goals, Field(discriminator="kind")]
