"""Field discovery from start to end: from the year's unplaced to a visit, and to a job that the visit found."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import orjson
import pytest

from jobplus.stack.local import Stack
from jobplus.stack.ports import free_base_port
from tests.calling import Calling, Reply, business_number, person

SERVICES = ("intake", "matching", "reporting")
SECONDS = 30


@pytest.fixture(scope="module")
def calling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calling]:
    """Three services on a clock of their own, which the story moves."""
    stack = Stack(tmp_path_factory.mktemp("discovery") / "home", free_base_port(), environment="test")
    try:
        stack.up(only=list(SERVICES))
        yield Calling(stack)
    finally:
        stack.down(wipe=True)


def move_to(calling: Calling, day: date) -> None:
    for service in SERVICES:
        moved = calling.post(service, "/clock", {"day": str(day)}, role="operator")
        assert moved.status == 200, moved.body


def within(holds: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError(f"{what}: not so after {SECONDS} s")


def asked(calling: Calling, service: str, path: str, body: dict[str, Any]) -> Reply:
    """Ask for a change, again for as long as the service hasn't heard of an id yet."""
    end = time.monotonic() + SECONDS
    reply = calling.post(service, path, body)
    while b"not-yet-known" in reply.body and time.monotonic() < end:
        time.sleep(0.1)
        reply = calling.post(service, path, body)
    return reply


