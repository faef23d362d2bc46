"""Field discovery from start to end: from the year's unplaced to a visit, and to a job that the visit found."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import orjson
import pytest

from services.intake.firms.asking import DAYS_TO_ANSWER
from tests.kit import forms
from tests.kit.client import Reply, StackClient
from tests.kit.pages import all_of
from tests.kit.waiting import until
from tests.stacks import Stacks

SERVICES = ("intake", "matching", "reporting")


@pytest.fixture(scope="module")
def calling(stacks: Stacks) -> Iterator[StackClient]:
    """Three services on a clock of their own, which the story moves."""
    with stacks.running("discovery", SERVICES) as stack:
        yield StackClient(stack)


def published_anew(calling: StackClient, year: int) -> Reply:
    """Ask for a year's unplaced to be published anew, again for as long as events that have arrived are uncounted."""
    return until(
        lambda: calling.post("reporting", "/unplaced-occupations", {"year": year}),
        "all that has arrived is counted",
        lambda reply: reply.code != "still-counting",
    )


def on_the_list(calling: StackClient, query: str = "") -> list[tuple[str, int]]:
    listed = calling.get("matching", f"/visits/list{query}").json["visits"]
    return [(visit["employer_id"], visit["score"]) for visit in listed]


def test_a_prospect_is_visited_joins_and_takes_in_whom_the_year_left_unplaced(calling: StackClient) -> None:
    calling.move_to(date(2010, 12, 20), SERVICES)
    seekers = [
        calling.made("intake", "/seekers", forms.seeker(wanted_occupations=[code]))["seeker_id"]
        for code in ("02", "02", "02", "11")
    ]
    form = forms.employer(size="small", programmes=["hi_seoul_brand"])
    prospect = calling.made("intake", "/prospects", form)["employer_id"]
    member_form = forms.employer(name="큰빛물산", district="11440")
    member = calling.made("intake", "/employers", member_form)["employer_id"]
    modest = calling.made("intake", "/employers", forms.employer(district="11440"))["employer_id"]
    for firm, openings, codes in ((prospect, 12, ["02", "11"]), (member, 30, ["11", "24"]), (modest, 9, ["02"])):
        plan = {"openings": openings, "occupations": codes, "hire_by": "2011-06-30"}
        calling.made("intake", f"/employers/{firm}/hiring-plans", plan)
    until(lambda: calling.get("reporting", "/figures").json["hiring_plans"]["total"] == 3, "plans are counted")
    until(lambda: calling.get("reporting", "/figures").json["registered"] == 4, "seekers are counted")
    assert on_the_list(calling) == []

    calling.move_to(date(2011, 1, 1), SERVICES)
    until(lambda: len(on_the_list(calling)) == 2, "firms are due")
    assert on_the_list(calling) == [(prospect, 4), (member, 1)]
    assert on_the_list(calling, "?district=11440") == [(member, 1)]
    first = calling.get("matching", "/visits/list?limit=1").json
    assert on_the_list(calling, f"?limit=1&after={first['next']}") == [(member, 1)]

    calling.move_to(date(2011, 2, 14), SERVICES)
    counsellor = calling.made("intake", "/counsellors", forms.counsellor("senior", name="이상담"))["counsellor_id"]
    nobody = "0190c0de-0000-7000-8000-000000000002"
    refused = calling.ask("matching", "/visits", {"employer_id": prospect, "counsellors": [counsellor, nobody]})
    assert refused.problem == (404, "unknown-id", ["counsellors"])
    visit = calling.made(
        "matching", "/visits",
        {
            "employer_id": prospect, "officials": 1, "counsellors": [counsellor], "vacancies_found": 1,
            "plan_id": calling.made(
                "intake", f"/employers/{prospect}/hiring-plans",
                {"openings": 10, "occupations": ["02"], "hire_by": "2011-12-31"},
            )["plan_id"],
        },
    )  # fmt: skip
    assert visit["due"] is True
    assert visit["visit_id"] == first["visits"][0]["visit_id"]
    assert on_the_list(calling) == [(member, 1)]

    joined = calling.made("intake", "/employers", form)
    assert joined["employer_id"] == prospect
    vacancy = forms.vacancy(prospect, openings=2, district="11680", visit_id=visit["visit_id"])
    found = calling.made("matching", "/vacancies", vacancy)["vacancy_id"]
    other = calling.ask("matching", "/vacancies", {**vacancy, "employer_id": member})
    assert other.refusal == (409, "visit-to-another-firm")
    referral = calling.made("matching", "/referrals", {"seeker_id": seekers[0], "vacancy_id": found})["referral_id"]
    calling.made("matching", f"/referrals/{referral}/answer", {"answer": "accepted"})
    calling.made("matching", f"/referrals/{referral}/placement", {})

    calling.settle(SERVICES)
    figures = calling.get("reporting", "/figures").json
    assert (figures["employers"], figures["prospects"]) == (3, 1)
    assert figures["hiring_plans"] == {"asked": 0, "answered": 0, "total": 4, "openings": 61}
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
    and_the_year_was_published_once(calling)

    changed = calling.put("matching", f"/vacancies/{found}", {"openings": 3, "title": "회계", "wage": 2500000})
    assert changed.json["changed"] == ["openings", "wage"]
    calling.made("intake", f"/employers/{prospect}/departure", {})
    until(
        lambda: calling.get("matching", f"/vacancies/{found}").json["closed_as"] == "withdrawn",
        "the vacancy of who left closes",
    )
    assert calling.ask("matching", "/vacancies", {**vacancy, "visit_id": None}).refusal == (409, "employer-left")
    assert calling.get("matching", f"/vacancies?employer_id={prospect}&status=open").json["vacancies"] == []
    listed = calling.get("matching", f"/vacancies?visit_id={visit['visit_id']}&status=closed").json["vacancies"]
    assert [one["vacancy_id"] for one in listed] == [found]
    until(
        lambda: calling.get("reporting", "/figures").json["visits"]["2011"]["mismatch"]["after"]["openings"] == 0,
        "no opening is left",
    )
    assert calling.made("intake", "/employers", form)["employer_id"] == prospect
    until(lambda: calling.ask("matching", "/vacancies", {**vacancy, "visit_id": None}).status == 201, "it is back")
    assert calling.get("reporting", "/figures").json["employers"] == 3

    calling.made("intake", f"/employers/{member}/departure", {})
    until(lambda: on_the_list(calling) == [], "who left is visited no more")
    assert calling.made("intake", "/employers", member_form)["employer_id"] == member
    until(lambda: on_the_list(calling) == [(member, 1)], "who is back is to be visited for what it planned before")
    moved = {name: value for name, value in member_form.items() if name != "business_number"} | {"district": "11500"}
    etag = calling.get("intake", f"/employers/{member}").headers["ETag"]
    assert calling.put("intake", f"/employers/{member}", moved, version=etag).json["changed"] == ["district"]
    until(lambda: on_the_list(calling, "?district=11500") == [(member, 1)], "it is visited where it has moved to")
    assert on_the_list(calling, "?district=11440") == []
    assert calling.get("reporting", "/figures").json["visits"]["2011"]["due"] == 2


