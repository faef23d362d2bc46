"""What a release withholds can't be found out from it, nor from all releases together."""

import random
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import orjson
import pytest

from chassis.batch.decisions import Accepted, Actor, Now, Refused
from services.reporting.figures.measures import Dimension, Measure
from services.reporting.figures.period import month_end
from services.reporting.releases import rules
from services.reporting.releases.commands import PublishRelease, ReleaseForm
from services.reporting.releases.contents import SPLITS, VALUES, columns
from services.reporting.releases.crossing import cell_of, crossing, pair_of
from services.reporting.releases.model import Counted, Release, Split
from services.reporting.releases.withholding import Point, point, told
from tests.releases.subtraction import found_out

LIMIT = 5
OPENED = date(2009, 1, 28)
MONTHS = [date(2009 + number // 12, number % 12 + 1, 1) for number in range(24)]
DAYS = [month_end(month) for month in MONTHS]
Splits = Mapping[Split, Mapping[date, Mapping[str, int]]]


AMOUNTS = (1, 1, 2, 3, 4, 5, 9, 40)


Group = tuple[dict[Dimension, str], int]
"""Those who are alike in all, and how many they are."""
Groups = Mapping[tuple[Measure, date], list[Group]]


def groups(rnd: random.Random) -> Groups:
    """Draw groups of one to forty, a few of them a month. Who counts once a year is in the first year who counts once
    ever."""
    found: dict[tuple[Measure, date], list[Group]] = {
        (split.measure, month): more(rnd, 40) for split in SPLITS for month in MONTHS
    }
    for measure, month in [*found]:
        if measure.endswith("_in_year") and month.year == OPENED.year:
            found[measure, month] = found[measure.removesuffix("_in_year"), month]  # pyright: ignore[reportArgumentType]
    return found


def more(rnd: random.Random, many: int) -> list[Group]:
    """Draw so many groups."""
    return [
        ({by: rnd.choice(values[: 1 + rnd.randrange(len(values))]) for by, values in VALUES.items()}, amount)
        for amount in rnd.choices(AMOUNTS, k=many)
    ]


def split(groups: Groups) -> dict[Split, dict[date, dict[str, int]]]:
    """Count groups by what tables are split by."""
    return {split: {month: _split(groups[split.measure, month], split) for month in MONTHS} for split in SPLITS}


def some(rnd: random.Random) -> dict[Split, dict[date, dict[str, int]]]:
    """Count at chance, mostly little."""
    return split(groups(rnd))


def _split(groups: list[Group], split: Split) -> dict[str, int]:
    counts = Counter[str]()
    for values, amount in groups:
        counts[cell_of([values[by] for by in split.by])] += amount
    return dict(counts)


def counted(splits: Splits, opened_on: date = OPENED) -> Counted:
    return Counted(opened_on, 7, [], splits, [], {}, {}, [], [])


def now(day: date) -> Now:
    return Now(datetime(day.year, day.month, day.day, 3, tzinfo=UTC), day, Actor("manager", "m-1"))


def decided(release: Release, day: date = date(2011, 1, 5)) -> Accepted | Refused:
    return rules.publish_release(release, PublishRelease(ReleaseForm(day=release.day)), now(day))  # pyright: ignore[reportReturnType]


def all_released(splits: Splits, days: list[date]) -> list[Any]:
    """Release one day after the other; gives the documents."""
    points: dict[Split, list[Point]] = {}
    documents: list[Any] = []
    for day in days:
        known = {
            split: {month: counts for month, counts in months.items() if month <= day}
            for split, months in splits.items()
        }
        outcome = decided(Release(day, "main", LIMIT, counted=counted(known), points=points))
        assert isinstance(outcome, Accepted)
        written = outcome.states[0].written
        documents.append(orjson.loads(written.document))
        for split, new in written.points.items():
            points.setdefault(split, []).extend(new)
    return documents


@pytest.mark.parametrize("seed", [1, 2])
def test_no_small_count_follows_from_all_releases_of_two_years(seed: int) -> None:
    documents = all_released(some(random.Random(seed)), DAYS)
    assert found_out(documents, LIMIT) == []
    for tables in ("tables", "cross_tables"):
        lines = [line for one in documents for table in one[tables] for line in table["lines"]]
        counts = [count for line in lines for count in line["counts"].values()]
        assert counts.count(None) > 100
        assert len([count for count in counts if count]) > 100


def test_where_a_release_is_left_out_none_follows_either() -> None:
    rnd = random.Random(3)
    documents = all_released(some(rnd), sorted(rnd.sample(DAYS, 8)))
    assert found_out(documents, LIMIT) == []


def test_the_attack_finds_what_is_told_carelessly() -> None:
    (whole,) = all_released(some(random.Random(4)), [DAYS[11]])
    table = next(one for one in whole["tables"] if (one["measure"], one["by"]) == ("placed", "gender"))
    table["totals"] = {"since_opening": 13}
    table["lines"] = [
        {"value": "female", "counts": {"since_opening": None}},
        {"value": "male", "counts": {"since_opening": 10}},
    ]
    whole["cross_tables"] = []
    found = [(one.values, one.count) for one in found_out([whole], LIMIT) if one.by == ("gender",)]
    assert found == [(("female",), 3)]


def test_the_attack_finds_what_a_table_by_two_things_tells_carelessly() -> None:
    (whole,) = all_released(some(random.Random(4)), [DAYS[11]])
    told = {"40-49 female": 3, "40-49 male": 90, "50-59 female": 60, "50-59 male": 70}
    whole["tables"] = [
        _table("age_band", {"40-49": 93, "50-59": 130}),
        _table("gender", {"female": 63, "male": 160}),
    ]
    lines = [{"values": pair.split(), "counts": {"since_opening": count}} for pair, count in told.items()]
    whole["cross_tables"] = [{"measure": "registered", "by": ["age_band", "gender"], "lines": lines}]
    lines[0]["counts"] = lines[1]["counts"] = {"since_opening": None}
    found = [(one.values, one.count) for one in found_out([whole], LIMIT)]
    assert found == [(("40-49", "female"), 3)], "a withheld pair in one row follows from the columns"
    lines[2]["counts"] = lines[3]["counts"] = {"since_opening": None}
    assert found_out([whole], LIMIT) == []


def test_a_count_between_two_circles_follows_and_gets_a_circle_of_its_own() -> None:
    told = {pair: 50 + 10 * place for place, pair in enumerate(product("abcd", "pqrs"))}
    small = {pair: 3 for pair in (*product("ab", "pq"), *product("cd", "rs"), ("a", "r"))}
    told |= small
    sums = [Counter[str](), Counter[str]()]
    for pair, count in told.items():
        for margin, value in zip(sums, pair, strict=True):
            margin[value] += count
    (whole,) = all_released(some(random.Random(4)), [DAYS[11]])
    whole["tables"] = [_table("age_band", dict(sums[0])), _table("gender", dict(sums[1]))]

    def follows(withheld: Collection[tuple[str, str]]) -> list[tuple[str, ...]]:
        lines = [
            {"values": pair, "counts": {"since_opening": None if pair in withheld else count}}
            for pair, count in told.items()
        ]
        whole["cross_tables"] = [{"measure": "registered", "by": ["age_band", "gender"], "lines": lines}]
        return [one.values for one in found_out([whole], LIMIT)]

    assert follows(small) == [("a", "r")], "each line has two of which nothing is told, and yet it is their difference"
    withheld = {pair_of(cell) for cell in crossed(told).withheld}
    assert follows(withheld) == []
    assert withheld - {*small} == {("a", "s")}, "the cheapest circle"


def _table(by: str, counts: dict[str, int]) -> dict[str, Any]:
    lines = [{"value": value, "counts": {"since_opening": count}} for value, count in counts.items()]
    return {"measure": "registered", "by": by, "totals": {"since_opening": sum(counts.values())}, "lines": lines}


@pytest.mark.parametrize(
    ("counts", "withheld"),
    [
        ({"a": 40, "b": 50, "c": 0}, set[str]()),
        ({"a": 3, "b": 50, "c": 70}, {"a", "b"}),
        ({"a": 1, "b": 1, "c": 70, "d": 9}, {"a", "b", "d"}),
        ({"a": 4, "b": 4, "c": 70}, {"a", "b"}),
        ({"a": 3, "b": 0, "c": 0}, {"a", "b", "c"}),
    ],
)
def test_small_counts_are_withheld_with_others_by_which_they_could_be_told(
    counts: dict[str, int], withheld: set[str]
) -> None:
    assert point(DAYS[0], counts, [], LIMIT).withheld == withheld


def test_what_was_told_a_month_ago_is_told_again_only_where_it_grew_by_none_or_enough() -> None:
    first = point(DAYS[0], {"a": 40, "b": 50, "c": 60, "d": 70}, [], LIMIT)
    second = point(DAYS[1], {"a": 40, "b": 53, "c": 65, "d": 80}, [first], LIMIT)
    assert second.withheld == {"a", "b"}
    third = point(DAYS[2], {"a": 41, "b": 60, "c": 65, "d": 80}, [first, second], LIMIT)
    assert third.withheld == {"a", "b"}, "a grew by one since the first, and a second is withheld beside it"
    assert told("c", third, first) == 5
    assert told("b", third, first) is None


def test_a_day_that_was_told_and_is_known_as_then_stays_as_it_was() -> None:
    one = point(DAYS[0], {"a": 40, "b": 50}, [], LIMIT)
    between = point(DAYS[1], {"a": 42, "b": 60}, [one], LIMIT)
    assert point(DAYS[0], {"a": 40, "b": 50}, [one, between], LIMIT) == one


def test_what_was_withheld_of_a_day_stays_withheld_however_it_is_known_by_now() -> None:
    first = point(DAYS[0], {"a": 3, "b": 50, "c": 70}, [], LIMIT)
    assert first.withheld == {"a", "b"}
    known = {"a": 9, "b": 50, "c": 70}
    assert point(DAYS[0], known, [first], LIMIT).withheld == {"a", "b"}, "b told now would be nearly b as it was"
    assert point(DAYS[1], known, [first], LIMIT).withheld == frozenset()
    silent = Point(DAYS[0], {"a": 40, "b": 50, "c": 70}, frozenset({"a", "b"}), is_corrected=True)
    grown = point(DAYS[0], {"a": 48, "b": 60, "c": 70}, [silent], LIMIT)
    assert grown.withheld == frozenset(), "a correction that was silent of them withheld nothing that a release tells"


def test_a_pair_that_was_withheld_of_a_day_stays_withheld() -> None:
    rows = [3, 50, 60, 70, 80, 90]
    first = crossed(dict(zip(product("abc", "fm"), rows, strict=True)))
    later = crossed(dict(zip(product("abc", "fm"), [9, *rows[1:]], strict=True)), [first])
    assert first.withheld == later.withheld == {cell_of(pair) for pair in product("ab", "fm")}


def test_columns_are_those_that_tell_something_else() -> None:
    assert [one.name for one in columns(date(2009, 12, 31), OPENED)] == ["since_opening"]
    assert [(one.name, one.first, one.last) for one in columns(date(2010, 2, 28), OPENED)] == [
        ("since_opening", OPENED, date(2010, 2, 28)),
        ("year", date(2010, 1, 1), date(2010, 2, 28)),
        ("year_before", OPENED, date(2009, 2, 28)),
    ]
    assert [one.name for one in columns(date(2010, 2, 28), date(2009, 3, 1))] == ["since_opening", "year"]
    assert columns(date(2013, 2, 28), OPENED)[2].last == date(2012, 2, 29)


HASH = "ab" * 32


@pytest.mark.parametrize(
    ("release", "day", "problem"),
    [
        ({}, date(2010, 12, 31), "month-not-over"),
        ({"last": date(2011, 1, 31)}, date(2011, 2, 2), "released-later"),
        ({"is_behind": True}, date(2011, 1, 5), "still-counting"),
        ({"counted": None}, date(2011, 1, 5), "nothing-counted"),
    ],
)
def test_a_release_is_refused_with_the_reason(release: dict[str, Any], day: date, problem: str) -> None:
    given = {"counted": counted(some(random.Random(5))), **release}
    outcome = decided(Release(date(2010, 12, 31), "main", LIMIT, **given), day)
    assert isinstance(outcome, Refused)
    assert (outcome.problem.code, outcome.field) == (problem, "day")


def test_a_day_is_released_once_and_names_the_release_before() -> None:
    first = decided(Release(DAYS[10], "main", LIMIT, counted=counted(some(random.Random(6)))))
    assert isinstance(first, Accepted)
    written = first.states[0].written
    again = decided(Release(DAYS[10], "main", LIMIT, written=written))
    assert isinstance(again, Refused)
    assert (again.problem.code, again.facts["hash"]) == ("already-released", written.hash)
    second = decided(
        Release(DAYS[11], "main", LIMIT, counted=counted(some(random.Random(6))), last=DAYS[10], previous=HASH)
    )
    assert isinstance(second, Accepted)
    assert second.events[0].previous == HASH  # pyright: ignore[reportAttributeAccessIssue]
    assert orjson.loads(second.states[0].written.document)["previous"] == HASH


def test_a_day_that_ends_no_month_is_refused_with_the_next_that_does() -> None:
    with pytest.raises(ValueError, match="2010-12-31 is the next"):
        ReleaseForm(day=date(2010, 12, 30))
    with pytest.raises(ValueError, match="9999-12-31 is the next"):
        ReleaseForm(day=date(9999, 12, 30))


def crossed(counts: Mapping[tuple[str, str], int], before: Sequence[Point] = ()) -> Point:
    """Decide what is told of counts by two things, and of their margins before."""
    margins = [Counter[str](), Counter[str]()]
    for pair, count in counts.items():
        for margin, value in zip(margins, pair, strict=True):
            margin[value] += count
    rows, columns = (point(DAYS[0], dict(margin), [], LIMIT) for margin in margins)
    told = {cell_of(pair): count for pair, count in counts.items() if count}
    return crossing(DAYS[0], told, (rows, columns), before, LIMIT)


@pytest.mark.parametrize(
    ("counts", "withheld"),
    [
        ([40, 50, 60, 70, 80, 90], []),
        ([3, 50, 60, 70, 80, 90], ["af", "am", "bf", "bm"]),
        ([3, 50, 0, 70, 80, 90], ["af", "am", "cf", "cm"]),
        ([3, 1, 60, 70, 80, 90], ["af", "am", "bf", "bm"]),
        ([3, 50, 0, 0, 80, 90], ["af", "am", "cf", "cm"]),
        ([40, 0, 0, 50, 60, 70], []),
        ([1, 1, 1, 1, 1, 1], ["af", "am", "bf", "bm", "cf", "cm"]),
        ([1, 1, 90, 0, 50, 60, 70, 0], ["af", "am", "ax", "bf", "bm", "bx"]),
    ],
)
def test_a_small_count_by_two_things_is_withheld_with_a_circle_of_others(
    counts: list[int], withheld: list[str]
) -> None:
    rows, columns = ("abc", "fm") if len(counts) == 6 else ("ab", "fmxy")
    decided_ = crossed(dict(zip(product(rows, columns), counts, strict=True)))
    assert sorted("".join(pair_of(cell)) for cell in decided_.withheld) == withheld


def test_what_was_told_by_two_things_is_told_again_only_where_it_grew_by_none_or_enough() -> None:
    margins = [point(DAYS[0], counts, [], LIMIT) for counts in ({"a": 90, "b": 130}, {"f": 100, "m": 120})]
    told = {cell_of(pair): count for pair, count in zip(product("ab", "fm"), (40, 50, 60, 70), strict=True)}
    first = crossing(DAYS[0], told, (margins[0], margins[1]), [], LIMIT)
    assert first.withheld == frozenset()
    grown = told | {cell_of(("a", "f")): 42}
    margins = [point(DAYS[1], counts, [], LIMIT) for counts in ({"a": 92, "b": 130}, {"f": 102, "m": 120})]
    second = crossing(DAYS[1], grown, (margins[0], margins[1]), [first], LIMIT)
    assert second.withheld == {cell_of(pair) for pair in product("ab", "fm")}
    assert crossing(DAYS[1], grown, (margins[0], margins[1]), [first, second], LIMIT) == second
