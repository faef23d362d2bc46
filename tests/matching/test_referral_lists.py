"""Lists of referrals, and rankings after a refusal and for internships, on the real stack."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from jobplus.stack.local import Stack
from tests.matching.service_calls import Caller, eventually
from tests.matching.states import TODAY
from tests.matching.topic_reader import published
from tests.matching.topic_writer import Sent, employment_ended, write

REGISTERED = {"occurred_on": str(TODAY - timedelta(80))}


async def pages(caller: Caller, query: str, limit: int) -> list[list[str]]:
    """The ids on each page of a list."""
    found: list[list[str]] = []
    after = ""
    while True:
        page = await caller.get(f"/referrals?{query}&limit={limit}{after}")
        found.append([one["referral_id"] for one in page["referrals"]])
        if page["next"] is None:
            return found
        assert len(found) < 10
        after = f"&after={page['next']}"


async def referral(caller: Caller, seeker_id: str, vacancy_id: str, days_ago: int) -> str:
    asked = {"seeker_id": seeker_id, "vacancy_id": vacancy_id, "occurred_on": str(TODAY - timedelta(days_ago))}
    return (await caller.made("/referrals", asked))["referral_id"]


async def test_whom_to_chase_is_listed_by_day_and_what_else_is_asked_for_is_too(caller: Caller) -> None:
    employer_id = await caller.employer()
    vacancy_id = await caller.vacancy(employer_id, openings=9, **REGISTERED)
    seekers = [await caller.seeker(**REGISTERED) for _ in range(3)]
    ids = [
        await referral(caller, seeker_id, vacancy_id, days)
        for seeker_id, days in zip(seekers, (5, 40, 20), strict=True)
    ]
    by_day = [ids[1], ids[2], ids[0]]
    to_it = f"vacancy_id={vacancy_id}"
    assert await pages(caller, to_it, 2) == [by_day[:2], by_day[2:]]
    assert await pages(caller, to_it, 3) == [by_day, []]
    before = f"waiting_since_before={TODAY - timedelta(20)}"
    assert await pages(caller, f"{to_it}&{before}", 9) == [[ids[1]]]

    refusal = {"answer": "refused_by_seeker", "reason": "too_far"}
    await caller.made(f"/referrals/{ids[1]}/answer", refusal)
    await caller.made(f"/referrals/{ids[2]}/withdrawal", {"reason": "made_by_mistake"})
    assert await pages(caller, f"{to_it}&status=refused&status=withdrawn", 9) == [[ids[1], ids[2]]]
    assert await pages(caller, f"{to_it}&status=made", 9) == [[ids[0]]]
    assert await pages(caller, f"seeker_id={seekers[1]}&{to_it}", 9) == [[ids[1]]]
    waiting = [each for page in await pages(caller, "", 500) for each in page]
    assert set(ids) & set(waiting) == {ids[0]}
    view = await caller.get(f"/referrals/{ids[2]}")
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
async def test_a_list_that_can_not_be_is_refused_by_the_name_of_the_field(
    caller: Caller, query: str, field: str
) -> None:
    answer = await caller.client("matching").once("GET", f"/referrals?{query}")
    assert answer.status == 422
    assert field in answer.json()["errors"][0]["field"]
    refused = await caller.client("matching", "employer").once("GET", "/referrals")
    assert refused.status == 403


async def test_of_steps_that_passed_together_the_last_is_published_and_found_by_its_own_index(
    stack: Stack, caller: Caller
) -> None:
    vacancy_id = await caller.vacancy(await caller.employer(), **REGISTERED)
    seeker_id = await caller.seeker(**REGISTERED)
    referral_id = await referral(caller, seeker_id, vacancy_id, 31)
    (_, (name, chased)) = await published(stack, "jobplus.cases", seeker_id, "ReferralChased")
    assert (name, chased["attempt"], chased["asked"]) == ("ReferralChased", 2, "employer")
    assert (chased["occurred_on"], chased["actor"]["role"]) == (str(TODAY), "system")

    async def is_chased() -> bool:
        return (await caller.get(f"/referrals/{referral_id}"))["chased"] == 2

    await eventually(is_chased)
    with psycopg.connect(stack.database_url("matching"), autocommit=True) as database:

        async def index_was_used() -> bool:
            query = "SELECT idx_scan > 0 FROM pg_stat_user_indexes WHERE indexrelname = 'referral_to_chase'"
            return database.execute(query).fetchone() == (True,)

        await eventually(index_was_used)


async def test_a_referral_ends_in_a_placement_or_a_withdrawal_and_never_in_both(caller: Caller) -> None:
    vacancy_id = await caller.vacancy(await caller.employer(), openings=9)
    for _ in range(3):
        referral_id = await caller.referral(await caller.seeker(), vacancy_id)
        answers = await asyncio.gather(
            caller.post(f"/referrals/{referral_id}/placement", {}),
            caller.post(f"/referrals/{referral_id}/withdrawal", {"reason": "other"}),
        )
        assert sorted(answer.status for answer in answers) in ([200, 409], [201, 409])
        won = "placed" if answers[0].status == 201 else "withdrawn"
        assert (await caller.get(f"/referrals/{referral_id}"))["status"] == won


def reasons(ranked: dict[str, Any]) -> dict[str, Any]:
    return {reason["code"]: reason for reason in ranked["reasons"]}


async def test_who_refused_comes_lower_on_both_sides_and_is_told_why(caller: Caller) -> None:
    terms = {"occupation": "23", "district": "11740", **REGISTERED}
    vacancy_id = await caller.vacancy(await caller.employer(), **terms)
    other_id = await caller.vacancy(await caller.employer(), **{**terms, "district": "11500"})
    wishes = {"wanted_occupations": ["23"], "district": "11740", **REGISTERED}
    first, second = await caller.seeker(**wishes), await caller.seeker(**wishes)
    referral_id = await referral(caller, first, vacancy_id, 3)
    refusal = {"answer": "refused_by_employer", "reason": "another_chosen"}
    await caller.made(f"/referrals/{referral_id}/answer", refusal)

    async def ours() -> list[Any]:
        """Others' seekers may want this occupation, too."""
        found = await caller.get(f"/vacancies/{vacancy_id}/candidates?limit=100")
        return [one for one in found["candidates"] if one["seeker_id"] in {first, second}]

    async def both_are_there() -> bool:
        return len(await ours()) == 2

    await eventually(both_are_there)
    found = await ours()
    assert [one["seeker_id"] for one in found] == [second, first]
    assert reasons(found[1])["refused_before"] == {
        "code": "refused_before",
        "points": -40,
        "facts": {"answer": "refused_by_employer", "reason": "another_chosen"},
    }
    assert "refused_before" not in reasons(found[0])
    for seeker_id, order in ((first, [other_id, vacancy_id]), (second, [vacancy_id, other_id])):
        offered = (await caller.get(f"/seekers/{seeker_id}/vacancies?limit=100"))["vacancies"]
        assert [one["vacancy_id"] for one in offered if one["vacancy_id"] in order] == order


