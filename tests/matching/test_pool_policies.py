"""What the pool makes of an employment that ended."""

from datetime import date

import uuid_utils.compat as uuids

from services.matching.pool.commands import ReturnToPool
from services.matching.pool.policies import return_to_pool
from tests.matching.topic_writer import employment_ended


def test_who_left_is_back_in_the_pool_and_who_changed_the_job_is_not() -> None:
    seeker, placement, day = uuids.uuid7(), uuids.uuid7(), date(2009, 3, 2)
    ended = employment_ended(seeker, placement, day)
    assert list(return_to_pool(ended)) == [ReturnToPool(seeker, placement, day)]
    assert list(return_to_pool(ended.model_copy(update={"changed_job": True}))) == []
