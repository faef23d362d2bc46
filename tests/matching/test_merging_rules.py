"""Two records of one person become one in matching, by the rules alone."""

from dataclasses import replace
from datetime import date
from typing import Any

import uuid_utils.compat as uuids

from chassis.batch.decisions import Accepted, Decision, Refused
from contracts.cases import ReferralEnded
from contracts.ids import InternshipId, PlacementId, SeekerId
from contracts.profiles import ProfileMerged
from services.matching.merging import policies
from services.matching.merging.commands import MergeSeekers
from services.matching.merging.model import TakenOver
from services.matching.merging.rules import merge
from services.matching.pool.commands import KeepProfile, ReturnToPool
from services.matching.pool.model import HeldJob, Seeker
from services.matching.pool.rules import ALREADY_PLACED, SEEKER_MERGED, keep_profile, return_to_pool
from services.matching.referrals.closings import lapse, meet_closing
from services.matching.referrals.commands import (
    ChaseReferral,
    ExpireReferral,
    LapseReferral,
    LeavePublicJob,
    MeetClosing,
)
from services.matching.referrals.ends import chase, expire, leave_public_job
from services.matching.referrals.model import Case
from tests.kit.events import event_of
from tests.matching.states import NOW, PROFILE, TODAY, a_seeker, a_vacancy
from tests.matching.test_internship_rules import (
    a_case,
    a_referral,
    accepted,
    breaking_off,
    completing,
    finding_alone,
    refusal,
    running,
    starting,
)
from tests.matching.test_referral_rules import answering, placing, referring

MERGED_ON = date(2009, 6, 10)


def merging(
    merged: Seeker, kept: Seeker | None, merged_case: Case | None = None, kept_case: Case | None = None
) -> Decision:
    kept_id = kept.seeker_id if kept else SeekerId(uuids.uuid7())
    event = event_of(ProfileMerged, MERGED_ON, seeker_id=merged.seeker_id, merged_into=kept_id)
    (command,) = policies.merge(event)
    return merge(merged, kept, merged_case, kept_case, command, NOW)


def united(decision: Decision) -> tuple[Seeker, Case]:
    states = accepted(decision).states
    seeker, case = states[0], states[2]
    assert isinstance(seeker, Seeker)
    assert isinstance(case, Case)
    return seeker, case


def placed(**details: Any) -> Seeker:
    return replace(a_seeker(), placement_id=PlacementId(uuids.uuid7()), **details)


def test_the_record_that_stays_has_what_the_other_one_had_and_a_mark_leads_to_it() -> None:
    kept, merged = replace(a_seeker(), in_pool_since=date(2009, 5, 4)), placed()
    interned, completed = InternshipId(uuids.uuid7()), InternshipId(uuids.uuid7())
    merged = replace(merged, internship_id=interned, convertible_id=completed, in_public_job=True)
    refused = a_referral(a_vacancy(), merged, status="refused")
    decision = accepted(merging(merged, kept, a_case(merged, refused)))
    seeker, mark, case, left = decision.states
    assert seeker == replace(merged, seeker_id=kept.seeker_id)
    assert seeker.in_pool_since == date(2009, 2, 2)
    assert mark == Seeker(merged.seeker_id, None, merged_into=kept.seeker_id)
    assert case.referrals == (replace(refused, seeker_id=kept.seeker_id),)
    assert left == Case(merged.seeker_id)
    assert decision.effects == (TakenOver(merged.seeker_id, kept.seeker_id),)
    assert decision.events == ()


def test_what_the_record_that_stays_has_of_its_own_it_keeps() -> None:
    kept = placed(internship_id=InternshipId(uuids.uuid7()), convertible_id=InternshipId(uuids.uuid7()))
    merged = placed(internship_id=InternshipId(uuids.uuid7()), convertible_id=InternshipId(uuids.uuid7()))
    seeker, _ = united(merging(merged, kept))
    assert seeker == replace(kept, other_jobs=merged.jobs)


