"""Who registers gets a counsellor by themselves, and another when theirs leaves or is away for long."""

import asyncio
import time
import uuid
from datetime import date, timedelta
from typing import Any

import orjson
import pytest

from tests.calling import Calling, person

SECONDS = 30


@pytest.fixture
def counsellors(calling: Calling) -> list[str]:
    """Two who just joined; others may be in service beside them."""
    form = {"name": "이한결", "groups": ["youth"]}
    return [calling.post("intake", "/counsellors", form).json["counsellor_id"] for _ in range(2)]


def _register(calling: Calling, **changes: Any) -> str:
    return calling.post("intake", "/seekers", person(**changes)).json["seeker_id"]


def _assignment(calling: Calling, seeker: str) -> dict[str, Any]:
    return calling.get("intake", f"/seekers/{seeker}/counsellor").json


def _give(calling: Calling, seeker: str, counsellor: str) -> Any:
    return calling.post("intake", f"/seekers/{seeker}/counsellor", {"counsellor_id": counsellor})


def _today(calling: Calling) -> date:
    return date.fromisoformat(calling.get("intake", "/status", role="operator").json["clock"]["day"])


async def _given(calling: Calling, seeker: str, *, instead_of: str | None = None) -> dict[str, Any]:
    """Wait until a seeker has a counsellor, another one than before."""
    ends = time.monotonic() + SECONDS
    while (found := _assignment(calling, seeker))["counsellor_id"] in {None, instead_of}:
        assert time.monotonic() < ends, found
        await asyncio.sleep(0.1)
    return found


def test_when_a_counsellor_is_away_can_be_read_from_the_plan_to_the_last_day(
    calling: Calling, counsellors: list[str]
) -> None:
    path, today = f"/counsellors/{counsellors[0]}/absences", _today(calling)
    assert calling.get("intake", path).json == {"counsellor_id": counsellors[0], "absences": []}
    ahead, now = (
        {"from": str(today + timedelta(first)), "to": str(today + timedelta(last)), "reason": "leave"}
        for first, last in ((10, 12), (0, 0))
    )
    for absence in (ahead, now):
        calling.made("intake", path, absence)
    assert calling.get("intake", path).json["absences"] == [now, ahead]
    calling.made("intake", f"/counsellors/{counsellors[0]}/return", {})
    assert calling.get("intake", path).json["absences"] == [ahead]
    assert calling.get("intake", path, role="counsellor").status == 403
    unknown = calling.get("intake", f"/counsellors/{uuid.uuid4()}/absences")
    assert (unknown.status, unknown.fields) == (404, ["counsellor_id"])


async def test_a_seeker_has_a_counsellor_from_registration_to_withdrawal(
    calling: Calling, counsellors: list[str]
) -> None:
    seeker = _register(calling, birth_date=f"{_today(calling).year - 20}-05-14")
    given = await _given(calling, seeker)
    in_service = {one["counsellor_id"]: one for one in calling.get("intake", "/counsellors").json}
    assert given["group"] == "youth"
    assert "youth" in in_service[given["counsellor_id"]]["groups"]

    first, second = counsellors
    assert _give(calling, seeker, first).json == {"seeker_id": seeker, "counsellor_id": first, "group": "youth"}
    assert _assignment(calling, seeker)["counsellor_id"] == first
    today = _today(calling)
    away = {"from": today.isoformat(), "to": (today + timedelta(30)).isoformat(), "reason": "illness"}
    assert calling.post("intake", f"/counsellors/{first}/absences", away).status == 201
    given = await _given(calling, seeker, instead_of=first)
    assert _give(calling, seeker, first).status == 409
    assert calling.post("intake", f"/counsellors/{first}/return", {}).status == 200
    assert _give(calling, seeker, first).status == 200

    assert calling.post("intake", f"/counsellors/{first}/departure", {}).status == 200
    given = await _given(calling, seeker, instead_of=first)
    assert _give(calling, seeker, second).status == 200
    assert seeker in {one["seeker_id"] for one in _listed(calling, second)}

    assert calling.post("intake", f"/seekers/{seeker}/withdrawal", {"reason": "moved_away"}).status == 200
    assert seeker not in {one["seeker_id"] for one in _listed(calling, second)}
    assert _give(calling, seeker, second).fields == ["seeker_id"]


