"""Answers to a referral on a real stack: none overwrites another that its asker has not read."""

from tests.kit.client import Reply
from tests.kit.threads import at_once
from tests.matching.service_calls import Caller

ROUNDS = 8


def both(caller: Caller, referral_id: str) -> list[Reply]:
    """Give two different answers to a referral at once; the one that was taken comes first."""
    replies = at_once(
        lambda: caller.answer(referral_id, "accepted"),
        lambda: caller.answer(referral_id, "refused_by_seeker", reason="too_far"),
    )
    return sorted(replies, key=lambda reply: reply.status)


def test_of_two_different_answers_at_once_one_is_taken_and_the_other_asker_is_told(caller: Caller) -> None:
    vacancy_id = caller.vacancy(caller.employer(), openings=ROUNDS)
    for _ in range(ROUNDS):
        referral_id = caller.referral(caller.seeker(), vacancy_id, answer=None)
        taken, late = both(caller, referral_id)
        assert (taken.status, late.problem) == (200, (428, "version-missing", ["If-Match"]))
        read = caller.read(f"/referrals/{referral_id}")
        assert (read.json["status"], read.headers["ETag"]) == (taken.json["status"], '"2"')


def test_the_etag_of_an_answer_and_of_the_record_is_what_a_change_names(caller: Caller) -> None:
    referral_id = caller.referral(caller.seeker(), caller.vacancy(caller.employer()), answer=None)
    assert caller.read(f"/referrals/{referral_id}").headers["ETag"] == '"1"'
    postponed = caller.answer(referral_id, "postponed")
    assert postponed.headers["ETag"] == '"2"'
    assert caller.answer(referral_id, "accepted", version=1).problem == (412, "version-changed", ["If-Match"])
    accepted = caller.answer(referral_id, "accepted", version=2)
    assert (accepted.status, accepted.headers["ETag"]) == (200, '"3"')
    assert caller.answer(referral_id, "accepted").json == accepted.json
    assert caller.read(f"/referrals/{referral_id}").headers["ETag"] == '"3"'
