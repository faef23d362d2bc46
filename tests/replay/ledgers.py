"""`python -m tests.replay.ledgers`: drives a history in bulk and singly, each on a stack of its own, and compares what
the two ledgers hold.

Ids and moments differ from run to run, so what is compared is how many events there are of each type, of each day, by
each role and rule. What a service does by itself it does when it has heard of what it is about, and its clock may stand
on a later day by then: that differs between any two runs, as is said below. Exits 0 where all else is the same and the
figures are exact, 1 otherwise.
"""

import argparse
import hashlib
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import psycopg

from jobplus.bench import cpu
from jobplus.replay import run
from jobplus.replay.comparing.compare import differences
from jobplus.replay.planning.model import Plan
from jobplus.replay.planning.scaling import parse_scale
from jobplus.stack.local import Stack
from jobplus.stack.ports import free_base_port

TWO_YEARS = Path(__file__).parents[2] / "plans" / "two-years.json"
EVENTS = """SELECT type, occurred_on::text, actor_role, convert_from(data, 'UTF8')::jsonb ->> 'rule', imported, count(*)
            FROM ledger GROUP BY 1, 2, 3, 4, 5"""

BY_EITHER = frozenset({"jobplus.ReferralEnded", "jobplus.VacancyClosed"})
"""What comes of somebody's act, or of the service's own work if that is sooner."""
UNTIL_THEN = frozenset({"jobplus.CounsellorAssigned", "jobplus.ReferralChased", "jobplus.VisitDue"})
"""What is done for as long as something else hasn't been: how often is nobody's act."""
IN_ROUNDS = frozenset({"jobplus.EmploymentEnded", "jobplus.FollowUpMade", "jobplus.SupportGiven"})
"""What is done in rounds of what followup has heard by then: in one round or the next, or after the last. What came of
it is in the figures, which are exact."""


class Driven(NamedTuple):
    """What a replay left: its events by what is compared of them, whether the figures met the plan, and
    what it took in seconds, of CPU by process and of the clock on the wall."""

    events: Counter[tuple[object, ...]]
    exact: bool
    cpu: dict[str, float]
    actions: int
    seconds: float

    @property
    def digest(self) -> str:
        """A hash of the events."""
        return hashlib.sha256(orjson.dumps(sorted(map(list, self.events.items()), key=str), default=str)).hexdigest()

    def told(self, how: str) -> str:
        """Say it in a line."""
        spent = sum(self.cpu.values())
        return (
            f"{how}: {self.actions} actions in {self.seconds:.1f} s, {self.actions / self.seconds:.0f}/s; CPU "
            f"{spent:.1f} s, {spent / self.actions * 1e6:.0f} µs an action; {self.events.total()} events, "
            f"{'exact' if self.exact else 'NOT EXACT'}, {self.digest[:16]}"
        )


def drive(stack: Stack, plan: Plan, *, in_bulk: bool) -> Driven:
    """Replay a plan on a stack that isn't started yet, and take it down."""
    try:
        stack.up()
        before = cpu.used(stack)
        replayed = run.replay(plan, stack, 1, scaled=True, in_bulk=in_bulk)
        after = cpu.used(stack)
        with psycopg.connect(stack.database_url("reporting")) as conn:
            events = _compared(conn.execute(EVENTS).fetchall())
    finally:
        stack.down(wipe=True)
    spent = {name: after[name] - before[name] for name in before.keys() & after.keys()}
    return Driven(events, not differences(replayed.rows), spent, replayed.actions, replayed.driving_seconds)


def _compared(rows: Iterable[tuple[Any, ...]]) -> Counter[tuple[object, ...]]:
    """Count events by what is compared of them."""
    events = Counter[tuple[object, ...]]()
    for kind, day, role, rule, imported, count in rows:
        if kind in BY_EITHER:
            events[kind, imported] += count
        elif kind not in UNTIL_THEN | IN_ROUNDS:
            events[kind, None if role == "system" else day, role, rule, imported] += count
    return events


def apart(first: Driven, second: Driven) -> list[str]:
    """Tell in which events two replays differ."""
    more, less = first.events - second.events, second.events - first.events
    return [f"{sign}{count} {event}" for sign, some in (("+", more), ("-", less)) for event, count in some.items()]


def main(arguments: list[str], say: Callable[[str], None] = print) -> int:
    options = argparse.ArgumentParser(prog="tests.replay.ledgers")
    options.add_argument("--scale", default="1/20")
    plan = run.planned(TWO_YEARS, parse_scale(options.parse_args(arguments).scale))
    driven: list[Driven] = []
    for how, in_bulk in (("in bulk", True), ("singly", False)):
        with tempfile.TemporaryDirectory(prefix="jobplus-ledgers-") as folder:
            driven.append(drive(Stack(Path(folder, "home"), free_base_port(), brief=True), plan, in_bulk=in_bulk))
        say(driven[-1].told(how))
    different = apart(*driven)
    say("\n".join(different) or "the same events")
    return 0 if not different and all(each.exact for each in driven) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
