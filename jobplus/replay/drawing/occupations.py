"""How wanted each occupation is, and how many people are placed in each that a plan doesn't name."""

import random
from collections.abc import Mapping, Sequence
from itertools import accumulate

from contracts.codes import OCCUPATIONS, Occupation
from jobplus.replay.drawing.interns import by_whole_occupations, completed, converted
from jobplus.replay.planning.model import Plan
from jobplus.replay.planning.shares import apportion

MOST_OPENINGS = 10_000
"""Of a vacancy: matching's limit."""

_LEADERS: tuple[Occupation, ...] = ("02", "11", "10", "07", "08")
"""The occupations with most unplaced seekers in the centre's report of January 2011, most first."""
_OTHERS: tuple[Occupation, ...] = (
    "20", "04", "13", "09", "12", "06", "03", "15", "14", "22", "19", "01", "18", "21", "17", "16", "05", "23", "24",
)  # fmt: skip
_SHARES = (240, 150, 115, 92, 76, 48, 42, 38, 36, 30, 26, 22, 20, 18, 16, 14, 12, 10, 8, 6, 5, 4, 3, 1)
_PLACED_SHARES = dict(zip((*_LEADERS, *_OTHERS), _SHARES, strict=True))


def wanted_shares(plan: Plan) -> dict[Occupation, int]:
    """Give each occupation's share of first wishes: those that the plan names as most unplaced lead."""
    named = plan.unplaced_top_occupations.codes if plan.unplaced_top_occupations else ()
    order = dict.fromkeys((*named, *_LEADERS, *_OTHERS))
    return dict(zip(order, _SHARES, strict=True))


class Wishes:
    """Draws occupations by their shares."""

    def __init__(self, shares: Mapping[Occupation, int], rng: random.Random) -> None:
        self._codes = tuple(shares)
        self._cumulative = tuple(accumulate(shares.values()))
        self._rng = rng

    def draw(self, count: int) -> list[Occupation]:
        """Draw so many, each for itself."""
        return self._rng.choices(self._codes, cum_weights=self._cumulative, k=count)


def placed_in(plan: Plan) -> dict[Occupation, int]:
    """Tell how many are placed in each occupation: as the plan says, the rest in those that it doesn't name.

    Each of those stays below the smallest that is named where that can be. No more of them are used than there are
    vacancies for.
    """
    counts: dict[Occupation, int] = {code: count for code, count in plan.placed.by_occupation.items() if count}
    codes = sorted(plan.placed.free_occupations, key=lambda code: -_PLACED_SHARES[code])
    rooms = [plan.placed.unnamed] * len(codes)
    if plan.vacancies is not None:
        # One more is kept for the interns, so that theirs and others' in one occupation are two vacancies.
        vacancies = plan.vacancies - sum(needed_vacancies(count) for count in counts.values())
        vacancies = max(vacancies - (completed(plan) > 0), min(vacancies, 1))
        codes = codes[: max(vacancies, 0)]
        shared = apportion(vacancies - len(codes), [1] * len(codes)) if codes else []
        rooms = [MOST_OPENINGS * (1 + more) for more in shared]
    below = min(counts.values(), default=plan.placed.unnamed + 1) - 1
    lower = [min(room, below) for room in rooms]
    rooms = lower if sum(lower) >= plan.placed.unnamed else rooms
    free = _fill(plan.placed.unnamed, [_PLACED_SHARES[code] for code in codes], rooms)
    counts.update((code, count) for code, count in zip(codes, free, strict=True) if count)
    return counts


def needed_vacancies(placed: int) -> int:
    """Tell how many vacancies so many placements in one occupation take at least."""
    return -(-placed // MOST_OPENINGS)


def fewest_vacancies(plan: Plan, placed: Mapping[Occupation, int]) -> int:
    """Tell how many vacancies the placements take at least, those for interns among them.

    Interns need vacancies of their own; those converted are as many of whole occupations as can be.
    """
    interns = by_whole_occupations(placed, converted(plan))
    fewest = sum(needed_vacancies(count - interns.get(code, 0)) for code, count in placed.items())
    in_vain = max(0, completed(plan) - converted(plan))
    if in_vain and interns:
        interns[min(interns)] += in_vain
    elif in_vain:
        fewest += needed_vacancies(in_vain)
    return fewest + sum(map(needed_vacancies, interns.values()))


def fewest_unplaced(codes: Sequence[Occupation]) -> int:
    """Tell how many unplaced persons an order of first wishes takes at least, most first, ties by code."""
    fewest, persons, following = 0, 0, ""
    for code in reversed(codes):
        # Ties are listed by code: one more person is needed wherever the code falls.
        persons = persons if code < following else persons + 1
        fewest += persons
        following = code
    return fewest


def spare_vacancies(plan: Plan) -> bool:
    """Tell whether there are vacancies enough for interns in whatever occupations."""
    most = 2 * len(OCCUPATIONS) + (plan.placed.total + completed(plan)) // MOST_OPENINGS
    return plan.vacancies is None or plan.vacancies > most


def _fill(whole: int, weights: Sequence[int], rooms: Sequence[int]) -> list[int]:
    """Split a whole by weights, no part above its room; what doesn't fit goes to the others."""
    parts = [0] * len(rooms)
    while left := whole - sum(parts):
        more = apportion(left, [by if part < room else 0 for by, part, room in zip(weights, parts, rooms, strict=True)])
        parts = [min(room, part + add) for part, add, room in zip(parts, more, rooms, strict=True)]
    return parts
