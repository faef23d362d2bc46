"""A share is the same in the whole answer, by month and by split: of the counts of the measures it is made of."""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, get_args

import pytest
import uuid_utils.compat as uuids

from services.reporting.figures.measures import ShareName
from services.reporting.figures.parts import parts
from services.reporting.figures.period import Period
from services.reporting.figures.shares import SHARES, Divided, divide, share_parts
from tests.kit.events import internship_completed, internship_converted, internship_started, launched
from tests.reporting.histories import a_history, shuffled
from tests.reporting.ledgers import Ledger

PERIODS = [
    Period(date.max),
    Period(date(2010, 12, 31), date(2010, 1, 1)),
    Period(date(2009, 9, 30), date(2009, 4, 1)),
    Period(date(2009, 9, 30), date(2009, 4, 1), date(2009, 10, 15)),
]

PUBLISHED: Mapping[ShareName, Callable[[dict[str, Any]], float | None]] = {
    "placement_rate_percent": lambda figures: figures["placed"]["rate_percent"],
    "wanted_percent": lambda figures: figures["placed"]["wanted_percent"],
    "sessions_per_seeker": lambda figures: figures["per_seeker"]["sessions"],
    "referrals_per_seeker": lambda figures: figures["per_seeker"]["referrals"],
    "launches_per_session_percent": lambda figures: figures["per_session"]["launches_percent"],
    "retention_1m_percent": lambda figures: figures["retention"]["1"]["percent"],
    "retention_3m_percent": lambda figures: figures["retention"]["3"]["percent"],
    "retention_6m_percent": lambda figures: figures["retention"]["6"]["percent"],
    "retention_12m_percent": lambda figures: figures["retention"]["12"]["percent"],
}
"""Where the whole answer has each share; internships have theirs by year."""


def added_up(name: ShareName, found: Mapping[Any, Divided]) -> Divided:
    return divide(name, sum(one.numerator for one in found.values()), sum(one.denominator for one in found.values()))


async def test_a_share_is_the_published_one_by_whatever_it_is_split(ledger: Ledger) -> None:
    rnd = random.Random(11)
    events = [*a_history(rnd, 40), *(launched(uuids.uuid7(), date(2009, month, 2)) for month in (3, 6))]
    await ledger.receive(shuffled(ledger.sources.records(events), rnd), rnd)
    for period in PERIODS:
        figures = await ledger.figures(period.as_of, period.first, period.known_at)
        async with ledger.pool.acquire() as conn:
            for name, published in PUBLISHED.items():
                whole = added_up(name, await share_parts(conn, name, (), period))
                assert whole.value == published(figures), (name, period)
                months = await share_parts(conn, name, ("age_band",), period, monthly=True)
                assert added_up(name, months) == whole, (name, period)
                for dimension in SHARES[name].dimensions:
                    split = await share_parts(conn, name, (dimension,), period)
                    assert added_up(name, split) == whole, (name, dimension, period)


async def test_each_part_of_a_share_is_of_those_it_names(ledger: Ledger) -> None:
    rnd = random.Random(12)
    await ledger.receive(ledger.sources.records(a_history(rnd, 40)), rnd)
    period = PERIODS[0]
    async with ledger.pool.acquire() as conn:
        found = await share_parts(conn, "wanted_percent", ("age_band", "occupation"), period)
        placed = await parts(conn, "placed", ("age_band", "occupation"), period)
        wanted = await parts(conn, "placed", ("wanted", "age_band", "occupation"), period)
    assert {part: one.denominator for part, one in found.items()} == placed
    of_wanted = Counter({(None, values[1:]): n for (_, values), n in wanted.items() if values[0] == "true"})
    assert Counter({part: one.numerator for part, one in found.items()}) == of_wanted


async def test_the_converted_of_a_year_are_a_share_of_those_completed_in_it(ledger: Ledger) -> None:
    one, other = (
        internship_started(uuids.uuid7(), date(2010, 6, 1)),
        internship_started(uuids.uuid7(), date(2010, 6, 1)),
    )
    for intern in (one, other):
        await ledger.publish(internship_completed(intern, date(2010, 12, 30)))
    await ledger.publish(internship_converted(one, date(2011, 1, 4), date(2010, 12, 30)))
    async with ledger.pool.acquire() as conn:
        by_year = await share_parts(conn, "internship_conversion_percent", ("completed_in",), PERIODS[0])
        by_month = await share_parts(conn, "internship_conversion_percent", (), PERIODS[0], monthly=True)
    assert by_year == {(None, ("2010",)): Divided(1, 2, 50.0)}
    assert by_month == {
        (date(2010, 12, 1), ()): Divided(0, 2, 0.0),
        (date(2011, 1, 1), ()): Divided(1, 0, None),
    }
    assert (await ledger.figures())["internships"]["2010"]["percent"] == 50.0


def test_a_share_is_split_by_what_both_of_its_counts_have() -> None:
    assert set(SHARES) == set(get_args(ShareName)) == {*PUBLISHED, "internship_conversion_percent"}
    assert SHARES["placement_rate_percent"].dimensions == (
        "age_band", "gender", "district", "income_band", "programme", "breadwinner",
    )  # fmt: skip
    assert "wanted" not in SHARES["wanted_percent"].dimensions
    assert "occupation" in SHARES["wanted_percent"].dimensions


@pytest.mark.parametrize(("numerator", "denominator", "value"), [(170, 7_603, 2.2), (1, 16, 6.3), (3, 0, None)])
def test_launches_are_told_for_a_hundred_sessions(numerator: int, denominator: int, value: float | None) -> None:
    assert divide("launches_per_session_percent", numerator, denominator).value == value
