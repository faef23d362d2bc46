"""The surveys of a history have the scores that the plan says, by answers from 1 to 5."""

import random
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from jobplus.replay.drawing.surveys import surveys
from jobplus.replay.planning.plan import parse, read
from jobplus.replay.planning.shares import percent
from tests.replay.plans import a_plan
from tests.replay.test_compare import TWO_YEARS


def test_two_years_have_their_two_surveys_answered_by_all_who_are_asked() -> None:
    first, second = surveys(read(TWO_YEARS), random.Random(1))
    assert [(str(s.on), s.asked, len(s.answers)) for s in (first, second)] == [
        ("2009-12-15", 400, 400),
        ("2010-07-15", 400, 400),
    ]
    means = [Decimal(sum(answer - 1 for answer in s.answers) * 25) / 400 for s in (first, second)]
    assert [str(mean.quantize(Decimal("0.1"), ROUND_HALF_UP)) for mean in means] == ["65.4", "70.2"]


@given(answers=st.lists(st.integers(1, 5), min_size=1, max_size=40), seed=st.integers(0, 100))
def test_whatever_score_some_answers_give_is_met(answers: list[int], seed: int) -> None:
    score = percent(sum(answers) - len(answers), 4 * len(answers))
    given_ = [{"on": "2010-07-15", "asked": len(answers), "score": float(str(score))}]
    plan = parse(a_plan(surveys=given_, registered=50, sessions={"job": 60, "startup": 5}))
    (held,) = surveys(plan, random.Random(seed))
    assert set(held.answers) <= {1, 2, 3, 4, 5}
    assert 0 < len(held.answers) <= held.asked
    assert percent(sum(held.answers) - len(held.answers), 4 * len(held.answers)) == Decimal(str(score))
