"""Who registers gets a counsellor by themselves, and another when theirs leaves or is away for long."""

import uuid
from datetime import timedelta
from typing import Any

import asyncpg
import orjson
import pytest

from contracts.ids import SeekerId
from services.intake.assignments.store import MarkDoubts
from services.intake.seekers.model import GroupInDoubt
from tests.kit import forms
from tests.kit.client import StackClient
from tests.kit.pages import all_of
from tests.kit.waiting import until


@pytest.fixture
def counsellors(calling: StackClient) -> list[str]:
    """Two who just joined; others may be in service beside them."""
    return [calling.made("intake", "/counsellors", forms.counsellor())["counsellor_id"] for _ in range(2)]


def _register(calling: StackClient, **changes: Any) -> str:
    return calling.post("intake", "/seekers", forms.seeker(**changes)).json["seeker_id"]


def _assignment(calling: StackClient, seeker: str) -> dict[str, Any]:
    return calling.get("intake", f"/seekers/{seeker}/counsellor").json


def _give(calling: StackClient, seeker: str, counsellor: str) -> Any:
    return calling.post("intake", f"/seekers/{seeker}/counsellor", {"counsellor_id": counsellor})


def _given(calling: StackClient, seeker: str, *, instead_of: str | None = None) -> dict[str, Any]:
    """Wait until a seeker has a counsellor, another one than before."""
    return until(
        lambda: _assignment(calling, seeker),
        "the seeker is given a counsellor",
        lambda given: given["counsellor_id"] not in {None, instead_of},
    )


def test_when_a_counsellor_is_away_can_be_read_from_the_plan_to_the_last_day(
    calling: StackClient, counsellors: list[str]
) -> None:
    path, today = f"/counsellors/{counsellors[0]}/absences", calling.today("intake")
    assert calling.get("intake", path).json == {"counsellor_id": counsellors[0], "absences": [], "next": None}
    ahead, now = (
        {"from": str(today + timedelta(first)), "to": str(today + timedelta(last)), "reason": "leave"}
        for first, last in ((10, 12), (0, 0))
    )
    for absence in (ahead, now):
        calling.made("intake", path, absence)
    assert all_of(calling, "intake", path, "absences") == [now, ahead]
    calling.made("intake", f"/counsellors/{counsellors[0]}/return", {})
    assert calling.get("intake", path).json["absences"] == [ahead]
    assert calling.get("intake", path, role="counsellor").status == 403
    unknown = calling.get("intake", f"/counsellors/{uuid.uuid4()}/absences")
    assert (unknown.status, unknown.fields) == (404, ["counsellor_id"])


def test_a_seeker_has_a_counsellor_from_registration_to_withdrawal(
    calling: StackClient, counsellors: list[str]
) -> None:
    seeker = _register(calling, birth_date=f"{calling.today('intake').year - 20}-05-14")
    given = _given(calling, seeker)
    in_service = {one["counsellor_id"]: one for one in all_of(calling, "intake", "/counsellors", "counsellors")}
    assert given["group"] == "youth"
    assert "youth" in in_service[given["counsellor_id"]]["groups"]

    first, second = counsellors
    assert _give(calling, seeker, first).json == {"seeker_id": seeker, "counsellor_id": first, "group": "youth"}
    assert _assignment(calling, seeker)["counsellor_id"] == first
    today = calling.today("intake")
    away = {"from": today.isoformat(), "to": (today + timedelta(30)).isoformat(), "reason": "illness"}
    assert calling.post("intake", f"/counsellors/{first}/absences", away).status == 201
    given = _given(calling, seeker, instead_of=first)
    assert _give(calling, seeker, first).status == 409
    assert calling.post("intake", f"/counsellors/{first}/return", {}).status == 200
    assert _give(calling, seeker, first).status == 200

    assert calling.post("intake", f"/counsellors/{first}/departure", {}).status == 200
    given = _given(calling, seeker, instead_of=first)
    assert _give(calling, seeker, second).status == 200
    assert seeker in {one["seeker_id"] for one in _listed(calling, second)}

    assert calling.post("intake", f"/seekers/{seeker}/withdrawal", {"reason": "moved_away"}).status == 200
    assert seeker not in {one["seeker_id"] for one in _listed(calling, second)}
    assert _give(calling, seeker, second).fields == ["seeker_id"]


