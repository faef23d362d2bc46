"""How far apart the districts of Seoul are, by which share a border, on land or along the middle of the Han.

Source: the administrative boundaries of Statistics Korea (KOSTAT), census edition of 2013; the 25 districts have
had these borders since 1995.
"""

from collections.abc import Mapping

from contracts.codes import District

NEIGHBOURS: Mapping[District, frozenset[District]] = {
    "11110": frozenset({"11140", "11230", "11290", "11380", "11410"}),
    "11140": frozenset({"11110", "11170", "11200", "11410", "11440"}),
    "11170": frozenset({"11140", "11200", "11440", "11560", "11590", "11650", "11680"}),
    "11200": frozenset({"11140", "11170", "11215", "11230", "11680"}),
    "11215": frozenset({"11200", "11230", "11260", "11680", "11710", "11740"}),
    "11230": frozenset({"11110", "11200", "11215", "11260", "11290"}),
    "11260": frozenset({"11215", "11230", "11290", "11350"}),
    "11290": frozenset({"11110", "11230", "11260", "11305", "11350"}),
    "11305": frozenset({"11290", "11320", "11350"}),
    "11320": frozenset({"11305", "11350"}),
    "11350": frozenset({"11260", "11290", "11305", "11320"}),
    "11380": frozenset({"11110", "11410", "11440"}),
    "11410": frozenset({"11110", "11140", "11380", "11440"}),
    "11440": frozenset({"11140", "11170", "11380", "11410", "11500", "11560"}),
    "11470": frozenset({"11500", "11530", "11560"}),
    "11500": frozenset({"11440", "11470", "11560"}),
    "11530": frozenset({"11470", "11545", "11560", "11620"}),
    "11545": frozenset({"11530", "11620"}),
    "11560": frozenset({"11170", "11440", "11470", "11500", "11530", "11590"}),
    "11590": frozenset({"11170", "11560", "11620", "11650"}),
    "11620": frozenset({"11530", "11545", "11590", "11650"}),
    "11650": frozenset({"11170", "11590", "11620", "11680"}),
    "11680": frozenset({"11170", "11200", "11215", "11650", "11710"}),
    "11710": frozenset({"11215", "11680", "11740"}),
    "11740": frozenset({"11215", "11710"}),
    "outside": frozenset(),
}


def _steps(start: District) -> dict[District, int]:
    """Count the borders that are crossed from a district to each that can be reached."""
    reached: dict[District, int] = {start: 0}
    edge: list[District] = [start]
    while edge:
        steps = reached[edge[0]] + 1
        edge = sorted({beyond for district in edge for beyond in NEIGHBOURS[district] if beyond not in reached})
        reached.update(dict.fromkeys(edge, steps))
    return reached


STEPS: Mapping[District, Mapping[District, int]] = {
    district: {} if district == "outside" else _steps(district) for district in NEIGHBOURS
}
"""The fewest borders that are crossed from one district to another; none is told of what is outside Seoul."""


def districts_at(start: District, steps: int) -> list[District]:
    """Give the districts that are just so many steps away: none from one that isn't known here."""
    return [district for district, away in STEPS.get(start, {}).items() if away == steps]