def made(calling: Calling, service: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    reply = asked(calling, service, path, body)
    assert reply.status in {200, 201}, reply.body
    return reply.json


def problem(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json["type"].rpartition(":")[2]


def a_firm(**details: Any) -> dict[str, Any]:
    return {"business_number": business_number(), "name": "한빛물산", "size": "mid", "district": "11680", **details}


def on_the_list(calling: Calling, query: str = "") -> list[tuple[str, int]]:
    listed = calling.get("matching", f"/visits/list{query}").json["visits"]
    return [(visit["employer_id"], visit["score"]) for visit in listed]


async def test_a_prospect_is_visited_joins_and_takes_in_whom_the_year_left_unplaced(calling: Calling) -> None:
    move_to(calling, date(2010, 12, 20))
    seekers = [
        made(calling, "intake", "/seekers", person(wanted_occupations=[code]))["seeker_id"]
        for code in ("02", "02", "02", "11")
    ]
    form = a_firm(size="small", programmes=["hi_seoul_brand"])
    prospect = made(calling, "intake", "/prospects", form)["employer_id"]
    member = made(calling, "intake", "/employers", a_firm(name="큰빛물산", district="11440"))["employer_id"]
    modest = made(calling, "intake", "/employers", a_firm(district="11440"))["employer_id"]
    for firm, openings, codes in ((prospect, 12, ["02", "11"]), (member, 30, ["11", "24"]), (modest, 9, ["02"])):
        plan = {"openings": openings, "occupations": codes, "hire_by": "2011-06-30"}
        made(calling, "intake", f"/employers/{firm}/hiring-plans", plan)
    within(lambda: calling.get("reporting", "/figures").json["hiring_plans"]["total"] == 3, "plans are counted")
    within(lambda: calling.get("reporting", "/figures").json["registered"] == 4, "seekers are counted")
    assert on_the_list(calling) == []

    move_to(calling, date(2011, 1, 1))
    within(lambda: len(on_the_list(calling)) == 2, "firms are due")
    assert on_the_list(calling) == [(prospect, 4), (member, 1)]
    assert on_the_list(calling, "?district=11440") == [(member, 1)]
    first = calling.get("matching", "/visits/list?limit=1").json
    assert on_the_list(calling, f"?limit=1&after={first['next']}") == [(member, 1)]

    move_to(calling, date(2011, 2, 14))
    visit = made(
        calling, "matching", "/visits",
        {
            "employer_id": prospect, "officials": 1, "counsellors": [member], "vacancies_found": 1,
            "plan_id": made(
                calling, "intake", f"/employers/{prospect}/hiring-plans",
                {"openings": 10, "occupations": ["02"], "hire_by": "2011-12-31"},
            )["plan_id"],
        },
    )  # fmt: skip
    assert visit["due"] is True
    assert visit["visit_id"] == first["visits"][0]["visit_id"]
    assert on_the_list(calling) == [(member, 1)]

    joined = made(calling, "intake", "/employers", form)
    assert joined["employer_id"] == prospect
    vacancy = {
        "employer_id": prospect, "occupation": "02", "openings": 2, "title": "회계", "sector": "private",
        "employment": "permanent", "district": "11680", "visit_id": visit["visit_id"],
    }  # fmt: skip
    found = made(calling, "matching", "/vacancies", vacancy)["vacancy_id"]
    other = asked(calling, "matching", "/vacancies", {**vacancy, "employer_id": member})
    assert problem(other) == (409, "visit-to-another-firm")
    referral = made(calling, "matching", "/referrals", {"seeker_id": seekers[0], "vacancy_id": found})["referral_id"]
    made(calling, "matching", f"/referrals/{referral}/answer", {"answer": "accepted"})
    made(calling, "matching", f"/referrals/{referral}/placement", {})

    within(lambda: calling.get("reporting", "/figures").json["placements"] == 1, "the placement is counted")
    figures = calling.get("reporting", "/figures").json
    assert (figures["employers"], figures["prospects"]) == (3, 1)
    assert figures["hiring_plans"] == {"total": 4, "openings": 61}
    assert figures["visits"] == {
        "2011": {
            "due": 2, "made": 1, "plans_secured": 1, "vacancies_found": 1, "placed": 1,
            "mismatch": {
                "occupations": ["02", "11"],
                "before": {"unplaced": 4, "openings": 0, "unplaced_per_opening": None},
                "after": {"unplaced": 3, "openings": 2, "unplaced_per_opening": 1.5},
            },
        }
    }  # fmt: skip
    await and_the_year_was_published_once(calling)

    changed = calling.put("matching", f"/vacancies/{found}", {"openings": 3, "title": "회계", "wage": 2500000})
    assert changed.json["changed"] == ["openings", "wage"]
    made(calling, "intake", f"/employers/{prospect}/departure", {})
    within(
        lambda: calling.get("matching", f"/vacancies/{found}").json["closed_as"] == "withdrawn",
        "the vacancy of who left closes",
    )
    assert problem(asked(calling, "matching", "/vacancies", {**vacancy, "visit_id": None})) == (409, "employer-left")
    assert calling.get("matching", f"/vacancies?employer_id={prospect}&status=open").json["vacancies"] == []
    listed = calling.get("matching", f"/vacancies?visit_id={visit['visit_id']}&status=closed").json["vacancies"]
    assert [one["vacancy_id"] for one in listed] == [found]
    within(
        lambda: calling.get("reporting", "/figures").json["visits"]["2011"]["mismatch"]["after"]["openings"] == 0,
        "no opening is left",
    )
    assert made(calling, "intake", "/employers", form)["employer_id"] == prospect
    within(lambda: asked(calling, "matching", "/vacancies", {**vacancy, "visit_id": None}).status == 201, "it is back")
    assert calling.get("reporting", "/figures").json["employers"] == 3


async def and_the_year_was_published_once(calling: Calling) -> None:
    within(lambda: on_the_list(calling) != [], "the list is there")
    rows = await calling.query(
        "reporting", "SELECT data FROM ledger WHERE type = 'jobplus.UnplacedOccupationsPublished'"
    )
    (data,) = [orjson.loads(row["data"]) for row in rows]
    assert (data["year"], data["occurred_on"]) == (2010, "2011-01-01")
    assert (data["occupations"], data["unplaced"]) == (["02", "11"], [3, 1])


def test_firms_are_found_by_name_number_district_programme_and_plan(calling: Calling) -> None:
    forms = [a_firm(name=f"Namsan {n}", district="11740", programmes=["green_seoul"] if n else []) for n in range(3)]
    ids = [made(calling, "intake", "/employers", form)["employer_id"] for form in forms]

    def found(query: str) -> list[str]:
        reply = calling.get("intake", f"/employers?{query}")
        assert reply.status == 200, reply.body
        return [firm["employer_id"] for firm in reply.json["employers"]]

    assert found("name=namSAN") == ids
    assert found("name=Namsan%202&district=11740") == ids[2:]
    assert found(f"business_number={forms[1]['business_number']}") == ids[1:2]
    assert found("programme=green_seoul&district=11740") == ids[1:]
    assert found("name=Namsan&status=prospect") == []
    plan = {"openings": 3, "occupations": ["10"], "hire_by": "2099-12-31"}
    plan_id = made(calling, "intake", f"/employers/{ids[0]}/hiring-plans", plan)["plan_id"]
    assert found("name=Namsan&planning=false") == ids[1:]
    made(calling, "intake", f"/hiring-plans/{plan_id}/withdrawal", {})
    assert found("name=Namsan&planning=false") == ids
    page = calling.get("intake", "/employers?name=Namsan&limit=2").json
    assert found(f"name=Namsan&limit=2&after={page['next']}") == ids[2:]
    (withdrawn,) = calling.get("intake", f"/employers/{ids[0]}/hiring-plans").json["plans"]
    assert withdrawn["withdrawn_on"] is not None
    assert calling.get("intake", "/employers", role="employer").status == 403


def test_a_record_that_was_changed_meanwhile_is_not_overwritten(calling: Calling) -> None:
    form = a_firm()
    path = f"/employers/{made(calling, 'intake', '/employers', form)['employer_id']}"
    etag = calling.get("intake", path).headers["ETag"]
    details = {key: value for key, value in form.items() if key != "business_number"}

    def put(version: str, key: str, **changes: Any) -> Reply:
        headers = {
            "Authorization": f"Bearer {calling.stack.token('manager')}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"{path}:{key}",
            "If-Match": version,
        }
        return calling.send("intake", "PUT", path, orjson.dumps({**details, **changes}), headers)

    first = put(etag, "first", size="large")
    assert (first.status, first.json["changed"], first.headers["ETag"]) == (200, ["size"], '"2"')
    second = put(etag, "second", size="small")
    assert problem(second) == (412, "employer-changed")
    assert second.fields == ["If-Match"]
    assert put("2", "malformed").status == 422
    assert calling.get("intake", path).json["size"] == "large"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"business_number": "0008100008"}, "business_number"),
        ({"size": "huge"}, "size"),
        ({"programmes": ["a", "a"]}, "programmes"),
        ({"nickname": "x"}, "nickname"),
        ({"occurred_on": "2999-01-01"}, "occurred_on"),
    ],
)
def test_bad_input_names_its_field(calling: Calling, changes: dict[str, Any], field: str) -> None:
    reply = calling.post("intake", "/prospects", a_firm(**changes))
    assert (reply.status, reply.fields) == (422, [field])