def test_each_assignment_is_published_with_its_reason(calling: StackClient, counsellors: list[str]) -> None:
    seeker = _register(calling)
    given = _given(calling, seeker)
    asked = next(one for one in counsellors if one != given["counsellor_id"])
    _give(calling, seeker, asked)
    calling.post("intake", f"/counsellors/{asked}/departure", {})
    _given(calling, seeker, instead_of=asked)
    _reasons(calling, seeker, ["registered", "asked", "handed_over"])


def test_who_comes_to_start_up_counselling_or_becomes_a_breadwinner_is_given_another_counsellor(
    calling: StackClient, counsellors: list[str]
) -> None:
    for group in ("startup", "breadwinner"):
        calling.made("intake", "/counsellors", forms.counsellor(group, name="최새롬"))
    starts, earns, chosen = (
        _register(calling, birth_date=f"{calling.today('intake').year - 20}-05-14") for _ in range(3)
    )
    before = {one: _given(calling, one)["counsellor_id"] for one in (starts, earns, chosen)}
    assert _give(calling, chosen, counsellors[0]).status == 200

    for seeker in (chosen, starts):
        session = forms.session(seeker, counsellors[1], kind="startup")
        assert calling.post("intake", "/sessions", session).status == 201
    record = calling.get("intake", f"/seekers/{earns}")
    form = {name: record.json[name] for name in forms.seeker()} | {"dependants": 1, "other_earners": 0}
    assert calling.put("intake", f"/seekers/{earns}", form, version=record.headers["ETag"]).status == 200

    for seeker, group in ((starts, "startup"), (earns, "breadwinner")):
        given = _given(calling, seeker, instead_of=before[seeker])
        theirs = next(
            c
            for c in all_of(calling, "intake", "/counsellors", "counsellors")
            if c["counsellor_id"] == given["counsellor_id"]
        )
        assert given["group"] == group in theirs["groups"]
    _reasons(calling, starts, ["registered", "group_changed"])
    assert _assignment(calling, chosen)["counsellor_id"] == counsellors[0]
    assert calling.query("intake", "SELECT FROM group_in_doubt WHERE seeker_id = $1", uuid.UUID(chosen)) == []


def _reasons(calling: StackClient, seeker: str, expected: list[str]) -> None:
    """Wait until reporting's ledger has a seeker's assignments, for these reasons in order."""
    sql = "SELECT data FROM ledger WHERE type = 'jobplus.CounsellorAssigned' AND key = $1 ORDER BY sequence"
    rows = until(
        lambda: calling.query("reporting", sql, seeker),
        f"{len(expected)} assignments are in the ledger",
        lambda rows: len(rows) == len(expected),
    )
    assert [orjson.loads(row["data"])["reason"] for row in rows] == expected


def _listed(calling: StackClient, counsellor: str, query: str = "") -> list[dict[str, Any]]:
    return calling.get("intake", f"/counsellors/{counsellor}/seekers{query}").json["seekers"]


def test_a_counsellors_seekers_are_listed_in_pages_without_names(calling: StackClient, counsellors: list[str]) -> None:
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


def test_groups_are_changed_and_bad_absences_name_their_field(calling: StackClient, counsellors: list[str]) -> None:
    path = f"/counsellors/{counsellors[0]}"
    assert calling.put("intake", path, {"name": "이한결", "groups": ["senior", "women"]}).status == 200
    listed = next(
        c for c in all_of(calling, "intake", "/counsellors", "counsellors") if c["counsellor_id"] == counsellors[0]
    )
    assert listed["groups"] == ["senior", "women"]
    reply = calling.post("intake", f"{path}/absences", {"from": "2026-08-02", "to": "soon"})
    assert (reply.status, reply.fields) == (422, ["to"])
    assert calling.post("intake", f"{path}/return", {}).status == 409


@pytest.mark.parametrize("settled", [False, True])
async def test_of_what_a_batch_says_of_somebodys_group_the_last_counts(calling: StackClient, settled: bool) -> None:
    seeker = SeekerId(uuid.UUID(_register(calling)))
    conn = await asyncpg.connect(calling.stack.database_url("intake"))
    trying = conn.transaction()
    await trying.start()
    try:
        await MarkDoubts().do(conn, [GroupInDoubt(seeker, settled=not settled), GroupInDoubt(seeker, settled=settled)])
        kept = await conn.fetchval("SELECT count(*) FROM group_in_doubt WHERE seeker_id = $1", seeker)
        assert kept == (0 if settled else 1)
    finally:
        await trying.rollback()
        await conn.close()
