"""Six referrals, of which an answer or a job is awaited, told day by day on a stack of its own, whose days go on."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.topics import CASES
from jobplus.stack.local import Stack
from tests.kit.topics import Topics
from tests.kit.waiting import until
from tests.matching.service_calls import Caller
from tests.stacks import Stacks

FIRST = date(2010, 3, 2)
"""A Tuesday."""
SERVICES = ("intake", "matching", "reporting")


@pytest.fixture(scope="module")
def stack(stacks: Stacks) -> Iterator[Stack]:
    with stacks.running("referrals", SERVICES) as running:
        yield running


@pytest.fixture(scope="module")
def caller(stack: Stack) -> Iterator[Caller]:
    with Topics(stack) as topics:
        yield Caller(stack, topics)


def the_day_is(caller: Caller, day: date) -> None:
    caller.calling.move_to(day, SERVICES)


def history(caller: Caller, seeker_id: str) -> list[tuple[str, Any, date]]:
    """All that was published of a seeker's case: what it was, what came of it, and its day."""
    return [(name, *_told(event)) for name, event in caller.history(CASES, seeker_id)]


def _told(event: dict[str, Any]) -> tuple[Any, date]:
    chased = (event["attempt"], event["asked"]) if "attempt" in event else None
    return chased or event.get("answer") or event.get("reason"), date.fromisoformat(event["occurred_on"])


def statuses(caller: Caller, seekers: list[str]) -> list[str]:
    pages = [caller.get(f"/referrals?seeker_id={seeker_id}") for seeker_id in seekers]
    return [referral["status"] for page in pages for referral in page["referrals"]]