async def test_each_assignment_is_published_with_its_reason(calling: Calling, counsellors: list[str]) -> None:
    seeker = _register(calling)
    given = await _given(calling, seeker)
    asked = next(one for one in counsellors if one != given["counsellor_id"])
    _give(calling, seeker, asked)
    calling.post("intake", f"/counsellors/{asked}/departure", {})
    await _given(calling, seeker, instead_of=asked)
    await _reasons(calling, seeker, ["registered", "asked", "handed_over"])


async def test_who_comes_to_start_up_counselling_or_becomes_a_breadwinner_is_given_another_counsellor(
    calling: Calling, counsellors: list[str]
) -> None:
    for group in ("startup", "breadwinner"):
        calling.post("intake", "/counsellors", {"name": "최새롬", "groups": [group]})
    starts, earns, chosen = (_register(calling, birth_date=f"{_today(calling).year - 20}-05-14") for _ in range(3))
    before = {one: (await _given(calling, one))["counsellor_id"] for one in (starts, earns, chosen)}
    assert _give(calling, chosen, counsellors[0]).status == 200

    session = {"counsellor_id": counsellors[1], "kind": "startup", "channel": "visit", "minutes": 30}
    for seeker in (chosen, starts):
        assert calling.post("intake", "/sessions", {**session, "client_id": seeker}).status == 201
    record = calling.get("intake", f"/seekers/{earns}")
    form = {name: record.json[name] for name in person()} | {"dependants": 1, "other_earners": 0}
    assert calling.put("intake", f"/seekers/{earns}", form, version=record.headers["ETag"]).status == 200

    for seeker, group in ((starts, "startup"), (earns, "breadwinner")):
        given = await _given(calling, seeker, instead_of=before[seeker])
        theirs = next(
            c for c in calling.get("intake", "/counsellors").json if c["counsellor_id"] == given["counsellor_id"]
        )
        assert given["group"] == group in theirs["groups"]
    await _reasons(calling, starts, ["registered", "group_changed"])
    assert _assignment(calling, chosen)["counsellor_id"] == counsellors[0]
    assert await calling.query("intake", "SELECT FROM group_in_doubt WHERE seeker_id = $1", uuid.UUID(chosen)) == []


async def _reasons(calling: Calling, seeker: str, expected: list[str]) -> None:
    """Wait until reporting's ledger has a seeker's assignments, for these reasons in order."""
    ends = time.monotonic() + SECONDS
    while True:
        rows = await calling.query(
            "reporting",
            "SELECT data FROM ledger WHERE type = 'jobplus.CounsellorAssigned' AND key = $1 ORDER BY sequence",
            seeker,
        )
        if len(rows) == len(expected):
            break
        assert time.monotonic() < ends, rows
        await asyncio.sleep(0.1)
    assert [orjson.loads(row["data"])["reason"] for row in rows] == expected


def _listed(calling: Calling, counsellor: str, query: str = "") -> list[dict[str, Any]]:
    return calling.get("intake", f"/counsellors/{counsellor}/seekers{query}").json["seekers"]


def test_a_counsellors_seekers_are_listed_in_pages_without_names(calling: Calling, counsellors: list[str]) -> None:
    given = sorted(_register(calling) for _ in range(3))
    for seeker in given:
        assert _give(calling, seeker, counsellors[0]).status == 200
    page = calling.get("intake", f"/counsellors/{counsellors[0]}/seekers?limit=2").json
    rest = _listed(calling, counsellors[0], f"?limit=2&after={page['next']}")
    assert [one["seeker_id"] for one in [*page["seekers"], *rest]] == given
    assert set(rest[0]) == {"seeker_id", "group", "since", "person"}
    load = calling.get("intake", "/counsellors/load").json
    mine = next(one for one in load["counsellors"] if one["counsellor_id"] == counsellors[0])
    assert mine["seekers"] == 3
    assert load["least"] <= load["median"] <= load["most"]
    assert calling.get("intake", "/counsellors/load", role="counsellor").status == 403


def test_groups_are_changed_and_bad_absences_name_their_field(calling: Calling, counsellors: list[str]) -> None:
    path = f"/counsellors/{counsellors[0]}"
    assert calling.put("intake", path, {"name": "이한결", "groups": ["senior", "women"]}).status == 200
    listed = next(c for c in calling.get("intake", "/counsellors").json if c["counsellor_id"] == counsellors[0])
    assert listed["groups"] == ["senior", "women"]
    reply = calling.post("intake", f"{path}/absences", {"from": "2026-08-02", "to": "soon"})
    assert (reply.status, reply.fields) == (422, ["to"])
    assert calling.post("intake", f"{path}/return", {}).status == 409
