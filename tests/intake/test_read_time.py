"""A look at records that are locked is given up with a refusal of its own, after the five seconds that a look has: time
is the matter here."""

import asyncpg

from tests.kit import forms
from tests.kit.client import StackClient
from tests.kit.threads import at_once

TOO_LONG = (503, "read-too-long")


async def test_who_looks_where_all_is_locked_is_told_to_come_again(calling: StackClient) -> None:
    seeker_id = calling.post("intake", "/seekers", forms.seeker()).json["seeker_id"]
    url = calling.stack.database_url().rpartition("/")[0] + "/intake"
    locking = await asyncpg.connect(url)
    try:
        async with locking.transaction():
            await locking.execute("LOCK TABLE seeker, counsellor")
            looks = [
                lambda path=path: calling.get("intake", path, role="manager")
                for path in (f"/seekers/{seeker_id}", "/counsellors")
            ]
            replies = at_once(*looks)
    finally:
        await locking.close()
    assert [reply.refusal for reply in replies] == [TOO_LONG, TOO_LONG]
    assert {reply.headers["retry-after"] for reply in replies} == {"1"}
    assert calling.get("intake", f"/seekers/{seeker_id}", role="manager").status == 200