async def test_an_internship_is_ranked_only_for_those_whom_its_law_is_for(caller: Caller) -> None:
    terms = {"occupation": "22", **REGISTERED}
    employer_id = await caller.employer()
    internship = await caller.vacancy(employer_id, employment="internship", converts=True, **terms)
    job = await caller.vacancy(employer_id, **terms)
    wishes = {"wanted_occupations": ["22"], **REGISTERED}
    young = await caller.seeker(birth_date=f"{TODAY.year - 29}-01-01", **wishes)
    older = await caller.seeker(birth_date=f"{TODAY.year - 30}-12-31", **wishes)

    async def both_are_there() -> bool:
        found = await caller.get(f"/vacancies/{job}/candidates?limit=100")
        return {young, older} <= {one["seeker_id"] for one in found["candidates"]}

    await eventually(both_are_there)
    found = (await caller.get(f"/vacancies/{internship}/candidates?limit=100"))["candidates"]
    (candidate,) = (one for one in found if one["seeker_id"] in {young, older})
    assert candidate["seeker_id"] == young
    assert reasons(candidate)["youth_internship_age"]["facts"] == {"age": 29, "most": 29}
    for seeker_id, offered in ((young, {internship, job}), (older, {job})):
        found = (await caller.get(f"/seekers/{seeker_id}/vacancies?limit=100"))["vacancies"]
        assert {one["vacancy_id"] for one in found} & {internship, job} == offered


async def test_a_seeker_is_shown_only_what_they_may_be_referred_to_and_why(stack: Stack, caller: Caller) -> None:
    """In total care nothing, with SOS-Care public jobs, in a public job private ones, until they have found another job
    from it; and candidates are the same."""
    employer_id = await caller.employer()
    private = await caller.vacancy(employer_id, occupation="21")
    public = await caller.vacancy(employer_id, occupation="21", sector="public", openings=2)
    seeker_id = await caller.seeker(
        wanted_occupations=["21"],
        dependants=2,
        other_earners=0,
        last_job_ended_on=str(TODAY - timedelta(30)),
        last_job_end_reason="firm_closed",
    )
    path = f"/seekers/{seeker_id}"

    async def until_open(vacancies: set[str], why: str | None) -> None:
        async def so() -> bool:
            answer = await caller.client("matching").once("GET", f"{path}/vacancies?limit=100")
            if answer.status != 200:
                return False
            found, closed = answer.json()["vacancies"], answer.json()["gate"]
            return ({one["vacancy_id"] for one in found}, closed and closed["problem"]) == (vacancies, why)

        await eventually(so)
        for vacancy_id in (private, public):
            found = (await caller.get(f"/vacancies/{vacancy_id}/candidates?limit=100"))["candidates"]
            assert (seeker_id in {one["seeker_id"] for one in found}) is (vacancy_id in vacancies)

    await until_open({private, public}, None)
    scores = {"work_habits": 2, "job_goal": 2, "vocational_skills": 1}
    await caller.made(f"{path}/care-assessments", scores, service="intake")
    await until_open(set(), "not-ready-for-referral")
    overriding = await caller.get(f"{path}/vacancies?limit=100&override=true")
    assert overriding["gate"] is None
    assert {private, public} <= {one["vacancy_id"] for one in overriding["vacancies"]}
    assert (await caller.made(f"{path}/sos-care", {}, service="intake"))["granted"] is True
    await until_open({public}, "not-ready-for-referral")
    referral_id = await caller.referral(seeker_id, public)
    placement_id = (await caller.made(f"/referrals/{referral_id}/placement", {}))["placement_id"]
    await until_open({private}, "seeker-already-placed")
    waiting = await caller.referral(seeker_id, private, answer=None)
    elsewhere = employment_ended(UUID(seeker_id), UUID(placement_id), TODAY).model_copy(update={"changed_job": True})
    await write(stack, [Sent.of(elsewhere)])

    async def it_has_ended() -> bool:
        return (await caller.get(f"/referrals/{waiting}"))["status"] == "obsolete"

    await eventually(it_has_ended)
    await until_open(set(), "seeker-already-placed")