def test_of_six_referrals_one_is_answered_late_and_five_end_each_in_its_way(
    caller: Caller,
) -> None:
    the_day_is(caller, FIRST)
    vacancy_id = caller.vacancy(caller.employer(), openings=9)
    closing = caller.vacancy(caller.employer())
    answered, forgotten, withdrawn, overtaken, put_off = seekers = [caller.seeker() for _ in range(5)]
    left = caller.seeker()
    referrals = [caller.referral(seeker_id, vacancy_id, answer=None) for seeker_id in seekers]

    the_day_is(caller, FIRST + timedelta(3))
    for postponed in (referrals[0], referrals[4]):
        caller.made(f"/referrals/{postponed}/answer", {"answer": "postponed", "reason": "hours_unsuitable"})
    caller.referral(left, closing)
    caller.made(f"/vacancies/{closing}/closing", {"reason": "withdrawn"})
    caller.calling.settle(SERVICES)
    taken_back = caller.made(f"/referrals/{referrals[2]}/withdrawal", {"reason": "seeker_unsuited"})
    assert taken_back == {"referral_id": referrals[2], "status": "withdrawn", "version": 1}
    ended = (409, "referral-ended", "referral_id")
    assert caller.refused(f"/referrals/{referrals[2]}/withdrawal", {"reason": "other"}) == ended
    assert caller.refused(f"/referrals/{referrals[2]}/answer", {"answer": "accepted"}) == ended
    own = {"occupation": "10", "sector": "private", "employment": "permanent"}
    caller.made(f"/seekers/{overtaken}/self-found", own)

    the_day_is(caller, FIRST + timedelta(13))
    steps = "SELECT chased FROM referral WHERE referral_id = ANY($1) ORDER BY referral_id"
    ids = [UUID(referral_id) for referral_id in referrals]

    def chased(*times: int) -> None:
        until(
            lambda: [row["chased"] for row in caller.query(steps, ids)],
            f"they are chased {times} times",
            lambda found: found == list(times),
        )

    done_through = "SELECT day FROM due_through WHERE work = 'referrals to chase'"
    until(
        lambda: caller.query(done_through),
        "all that is due is done",
        lambda rows: rows == [{"day": FIRST + timedelta(13)}],
    )
    chased(0, 0, 0, 0, 0)
    the_day_is(caller, FIRST + timedelta(14))
    chased(0, 1, 0, 0, 0)
    the_day_is(caller, FIRST + timedelta(17))
    chased(1, 1, 0, 0, 1)
    the_day_is(caller, FIRST + timedelta(20))
    assert caller.answer(referrals[0], "accepted", version=2).status == 200
    the_day_is(caller, FIRST + timedelta(60))
    chased(1, 2, 0, 0, 2)

    waiting = caller.get(f"/referrals?waiting_since_before={FIRST + timedelta(1)}")
    assert [one["referral_id"] for one in waiting["referrals"]] == [referrals[1], referrals[4]]
    assert [one["postponed_on"] for one in waiting["referrals"]] == [None, str(FIRST + timedelta(3))]
    assert waiting["referrals"][0]["chased"] == 2
    assert (caller.get(f"/referrals?waiting_since_before={FIRST}")) == {"referrals": [], "next": None}

    the_day_is(caller, FIRST + timedelta(91))

    expired = ["accepted", "expired", "withdrawn", "obsolete", "postponed"]
    until(lambda: statuses(caller, seekers), "one has expired", lambda found: found == expired)
    the_day_is(caller, FIRST + timedelta(93))
    caller.calling.settle(SERVICES)
    assert statuses(caller, [left]) == ["accepted"]
    the_day_is(caller, FIRST + timedelta(94))

    expired = ["accepted", "expired", "withdrawn", "obsolete", "expired"]
    until(lambda: statuses(caller, seekers), "both have expired", lambda found: found == expired)
    until(lambda: statuses(caller, [left]), "one has lapsed", lambda found: found == ["lapsed"])

    def by_reason() -> dict[str, Any]:
        found = caller.calling.get("reporting", "/figures/monthly?measure=referrals_ended&by=reason").json
        return {month["month"]: month["parts"] for month in found["months"]}

    wanted = {"2010-03": {"obsolete": 1, "withdrawn": 1}, "2010-06": {"expired": 2, "lapsed": 1}}
    until(by_reason, "what ended is counted by its reason", lambda counted: counted == wanted)
    assert {seeker_id: history(caller, seeker_id) for seeker_id in (*seekers, left)} == {
        left: [
            ("ReferralMade", None, FIRST + timedelta(3)),
            ("ReferralAnswered", "accepted", FIRST + timedelta(3)),
            ("ReferralEnded", "lapsed", FIRST + timedelta(94)),
        ],
        answered: [
            ("ReferralMade", None, FIRST),
            ("ReferralAnswered", "postponed", FIRST + timedelta(3)),
            ("ReferralChased", (1, "seeker"), FIRST + timedelta(17)),
            ("ReferralAnswered", "accepted", FIRST + timedelta(20)),
        ],
        forgotten: [
            ("ReferralMade", None, FIRST),
            ("ReferralChased", (1, "seeker"), FIRST + timedelta(14)),
            ("ReferralChased", (2, "employer"), FIRST + timedelta(60)),
            ("ReferralEnded", "expired", FIRST + timedelta(91)),
        ],
        withdrawn: [
            ("ReferralMade", None, FIRST),
            ("ReferralEnded", "withdrawn", FIRST + timedelta(3)),
        ],
        overtaken: [
            ("ReferralMade", None, FIRST),
            ("Placed", None, FIRST + timedelta(3)),
            ("ReferralEnded", "obsolete", FIRST + timedelta(3)),
        ],
        put_off: [
            ("ReferralMade", None, FIRST),
            ("ReferralAnswered", "postponed", FIRST + timedelta(3)),
            ("ReferralChased", (1, "seeker"), FIRST + timedelta(17)),
            ("ReferralChased", (2, "employer"), FIRST + timedelta(60)),
            ("ReferralEnded", "expired", FIRST + timedelta(94)),
        ],
    }