def test_of_two_jobs_each_keeps_the_person_placed_until_it_has_ended() -> None:
    kept, merged = placed(), placed()
    seeker, _ = united(merging(merged, kept))
    own, other = seeker.jobs
    for first, second in ((own, other), (other, own)):
        left = ended(seeker, first)
        assert (left.placement_id, left.other_jobs) == (second.placement_id, ())
        assert left.in_pool_since == seeker.in_pool_since
        assert refusal(referring(a_vacancy(), left)) == (ALREADY_PLACED, "seeker_id")
        free = ended(left, second)
        assert (free.placement_id, free.in_pool_since) == (None, TODAY)


def test_after_merges_in_a_row_no_job_is_forgotten() -> None:
    records = [placed() for _ in range(4)]
    middle, _ = united(merging(records[2], records[3]))
    seeker = records[0]
    for merged in (records[1], middle):
        seeker, _ = united(merging(merged, seeker))
    jobs = [job for record in records for job in record.jobs]
    assert set(seeker.jobs) == set(jobs)
    for job in jobs:
        assert seeker.placement_id is not None
        seeker = seeker.without(job.placement_id)
    assert seeker.jobs == ()


def test_a_private_job_of_either_record_goes_before_a_public_one_which_stays_when_it_is_over() -> None:
    public, private = placed(in_public_job=True, profile=replace(PROFILE, sos_care=True)), placed()
    for merged, kept in ((public, private), (private, public)):
        seeker, _ = united(merging(merged, kept))
        assert (seeker.placement_id, seeker.in_public_job) == (private.placement_id, False)
        left = ended(seeker, seeker.jobs[0])
        assert (left.placement_id, left.in_public_job) == (public.placement_id, True)
    assert left.seeks_private_job
    changed = LeavePublicJob(kept.seeker_id, left.jobs[0].placement_id, TODAY)
    (elsewhere,) = accepted(leave_public_job(seeker, None, changed, NOW)).states
    assert elsewhere == replace(seeker, other_jobs=(HeldJob(left.jobs[0].placement_id, public=False),))


def ended(seeker: Seeker, job: HeldJob) -> Seeker:
    (left,) = accepted(return_to_pool(seeker, ReturnToPool(seeker.seeker_id, job.placement_id, TODAY), NOW)).states
    return left


def test_who_looks_for_work_under_one_of_the_records_has_looked_since_then() -> None:
    active, withdrawn = replace(a_seeker(), in_pool_since=date(2009, 5, 4)), a_seeker(status="withdrawn")
    for merged, kept in ((active, withdrawn), (withdrawn, active)):
        seeker, _ = united(merging(merged, kept))
        assert seeker.profile is not None
        assert (seeker.profile.status, seeker.in_pool_since) == ("active", date(2009, 5, 4))


def test_of_two_open_referrals_to_a_vacancy_the_accepted_one_stays() -> None:
    kept, merged, vacancy = a_seeker(), a_seeker(), a_vacancy()
    waiting, accepted_one = a_referral(vacancy, kept, status="made"), a_referral(vacancy, merged)
    alone = a_referral(a_vacancy(), kept, status="made")
    decision = accepted(merging(merged, kept, a_case(merged, accepted_one), a_case(kept, waiting, alone)))
    _, case = united(decision)
    assert {r.referral_id: r.status for r in case.referrals} == {
        waiting.referral_id: "obsolete",
        alone.referral_id: "made",
        accepted_one.referral_id: "accepted",
    }
    (event,) = decision.events
    assert isinstance(event, ReferralEnded)
    told = (event.seeker_id, event.referral_id, event.reason, event.rule, event.occurred_on)
    assert told == (kept.seeker_id, waiting.referral_id, "obsolete", "merge", MERGED_ON)


def test_open_referrals_end_where_the_person_turns_out_to_be_taken() -> None:
    kept, merged = a_seeker(), a_seeker()
    intern = replace(merged, internship_id=InternshipId(uuids.uuid7()))
    cases = a_case(merged, a_referral(a_vacancy(), merged)), a_case(kept, a_referral(a_vacancy(), kept, status="made"))
    for one, other in ((intern, kept), (merged, replace(kept, placement_id=PlacementId(uuids.uuid7())))):
        decision = accepted(merging(one, other, *cases))
        assert [r.status for r in united(decision)[1].referrals] == ["obsolete", "obsolete"]
        assert {event.key for event in decision.events} == {str(other.seeker_id)}
    caring = a_seeker(sos_care=True)
    public = replace(merged, placement_id=PlacementId(uuids.uuid7()), in_public_job=True)
    assert accepted(merging(public, caring, *cases)).events == ()


