"""Someone who was erased: nothing of them stays in the pool, no referral stays open, and an internship can be ended."""

import uuid

from chassis.batch.decisions import Accepted
from chassis.batch.taken_rows import ErasedPerson
from contracts.profiles import ProfileRemoved
from services.matching.pool.model import Seeker
from services.matching.referrals import policies
from services.matching.referrals.commands import ForgetSeeker
from services.matching.referrals.ends import forget
from services.matching.referrals.model import Case
from tests.kit.events import erased, event_of, profile, somebody
from tests.kit.waiting import until
from tests.matching.service_calls import Caller
from tests.matching.states import NOW, TODAY, a_seeker, a_vacancy
from tests.matching.test_internships import a_young_seeker, an_intern_is_sought, started
from tests.matching.test_referral_rules import a_case


def test_open_referrals_end_unpublished_and_the_others_stay_as_they_ended() -> None:
    seeker = a_seeker()
    case, refused = a_case(a_vacancy(), seeker, status="refused")
    case, accepted = a_case(a_vacancy(), seeker, case, status="accepted")
    (command,) = policies.forget(event_of(ProfileRemoved, TODAY, seeker_id=seeker.seeker_id))
    assert command == ForgetSeeker(seeker.seeker_id)
    decision = forget(seeker, case, command, NOW)
    assert isinstance(decision, Accepted)
    mark, left = decision.states
    assert (mark, decision.events) == (Seeker(seeker.seeker_id, None), ())
    assert decision.effects == (ErasedPerson(seeker.seeker_id),)
    assert isinstance(left, Case)
    assert {r.referral_id: r.status for r in left.referrals} == {
        refused.referral_id: "refused",
        accepted.referral_id: "obsolete",
    }
    assert forget(None, None, command, NOW) == Accepted((mark,), effects=decision.effects)


def test_someone_erased_with_open_referrals_can_be_referred_no_more(caller: Caller) -> None:
    employer = caller.employer()
    seeker, vacancy, other = caller.seeker(), caller.vacancy(employer), caller.vacancy(employer)
    asked, accepted = caller.referral(seeker, vacancy, None), caller.referral(seeker, other)
    caller.made(f"/seekers/{seeker}/erasure", {}, service="intake")

    until(
        lambda: [caller.get(f"/referrals/{referral}")["status"] for referral in (asked, accepted)],
        "both referrals have ended",
        lambda statuses: statuses == ["obsolete", "obsolete"],
    )
    assert caller.refused("/referrals", {"seeker_id": seeker, "vacancy_id": vacancy}) == (
        410, "seeker-erased", "seeker_id",
    )  # fmt: skip
    seen = caller.read(f"/seekers/{seeker}/placements")
    assert seen.refusal == (410, "seeker-erased")
    assert caller.refused(f"/referrals/{accepted}/placement", {}) == (410, "seeker-erased", "seeker_id")
    (row,) = caller.query("SELECT status, birth_year, district FROM seeker WHERE seeker_id = $1", seeker)
    (published,) = caller.query("SELECT last FROM outbox_sequence WHERE key = $1", seeker)
    assert row == {"status": None, "birth_year": None, "district": None}
    assert published["last"] == 3  # two referrals, one answer, and nothing since


def test_an_erasure_is_heard_without_its_tombstone_and_an_older_profile_brings_nobody_back(
    caller: Caller,
) -> None:
    """The tombstone may have been compacted away, as may a profile be read after the erasure."""
    there, late, sure = [somebody() for _ in range(3)]
    caller.publish([profile(there, TODAY)])
    until(lambda: statuses(caller, there), "the profile is there", lambda found: found == ["active"])
    caller.publish([erased(there, TODAY), erased(late, TODAY)])
    until(lambda: statuses(caller, there, late), "both are marks", lambda found: found == [None, None])
    caller.publish([profile(there, TODAY), profile(late, TODAY), *(profile(sure, TODAY) for _ in range(2))])
    caller.publish([event_of(ProfileRemoved, TODAY, seeker_id=seeker) for seeker in (there, late)])
    caller.calling.settle(("intake", "matching"))
    assert statuses(caller, there, late, sure) == [None, None, "active"]
    assert caller.refused("/referrals", {"seeker_id": str(there), "vacancy_id": caller.vacancy(caller.employer())}) == (
        410, "seeker-erased", "seeker_id",
    )  # fmt: skip


def statuses(caller: Caller, *seekers: uuid.UUID) -> list[str | None]:
    """The status of each profile that matching knows, None of a mark."""
    found = caller.query("SELECT seeker_id, status FROM seeker WHERE seeker_id = ANY($1)", list(seekers))
    known = {row["seeker_id"]: row["status"] for row in found}
    return [known[seeker] for seeker in seekers if seeker in known]


def test_the_internships_of_who_was_erased_end_unpublished_and_free_their_openings(
    caller: Caller,
) -> None:
    vacancy = an_intern_is_sought(caller)
    seekers = [a_young_seeker(caller) for _ in range(2)]
    one, other = [started(caller, seeker, vacancy) for seeker in seekers]
    for seeker in seekers:
        caller.made(f"/seekers/{seeker}/erasure", {}, service="intake")

    ids = list(map(uuid.UUID, seekers))
    until(
        lambda: caller.query("SELECT status FROM seeker WHERE seeker_id = ANY($1)", ids),
        "both are forgotten",
        lambda rows: rows == [{"status": None}] * 2,
    )
    published = "SELECT sum(last)::int FROM outbox_sequence WHERE key = ANY($1)"
    before = caller.query(published, seekers)
    assert caller.get(f"/vacancies/{vacancy}")["placed"] == 2
    assert caller.made(f"/internships/{one}/breaking-off", {"by": "intern"})["status"] == "broken_off"
    assert caller.made(f"/internships/{other}/completion", {})["status"] == "completed"
    assert caller.get(f"/vacancies/{vacancy}")["placed"] == 1
    assert caller.refused(f"/internships/{other}/conversion", {}) == (410, "seeker-erased", "seeker_id")
    assert caller.query(published, seekers) == before
