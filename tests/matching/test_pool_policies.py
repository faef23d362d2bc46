"""What the pool makes of an employment that ended."""

from datetime import date

from services.matching.pool.commands import ReturnToPool
from services.matching.pool.policies import return_to_pool
from services.matching.referrals.commands import LeavePublicJob
from services.matching.referrals.policies import leave_public_job
from tests.kit.events import employment_ended, placed, somebody


def test_who_left_is_back_in_the_pool_and_who_changed_the_job_is_not() -> None:
    day = date(2009, 3, 2)
    job = placed(somebody(), day)
    seeker, placement, ended = job.seeker_id, job.placement_id, employment_ended(job, day)
    assert list(return_to_pool(ended)) == [ReturnToPool(seeker, placement, day)]
    assert list(leave_public_job(ended)) == []
    changed = ended.model_copy(update={"changed_job": True})
    assert list(return_to_pool(changed)) == []
    assert list(leave_public_job(changed)) == [LeavePublicJob(seeker, placement, day)]
