"""Plans for tests, as JSON gives them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import strategies as st

from contracts.codes import AGE_BANDS, CHANNELS, OCCUPATIONS
from jobplus.replay.planning.plan import PlanRefused, parse
from jobplus.replay.planning.shares import percent


def a_plan(**changes: object) -> dict[str, object]:
    """A small plan that can be met and says only what it must; with these keys changed or added."""
    return {
        "name": "small",
        "from": "2009-12-01",
        "to": "2010-12-31",
        "counsellors": 2,
        "employers": 3,
        "registered": 10,
        "placed": {"total": 4},
        "sessions": {"job": 30, "startup": 5},
        "referrals": 12,
        "launches": 2,
        **changes,
    }


def reasons_against(plan: object) -> list[str]:
    """Every reason why the plan is refused; a plan that isn't fails the test."""
    with pytest.raises(PlanRefused) as refused:
        parse(plan)
    return refused.value.reasons


@st.composite
def what_happened(draw: st.DrawFn) -> dict[str, object]:
    """A plan written from a history: each placed person has an occupation and an age, each session a channel."""
    placed = draw(st.lists(st.tuples(st.sampled_from(OCCUPATIONS), st.sampled_from(AGE_BANDS)), max_size=40))
    referred = len(placed) + draw(st.integers(0, 20))
    referrals = referred + (draw(st.integers(0, 50)) if referred else 0)
    registered = referred + draw(st.integers(0, 50))
    channels = draw(st.lists(st.sampled_from(CHANNELS), max_size=60))
    startup = len(channels) if not registered else draw(st.integers(0, len(channels)))
    from_ = draw(st.dates(date(1990, 1, 1), date(2030, 1, 1)))
    codes = [code for code, _ in placed]
    bands = [band for _, band in placed]
    named = draw(st.sets(st.sampled_from(OCCUPATIONS)))
    plan = a_plan(
        **{"from": str(from_), "to": str(from_ + timedelta(days=draw(st.integers(0, 900))))},
        counsellors=draw(st.integers(1, 5)),
        employers=draw(st.integers(1, 5)),
        registered=registered,
        placed={
            "total": len(placed),
            "by_occupation": {code: codes.count(code) for code in named},
            "by_age_percent": {
                band: percent(bands.count(band), len(placed))
                for band in draw(st.sets(st.sampled_from(AGE_BANDS)))
                if placed
            },
        },
        sessions={
            "job": len(channels) - startup,
            "startup": startup,
            "by_channel": {channel: channels.count(channel) for channel in CHANNELS},
        },
        referrals=referrals,
        referred=referred,
        launches=draw(st.integers(0, startup)),
        vacancies=max(len(set(codes)), min(referrals, 1)) + draw(st.integers(0, 5)),
    )
    answers = draw(st.lists(st.integers(1, 5), max_size=min(registered, len(channels) - startup) + startup))
    if answers:
        points = Decimal(sum(25 * (answer - 1) for answer in answers)) / len(answers)
        score = int(points * 10 + Decimal("0.5")) / 10
        plan["surveys"] = [{"on": str(from_), "asked": len(answers), "score": score}]
    return plan
