"""Lists of referrals, and rankings after a refusal and for internships, on the real stack."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from contracts.topics import CASES
from tests.kit.client import Reply
from tests.kit.threads import at_once
from tests.kit.waiting import until
from tests.matching.service_calls import Caller
from tests.matching.states import TODAY

REGISTERED = {"occurred_on": str(TODAY - timedelta(80))}


def pages(caller: Caller, query: str, limit: int) -> list[list[str]]:
    """The ids on each page of a list."""
    found: list[list[str]] = []
    after = ""
    while True:
        page = caller.get(f"/referrals?{query}&limit={limit}{after}")
        found.append([one["referral_id"] for one in page["referrals"]])
        if page["next"] is None:
            return found
        assert len(found) < 10
        after = f"&after={page['next']}"


def referral(caller: Caller, seeker_id: str, vacancy_id: str, days_ago: int) -> str:
    asked = {"seeker_id": seeker_id, "vacancy_id": vacancy_id, "occurred_on": str(TODAY - timedelta(days_ago))}
    return caller.made("/referrals", asked)["referral_id"]


def test_whom_to_chase_is_listed_by_day_and_what_else_is_asked_for_is_too(caller: Caller) -> None:
    employer_id = caller.employer()
    vacancy_id = caller.vacancy(employer_id, openings=9, **REGISTERED)
    seekers = [caller.seeker(**REGISTERED) for _ in range(3)]
    ids = [referral(caller, seeker_id, vacancy_id, days) for seeker_id, days in zip(seekers, (5, 40, 20), strict=True)]
    by_day = [ids[1], ids[2], ids[0]]
    to_it = f"vacancy_id={vacancy_id}"
    assert pages(caller, to_it, 2) == [by_day[:2], by_day[2:]]
    assert pages(caller, to_it, 3) == [by_day, []]
    before = f"waiting_since_before={TODAY - timedelta(20)}"
    assert pages(caller, f"{to_it}&{before}", 9) == [[ids[1]]]

    refusal = {"answer": "refused_by_seeker", "reason": "too_far"}
    caller.made(f"/referrals/{ids[1]}/answer", refusal)
    caller.made(f"/referrals/{ids[2]}/withdrawal", {"reason": "made_by_mistake"})
    assert pages(caller, f"{to_it}&status=refused&status=withdrawn", 9) == [[ids[1], ids[2]]]
    assert pages(caller, f"{to_it}&status=made", 9) == [[ids[0]]]
    assert pages(caller, f"seeker_id={seekers[1]}&{to_it}", 9) == [[ids[1]]]
    waiting = [each for page in pages(caller, "", 500) for each in page]
    assert set(ids) & set(waiting) == {ids[0]}
    view = caller.get(f"/referrals/{ids[2]}")
    assert (view["status"], view["reason"]) == ("withdrawn", "made_by_mistake")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=open", "status"),
        ("waiting_since_before=soon", "waiting_since_before"),
        ("seeker_id=1", "seeker_id"),
        ("limit=501", "limit"),
        ("after=there", "after"),
    ],
)
def test_a_list_that_can_not_be_is_refused_by_the_name_of_the_field(caller: Caller, query: str, field: str) -> None:
    answer = caller.read(f"/referrals?{query}")
    assert answer.status == 422
    assert field in answer.json["errors"][0]["field"]
    refused = caller.read("/referrals", role="employer")
    assert refused.status == 403


def test_of_steps_that_passed_together_the_last_is_published_and_found_by_its_own_index(
    caller: Caller,
) -> None:
    vacancy_id = caller.vacancy(caller.employer(), **REGISTERED)
    seeker_id = caller.seeker(**REGISTERED)
    referral_id = referral(caller, seeker_id, vacancy_id, 31)
    (_, (name, chased)) = caller.published(CASES, seeker_id, "ReferralChased")
    assert (name, chased["attempt"], chased["asked"]) == ("ReferralChased", 2, "employer")
    assert (chased["occurred_on"], chased["actor"]["role"]) == (str(TODAY), "system")

    until(lambda: caller.get(f"/referrals/{referral_id}")["chased"], "it is chased twice", lambda times: times == 2)
    scans = "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'referral_to_chase'"
    until(lambda: caller.query(scans)[0]["idx_scan"], "the index was used")


def test_a_referral_ends_in_a_placement_or_a_withdrawal_and_never_in_both(caller: Caller) -> None:
    vacancy_id = caller.vacancy(caller.employer(), openings=9)
    for _ in range(3):
        referral_id = caller.referral(caller.seeker(), vacancy_id)
        answers = at_once(
            partial(caller.post, f"/referrals/{referral_id}/placement", {}),
            partial(caller.post, f"/referrals/{referral_id}/withdrawal", {"reason": "other"}),
        )
        assert sorted(answer.status for answer in answers) in ([200, 409], [201, 409])
        won = "placed" if answers[0].status == 201 else "withdrawn"
        assert caller.get(f"/referrals/{referral_id}")["status"] == won


def reasons(ranked: dict[str, Any]) -> dict[str, Any]:
    return {reason["code"]: reason for reason in ranked["reasons"]}


def test_who_refused_comes_lower_on_both_sides_and_is_told_why(caller: Caller) -> None:
    terms = {"occupation": "23", "district": "11740", **REGISTERED}
    vacancy_id = caller.vacancy(caller.employer(), **terms)
    other_id = caller.vacancy(caller.employer(), **{**terms, "district": "11500"})
    wishes = {"wanted_occupations": ["23"], "district": "11740", **REGISTERED}
    first, second = caller.seeker(**wishes), caller.seeker(**wishes)
    referral_id = referral(caller, first, vacancy_id, 3)
    refusal = {"answer": "refused_by_employer", "reason": "another_chosen"}
    caller.made(f"/referrals/{referral_id}/answer", refusal)

    def ours() -> list[Any]:
        """Others' seekers may want this occupation, too."""
        return [one for one in caller.candidates(vacancy_id) if one["seeker_id"] in {first, second}]

    found = until(ours, "both are there", lambda found: len(found) == 2)
    assert [one["seeker_id"] for one in found] == [second, first]
    assert reasons(found[1])["refused_before"] == {
        "code": "refused_before",
        "points": -40,
        "facts": {"answer": "refused_by_employer", "reason": "another_chosen"},
    }
    assert "refused_before" not in reasons(found[0])
    for seeker_id, order in ((first, [other_id, vacancy_id]), (second, [vacancy_id, other_id])):
        offered = caller.get(f"/seekers/{seeker_id}/vacancies?limit=100")["vacancies"]
        assert [one["vacancy_id"] for one in offered if one["vacancy_id"] in order] == order


