"""How far a replay is can be read while it drives, in a log as on a terminal."""

import asyncio
from datetime import date

import pytest

from jobplus.replay.driving import course
from jobplus.replay.driving.course import Course, shown, where_time_went


def test_a_line_tells_the_day_the_actions_the_rate_and_what_remains() -> None:
    far = Course(total=10_000, done=2_000, day=date(2009, 5, 4))
    assert far.line(100, before=1_400, since=15) == "driving 2009-05-04: 2000 of 10000 actions, 40/s, 7 min left"
    far.done = 9_500
    assert far.line(1_900, before=9_500, since=15) == "driving 2009-05-04: 9500 of 10000 actions, 0/s, 100 s left"
    far.settle("3 to apply")
    assert far.line(2_000, before=9_500, since=15) == "settling: 3 to apply"


def test_nothing_is_foretold_before_anything_is_done() -> None:
    assert Course(total=10).line(15, before=0, since=15) == "driving: 0 of 10 actions, 0/s"


async def test_where_standard_error_is_no_terminal_lines_come_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(course, "EVERY", 0.01)
    far = Course(total=3, day=date(2009, 5, 4))
    async with shown(far):
        for done in range(3):
            far.done = done
            await asyncio.sleep(0.05)  # A replay takes its time.
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) > 3
    assert lines[0].startswith("driving 2009-05-04: 0 of 3 actions")
    assert lines[-1].startswith("driving 2009-05-04: 2 of 3 actions")


def test_where_the_time_went_is_told_by_lane() -> None:
    far = Course()
    with far.spending("intake", "acting"):
        pass
    far.seconds["intake"]["acting"] += 2
    far.seconds["intake"]["waiting"] += 1.26
    assert where_time_went(far.seconds) == ["intake: acting 2.0 s, waiting 1.3 s"]
