"""A figure that is asked for by its name is what it is among all, and no more than it needs is looked at for it."""

import random
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from chassis.database import db
from jobplus.stack.local import Stack
from services.reporting.figures import asked, rules
from services.reporting.figures.period import Period
from services.reporting.figures.published import published
from tests.kit.client import StackClient
from tests.kit.databases import Databases
from tests.reporting.histories import shuffled
from tests.reporting.ledgers import TODAY, Ledger, Sums, a_database
from tests.reporting.test_facts import everything

PERIODS = [
    Period(date(2011, 1, 27)),
    Period(date(2009, 12, 31), date(2009, 1, 1)),
    Period(date(2010, 6, 1), date(2009, 3, 3), date(2010, 7, 1)),
]
PARTS = ("placed", "placed.by_age.-29", "sessions.job", "retention.6.percent", "internships.2009")


@pytest.fixture(scope="module")
async def wholes(stack: Stack, databases_alone: Databases) -> AsyncIterator[tuple[Ledger, dict[Period, Any]]]:
    """A reporting that has counted everything there is, half of which is summed up behind the facts, and all its
    figures."""
    async with a_database(stack, databases_alone) as pool:
        ledger, rnd = Ledger(pool), random.Random(9)
        records = shuffled(ledger.sources.records(everything(rnd)), rnd)
        await ledger.receive(records[: len(records) // 2], rnd)
        await Sums(pool).all()
        await ledger.receive(records[len(records) // 2 :], rnd)
        async with db.reading(pool) as conn:
            whole = {period: await published(conn, asked.ALL, period, TODAY) for period in PERIODS}
        yield ledger, whole


@pytest.mark.parametrize("name", [*(one.published.path for one in asked.ALL), *PARTS])
async def test_a_figure_by_its_name_is_the_same_as_among_all(wholes: tuple[Ledger, Any], name: str) -> None:
    ledger, whole = wholes
    async with db.reading(ledger.pool) as conn:
        for period in PERIODS:
            alone = asked.only(await published(conn, asked.named([name]), period, TODAY), [name])
            assert alone == asked.only(whole[period], [name])
            if name in PARTS:
                assert isinstance(alone, dict)


def test_figures_are_told_in_the_order_of_all_with_their_period() -> None:
    tree = {
        "as_of": 1,
        "from": 2,
        "known_at": 3,
        "registered": 4,
        "placed": {"total": 5, "by_age": {"-29": 6, "55-": 7}},
    }
    assert asked.only(tree, ["placed.by_age.55-", "registered"]) == {
        "as_of": 1, "from": 2, "known_at": 3, "registered": 4, "placed": {"by_age": {"55-": 7}},
    }  # fmt: skip
    assert asked.only(tree, ["registered", "placed.by_age.30"]) == "placed.by_age.30"
    assert asked.only(tree, ["registered.1"]) == "registered.1"


def test_for_a_figure_only_what_it_is_made_of_is_summed() -> None:
    assert asked.measures(asked.named(["placed.total"])) == {"placed": set()}
    assert asked.measures(asked.named(["placed.rate_percent"])) == {"placed": set(), "registered": set()}
    assert asked.measures(asked.named(["placed.wanted_percent", "placed.by_age"])) == {"placed": {"wanted", "age_band"}}
    assert asked.measures(asked.named(["visits"]))["visits"] == {"year", "plan_secured"}
    assert asked.measures(asked.named(["targets"])) == {}


@pytest.mark.parametrize("name", ["", "place", "placed_total", "by_age"])
def test_a_name_that_no_figure_has_is_refused(name: str) -> None:
    refused = rules.published_as(name)
    assert refused
    assert (refused.problem.code, refused.field) == ("unknown-figure", "figure")


def test_figures_are_asked_for_by_name_over_http(calling: StackClient) -> None:
    given = calling.get(
        "reporting", "/figures?as_of=2009-03-02&figure=placed.by_age&figure=registered", role="counsellor"
    )
    whole = calling.get("reporting", "/figures?as_of=2009-03-02", role="counsellor").json
    assert given.json == {
        **{name: whole[name] for name in ("as_of", "from", "known_at", "registered")},
        "placed": {"by_age": whole["placed"]["by_age"]},
    }
    for name in ("plaecd", "placed.by_age.-30"):
        refused = calling.get("reporting", f"/figures?figure={name}", role="counsellor")
        assert refused.problem == (422, "unknown-figure", ["figure"])
        assert name in refused.json["detail"]
