"""A table that is changed under warm connections, or locked for long, is no trouble of those who ask for others."""

import uuid
from collections.abc import Callable, Iterator

import psycopg
import pytest

from jobplus.stack.health import get
from jobplus.stack.ports import health_port
from tests.kit import forms
from tests.kit.client import LOCKED_OUT, StackClient
from tests.kit.threads import begin
from tests.kit.waiting import until

READS = 8
"""As many as a pool has connections."""


@pytest.fixture
def altered(calling: StackClient) -> Iterator[Callable[..., None]]:
    """Change tables as a migration does, by a column more, which goes again afterwards."""
    tables: list[str] = []

    def alter(*names: str) -> None:
        for name in names:
            tables.append(name)
            calling.query("intake", f"ALTER TABLE {name} ADD COLUMN later int")

    yield alter
    for name in tables:
        calling.query("intake", f"ALTER TABLE {name} DROP COLUMN later")


def test_who_reads_and_who_writes_after_a_migration_is_answered_by_warm_connections(
    calling: StackClient, altered: Callable[..., None]
) -> None:
    employer = calling.made("intake", "/employers", forms.employer())["employer_id"]
    seeker = calling.made("intake", "/seekers", forms.seeker())["seeker_id"]
    paths = f"/employers/{employer}", f"/seekers/{seeker}"
    assert [calling.get("intake", path).status for path in paths] == [200, 200]

    altered("employer", "seeker", "idempotency", "outbox")

    assert [calling.get("intake", path).status for path in paths] == [200, 200]
    assert calling.post("intake", "/employers", forms.employer()).status == 201
    changed = calling.get("intake", f"/seekers/{seeker}")
    form, key = forms.seeker(name="달라진 이름"), str(uuid.uuid4())
    for _ in range(2):
        reply = calling.put("intake", f"/seekers/{seeker}", form, version=changed.headers["ETag"], key=key)
        assert (reply.status, reply.json["version"]) == (200, 2)


def test_reads_that_wait_for_a_lock_stop_neither_writes_to_other_tables_nor_readiness(calling: StackClient) -> None:
    employer = calling.made("intake", "/employers", forms.employer())["employer_id"]
    with psycopg.connect(calling.stack.database_url().rpartition("/")[0] + "/intake") as locking:
        locking.execute("LOCK TABLE employer")
        looks = [begin(lambda: calling.get("intake", f"/employers/{employer}")) for _ in range(READS)]
        until(lambda: calling.query("intake", LOCKED_OUT), "reads wait", lambda waiting: len(waiting) >= 6)

        assert calling.post("intake", "/seekers", forms.seeker()).status == 201
        assert get(health_port(calling.stack.base_port, "intake", "api"), "/health/ready")[0] == 200
        assert len(calling.query("intake", LOCKED_OUT)) == 6
        replies = [look.result() for look in looks]
        locking.rollback()
    assert {reply.refusal for reply in replies} <= {(503, "read-too-long"), (503, "unavailable")}
    assert all(int(reply.headers["retry-after"]) >= 1 for reply in replies)
    assert calling.get("intake", f"/employers/{employer}").status == 200