def test_what_a_late_import_tells_of_the_year_is_published_anew_and_firms_are_scored_by_it(
    calling: StackClient,
) -> None:
    before = dict(on_the_list(calling))
    assert calling.post("reporting", "/unplaced-occupations", {"year": 2010}, role="counsellor").status == 403
    assert published_anew(calling, 2010).refusal == (409, "unplaced-unchanged")
    assert published_anew(calling, 2011).refusal == (409, "year-not-over")
    firm = calling.made("intake", "/employers", forms.employer(district="11440"))["employer_id"]
    plan = {"openings": 12, "occupations": ["10"], "hire_by": "2011-12-31"}
    calling.made("intake", f"/employers/{firm}/hiring-plans", plan)
    until(lambda: (firm, 0) in on_the_list(calling), "the firm is listed, and could take nobody")
    registered = calling.get("reporting", "/figures").json["registered"]
    for _ in range(3):
        calling.made("intake", "/seekers", forms.seeker(wanted_occupations=["10"], occurred_on="2010-12-28"))
    until(lambda: calling.get("reporting", "/figures").json["registered"] == registered + 3, "they are counted")

    assert published_anew(calling, 2010).json == {
        "year": 2010,
        "version": 2,
        "occupations": ["02", "10", "11"],
        "unplaced": [3, 3, 1],
    }
    until(lambda: (firm, 3) in on_the_list(calling), "it is scored by whom it could take")
    assert dict(on_the_list(calling)) == {**before, firm: 3}
    history = all_of(calling, "reporting", "/unplaced-occupations?year=2010", "publications")
    assert [(one["version"], one["holds"], one["occupations"]) for one in history] == [
        (1, False, ["02", "11"]),
        (2, True, ["02", "10", "11"]),
    ]
    assert history[1]["published_by"].startswith("manager/")


def and_the_year_was_published_once(calling: StackClient) -> None:
    until(lambda: on_the_list(calling) != [], "the list is there")
    rows = calling.query("reporting", "SELECT data FROM ledger WHERE type = 'jobplus.UnplacedOccupationsPublished'")
    (data,) = [orjson.loads(row["data"]) for row in rows]
    assert (data["year"], data["occurred_on"]) == (2010, "2011-01-01")
    assert (data["occupations"], data["unplaced"]) == (["02", "11"], [3, 1])


