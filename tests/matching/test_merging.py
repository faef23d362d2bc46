"""Two records of one person, merged on the real stack: what was held under the one goes on under the other."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg

from chassis.batch.clock import SimulatedClock
from chassis.batch.command_batch import CommandHandler
from chassis.batch.decisions import Accepted, Actor, Asked
from chassis.batch.wiring import wired
from chassis.database.db import prepare_connection
from contracts.ids import SeekerId
from contracts.profiles import ProfileMerged
from contracts.topics import CASES
from services.matching.bootstrap import blueprint
from services.matching.merging.commands import MergeSeekers
from services.matching.settings import MatchingSettings
from tests.kit.events import event_of, profile, somebody
from tests.kit.threads import begin
from tests.kit.waiting import until
from tests.matching.service_calls import Caller
from tests.matching.test_internships import (
    STARTED,
    TODAY,
    a_young_seeker,
    accepted_referral,
    an_intern_is_sought,
    started,
)

LED = "SELECT merged_into FROM seeker WHERE seeker_id = ANY($1) AND merged_into IS NOT NULL"

WAITING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def merged(caller: Caller, kept: str, *given_up: str) -> None:
    """Merge records into one, each into the one before it, the last one first; wait until matching has."""
    chain = [kept, *given_up]
    for into, gone in zip(chain[-2::-1], chain[:0:-1], strict=True):
        caller.made(f"/seekers/{into}/merge", {"merged_id": gone}, service="intake")
    leading(caller, kept, *given_up)


def leading(caller: Caller, kept: str, *given_up: str) -> None:
    """Wait until the marks of records that were given up lead to the one that stayed."""
    ids = list(map(UUID, given_up))
    until(
        lambda: [str(row["merged_into"]) for row in caller.query(LED, ids)],
        f"{given_up} lead to {kept}",
        lambda led: led == [kept] * len(given_up),
    )


def test_who_was_placed_under_the_record_given_up_is_placed_under_the_other(caller: Caller) -> None:
    employer = caller.employer()
    kept, between, gone = [caller.seeker() for _ in range(3)]
    waiting = caller.referral(kept, caller.vacancy(employer), None)
    accepted = caller.referral(gone, caller.vacancy(employer))
    placement = caller.made(f"/referrals/{accepted}/placement", {})["placement_id"]
    merged(caller, kept, between, gone)

    form: dict[str, Any] = {"seeker_id": kept, "vacancy_id": caller.vacancy(employer)}
    assert caller.refused("/referrals", form) == (409, "seeker-already-placed", "seeker_id")
    assert caller.refused("/referrals", {**form, "seeker_id": gone}) == (409, "seeker-merged", "seeker_id")
    answer = caller.post("/referrals", {**form, "seeker_id": gone})
    assert answer.json["facts"] == {"seeker_id": kept}
    seen = caller.read(f"/seekers/{gone}/vacancies")
    assert seen.refusal == (409, "seeker-merged")
    assert caller.get(f"/referrals/{accepted}")["seeker_id"] == kept
    for id_ in (kept, gone):
        listed = caller.get(f"/referrals?seeker_id={id_}")["referrals"]
        assert {(r["referral_id"], r["seeker_id"]) for r in listed} == {(accepted, kept), (waiting, kept)}
    assert caller.get(f"/referrals/{waiting}")["status"] == "obsolete"
    _, event = caller.published(CASES, kept, "ReferralEnded")[-1]
    assert (event["referral_id"], event["reason"], event["rule"]) == (waiting, "obsolete", "merge")

    # Followup ends the employment under the id that the person was placed by.
    caller.job_ended(gone, placement, TODAY)

    until(
        lambda: caller.post("/referrals", form), "the seeker is back in the pool", lambda answer: answer.status == 201
    )


def test_who_was_placed_under_both_records_is_free_when_both_jobs_are_over(caller: Caller) -> None:
    employer = caller.employer()
    kept, gone = [caller.seeker() for _ in range(2)]
    placements: list[str] = []
    for seeker in (kept, gone):
        accepted = caller.referral(seeker, caller.vacancy(employer))
        placements.append(caller.made(f"/referrals/{accepted}/placement", {})["placement_id"])
    merged(caller, kept, gone)
    form = {"seeker_id": kept, "vacancy_id": caller.vacancy(employer)}
    caller.made(f"/placements/{placements[0]}/correction", {"reason": "never_started"})
    refused = caller.post("/referrals", form)
    assert refused.json["facts"] == {"placement_id": placements[1]}
    caller.made(f"/placements/{placements[1]}/correction", {"reason": "never_started"})
    caller.made("/referrals", form)


def test_an_internship_goes_on_to_a_permanent_job_under_the_other_record(caller: Caller) -> None:
    kept, gone = [a_young_seeker(caller) for _ in range(2)]
    vacancy = an_intern_is_sought(caller)
    internship = started(caller, gone, vacancy)
    merged(caller, kept, gone)
    form = {"seeker_id": kept, "vacancy_id": vacancy}
    assert caller.refused("/referrals", form) == (409, "seeker-interning", "seeker_id")
    caller.made(f"/internships/{internship}/completion", {})
    caller.made(f"/internships/{internship}/conversion", {})
    for id_ in (kept, gone):
        (listed,) = caller.get(f"/internships?seeker_id={id_}")["internships"]
        assert (listed["internship_id"], listed["seeker_id"]) == (internship, kept)
    events = caller.published(CASES, kept, "Placed")
    assert [name for name, _ in events] == ["InternshipCompleted", "InternshipConverted", "Placed"]
    assert {event["seeker_id"] for _, event in events} == {kept}
    assert {event["occupation"] for _, event in events} == {"02"}


def test_of_two_internships_that_run_either_can_be_ended(caller: Caller) -> None:
    kept, gone = [a_young_seeker(caller) for _ in range(2)]
    vacancy = an_intern_is_sought(caller)
    own, beside = started(caller, kept, vacancy), started(caller, gone, vacancy)
    merged(caller, kept, gone)
    caller.made(f"/internships/{own}/breaking-off", {"by": "intern", "occurred_on": str(STARTED)})
    assert caller.made(f"/internships/{beside}/completion", {})["status"] == "completed"
    assert caller.get(f"/vacancies/{vacancy}")["placed"] == 1
    again = accepted_referral(caller, kept, an_intern_is_sought(caller))
    caller.made(f"/referrals/{again}/internship", {})


def test_a_merge_that_arrives_after_the_next_one_leads_on_to_where_that_went(caller: Caller) -> None:
    kept, between, gone = (somebody() for _ in range(3))
    caller.publish([profile(each, TODAY) for each in (kept, between, gone)])
    for merged_id, into in ((between, kept), (gone, between)):
        caller.publish([event_of(ProfileMerged, TODAY, seeker_id=merged_id, merged_into=into)])
        leading(caller, str(kept), str(merged_id))


@asynccontextmanager
async def _merging(caller: Caller, kept: str, gone: str) -> AsyncGenerator[None]:
    """Merge two records as another process would, and keep its transaction open meanwhile."""
    made = blueprint(MatchingSettings.model_construct())
    unused: Any = None
    deciders = wired(made.deciders, made.stores, made.doers)
    handler = CommandHandler(made.stores, deciders, SimulatedClock(), unused, doers=made.doers)
    conn = await asyncpg.connect(caller.calling.stack.database_url("matching"))
    try:
        await prepare_connection(conn)
        async with conn.transaction():
            command = MergeSeekers(SeekerId(UUID(gone)), SeekerId(UUID(kept)), TODAY)
            (outcome,) = await handler.handle(conn, [Asked(command, Actor("system", "test"), "correlated", "caused")])
            assert isinstance(outcome, Accepted)
            yield
    finally:
        await conn.close()


async def test_who_is_placed_while_their_record_is_merged_is_told_of_the_one_that_stays(caller: Caller) -> None:
    employer = caller.employer()
    kept, gone = [caller.seeker() for _ in range(2)]
    caller.referral(kept, caller.vacancy(employer), None)
    accepted = caller.referral(gone, caller.vacancy(employer))
    async with _merging(caller, kept, gone):
        placing = begin(lambda: caller.post(f"/referrals/{accepted}/placement", {}))
        until(lambda: caller.query(WAITING), "the placement waits for the merge")
    assert placing.result().problem == (409, "seeker-merged", ["seeker_id"])
    assert placing.result().json["facts"] == {"seeker_id": kept}
    caller.made(f"/referrals/{accepted}/placement", {})
    (_, event) = caller.published(CASES, kept, "Placed")[-1]
    assert event["seeker_id"] == kept
