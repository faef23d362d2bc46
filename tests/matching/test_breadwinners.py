"""What a person declares of the family is told by every event about them, from the registration to the placement."""

import pytest

from contracts.topics import CASES, SEEKERS
from services.intake.seekers.model import Declared
from tests.kit import forms
from tests.kit.waiting import until
from tests.matching.service_calls import Caller


@pytest.mark.parametrize(
    ("dependants", "other_earners", "breadwinner"),
    [
        (2, 0, True),
        (1, 1, False),
        (0, 0, False),
        (0, None, False),
        (None, 1, False),
        (None, 0, None),
        (3, None, None),
        (None, None, None),
    ],
)
def test_a_breadwinner_has_dependants_and_is_the_only_earner(
    dependants: int | None, other_earners: int | None, breadwinner: bool | None
) -> None:
    assert Declared(dependants=dependants, other_earners=other_earners).breadwinner is breadwinner


def test_a_breadwinners_placement_tells_that_it_is_one(caller: Caller) -> None:
    families = ({"dependants": 2, "other_earners": 0}, {"dependants": 2, "other_earners": 1}, {})
    told: list[list[bool | None]] = []
    for family in families:
        seeker_id = caller.seeker(**family)
        vacancy_id = caller.vacancy(caller.employer())
        referral_id = caller.referral(seeker_id, vacancy_id)
        caller.made(f"/referrals/{referral_id}/placement", {})
        registered = caller.published(SEEKERS, seeker_id, "SeekerRegistered")
        placed = caller.published(CASES, seeker_id, "Placed")
        told.append([event["person"].get("breadwinner") for _, event in (*registered, *placed)])
    assert told == [[True] * 4, [False] * 4, [None] * 4]


def test_who_is_no_breadwinner_any_more_is_told_so_from_then_on(caller: Caller) -> None:
    form = forms.seeker(dependants=1)
    seeker_id = caller.seeker(**form, other_earners=0)
    changed = {**form, "other_earners": 1}
    assert caller.calling.put("intake", f"/seekers/{seeker_id}", changed, version='"1"').status == 200
    until(
        lambda: caller.query("SELECT breadwinner FROM seeker WHERE seeker_id = $1", seeker_id),
        "matching has heard of it",
        lambda rows: rows == [{"breadwinner": False}],
    )
    caller.referral(seeker_id, caller.vacancy(caller.employer()), answer=None)
    (_, before), (_, after) = caller.published(SEEKERS, seeker_id, "SeekerChanged")
    ((_, referral),) = caller.published(CASES, seeker_id, "ReferralMade")
    assert [event["person"]["breadwinner"] for event in (before, after, referral)] == [True, False, False]
