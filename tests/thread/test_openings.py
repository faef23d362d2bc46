"""A record of somebody whom another counsels: opened by a stated reason, in all services, for the day."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from jobplus.stack.keys import Bearer
from services.followup import owners as followup
from services.intake import owners as intake
from services.matching import owners as matching
from tests.kit import forms
from tests.kit.client import StackClient
from tests.kit.waiting import until

OWNERS = {"intake": intake, "matching": matching, "followup": followup}
READS = {
    "intake": "/seekers/{}",
    "matching": "/seekers/{}/placements",
    "followup": "/seekers/{}/employments",
}


@pytest.fixture
def two(calling: StackClient) -> tuple[Bearer, Bearer, str]:
    """A counsellor with a seeker, and a colleague."""
    whose, colleague = (
        Bearer("counsellor", calling.made("intake", "/counsellors", forms.counsellor())["counsellor_id"])
        for _ in range(2)
    )
    seeker = calling.made("intake", "/seekers", forms.seeker())["seeker_id"]
    calling.made("intake", f"/seekers/{seeker}/counsellor", {"counsellor_id": whose.own})
    return whose, colleague, seeker


def _read(calling: StackClient, service: str, seeker: str, who: Bearer) -> tuple[int, str]:
    reply = calling.get(service, READS[service].format(seeker), role=who)
    return reply.status, reply.code


def _is(calling: StackClient, service: str, seeker: str, who: Bearer, status: int) -> None:
    until(lambda: _read(calling, service, seeker, who), f"{service} answers {status}", lambda read: read[0] == status)


def test_a_record_opened_by_a_reason_is_open_everywhere_and_for_that_day_alone(
    calling: StackClient, two: tuple[Bearer, Bearer, str]
) -> None:
    whose, colleague, seeker = two
    for service in READS:
        _is(calling, service, seeker, colleague, 403)
        _is(calling, service, seeker, whose, 200)
    path = f"/seekers/{seeker}/opening"
    assert calling.post("intake", path, {"reason": "curiosity"}, role=colleague).fields == ["reason"]
    assert calling.post("intake", path, {"reason": "walk_in"}).code == "not-allowed"
    opened = calling.made("intake", path, {"reason": "walk_in"}, role=colleague)
    for service in READS:
        _is(calling, service, seeker, colleague, 200)

    day = calling.today("intake")
    assert opened["opened_on"] == str(day)
    listed = calling.get("intake", f"/openings?counsellor_id={colleague.own}&from={day}&to={day}").json["openings"]
    assert [(one["seeker_id"], one["reason"]) for one in listed] == [(seeker, "walk_in")]
    assert calling.get("intake", "/openings", role=colleague).code == "not-allowed"
    looks = calling.get("intake", f"/seekers/{seeker}/reads").json["reads"]
    assert ("opening", colleague.own) in [(look["what"], look["reader_id"]) for look in looks]


@pytest.mark.parametrize("service", OWNERS)
async def test_the_next_day_it_is_closed_again(
    calling: StackClient, two: tuple[Bearer, Bearer, str], service: str
) -> None:
    _, colleague, seeker = two
    _is(calling, service, seeker, colleague, 403)
    calling.made("intake", f"/seekers/{seeker}/opening", {"reason": "complaint"}, role=colleague)
    _is(calling, service, seeker, colleague, 200)
    pair: Any = (UUID(seeker), UUID(colleague.own or ""))
    conn = await asyncpg.connect(calling.stack.database_url(service))
    try:
        today = calling.today("intake")
        assert await OWNERS[service].closed_to(conn, [pair], today) == {}
        assert list(await OWNERS[service].closed_to(conn, [pair], today + timedelta(days=1))) == [pair]
    finally:
        await conn.close()


def test_a_counsellor_acts_in_their_own_name_and_a_manager_in_anothers(
    calling: StackClient, two: tuple[Bearer, Bearer, str]
) -> None:
    whose, colleague, seeker = two
    form = forms.session(seeker, whose.own or "")
    assert calling.post("intake", "/sessions", form, role=colleague).refusal in {
        (403, "not-oneself"),
        (403, "seeker-of-another"),
    }
    in_anothers_name = forms.session(seeker, colleague.own or "")
    assert calling.post("intake", "/sessions", in_anothers_name, role=whose).problem == (
        403, "not-oneself", ["counsellor_id"],
    )  # fmt: skip
    assert calling.post("intake", "/sessions", form, role=whose).status == 201
    assert calling.post("intake", "/sessions", in_anothers_name).status == 201


@pytest.mark.parametrize("service", ["matching", "followup"])
def test_where_the_worker_has_not_just_read_to_the_end_nobody_is_told_no(
    calling: StackClient, two: tuple[Bearer, Bearer, str], service: str
) -> None:
    whose, colleague, seeker = two
    _is(calling, service, seeker, colleague, 403)
    calling.stack.stop(f"{service}-worker")
    try:
        until(
            lambda: _read(calling, service, seeker, colleague),
            "it is to be asked again",
            lambda read: read == (409, "not-yet-known"),
        )
        assert _read(calling, service, seeker, whose)[0] == 200
    finally:
        calling.stack.start(f"{service}-worker")
    _is(calling, service, seeker, colleague, 403)


def test_whom_nobody_counsels_any_more_is_open_to_everybody(
    calling: StackClient, two: tuple[Bearer, Bearer, str]
) -> None:
    whose, colleague, seeker = two
    calling.made("intake", f"/counsellors/{whose.own}/departure", {})
    for service in READS:
        until(
            lambda service=service: _read(calling, service, seeker, colleague)[0],
            f"{service} knows of nobody, or of whoever has them now",
            lambda status: status in {200, 403},
        )
    until(
        lambda: _read(calling, "intake", seeker, calling.whose(seeker))[0],
        "who has them now reads them, though they were handed over in between",
        lambda status: status == 200,
    )
