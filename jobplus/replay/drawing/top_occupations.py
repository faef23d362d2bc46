"""Wishes put right so that a year's unplaced lead with the occupations that the plan names, in its order."""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from contracts.codes import OCCUPATIONS, Occupation
from jobplus.replay.drawing.people import Person
from jobplus.replay.planning.calendar import Period
from jobplus.replay.planning.model import Plan


class TooFewUnplaced(Exception):
    """By chance so few are unplaced at the year's end that no wishes of theirs give the order."""


def lead_as_planned(
    plan: Plan, people: Sequence[Person], placed_on: Mapping[int, int], period: Period, rng: random.Random
) -> list[Person]:
    """Change the first wishes of as few unplaced persons as need be; of none where the order is right already.

    `placed_on` holds days by person. Raises TooFewUnplaced.
    """
    top = plan.unplaced_top_occupations
    if top is None or not top.codes:
        return list(people)
    last = period.year(top.year)[1]
    unplaced = [
        number
        for number, person in enumerate(people)
        if person.registered_on <= last and placed_on.get(number, last + 1) > last
    ]
    wishing: defaultdict[Occupation, list[int]] = defaultdict(list)
    for number in unplaced:
        wishing[people[number].wanted[0]].append(number)
    wanted = _counts(top.codes, Counter({code: len(numbers) for code, numbers in wishing.items()}))
    free = [
        number
        for code in OCCUPATIONS
        for number in rng.sample(wishing[code], max(0, len(wishing[code]) - wanted[code]))
    ]
    changed = list(people)
    for code in OCCUPATIONS:
        for _ in range(wanted[code] - len(wishing[code])):
            number = free.pop()
            others = (each for each in people[number].wanted[1:] if each != code)
            changed[number] = replace(people[number], wanted=(code, *others))
    return changed


def _counts(codes: Sequence[Occupation], counts: Counter[Occupation]) -> Counter[Occupation]:
    """Give counts of the same sum, near the given ones, that list the codes first, in their order."""
    listed = sorted(counts, key=lambda code: (-counts[code], code))
    if listed[: len(codes)] == list(codes):
        return counts
    largest_first = sorted(counts.values(), reverse=True) + [0] * len(OCCUPATIONS)
    others: list[Occupation] = [code for code in listed if code not in codes]
    for level in range(max(largest_first), -1, -1):
        following = zip(others, largest_first[len(codes) :], strict=False)
        capped: dict[Occupation, int] = {code: min(level, count) for code, count in following}
        below = Counter(capped)
        least = _least(codes, below)
        left = counts.total() - below.total() - least.total()
        if left >= 0:
            return below + _filled(codes, least, largest_first, left)
    raise TooFewUnplaced


def _least(codes: Sequence[Occupation], others: Counter[Occupation]) -> Counter[Occupation]:
    """Give the fewest of each code: one more than what follows it, or as many where ties list it first."""
    least: Counter[Occupation] = Counter()
    following = max([0, *(count + (codes[-1] > code) for code, count in others.items())])
    count = max(1, following)
    for code, after in zip(reversed(codes), [None, *reversed(codes)], strict=False):
        count += after is not None and code > after
        least[code] = count
    return least


def _filled(
    codes: Sequence[Occupation], least: Counter[Occupation], wished: Sequence[int], left: int
) -> Counter[Occupation]:
    """Bring each code nearer to what was wished as far as there are persons left; the first takes the rest."""
    filled, above = Counter(least), None
    for code, count in zip(codes, wished, strict=False):
        most = count if above is None else min(count, filled[above] - (above > code))
        more = min(left, max(0, most - filled[code]))
        filled[code] += more
        left -= more
        above = code
    filled[codes[0]] += left
    return filled