def test_a_record_that_has_not_arrived_stands_by_the_others_profile_until_its_own_comes() -> None:
    merged = placed()
    seeker, _ = united(merging(merged, None))
    assert replace(seeker, seeker_id=merged.seeker_id) == merged
    own = a_seeker(district="11680")
    assert own.profile is not None
    (after,) = accepted(keep_profile(seeker, KeepProfile(seeker.seeker_id, own.profile, TODAY), NOW)).states
    assert (after.profile, after.placement_id) == (own.profile, merged.placement_id)


def test_a_merge_that_comes_twice_late_or_of_nobody_known_does_no_harm() -> None:
    kept, merged = a_seeker(), a_seeker()
    erased = Seeker(merged.seeker_id, None)
    assert merging(erased, kept) == merging(replace(erased, merged_into=kept.seeker_id), kept) == Accepted()
    command = MergeSeekers(merged.seeker_id, kept.seeker_id, MERGED_ON)
    (mark,) = accepted(merge(None, kept, None, None, command, NOW)).states
    assert mark == replace(erased, merged_into=kept.seeker_id)
    assert keep_profile(mark, KeepProfile(mark.seeker_id, PROFILE, TODAY), NOW) == Accepted()
    forgotten = accepted(merging(merged, replace(kept, profile=None), a_case(merged, a_referral(a_vacancy(), merged))))
    assert forgotten.states[0] == erased
    assert ([r.status for r in forgotten.states[1].referrals], forgotten.events) == (["obsolete"], ())


def test_what_names_a_record_that_was_merged_is_refused_and_told_the_one_that_stayed() -> None:
    vacancy, seeker, case, internship = running()
    mark = Seeker(seeker.seeker_id, None, merged_into=a_seeker().seeker_id)
    referral = a_referral(vacancy, seeker)
    for decision in (
        referring(vacancy, mark),
        answering(mark, case.with_(referral), referral, "accepted"),
        placing(vacancy, mark, case.with_(referral), referral),
        starting(vacancy, mark, case.with_(referral), referral),
        breaking_off(vacancy, mark, internship),
        completing(mark, internship),
        finding_alone(mark, None),
        return_to_pool(mark, ReturnToPool(mark.seeker_id, PlacementId(uuids.uuid7()), TODAY), NOW),
        merging(a_seeker(), mark),
    ):
        assert isinstance(decision, Refused)
        assert (decision.problem, decision.facts) == (SEEKER_MERGED, {"seeker_id": str(mark.merged_into)})


def test_what_falls_due_while_a_record_is_merged_is_left_for_the_next_time() -> None:
    vacancy, seeker = a_vacancy(closed_on=TODAY, closed_as="withdrawn"), a_seeker()
    referral = a_referral(vacancy, seeker, status="made", vacancy_closed_on=TODAY)
    case = a_case(seeker, referral)
    mark = Seeker(seeker.seeker_id, None, merged_into=a_seeker().seeker_id)
    due = (
        chase(mark, case, ChaseReferral(referral.referral_id, 1), NOW),
        expire(mark, case, ExpireReferral(referral.referral_id), NOW),
        meet_closing(vacancy, mark, case, MeetClosing(referral.referral_id), NOW),
        lapse(vacancy, mark, case, LapseReferral(referral.referral_id), NOW),
    )
    assert list(due) == [Accepted()] * 4


def test_an_internship_beside_one_that_runs_ends_and_leaves_that_one_running() -> None:
    vacancy, seeker, _, internship = running()
    serving = replace(seeker, internship_id=InternshipId(uuids.uuid7()))
    free, left, _ = accepted(breaking_off(vacancy, serving, internship)).states
    assert (free.placed, left) == (0, serving)
    left, _ = accepted(completing(serving, internship)).states
    assert left == replace(serving, convertible_id=internship.internship_id)
