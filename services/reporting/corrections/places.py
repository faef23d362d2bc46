"""Which numbers of a release may be corrected, each by its place: those that it tells of all.

What follows from two of them (a change, a pace) is none by itself, and neither is a forecast: that said what was to
come, and nothing that becomes known makes it another one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from services.reporting.corrections.model import Place, Values
from services.reporting.releases.contents import BY_YEAR
from services.reporting.releases.document import Headline, Number, ReleaseDocument, ReleaseMonth

OF_SURVEYS = ("asked", "answered", "score", "percent_satisfied")

_RATIOS = ("percent", "score", "percent_satisfied")
"""Where nothing was counted these divide by nothing; what is counted is none."""


def told(release: ReleaseDocument) -> dict[Place, Number | None]:
    """Give what a release tells of all."""
    return {
        **in_columns(release.figures),
        **by_month(release.months),
        **told_once(release.model_dump(mode="json", include={*BY_YEAR})),
        **{reached(one.year, one.measure): one.reached for one in release.targets},
    }


def in_columns(figures: Iterable[Headline]) -> dict[Place, Number | None]:
    """Give the figures that are told in columns."""
    return {Place(one.figure, column): value for one in figures for column, value in one.values.items()}


def by_month(months: Iterable[ReleaseMonth]) -> dict[Place, Number | None]:
    """Give what is counted by month, under the measures' names."""
    return {Place(measure, month=one.month): count for one in months for measure, count in one.counts.items()}


def told_once(tree: Mapping[str, Any]) -> dict[Place, Number | None]:
    """Give internships, retention and surveys, of a tree as `/figures` has it. A survey is named by its day, the second
    of a day by its number too."""
    found: dict[Place, Number | None] = {}
    for figure in ("internships", "retention"):
        for of, numbers in tree[figure].items():
            found |= {Place(f"{figure}.{of}.{name}"): value for name, value in numbers.items()}
    held: Counter[str] = Counter()
    for survey in tree["surveys"]:
        held[survey["on"]] += 1
        of = survey["on"] if held[survey["on"]] == 1 else f"{survey['on']}.{held[survey['on']]}"
        found |= {Place(f"surveys.{of}.{name}"): survey[name] for name in OF_SURVEYS}
    return found


def reached(year: int, measure: str) -> Place:
    """Give the place of what was reached of a target."""
    return Place(f"targets.{year}.{measure}.reached")


def completed(values: Values, others: Values) -> dict[Place, Number | None]:
    """Give values with the rows that others have alone: a release has none of a month, of a year's internships or of a
    survey of which nothing is known."""
    rows = {_row(place) for place in values}
    missing = [place for place in others if (row := _row(place)) is not None and row not in rows]
    return {**values, **{place: _nothing(place) for place in missing}}


def _row(place: Place) -> str | None:
    figure, _, _ = place.figure.partition(".")
    return place.figure.rpartition(".")[0] if figure in {"internships", "surveys"} else place.month


def _nothing(place: Place) -> Number | None:
    return None if place.figure.rpartition(".")[2] in _RATIOS else 0