def test_firms_are_found_by_name_number_district_programme_and_plan(calling: StackClient) -> None:
    sizes = ("large", "mid", "small")
    asked = [
        forms.employer(name=f"Namsan {n}", size=size, district="11740", programmes=["green_seoul"] if n else [])
        for n, size in enumerate(sizes)
    ]
    ids = [calling.made("intake", "/employers", form)["employer_id"] for form in asked]

    def found(query: str) -> list[str]:
        reply = calling.get("intake", f"/employers?{query}")
        assert reply.status == 200, reply.body
        return [firm["employer_id"] for firm in reply.json["employers"]]

    assert found("name=namSAN") == ids
    assert found("name=Namsan%202&district=11740") == ids[2:]
    assert found(f"business_number={asked[1]['business_number']}") == ids[1:2]
    assert found("programme=green_seoul&district=11740") == ids[1:]
    assert [found(f"name=Namsan&size={size}") for size in sizes] == [[one] for one in ids]
    assert found("name=Namsan&status=prospect") == []
    plan = {"openings": 3, "occupations": ["10"], "hire_by": "2099-12-31"}
    plan_id = calling.made("intake", f"/employers/{ids[0]}/hiring-plans", plan)["plan_id"]
    assert found("name=Namsan&planning=false") == ids[1:]
    calling.made("intake", f"/hiring-plans/{plan_id}/withdrawal", {})
    assert found("name=Namsan&planning=false") == ids
    page = calling.get("intake", "/employers?name=Namsan&limit=2").json
    assert found(f"name=Namsan&limit=2&after={page['next']}") == ids[2:]
    (withdrawn,) = calling.get("intake", f"/employers/{ids[0]}/hiring-plans").json["plans"]
    assert withdrawn["withdrawn_on"] is not None
    assert calling.get("intake", "/employers", role="employer").status == 403


def test_a_record_that_was_changed_meanwhile_is_not_overwritten(calling: StackClient) -> None:
    form = forms.employer()
    path = f"/employers/{calling.made('intake', '/employers', form)['employer_id']}"
    etag = calling.get("intake", path).headers["ETag"]
    details = {key: value for key, value in form.items() if key != "business_number"}

    def put(version: str, key: str, **changes: Any) -> Reply:
        return calling.put("intake", path, {**details, **changes}, version=version, key=f"{path}:{key}")

    first = put(etag, "first", size="large")
    assert (first.status, first.json["changed"], first.headers["ETag"]) == (200, ["size"], '"2"')
    second = put(etag, "second", size="small")
    assert second.refusal == (412, "version-changed")
    assert second.fields == ["If-Match"]
    assert put("2", "malformed").refusal == (412, "version-changed")
    assert calling.put("intake", path, details).refusal == (428, "version-missing")
    assert calling.get("intake", path).json["size"] == "large"


def test_firms_are_asked_for_their_plans_and_a_plan_answers(calling: StackClient) -> None:
    calling.settle(SERVICES)
    counted = calling.get("reporting", "/figures").json["hiring_plans"]
    firms = [
        calling.made("intake", "/employers", forms.employer(name="Inwang", district="11110"))["employer_id"]
        for _ in "123"
    ]

    def found(asked: bool, planning: bool = False) -> list[str]:
        query = f"/employers?name=Inwang&planning={planning}&asked={asked}"
        return [firm["employer_id"] for firm in calling.get("intake", query).json["employers"]]

    assert (found(asked=False), found(asked=True)) == (firms, [])
    for firm in firms[:2]:
        calling.made("intake", f"/employers/{firm}/plan-requests", {"channel": "call"}, role="counsellor")
    assert (found(asked=False), found(asked=True)) == (firms[2:], firms[:2])
    # Who was asked long ago and didn't answer is to be asked again.
    long_ago = {"channel": "call", "occurred_on": calling.today("intake") - timedelta(DAYS_TO_ANSWER)}
    calling.made("intake", f"/employers/{firms[2]}/plan-requests", long_ago)
    assert found(asked=False) == firms[2:]
    again = calling.post("intake", f"/employers/{firms[0]}/plan-requests", {"channel": "online"})
    assert again.problem == (409, "asked-lately", ["occurred_on"])
    plan = {"openings": 3, "occupations": ["10"], "hire_by": "2099-12-31"}
    plan_id = calling.made("intake", f"/employers/{firms[0]}/hiring-plans", plan)["plan_id"]
    assert (found(asked=True), found(asked=False, planning=True)) == ([firms[1]], [firms[0]])
    late = calling.post("intake", f"/employers/{firms[0]}/plan-requests", {"channel": "online"})
    assert late.problem == (409, "plan-filed", ["occurred_on"])
    (request,) = all_of(calling, "intake", f"/employers/{firms[0]}/plan-requests", "requests")
    assert (request["channel"], request["plan_id"]) == ("call", plan_id)
    assert request["answered_on"] == request["asked_on"]
    assert request["asked_by"].startswith("counsellor/")
    (waiting,) = all_of(calling, "intake", f"/employers/{firms[1]}/plan-requests", "requests")
    assert (waiting["plan_id"], waiting["answered_on"]) == (None, None)
    calling.settle(SERVICES)
    told = calling.get("reporting", "/figures").json["hiring_plans"]
    assert {name: told[name] - counted[name] for name in ("total", "asked", "answered")} == {
        "total": 1,
        "asked": 3,
        "answered": 1,
    }


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
def test_bad_input_names_its_field(calling: StackClient, changes: dict[str, Any], field: str) -> None:
    reply = calling.post("intake", "/prospects", forms.employer(**changes))
    assert (reply.status, reply.fields) == (422, [field])
