"""Someone who was erased: nothing of them stays in the pool, no referral stays open, and an internship can be ended."""

import uuid

import asyncpg

from chassis.decisions import Accepted
from contracts.profiles import ProfileRemoved
from jobplus.stack.local import Stack
from services.matching.pool.model import Seeker
from services.matching.referrals import policies
from services.matching.referrals.commands import ForgetSeeker
from services.matching.referrals.ends import forget
from services.matching.referrals.model import Case
from tests.matching.service_calls import Caller, eventually
from tests.matching.states import NOW, a_seeker, a_vacancy
from tests.matching.test_internships import a_young_seeker, an_intern_is_sought, started
from tests.matching.test_referral_rules import a_case


def test_open_referrals_end_unpublished_and_the_others_stay_as_they_ended() -> None:
    seeker = a_seeker()
    case, refused = a_case(a_vacancy(), seeker, status="refused")
    case, accepted = a_case(a_vacancy(), seeker, case, status="accepted")
    (command,) = policies.forget(ProfileRemoved(**NOW.stamp("erase"), seeker_id=seeker.seeker_id))
    assert command == ForgetSeeker(seeker.seeker_id)
    decision = forget(seeker, case, command, NOW)
    assert isinstance(decision, Accepted)
    mark, left = decision.states
    assert (mark, decision.events) == (Seeker(seeker.seeker_id, None), ())
    assert isinstance(left, Case)
    assert {r.referral_id: r.status for r in left.referrals} == {
        refused.referral_id: "refused",
        accepted.referral_id: "obsolete",
    }
    assert forget(None, None, command, NOW) == Accepted((Seeker(seeker.seeker_id, None),))


async def test_someone_erased_with_open_referrals_can_be_referred_no_more(caller: Caller, stack: Stack) -> None:
    employer = await caller.employer()
    seeker, vacancy, other = await caller.seeker(), await caller.vacancy(employer), await caller.vacancy(employer)
    asked, accepted = await caller.referral(seeker, vacancy, None), await caller.referral(seeker, other)
    await caller.made(f"/seekers/{seeker}/erasure", {}, service="intake")

    async def ended() -> bool:
        found = [await caller.get(f"/referrals/{referral}") for referral in (asked, accepted)]
        return [referral["status"] for referral in found] == ["obsolete", "obsolete"]

    await eventually(ended)
    assert await caller.refused("/referrals", {"seeker_id": seeker, "vacancy_id": vacancy}) == (
        410, "seeker-erased", "seeker_id",
    )  # fmt: skip
    seen = await caller.client("matching").once("GET", f"/seekers/{seeker}/placements")
    assert (seen.status, seen.json()["type"]) == (410, "urn:jobplus:problem:seeker-erased")
    assert await caller.refused(f"/referrals/{accepted}/placement", {}) == (410, "seeker-erased", "seeker_id")
    conn = await asyncpg.connect(stack.database_url("matching"))
    row = await conn.fetchrow("SELECT status, birth_year, district FROM seeker WHERE seeker_id = $1", uuid.UUID(seeker))
    published = await conn.fetchval("SELECT last FROM outbox_sequence WHERE key = $1", seeker)
    await conn.close()
    assert tuple(row or ()) == (None, None, None)
    assert published == 3  # two referrals, one answer, and nothing since


async def test_the_internships_of_who_was_erased_end_unpublished_and_free_their_openings(
    caller: Caller, stack: Stack
) -> None:
    vacancy = await an_intern_is_sought(caller)
    seekers = [await a_young_seeker(caller) for _ in range(2)]
    one, other = [await started(caller, seeker, vacancy) for seeker in seekers]
    conn = await asyncpg.connect(stack.database_url("matching"))
    for seeker in seekers:
        await caller.made(f"/seekers/{seeker}/erasure", {}, service="intake")

    async def forgotten() -> bool:
        rows = await conn.fetch("SELECT status FROM seeker WHERE seeker_id = ANY($1)", list(map(uuid.UUID, seekers)))
        return [row["status"] for row in rows] == [None, None]

    await eventually(forgotten)
    published = "SELECT sum(last)::int FROM outbox_sequence WHERE key = ANY($1)"
    before = await conn.fetchval(published, seekers)
    assert (await caller.get(f"/vacancies/{vacancy}"))["placed"] == 2
    assert (await caller.made(f"/internships/{one}/breaking-off", {"by": "intern"}))["status"] == "broken_off"
    assert (await caller.made(f"/internships/{other}/completion", {}))["status"] == "completed"
    assert (await caller.get(f"/vacancies/{vacancy}"))["placed"] == 1
    assert await caller.refused(f"/internships/{other}/conversion", {}) == (410, "seeker-erased", "seeker_id")
    assert await conn.fetchval(published, seekers) == before
    await conn.close()