def test_an_internship_is_ranked_only_for_those_whom_its_law_is_for(caller: Caller) -> None:
    terms = {"occupation": "22", **REGISTERED}
    employer_id = caller.employer()
    internship = caller.vacancy(employer_id, employment="internship", converts=True, **terms)
    job = caller.vacancy(employer_id, **terms)
    wishes = {"wanted_occupations": ["22"], **REGISTERED}
    young = caller.seeker(birth_date=f"{TODAY.year - 29}-01-01", **wishes)
    older = caller.seeker(birth_date=f"{TODAY.year - 30}-12-31", **wishes)

    until(
        lambda: {one["seeker_id"] for one in caller.candidates(job)},
        "both are there",
        lambda found: {young, older} <= found,
    )
    (candidate,) = (one for one in caller.candidates(internship) if one["seeker_id"] in {young, older})
    assert candidate["seeker_id"] == young
    assert reasons(candidate)["youth_internship_age"]["facts"] == {"age": 29, "most": 29}
    for seeker_id, offered in ((young, {internship, job}), (older, {job})):
        found = caller.get(f"/seekers/{seeker_id}/vacancies?limit=100")["vacancies"]
        assert {one["vacancy_id"] for one in found} & {internship, job} == offered


def test_a_seeker_is_shown_only_what_they_may_be_referred_to_and_why(caller: Caller) -> None:
    """In total care nothing, with SOS-Care public jobs, in a public job private ones, until they have found another job
    from it; and candidates are the same."""
    employer_id = caller.employer()
    private = caller.vacancy(employer_id, occupation="21")
    public = caller.vacancy(employer_id, occupation="21", sector="public", openings=2)
    seeker_id = caller.seeker(
        wanted_occupations=["21"],
        dependants=2,
        other_earners=0,
        last_job_ended_on=str(TODAY - timedelta(30)),
        last_job_end_reason="firm_closed",
    )
    path = f"/seekers/{seeker_id}"

    def shown() -> tuple[set[str], str | None] | Reply:
        answer = caller.read(f"{path}/vacancies?limit=100")
        if answer.status != 200:
            return answer
        found, closed = answer.json["vacancies"], answer.json["gate"]
        return {one["vacancy_id"] for one in found}, closed and closed["problem"]

    def until_open(vacancies: set[str], why: str | None) -> None:
        until(shown, "the seeker is shown what they may be referred to", lambda seen: seen == (vacancies, why))
        for vacancy_id in (private, public):
            found = {one["seeker_id"] for one in caller.candidates(vacancy_id)}
            assert (seeker_id in found) is (vacancy_id in vacancies)

    until_open({private, public}, None)
    scores = {"work_habits": 2, "job_goal": 2, "vocational_skills": 1}
    caller.made(f"{path}/care-assessments", scores, service="intake")
    until_open(set(), "not-ready-for-referral")
    overriding = caller.get(f"{path}/vacancies?limit=100&override=true")
    assert overriding["gate"] is None
    assert {private, public} <= {one["vacancy_id"] for one in overriding["vacancies"]}
    assert caller.made(f"{path}/sos-care", {}, service="intake")["granted"] is True
    until_open({public}, "not-ready-for-referral")
    referral_id = caller.referral(seeker_id, public)
    placement_id = caller.made(f"/referrals/{referral_id}/placement", {})["placement_id"]
    until_open({private}, "seeker-already-placed")
    waiting = caller.referral(seeker_id, private, answer=None)
    caller.job_ended(seeker_id, placement_id, TODAY, changed_job=True)
    until(lambda: caller.get(f"/referrals/{waiting}")["status"], "it has ended", lambda status: status == "obsolete")
    until_open(set(), "seeker-already-placed")
