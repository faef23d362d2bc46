"""Two records of one person, merged on the real stack: what was held under the one goes on under the other."""

from typing import Any
from uuid import UUID

import asyncpg

from contracts.profiles import ProfileMerged
from jobplus.stack.local import Stack
from tests.matching.service_calls import Caller, eventually
from tests.matching.test_internships import (
    STARTED,
    TODAY,
    a_young_seeker,
    accepted_referral,
    an_intern_is_sought,
    started,
)
from tests.matching.topic_reader import published
from tests.matching.topic_writer import STAMP, Sent, employment_ended, profile, write

LED = "SELECT merged_into FROM seeker WHERE seeker_id = ANY($1) AND merged_into IS NOT NULL"


async def merged(caller: Caller, stack: Stack, kept: str, *given_up: str) -> None:
    """Merge records into one, each into the one before it, the last one first; wait until matching has."""
    chain = [kept, *given_up]
    for into, gone in zip(chain[-2::-1], chain[:0:-1], strict=True):
        await caller.made(f"/seekers/{into}/merge", {"merged_id": gone}, service="intake")
    await leading(stack, kept, *given_up)


async def leading(stack: Stack, kept: str, *given_up: str) -> None:
    """Wait until the marks of records that were given up lead to the one that stayed."""
    conn = await asyncpg.connect(stack.database_url("matching"))

    async def led() -> bool:
        rows = await conn.fetch(LED, list(map(UUID, given_up)))
        return [str(row["merged_into"]) for row in rows] == [kept] * len(given_up)

    await eventually(led)
    await conn.close()


async def test_who_was_placed_under_the_record_given_up_is_placed_under_the_other(caller: Caller, stack: Stack) -> None:
    employer = await caller.employer()
    kept, between, gone = [await caller.seeker() for _ in range(3)]
    waiting = await caller.referral(kept, await caller.vacancy(employer), None)
    accepted = await caller.referral(gone, await caller.vacancy(employer))
    placement = (await caller.made(f"/referrals/{accepted}/placement", {}))["placement_id"]
    await merged(caller, stack, kept, between, gone)

    form: dict[str, Any] = {"seeker_id": kept, "vacancy_id": await caller.vacancy(employer)}
    assert await caller.refused("/referrals", form) == (409, "seeker-already-placed", "seeker_id")
    assert await caller.refused("/referrals", {**form, "seeker_id": gone}) == (409, "seeker-merged", "seeker_id")
    answer = await caller.post("/referrals", {**form, "seeker_id": gone})
    assert answer.json()["facts"] == {"seeker_id": kept}
    seen = await caller.client("matching").once("GET", f"/seekers/{gone}/vacancies")
    assert (seen.status, seen.json()["type"]) == (409, "urn:jobplus:problem:seeker-merged")
    assert (await caller.get(f"/referrals/{accepted}"))["seeker_id"] == kept
    for id_ in (kept, gone):
        listed = (await caller.get(f"/referrals?seeker_id={id_}"))["referrals"]
        assert {(r["referral_id"], r["seeker_id"]) for r in listed} == {(accepted, kept), (waiting, kept)}
    assert (await caller.get(f"/referrals/{waiting}"))["status"] == "obsolete"
    _, event = (await published(stack, "jobplus.cases", kept, "ReferralEnded"))[-1]
    assert (event["referral_id"], event["reason"], event["rule"]) == (waiting, "obsolete", "merge")

    # Followup ends the employment under the id that the person was placed by.
    await write(stack, [Sent.of(employment_ended(UUID(gone), UUID(placement), TODAY))])

    async def back_in_the_pool() -> bool:
        return (await caller.post("/referrals", form)).status == 201

    await eventually(back_in_the_pool)


async def test_who_was_placed_under_both_records_is_free_when_both_jobs_are_over(caller: Caller, stack: Stack) -> None:
    employer = await caller.employer()
    kept, gone = [await caller.seeker() for _ in range(2)]
    placements: list[str] = []
    for seeker in (kept, gone):
        accepted = await caller.referral(seeker, await caller.vacancy(employer))
        placements.append((await caller.made(f"/referrals/{accepted}/placement", {}))["placement_id"])
    await merged(caller, stack, kept, gone)
    form = {"seeker_id": kept, "vacancy_id": await caller.vacancy(employer)}
    await caller.made(f"/placements/{placements[0]}/correction", {"reason": "never_started"})
    refused = await caller.post("/referrals", form)
    assert refused.json()["facts"] == {"placement_id": placements[1]}
    await caller.made(f"/placements/{placements[1]}/correction", {"reason": "never_started"})
    await caller.made("/referrals", form)


async def test_an_internship_goes_on_to_a_permanent_job_under_the_other_record(caller: Caller, stack: Stack) -> None:
    kept, gone = [await a_young_seeker(caller) for _ in range(2)]
    vacancy = await an_intern_is_sought(caller)
    internship = await started(caller, gone, vacancy)
    await merged(caller, stack, kept, gone)
    form = {"seeker_id": kept, "vacancy_id": vacancy}
    assert await caller.refused("/referrals", form) == (409, "seeker-interning", "seeker_id")
    await caller.made(f"/internships/{internship}/completion", {})
    await caller.made(f"/internships/{internship}/conversion", {})
    for id_ in (kept, gone):
        (listed,) = (await caller.get(f"/internships?seeker_id={id_}"))["internships"]
        assert (listed["internship_id"], listed["seeker_id"]) == (internship, kept)
    events = await published(stack, "jobplus.cases", kept, "Placed")
    assert [name for name, _ in events] == ["InternshipCompleted", "InternshipConverted", "Placed"]
    assert {event["seeker_id"] for _, event in events} == {kept}
    assert {event["occupation"] for _, event in events} == {"02"}


async def test_of_two_internships_that_run_either_can_be_ended(caller: Caller, stack: Stack) -> None:
    kept, gone = [await a_young_seeker(caller) for _ in range(2)]
    vacancy = await an_intern_is_sought(caller)
    own, beside = await started(caller, kept, vacancy), await started(caller, gone, vacancy)
    await merged(caller, stack, kept, gone)
    await caller.made(f"/internships/{own}/breaking-off", {"by": "intern", "occurred_on": str(STARTED)})
    assert (await caller.made(f"/internships/{beside}/completion", {}))["status"] == "completed"
    assert (await caller.get(f"/vacancies/{vacancy}"))["placed"] == 1
    again = await accepted_referral(caller, kept, await an_intern_is_sought(caller))
    await caller.made(f"/referrals/{again}/internship", {})


async def test_a_merge_that_arrives_after_the_next_one_leads_on_to_where_that_went(stack: Stack) -> None:
    kept, between, gone = (profile() for _ in range(3))
    await write(stack, [Sent.of(each) for each in (kept, between, gone)])
    for merged_id, into in ((between.seeker_id, kept.seeker_id), (gone.seeker_id, between.seeker_id)):
        await write(stack, [Sent.of(ProfileMerged(**STAMP, seeker_id=merged_id, merged_into=into))])
        await leading(stack, str(kept.seeker_id), str(merged_id))
