"""A job that a seeker found alone, on the real stack."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from contracts.topics import CASES
from tests.kit.threads import at_once
from tests.kit.waiting import until
from tests.matching.service_calls import Caller
from tests.matching.states import TODAY

REGISTERED = TODAY - timedelta(30)
FORM = {"occupation": "10", "sector": "private", "employment": "fixed_term", "wage": 1_900_000}


def test_a_seeker_finds_a_job_alone_and_counts_as_placed(caller: Caller) -> None:
    seeker_id = caller.seeker(wanted_occupations=["19", "10"], occurred_on=str(REGISTERED))
    vacancy_id = caller.vacancy(caller.employer(), occupation="19")
    accepted = caller.referral(seeker_id, vacancy_id)
    waiting = caller.referral(seeker_id, caller.vacancy(caller.employer()), answer=None)
    day = str(TODAY - timedelta(3))
    made = caller.made(f"/seekers/{seeker_id}/self-found", {**FORM, "occurred_on": day})

    case = caller.published(CASES, seeker_id, "Placed")
    _, placed = case[-1]
    assert placed["placement_id"] == made["placement_id"]
    assert {"referral_id", "vacancy_id", "employer_id", "programme"} & placed.keys() == set()
    told = ("source", "occupation", "wanted", "sector", "employment", "wage", "occurred_on")
    assert [placed[field] for field in told] == [
        "self_found",
        "10",
        True,
        "private",
        "fixed_term",
        1_900_000,
        day,
    ]
    ended = caller.published(CASES, seeker_id, "ReferralEnded")
    assert ended[-1][1]["reason"] == "obsolete"
    for referral_id in (accepted, waiting):
        assert caller.get(f"/referrals/{referral_id}")["status"] == "obsolete"
    assert caller.get(f"/vacancies/{vacancy_id}")["placed"] == 0
    kept = caller.query("SELECT source, referral_id, vacancy_id, wage FROM placement WHERE seeker_id = $1", seeker_id)
    assert kept == [{"source": "self_found", "referral_id": None, "vacancy_id": None, "wage": 1_900_000}]

    taken = (409, "seeker-already-placed", "seeker_id")
    assert caller.refused(f"/seekers/{seeker_id}/self-found", FORM) == taken
    assert caller.refused("/referrals", {"seeker_id": seeker_id, "vacancy_id": vacancy_id}) == taken
    caller.job_ended(seeker_id, made["placement_id"], TODAY)

    until(
        lambda: {candidate["seeker_id"] for candidate in caller.candidates(vacancy_id)},
        "the seeker is a candidate again",
        lambda found: seeker_id in found,
    )


def test_a_seeker_who_was_never_referred_finds_one_job_at_a_time(caller: Caller) -> None:
    path = f"/seekers/{caller.seeker()}/self-found"
    answers = at_once(*[partial(caller.post, path, FORM)] * 6)
    assert sorted(answer.status for answer in answers) == [201] + [409] * 5


def test_a_job_alone_and_one_by_a_referral_exclude_each_other(caller: Caller) -> None:
    seeker_id = caller.seeker()
    referral_id = caller.referral(seeker_id, caller.vacancy(caller.employer()))
    answers = at_once(
        partial(caller.post, f"/seekers/{seeker_id}/self-found", FORM),
        partial(caller.post, f"/referrals/{referral_id}/placement", {}),
    )
    assert sorted(answer.status for answer in answers) == [201, 409]


def test_what_is_refused_names_the_field(caller: Caller) -> None:
    seeker_id = caller.seeker(occurred_on=str(REGISTERED))
    path = f"/seekers/{seeker_id}/self-found"
    early = {**FORM, "occurred_on": str(REGISTERED - timedelta(1))}
    without_sector = {field: value for field, value in FORM.items() if field != "sector"}
    expected: list[tuple[str, Any, tuple[int, str, str | None]]] = [
        (path, early, (409, "before-pool-entry", "occurred_on")),
        (path, {**FORM, "occurred_on": "2999-01-01"}, (422, "date-in-future", "occurred_on")),
        (path, {**FORM, "occupation": "25"}, (422, "invalid-request", "occupation")),
        (path, {**FORM, "wage": -1}, (422, "invalid-request", "wage")),
        (path, {**FORM, "employer": "x"}, (422, "invalid-request", "employer")),
        (path, without_sector, (422, "invalid-request", "sector")),
        (f"/seekers/{uuid4()}/self-found", FORM, (404, "unknown-id", "seeker_id")),
    ]
    for where, body, refusal in expected:
        assert (where, body, caller.refused(where, body)) == (where, body, refusal)
    assert caller.post(path, early).json["facts"] == {"in_pool_since": str(REGISTERED)}
    assert caller.query("SELECT 1 FROM placement WHERE seeker_id = $1", seeker_id) == []
    assert caller.post(path, FORM, role="employer").status == 403
