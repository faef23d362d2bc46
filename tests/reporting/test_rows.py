"""A figure is a row: what is wrong in one keeps reporting from starting."""

from collections import Counter
from datetime import date
from typing import get_args

import pytest

from contracts.counselling import SessionKind
from contracts.firms import EmployerJoined
from services.reporting.figures.dimensions import dimensions
from services.reporting.figures.flows import flows_of
from services.reporting.figures.measures import ShareName
from services.reporting.figures.row import OfTwo, Published, Row, Split, SplitBeside, Sum
from services.reporting.figures.rows import ROWS
from tests.kit.events import employer_joined

PUBLISHED: list[Published] = [one for row in ROWS for one in (row.published if isinstance(row, Row) else (row,))]


def test_a_row_says_what_is_counted_of_its_event() -> None:
    row = Sum(
        measure="employers",
        of={EmployerJoined: lambda event: len(event.size)},
        where=lambda event: event.district != "outside",
        by=("size", "year"),
        told={"year": lambda event: str(event.occurred_on.year)},
        meaning="letters",
    )
    event = employer_joined(date(2009, 3, 2))
    ((measure, counts, amount, told),) = flows_of((row,))[EmployerJoined]
    assert (measure, told(event)) == ("employers", dimensions(size="small", year="2009"))
    assert callable(amount)
    assert amount(event) == 5
    assert counts is not None
    assert (counts(event), counts(event.model_copy(update={"district": "outside"}))) == (True, False)


def test_a_row_whose_event_does_not_tell_what_it_is_split_by_is_refused() -> None:
    row = Sum(measure="employers", of=EmployerJoined, by=("size", "channel"), meaning="members")
    with pytest.raises(TypeError, match="employers: EmployerJoined tells no channel"):
        flows_of((row,))


def test_a_row_that_is_published_by_what_its_rollup_lacks_is_refused() -> None:
    split = Split("employers.by_size", "by size", "size", ("small",))
    Row(measure="employers", by=("size",), rolled=("size",), publish=(split,), meaning="members")
    with pytest.raises(TypeError, match="employers: `rolled` lacks"):
        Row(measure="employers", by=("size",), publish=(split,), meaning="members")
    with pytest.raises(TypeError, match="or `by` what `rolled` has"):
        Row(measure="employers", rolled=("size",), meaning="members")


def test_each_figure_is_published_once_and_says_what_it_is() -> None:
    paths = Counter(one.path for one in PUBLISHED if not isinstance(one, SplitBeside))
    assert {path for path, times in paths.items() if times > 1} == set()
    assert all(one.meaning for one in PUBLISHED)


def test_sessions_are_published_by_each_of_their_kinds() -> None:
    (kinds,) = [one for one in PUBLISHED if isinstance(one, SplitBeside)]
    assert (kinds.values, len(kinds.meanings)) == (get_args(SessionKind), len(kinds.values))


def test_a_share_that_a_row_publishes_is_published_by_no_other() -> None:
    shares = Counter(one.share for one in PUBLISHED if isinstance(one, OfTwo))
    assert set(shares) < set(get_args(ShareName))
    assert set(shares.values()) == {1}
